"""Message menus, forms, sharing and the panel of settings on a Discord of our own, by people of several languages."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.ask import Asker
from bot.catalogues import load_catalogues
from tests.wire.discord import Call, Message, Person
from tests.wire.discord.running import Running, hasten, running

CATALOGUES = load_catalogues()
TEXTS, GERMAN = CATALOGUES.default, CATALOGUES.for_locale("de")
QUESTION = "Where was the stolen Carrow Astrolabe found?"
FOUND = "in a cello case"


@pytest.fixture
async def wire(seed_asker: Asker, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    hasten(monkeypatch)
    async with running(seed_asker) as there:
        yield there


def button(message: Message | None, prefix: str) -> str:
    assert message
    (found,) = [custom_id for custom_id in message.custom_ids if custom_id.startswith(prefix)]
    return found


async def selected(person: Person, panel: Call, prefix: str, *values: str, kind: int = 3) -> None:
    """Choose from a menu of the panel, and wait until that has been taken in."""
    assert panel.response
    before = panel.response.edits
    data = {"custom_id": button(panel.response, prefix), "component_type": kind, "values": list(values)}
    await person.sends(panel.channel, 3, data, panel.response)
    await person.discord.until(lambda: panel.response and panel.response.edits > before)


async def test_a_question_of_somebody_else_is_answered_to_whoever_chose_it_alone(wire: Running) -> None:
    bob = wire.discord.add_person("bob", wire.guild)
    said = await bob.says(wire.channel, QUESTION)
    call = await (await wire.alice.menu(said, "Ask about this")).answered()
    await wire.settled()

    assert FOUND in call.text
    assert [wire.alice.user] == [message.only_for for message in call.shown]


async def test_a_card_of_another_bot_can_be_asked_about_and_its_claims_looked_up(wire: Running) -> None:
    bob = wire.discord.add_person("bob", wire.guild)
    said = await bob.says(wire.channel, "")
    said.embeds = [{"type": "rich", "title": "News", "description": "The stolen Carrow Astrolabe was never found."}]
    found = await (await wire.alice.menu(said, "Find sources for this")).answered()
    about = await (await wire.alice.menu(said, "Ask about this")).answered()
    empty = await (await wire.alice.menu(await bob.says(wire.channel, ""), "Ask about this")).answered()
    await wire.settled()

    assert FOUND in found.text
    assert about.modal and "never found" in str(about.modal)
    assert TEXTS.text("menu.empty") == empty.text.strip()


async def test_what_is_asked_about_a_message_is_written_into_a_form(wire: Running) -> None:
    bob = wire.discord.add_person("bob", wire.guild)
    said = await bob.says(wire.channel, "The Carrow Astrolabe was in the news again.")
    opened = await (await wire.alice.menu(said, "Ask about this")).answered()
    sent = await wire.alice.submits(opened, {"question": "Where was it found?", "message": said.content})
    await sent.answered()
    await wire.settled()

    assert FOUND in sent.text
    assert [wire.alice.user] == [message.only_for for message in sent.shown]


async def test_a_private_answer_is_shared_once_and_by_its_asker_alone(wire: Running) -> None:
    call = await (await wire.alice.ask(wire.channel, QUESTION, private=True)).answered()
    await wire.settled()
    assert call.response
    share = button(call.response, "fn:a:share:")
    bob = wire.discord.add_person("bob", wire.guild)
    stolen = await (await bob.presses(call.response, share)).answered()
    shared = await (await wire.alice.presses(call.response, share)).answered()
    again = await (await wire.alice.presses(call.response, share)).answered()
    await wire.settled()

    assert TEXTS.text("share.forged") == stolen.text.strip()
    assert [None] == [message.only_for for message in shared.shown]
    assert FOUND in shared.text
    assert TEXTS.text("share.done") == again.text.strip()
    for message in (call.response, *shared.shown):
        assert not [custom_id for custom_id in message.custom_ids if custom_id.startswith("fn:a:share:")]
    assert [] == wire.discord.pings


async def test_what_is_set_in_the_panel_holds_from_the_next_answer_on(wire: Running) -> None:
    owner = Person(wire.discord, wire.guild.owner)
    panel = await (await owner.slash(wire.channel, "footnote settings")).answered()
    refused = await (await wire.alice.slash(wire.channel, "footnote settings")).answered()
    meddled = await (await wire.alice.presses(panel.shown[0], "fn:s:unset:0:language")).answered()
    await selected(owner, panel, "fn:s:key:", "language")
    await selected(owner, panel, "fn:s:set:0:language", "de")
    saved = panel.text
    german = await (await wire.alice.ask(wire.channel, QUESTION)).answered()
    await selected(owner, panel, "fn:s:place:", str(wire.channel.id), kind=8)
    await selected(owner, panel, f"fn:s:set:{wire.channel.id}:language", "en")
    english = await (await wire.alice.ask(wire.channel, QUESTION)).answered()
    await wire.settled()

    # Each menu says what it is for; "below" is no place in a menu.
    assert panel.response and TEXTS.text("settings.choose_setting") in str(panel.response.components)
    assert [wire.guild.owner] == [message.only_for for message in panel.shown]
    assert [TEXTS.text("settings.not_you")] * 2 == [refused.text.strip(), meddled.text.strip()]
    assert TEXTS.text("settings.saved") in saved
    assert GERMAN.text("answer.sources") in german.text
    assert TEXTS.text("answer.sources") in english.text
    assert [] == wire.discord.rest.unexpected
