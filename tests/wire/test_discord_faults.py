"""Whatever goes wrong between the bot and Discord: nothing is lost without a word, and nothing is answered twice.

Each row of the tables is a fault; docs/wire.md tells what members see of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import discord
import pytest

from bot.ask import Asker
from bot.cogs.replies import Reply
from tests.wire.discord.faults import Action, cut, fails, limits, page, slow, slow_reply
from tests.wire.discord.running import Running, hasten, running

QUESTION = "Where was the stolen Carrow Astrolabe found?"
FOUND = "in a cello case"

CALLBACK = "POST /interactions/*/callback"
ORIGINAL = "PATCH /webhooks/*/messages/@original"
SEND = "POST /channels/*/messages"
TYPING = "POST /channels/*/typing"


@pytest.fixture
async def wire(seed_asker: Asker, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    hasten(monkeypatch)
    async with running(seed_asker) as there:
        yield there
        assert [] == there.discord.pings
        assert [] == there.discord.rest.unexpected


# Where it goes wrong, how, and how often.
REQUESTS = [
    pytest.param(CALLBACK, fails(500), 1, id="acknowledging fails inside Discord"),
    pytest.param(CALLBACK, page(502), 2, id="acknowledging ends at a proxy's page"),
    pytest.param(CALLBACK, limits(0.1), 1, id="acknowledging is rate limited"),
    pytest.param(CALLBACK, cut(), 2, id="the connection breaks before it is acknowledged"),
    pytest.param(CALLBACK, cut(done=True), 1, id="the connection breaks once it is acknowledged"),
    pytest.param(CALLBACK, slow(0.5), 1, id="acknowledging is slow"),
    pytest.param(CALLBACK, slow_reply(0.5), 1, id="the word that it is acknowledged is slow"),
    pytest.param(ORIGINAL, fails(500), 2, id="the answer fails inside Discord"),
    pytest.param(ORIGINAL, page(503), 2, id="the answer ends at a proxy's page"),
    pytest.param(ORIGINAL, limits(0.1), 3, id="the answer is rate limited"),
    pytest.param(ORIGINAL, cut(), 3, id="the connection breaks before the answer is taken"),
    pytest.param(ORIGINAL, cut(done=True), 1, id="the connection breaks once the answer is taken"),
    pytest.param(ORIGINAL, slow_reply(0.5), 1, id="the word that the answer is taken is slow"),
    pytest.param(SEND, fails(500), 2, id="a reply fails inside Discord"),
    pytest.param(SEND, page(504), 1, id="a reply ends at a proxy's page"),
    pytest.param(SEND, limits(0.1), 2, id="a reply is rate limited"),
    pytest.param(SEND, limits(0.1, everywhere=True), 1, id="everything is rate limited"),
    pytest.param(SEND, cut(), 3, id="the connection breaks before a reply is taken"),
    pytest.param(SEND, cut(done=True), 1, id="the connection breaks once a reply is taken"),
    pytest.param(SEND, slow(0.5), 1, id="a reply is slow"),
    pytest.param(TYPING, fails(500), 9, id="typing cannot be shown"),
    pytest.param(TYPING, cut(), 1, id="the connection breaks at typing"),
    pytest.param("* /*", slow(0.15), 99, id="the whole network is slow"),
]


@pytest.mark.parametrize(("where", "action", "times"), REQUESTS)
async def test_a_request_that_goes_wrong_costs_no_answer_and_makes_none_twice(
    wire: Running, where: str, action: Action, times: int
) -> None:
    fault = wire.discord.fault(where, action, times)
    call = await wire.alice.ask(wire.channel, QUESTION)
    said = await wire.alice.mentions(wire.channel, QUESTION)
    await call.answered()
    await wire.discord.until(lambda: wire.discord.replies(said))
    await wire.settled()

    assert fault.befell > 0
    assert call.acknowledged is not None
    assert [True] == [FOUND in message.text for message in call.shown]
    assert [True] == [FOUND in message.text for message in wire.discord.replies(said)]
    assert 2 == len(wire.discord.said(wire.channel))


# What goes wrong with the gateway while a question is under way, and another is asked.
async def _cut(wire: Running) -> None:
    wire.gateway.cut()


async def _close(code: int, wire: Running) -> None:
    await wire.gateway.close(code)


def closing(code: int) -> Callable[[Running], Awaitable[None]]:
    return lambda wire: _close(code, wire)


async def _reconnect(wire: Running) -> None:
    await wire.gateway.ask_to_reconnect()


async def _invalid(wire: Running) -> None:
    await wire.gateway.invalidate(resumable=True)


async def _over(wire: Running) -> None:
    await wire.gateway.invalidate(resumable=False)


async def _no_resume(wire: Running) -> None:
    wire.gateway.no_resume = 1
    wire.gateway.cut()


async def _nonsense(wire: Running) -> None:
    await wire.gateway.babble("{not JSON")


async def _malformed(wire: Running) -> None:
    await wire.gateway.dispatch("MESSAGE_CREATE", {"id": "x"})
    await wire.gateway.dispatch("INTERACTION_CREATE", {"id": "5", "type": 3})
    await wire.gateway.dispatch("GUILD_CREATE", {"id": None})


async def _refused(wire: Running) -> None:
    wire.gateway.refuse = 3
    wire.gateway.cut()


async def _twice(wire: Running) -> None:
    wire.gateway.twice = 6


async def _unknown(wire: Running) -> None:
    await wire.gateway.babble('{"op": 99, "d": {}, "s": null, "t": null}')
    await wire.gateway.babble('{"op": 0, "d": {"a": [1]}, "s": null, "t": "NO_SUCH_EVENT"}')


async def _heartbeat(wire: Running) -> None:
    await wire.gateway.ask_for_heartbeat()


GATEWAY = [
    pytest.param(_cut, id="the gateway's connection breaks"),
    pytest.param(closing(1000), id="the gateway says goodbye"),
    pytest.param(closing(1001), id="the gateway goes away"),
    pytest.param(closing(4000), id="the gateway has an unknown error"),
    pytest.param(closing(4007), id="the gateway finds the sequence wrong"),
    pytest.param(closing(4009), id="the gateway's session times out"),
    pytest.param(_reconnect, id="the gateway asks to reconnect"),
    pytest.param(_invalid, id="the session is invalid but can be resumed"),
    pytest.param(_over, id="the session is over"),
    pytest.param(_no_resume, id="the session cannot be resumed"),
    pytest.param(_refused, id="the gateway lets nobody in for a while"),
    pytest.param(_twice, id="every event comes twice"),
    pytest.param(_unknown, id="the gateway says what nobody knows"),
    pytest.param(_nonsense, id="the gateway says what cannot be read"),
    pytest.param(_malformed, id="events lack what they must have"),
    pytest.param(_heartbeat, id="the gateway asks for a heartbeat"),
]


@pytest.mark.parametrize("happens", GATEWAY)
async def test_whatever_happens_to_the_gateway_the_bot_is_back_by_itself_and_every_question_is_answered_once(
    wire: Running, happens: Callable[[Running], Awaitable[None]]
) -> None:
    wire.asker.hold.clear()
    call = await wire.alice.ask(wire.channel, QUESTION)
    await wire.discord.until(lambda: call.acknowledged is not None or wire.asker.asked)
    await happens(wire)
    said = await wire.alice.mentions(wire.channel, QUESTION)
    wire.asker.hold.set()
    await call.answered()
    await wire.discord.until(lambda: wire.discord.replies(said))
    await wire.settled()
    later = await (await wire.alice.ask(wire.channel, QUESTION)).answered()
    await wire.settled()

    assert [True] == [FOUND in message.text for message in call.shown]
    assert [True] == [FOUND in message.text for message in wire.discord.replies(said)]
    assert [True] == [FOUND in message.text for message in later.shown]
    assert 3 == len(wire.discord.said(wire.channel))
    assert 1 == call.acknowledgements


async def test_a_reply_that_can_no_longer_be_changed_for_a_broken_connection_is_written_anew(wire: Running) -> None:
    said = await wire.alice.says(wire.channel, QUESTION)
    channel = wire.bot.get_channel(wire.channel.id)
    assert isinstance(channel, discord.TextChannel)
    reply = Reply(await channel.fetch_message(said.id))
    await reply.show("One moment.")
    wire.discord.fault("PATCH /channels/*/messages/*", cut(), 9)
    await reply.show("Here it is.")

    assert ["One moment.", "Here it is."] == [message.text.strip() for message in wire.discord.replies(said)]
