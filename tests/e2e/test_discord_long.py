"""Long answers arrive whole, also where they are shared; an answer asked for again is as good as the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.ask import Asker, AsyncAsker
from bot.client import FootnoteBot
from bot.cogs.sharing import SHARE
from bot.model import Answer, Question
from tests.e2e.conftest import CATALOGUES, FOUND, PROMPTS, World, quotes_of
from tests.e2e.test_discord_ways import UNDERSTOOD, button_of, ids_of, said


class LongWinded(AsyncAsker):
    """The real one, whose answers have much to say."""

    words: tuple[str, ...] = ()

    async def ask(self, question: Question, progress: Callable[[Answer], None] | None = None) -> Answer:
        answer = await super().ask(question, progress)
        return replace(answer, text=" ".join(self.words)) if self.words else answer


@pytest.fixture
def long_winded(seed_asker: Asker) -> LongWinded:
    return LongWinded(seed_asker)


@pytest.fixture
def simcord_bot(long_winded: LongWinded) -> FootnoteBot:
    return FootnoteBot(long_winded, CATALOGUES)


def words_in(*messages: Any) -> list[str]:
    texts = [embed.description or "" for message in messages for embed in message.embeds]
    return [word for text in texts for word in text.split() if word.startswith("word")]


async def test_a_long_answer_is_shared_whole(world: World, long_winded: LongWinded) -> None:
    long_winded.words = tuple(f"word{n}" for n in range(500))
    result = await world.ask(private=True)
    await world.alice.click(result.response, custom_id=button_of(result.response, SHARE))
    shared = world.channel.last_message

    assert len(shared.embeds) > 1
    assert list(long_winded.words) == words_in(shared)
    assert shared.content == PROMPTS.text("share.by", member="alice")


async def test_what_one_message_does_not_hold_follows_below_it_on_every_way_of_asking(
    world: World, long_winded: LongWinded
) -> None:
    long_winded.words = tuple(f"word{n}" for n in range(1_200))
    command = await world.ask()
    before = world.channel.last_message.id
    await world.alice.send(world.channel, f"{world.me} Where was the astrolabe found?")
    by_message = [message for message in world.channel.history() if message.id > before and message.author.bot]

    assert list(long_winded.words) == words_in(command.response, *command.followups)
    assert list(long_winded.words) == words_in(*by_message)
    assert len(by_message) > 1


async def test_what_could_not_be_shared_can_be_shared_later(world: World) -> None:
    result = await world.ask(private=True)
    world.env.inject_error("POST", "/webhooks/*", status=403, code=50013, times=1)
    failed = await world.alice.click(result.response, custom_id=button_of(result.response, SHARE))
    await world.alice.click(result.response, custom_id=button_of(result.response, SHARE))

    assert "Something went wrong" in failed.followups[0].content
    assert any(FOUND in quote for quote in quotes_of(world.channel.last_message.embeds[0]))


async def test_each_answer_opens_a_thread_where_that_is_set_but_a_greeting_does_not(world: World) -> None:
    await world.bot.desk.policies.set(world.guild.id, None, "threads", "open")
    await world.ask("Hello!")
    await world.alice.send(world.channel, f"{world.me} Thank you!")
    none = list(world.channel.threads)
    await world.ask()

    assert ([], 1) == (none, len(world.channel.threads))


async def test_in_a_thread_what_its_channel_leaves_out_is_not_suggested(world: World) -> None:
    await world.ask(thread=True)
    (thread,) = world.channel.threads
    await world.bot.desk.policies.set(world.guild.id, world.channel.id, "sources", ["Radio Varr"])
    suggested = await world.alice.autocomplete(thread, "ask", "source", "")

    assert ["Radio Varr"] == [choice["value"] for choice in suggested]


async def test_a_private_answer_asked_for_again_can_be_shared_and_gone_on_with(world: World) -> None:
    first = await world.ask(private=True)
    await world.alice.slash(world.channel, "footnote forget")
    (again,) = (await world.alice.click(first.response, label="Ask again")).followups
    gone_on = await world.ask("When was it stolen?", private=True)
    await world.alice.click(again, custom_id=button_of(again, SHARE))

    assert UNDERSTOOD in said(gone_on.response)
    assert any(FOUND in quote for quote in quotes_of(world.channel.last_message.embeds[0]))
    assert not [custom_id for custom_id in ids_of(world.channel.last_message) if custom_id.startswith(SHARE)]
