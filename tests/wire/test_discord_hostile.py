"""Over two hundred hostile messages and interactions: no crash, no ping, nothing given away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from itertools import product

import pytest

from bot.ask import Asker
from tests.wire.discord import Call, Message
from tests.wire.discord.running import Running, hasten, running, soon
from tests.wire.hostile import CUSTOM_IDS, FOREIGN, INTERACTIONS, MESSAGES, NAMES

QUESTION = "Where was the stolen Carrow Astrolabe found?"
SECRET = "What does nobody but us know about the flood in Tollen?"
FOUND = "in a cello case"


@pytest.fixture
async def wire(
    seed_asker: Asker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Running]:
    hasten(monkeypatch)
    caplog.set_level(logging.DEBUG)
    async with running(seed_asker, rates={}) as there:
        yield there
        # Whatever has happened, it goes on answering, on the connection that it has had all along.
        call = await (await there.alice.ask(there.channel, QUESTION)).answered()
        await there.settled()

        assert FOUND in call.text
        assert (1, 0) == (there.gateway.identified, there.gateway.resumed)
        assert [] == there.discord.pings
        assert [] == there.discord.rest.unexpected
        assert there.discord.token not in caplog.text
        said = [message.text for channel in there.discord.channels.values() for message in there.discord.said(channel)]
        said += [each.text for each in there.discord.calls.values()]
        assert not any(there.discord.token in text for text in said)


async def test_hostile_texts_are_answered_in_every_way_of_asking(wire: Running) -> None:
    calls: list[Call] = []
    messages: list[Message] = []
    for text in MESSAGES:
        calls.append(await wire.alice.ask(wire.channel, text))
        messages.append(await wire.alice.mentions(wire.channel, text))
        messages.append(await wire.alice.says(wire.alice.dm, text))
        await wire.alice.types(wire.channel, "ask", "source", text)
        await asyncio.sleep(0)
    await soon(lambda: all(call.shown for call in calls), 120)
    await soon(lambda: all(wire.discord.replies(message) for message in messages), 120)
    await wire.settled()

    assert 4 * len(MESSAGES) >= 160
    assert {1} == {call.acknowledgements for call in calls}
    assert {1} == {len(wire.discord.replies(message)) for message in messages}
    assert {1} == {len(call.shown) for call in calls}


async def test_made_up_buttons_are_refused_and_replays_change_nothing(wire: Running) -> None:
    call = await (await wire.alice.ask(wire.channel, QUESTION)).answered()
    assert call.response
    pressed = [await wire.alice.presses(call.response, custom_id) for custom_id in CUSTOM_IDS]
    await soon(lambda: all(each.shown or each.modal for each in pressed), 60)
    before = len(wire.discord.said(wire.channel))
    replayed = dict(wire.alice.interaction(call))
    for _ in range(5):
        await wire.gateway.dispatch("INTERACTION_CREATE", replayed)
    await wire.settled()

    assert all(FOUND not in each.text for each in pressed)
    assert before == len(wire.discord.said(wire.channel))
    assert 1 == call.acknowledgements


async def test_an_answer_of_another_guild_or_of_somebody_alone_is_not_given_away(wire: Running) -> None:
    own = await (await wire.alice.ask(wire.channel, SECRET)).answered()
    alone = await (await wire.alice.ask(wire.channel, SECRET, source="Nobody Ever")).answered()
    await wire.settled()
    ids = (
        {part.split(":")[3] for part in own.response.custom_ids if part.startswith("fn:a:")} if own.response else set()
    )
    assert ids, "an answer's buttons name it"
    elsewhere = wire.discord.add_guild("Elsewhere")
    room = wire.discord.add_channel(elsewhere, "room")
    await wire.discord.join(elsewhere)
    mallory = wire.discord.add_person("mallory", elsewhere)
    said = await (await mallory.ask(room, QUESTION)).answered()
    assert said.response
    pressed = [
        await mallory.presses(said.response, custom_id.replace("{ask}", ask))
        for custom_id, ask in product(FOREIGN, ids)
    ]
    await soon(lambda: all(each.shown or each.modal or each.acknowledged for each in pressed), 60)
    await wire.settled()

    assert alone.shown
    assert all(message.only_for is wire.alice.user for message in alone.shown)
    assert not any("Tollen" in each.text or SECRET in each.text for each in pressed)


async def test_malformed_interactions_cost_only_themselves(wire: Running) -> None:
    call = await (await wire.alice.ask(wire.channel, QUESTION)).answered()
    for kind, data in INTERACTIONS:
        await wire.alice.sends(wire.channel, kind, data, call.response if kind == 3 else None)
    await wire.settled()

    assert len(INTERACTIONS) >= 30


async def test_names_nicknames_topics_and_attachments_are_text_and_no_more(wire: Running) -> None:
    messages: list[Message] = []
    for name in NAMES:
        channel = wire.discord.add_channel(wire.guild, name, topic=f"{name} @everyone")
        await wire.gateway.dispatch("CHANNEL_CREATE", channel.json())
        person = wire.discord.add_person(name, wire.guild, nick=name)
        attached = {"id": "1", "size": 9, "filename": f"{name}.html", "url": "https://evil.example/x", "proxy_url": ""}
        messages.append(await person.mentions(channel, f"{QUESTION} <@{person.user.id}>", attachments=[attached]))
    await soon(lambda: all(wire.discord.replies(message) for message in messages), 60)
    await wire.settled()

    assert [1] * len(NAMES) == [len(wire.discord.replies(message)) for message in messages]


async def test_who_may_not_is_told_so_and_what_the_bot_may_not_costs_nothing_else(wire: Running) -> None:
    commands = ("footnote settings", "footnote rebuild", "footnote forget", "footnote status", "gaps")
    calls = [await wire.alice.slash(wire.channel, command) for command in commands]
    hidden = wire.discord.add_channel(wire.guild, "hidden")
    hidden.overwrites[wire.guild.id] = (0, 1 << 11)
    await wire.gateway.dispatch("CHANNEL_CREATE", hidden.json())
    await wire.alice.mentions(hidden, QUESTION)
    await wire.settled()

    assert [] == wire.discord.said(hidden)
    assert all(message.only_for for call in calls for message in call.shown)
