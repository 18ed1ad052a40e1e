"""The real bot on a Discord of our own: real sockets, several people at once, every kind of interaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.ask import Asker
from bot.catalogues import load_catalogues
from tests.wire.discord.running import Running, hasten, running

QUESTION = "Where was the stolen Carrow Astrolabe found?"
FOUND = "in a cello case"
TEXTS = load_catalogues().default


@pytest.fixture
async def wire(seed_asker: Asker, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    hasten(monkeypatch)
    async with running(seed_asker) as there:
        yield there


async def test_a_command_is_acknowledged_and_answered(wire: Running) -> None:
    call = await (await wire.alice.ask(wire.channel, QUESTION)).answered()

    assert call.acknowledged is not None
    assert FOUND in call.text
    assert [] == wire.discord.pings


async def test_a_mention_and_a_direct_message_are_answered_once(wire: Running) -> None:
    for said in (await wire.alice.mentions(wire.channel, QUESTION), await wire.alice.says(wire.alice.dm, QUESTION)):
        await wire.discord.until(lambda said=said: wire.discord.replies(said))
        await wire.settled()

        assert [True] == [FOUND in reply.text for reply in wire.discord.replies(said)]
    assert [] == wire.discord.pings
    assert [] == wire.discord.rest.unexpected


async def test_a_button_shows_the_passage_to_whoever_pressed_it_alone(wire: Running) -> None:
    call = await (await wire.alice.ask(wire.channel, QUESTION)).answered()
    assert call.response
    bob = wire.discord.add_person("bob", wire.guild)
    pressed = await (await bob.presses(call.response, call.response.custom_ids[0])).answered()

    assert FOUND in pressed.text
    assert [bob.user] == [message.only_for for message in pressed.shown]


async def test_what_an_older_version_left_behind_is_answered_too(wire: Running) -> None:
    call = await (await wire.alice.ask(wire.channel, QUESTION)).answered()
    assert call.response
    button = await (await wire.alice.presses(call.response, "vote:yes")).answered()
    # The message has lost it since.
    lost = await wire.alice.sends(wire.channel, 3, {"custom_id": "fn:n:last", "component_type": 2})
    form = await wire.alice.sends(wire.channel, 5, {"custom_id": "poll", "components": []})
    command = await (await wire.alice.slash(wire.channel, "search", words=QUESTION)).answered()

    assert [TEXTS.text("press.forged")] * 3 == [(await each.answered()).text.strip() for each in (button, lost, form)]
    assert TEXTS.text("problem.outdated") == command.text.strip()


async def test_several_people_at_once_get_an_answer_each(wire: Running) -> None:
    people = [
        wire.discord.add_person(f"member {n}", wire.guild, locale=locale)
        for n, locale in enumerate(["en-GB", "de", "ja"])
    ]
    calls = await asyncio.gather(*(person.ask(wire.channel, QUESTION) for person in people))
    await asyncio.gather(*(call.answered() for call in calls))

    assert [True] * 3 == [FOUND in call.text for call in calls]
    assert 3 == len({call.text for call in calls}), "each in the member's own language"
