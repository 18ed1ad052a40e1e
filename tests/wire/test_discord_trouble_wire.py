"""What happens to a channel, a message or a permission in the midst of an answer, or to the start of the bot."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from bot.ask import Asker
from bot.connect import DiscordFailure
from bot.wire import connect_to
from tests.wire.discord import Call, Discord
from tests.wire.discord.faults import cut, fails, page, slow
from tests.wire.discord.permissions import EMBED_LINKS, READ_HISTORY, SEND
from tests.wire.discord.running import Running, hasten, running, soon

QUESTION = "Where was the stolen Carrow Astrolabe found?"
FOUND = "in a cello case"


@pytest.fixture
async def wire(seed_asker: Asker, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    hasten(monkeypatch)
    async with running(seed_asker) as there:
        yield there
        other = there.discord.add_channel(there.guild, "other")
        await there.gateway.dispatch("CHANNEL_CREATE", other.json())
        assert FOUND in (await (await there.alice.ask(other, QUESTION)).answered()).text, "it goes on"
        assert [] == there.discord.pings


async def begun(wire: Running) -> Call:
    """Ask, and stop just before the answer is there."""
    wire.asker.hold.clear()
    call = await wire.alice.ask(wire.channel, QUESTION)
    await soon(lambda: wire.asker.asked and call.acknowledged is not None)
    return call


async def test_an_answer_whose_place_was_deleted_is_given_below(wire: Running) -> None:
    call = await begun(wire)
    assert call.response
    await wire.discord.remove(call.response)
    wire.asker.hold.set()
    await soon(lambda: call.shown)
    await wire.settled()

    assert [True] == [FOUND in message.text for message in call.shown]


async def test_an_answer_that_comes_when_the_interaction_is_over_stands_in_the_channel(wire: Running) -> None:
    call = await begun(wire)
    wire.discord.token_life = 0.0
    wire.asker.hold.set()
    await soon(lambda: any(FOUND in message.text for message in wire.discord.said(wire.channel)))
    await wire.settled()
    wire.discord.token_life = 900.0

    assert [True] == [FOUND in m.text for m in wire.discord.said(wire.channel) if m is not call.response]


async def test_a_question_acknowledged_too_late_is_answered_in_the_channel(wire: Running) -> None:
    wire.discord.to_acknowledge = 0.1
    wire.discord.fault("POST /interactions/*", slow(0.2))
    call = await wire.alice.ask(wire.channel, QUESTION)
    await soon(lambda: wire.discord.said(wire.channel))
    await wire.settled()
    wire.discord.to_acknowledge = 3.0

    assert call.failed or 10062 in call.refused
    assert [True] == [FOUND in message.text for message in wire.discord.said(wire.channel)]


async def test_a_private_question_acknowledged_too_late_is_answered_in_a_direct_message(wire: Running) -> None:
    await soon(lambda: wire.bot.searched)
    wire.discord.to_acknowledge = 0.1
    wire.discord.fault("POST /interactions/*", slow(0.2))
    await wire.alice.ask(wire.channel, QUESTION, source="Nobody Ever")
    await soon(lambda: wire.discord.said(wire.alice.dm))
    await wire.settled()
    wire.discord.to_acknowledge = 3.0

    assert [] == wire.discord.said(wire.channel)
    assert 1 == len(wire.discord.said(wire.alice.dm))


async def test_a_channel_deleted_in_the_midst_is_in_the_log(wire: Running, caplog: pytest.LogCaptureFixture) -> None:
    call = await begun(wire)
    await wire.alice.mentions(wire.channel, QUESTION + " Tell me.")
    await wire.discord.delete_channel(wire.channel)
    wire.asker.hold.set()
    await wire.settled()

    assert [] == call.shown
    assert {"WARNING", "ERROR"} & {record.levelname for record in caplog.records}


async def test_a_question_deleted_in_the_midst_is_answered_below_or_not_at_all_but_never_twice(wire: Running) -> None:
    wire.asker.hold.clear()
    said = await wire.alice.mentions(wire.channel, QUESTION)
    await soon(lambda: wire.asker.asked)
    await wire.alice.deletes(said)
    wire.asker.hold.set()
    await wire.settled()

    assert len(wire.discord.said(wire.channel)) <= 1


@pytest.mark.parametrize(
    ("denied", "shown"),
    [
        pytest.param(SEND, [], id="to write"),
        pytest.param(EMBED_LINKS, ["Embed Links"], id="to embed links"),
        pytest.param(READ_HISTORY, [FOUND], id="to read what was written"),
    ],
)
async def test_what_is_not_permitted_is_told_where_it_can_be_and_logged_where_not(
    wire: Running, caplog: pytest.LogCaptureFixture, denied: int, shown: list[str]
) -> None:
    wire.channel.overwrites[wire.guild.id] = (0, denied)
    await wire.gateway.dispatch("CHANNEL_UPDATE", wire.channel.json())
    await wire.alice.mentions(wire.channel, QUESTION)
    await wire.settled()
    texts = [message.text for message in wire.discord.said(wire.channel)]

    assert [True] * len(shown) == [part in text for part, text in zip(shown, texts, strict=True)]
    assert shown or any("Cannot reply" in record.message for record in caplog.records)


async def test_a_direct_message_that_may_not_be_answered_is_in_the_log(
    wire: Running, caplog: pytest.LogCaptureFixture
) -> None:
    wire.discord.closed_dms.add(wire.alice.dm.id)
    await wire.alice.says(wire.alice.dm, QUESTION)
    await wire.settled()

    assert any("Cannot reply" in record.message for record in caplog.records)


async def test_a_gateway_that_falls_silent_is_left_for_a_new_connection(
    seed_asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch)
    async with running(seed_asker, heartbeat=0.1) as wire:
        before, wire.gateway.deaf = wire.gateway.connections, True
        call = await wire.alice.ask(wire.channel, QUESTION)
        await soon(lambda: wire.gateway.connections > before)
        wire.gateway.deaf = False
        await wire.gateway.until(lambda: wire.gateway.resumed > 0)
        await call.answered()

        assert [True] == [FOUND in message.text for message in call.shown]


async def test_messages_missed_in_a_direct_conversation_are_made_up_for(wire: Running) -> None:
    first = await wire.alice.says(wire.alice.dm, "hello")
    await wire.discord.until(lambda: wire.discord.replies(first))
    wire.gateway.lose = 1
    missed = await wire.alice.says(wire.alice.dm, QUESTION)
    wire.gateway.no_resume = 1
    wire.gateway.cut()
    await wire.gateway.until(lambda: wire.gateway.identified > 1)
    await wire.discord.until(lambda: wire.discord.replies(missed))
    await wire.settled()

    assert [True] == [FOUND in message.text for message in wire.discord.replies(missed)]
    assert 1 == len(wire.discord.replies(first))


@pytest.mark.parametrize(
    ("where", "action", "times"),
    [
        pytest.param("GET /users/@me", fails(500), 7, id="Discord fails at login"),
        pytest.param("GET /users/@me", page(503), 2, id="Discord is down at login"),
        pytest.param("GET /users/@me", cut(), 2, id="the connection breaks at login"),
        pytest.param("GET /gateway/bot", fails(500), 7, id="the gateway cannot be found"),
        pytest.param("PUT /applications/*", fails(400, 50035), 1, id="the commands are refused"),
        pytest.param("PUT /applications/*", cut(), 2, id="the connection breaks at the commands"),
    ],
)
async def test_trouble_at_the_start_is_tried_again(
    seed_asker: Asker, monkeypatch: pytest.MonkeyPatch, where: str, action: object, times: int
) -> None:
    hasten(monkeypatch)
    discord = Discord()
    await discord.start()
    # Only where the API is, so that it is asked for the gateway as well.
    monkeypatch.setattr("tests.wire.discord.running.connect_to", lambda api="", gateway="": connect_to(api))
    fault = discord.fault(where, action, times)  # type: ignore[arg-type]
    async with running(seed_asker, discord=discord) as wire:
        call = await (await wire.alice.ask(wire.channel, QUESTION)).answered()

        assert FOUND in call.text
        assert times == fault.befell
    await discord.stop()


async def test_intents_that_discord_refuses_are_told_in_a_sentence(
    seed_asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch)
    discord = Discord()
    discord.gateway.forbidden_intents = 1
    await discord.start()
    with pytest.raises(DiscordFailure, match="Privileged Gateway Intents"):
        async with running(seed_asker, discord=discord):
            pass
    await discord.stop()


async def test_the_log_of_a_broken_connection_holds_no_token(wire: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wire.gateway.cut()
    await wire.gateway.until(lambda: wire.gateway.resumed > 0)

    assert wire.discord.token not in caplog.text
