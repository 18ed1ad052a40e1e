"""Whoever wanted to know is told once a new index answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import discord
import pytest

from bot.ask import Asker, AsyncAsker
from bot.client import FootnoteBot
from bot.cogs.telling import STOP, TellingCog
from bot.model import Question
from index import IndexSettings, build
from tests.e2e.conftest import CATALOGUES, PROMPTS, World, quotes_of

QUESTION = "Who repaired the lighthouse lamp?"
ANSWER = "The lighthouse lamp was repaired by the engineer Ilse Brandt."
FIRST = {"id": "1", "title": "Harbour", "source": "Post", "text": "The harbour office moves to Quay Street in May."}
LATER = {"id": "2", "title": "The lamp burns again", "source": "Post", "published": "2026-02-03", "text": ANSWER}


@pytest.fixture(scope="module")
def generations(tmp_path_factory: pytest.TempPathFactory, seed_asker: Asker) -> tuple[Asker, Asker]:
    """An index that does not answer, and the one that comes after it, which does; the model is loaded already."""
    embedder = seed_asker.look(lambda index: index.embedder)
    folder = tmp_path_factory.mktemp("telling")
    homes = (folder / "before", folder / "after")
    for home, articles in zip(homes, ([FIRST], [FIRST, LATER]), strict=True):
        (folder / "a.jsonl").write_text("".join(json.dumps(article) + "\n" for article in articles), "utf-8")
        build([folder / "a.jsonl"], home, IndexSettings(), embedder=embedder)
    before, after = (Asker(home, IndexSettings(), embedder=embedder) for home in homes)
    return before, after


class Rebuilt(AsyncAsker):
    """Asks the first index until it is told that the second serves."""

    def __init__(self, generations: tuple[Asker, Asker]) -> None:
        self.after = AsyncAsker(generations[1])
        self.rebuilt = False
        super().__init__(generations[0])

    async def generation(self) -> str | None:
        return await (self.after.generation() if self.rebuilt else super().generation())

    async def ask(self, *arguments: Any) -> Any:
        return await (self.after.ask(*arguments) if self.rebuilt else super().ask(*arguments))


@pytest.fixture(scope="module")
def asker(generations: tuple[Asker, Asker]) -> Rebuilt:
    return Rebuilt(generations)


@pytest.fixture
def simcord_bot(asker: Rebuilt) -> FootnoteBot:
    asker.rebuilt = False
    return FootnoteBot(asker, CATALOGUES)


@pytest.fixture
async def telling(world: World) -> AsyncIterator[TellingCog]:
    cog = world.bot.get_cog("TellingCog")
    assert isinstance(cog, TellingCog)
    yield cog


def direct_messages(world: World) -> list[Any]:
    return list(world.alice.user.dm_channel.history())


async def wish(world: World, *, direct: bool) -> str:
    """Ask what is not answered, want to be told, and return the ask's id."""
    await world.ask(QUESTION)
    (ask,) = await world.bot.ledger.run(lambda ledger: ledger.asks.unanswered())
    member, channel = world.alice.id, world.channel.id
    await world.bot.ledger.run(lambda ledger: ledger.wishes.wish(ask.id, member, channel, direct))
    return ask.id


async def test_whoever_wanted_to_know_is_told_once_by_direct_message(
    world: World, telling: TellingCog, asker: Rebuilt
) -> None:
    await wish(world, direct=True)
    assert 0 == await telling.look(), "the index is the same"
    asker.rebuilt = True

    assert 1 == await telling.look()
    (message,) = direct_messages(world)
    assert PROMPTS.text("told.direct") == message.content
    assert [ANSWER] == quotes_of(message.embeds[0])
    telling._asked = None
    assert 0 == await telling.look()
    assert 1 == len(direct_messages(world))


async def test_a_thread_is_told_once_however_many_want_to_know(
    world: World, telling: TellingCog, asker: Rebuilt
) -> None:
    ask_id = await wish(world, direct=False)
    bob = world.guild.add_member(world.env.create_user("bob"))
    await world.bot.ledger.run(lambda ledger: ledger.wishes.wish(ask_id, bob.id, world.channel.id, direct=False))
    before = len(world.channel.history())
    asker.rebuilt = True

    assert 2 == await telling.look()
    (message,) = world.channel.history()[before:]
    assert PROMPTS.text("told.channel") == message.content


async def test_what_is_still_not_answered_is_asked_once_for_each_index(
    world: World, telling: TellingCog, asker: Rebuilt
) -> None:
    ask_id = await wish(world, direct=True)
    await telling.look()
    (kept,) = await world.bot.ledger.run(lambda ledger: ledger.wishes.open())

    assert (ask_id, await asker.generation()) == (kept.ask.id, kept.tried)


async def test_whoever_wants_to_be_told_nothing_more_is_not(world: World, telling: TellingCog, asker: Rebuilt) -> None:
    ask_id = await wish(world, direct=True)
    asker.rebuilt = True
    await telling.look()
    pressed = await world.alice.user.click(direct_messages(world)[-1], custom_id=f"{STOP}all")
    opened = await world.bot.ledger.run(lambda ledger: ledger.asks.get(ask_id))
    assert opened
    again = replace(opened, id="b" * 12)
    await world.bot.ledger.run(lambda ledger: ledger.asks.record(again))

    assert PROMPTS.text("told.stopped") == pressed.response.content
    assert [] == await world.bot.ledger.run(lambda ledger: ledger.wishes.open())


async def test_direct_messages_that_are_refused_cost_nothing(world: World, telling: TellingCog, asker: Rebuilt) -> None:
    await wish(world, direct=True)
    asker.rebuilt = True
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=1)

    assert 0 == await telling.look()
    assert [] == await world.bot.ledger.run(lambda ledger: ledger.wishes.open())


async def test_what_discord_does_not_take_just_now_is_told_the_next_time_as_the_same_message(
    world: World, telling: TellingCog, asker: Rebuilt, monkeypatch: pytest.MonkeyPatch
) -> None:
    await wish(world, direct=True)
    asker.rebuilt = True
    nonces: list[str | None] = []
    send = discord.DMChannel.send

    async def noted(self: discord.DMChannel, *arguments: Any, **given: Any) -> discord.Message:
        nonces.append(given.get("nonce"))
        return await send(self, *arguments, **given)

    monkeypatch.setattr(discord.DMChannel, "send", noted)
    world.env.inject_error("POST", "/channels/*/messages", status=503, times=1)

    assert [0, 1, 0] == [await telling.look() for _ in range(3)]
    assert 1 == len(direct_messages(world))
    assert 2 == len(nonces) and 1 == len(set(nonces)) and nonces[0]


async def test_a_publisher_that_the_parent_channel_bars_by_then_is_not_quoted(
    world: World, telling: TellingCog, asker: Rebuilt
) -> None:
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="lamp", type=discord.ChannelType.public_thread)
    ask_id = await wish(world, direct=True)
    ask = await world.bot.ledger.run(lambda ledger: ledger.asks.get(ask_id))
    assert ask
    await world.bot.ledger.run(lambda ledger: ledger.asks.record(replace(ask, channel=thread.id)))
    await world.bot.ledger.run(lambda ledger: ledger.wishes.wish(ask_id, world.alice.id, thread.id, True))
    await world.bot.desk.policies.set(world.guild.id, channel.id, "sources", ["Radio"])
    asker.rebuilt = True

    assert 0 == await telling.look()
    assert [] == direct_messages(world)


async def test_what_yesterday_means_is_the_day_before_it_was_asked(
    world: World, telling: TellingCog, asker: Rebuilt, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_id = await wish(world, direct=True)
    ask = await world.bot.ledger.run(lambda ledger: ledger.asks.get(ask_id))
    assert ask
    old = replace(ask, at=datetime(2026, 2, 4, 12, tzinfo=UTC))
    await world.bot.ledger.run(lambda ledger: ledger.asks.record(old))
    await world.bot.ledger.run(lambda ledger: ledger.wishes.wish(ask_id, world.alice.id, world.channel.id, True))
    asked: list[Question] = []
    ask_anew = asker.ask

    async def noted(question: Question, *rest: Any) -> Any:
        asked.append(question)
        return await ask_anew(question, *rest)

    monkeypatch.setattr(asker, "ask", noted)
    asker.rebuilt = True
    await telling.look()

    assert [date(2026, 2, 4)] == [question.asked_at for question in asked]
