"""A generated answer grows in one message on Discord, in bounds, and ends as the whole answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import discord
import pytest
from simcord import Env

from bot.ask import Asker, AsyncAsker, read_question
from bot.client import FootnoteBot
from bot.cogs.streaming import BETWEEN_EDITS, Growing
from bot.model import Answer, Question
from tests.e2e.conftest import CATALOGUES, QUESTION, embed_of, unescaped


class SlowAsker(AsyncAsker):
    """Gives the real answer claim by claim, a second apart, as one with a language model would."""

    claims: Sequence[str] = ("First [1].", "Second [1].", "Third [1].", "Fourth [1].")

    async def ask(self, question: Question, progress: Callable[[Answer], None] | None = None) -> Answer:
        answer = replace(await super().ask(question), answerer="generate")
        for n in range(1, len(self.claims)):
            if progress:
                progress(replace(answer, text=" ".join(self.claims[:n])))
            await asyncio.sleep(1.0)
        self.asked = question
        return replace(answer, text=" ".join(self.claims))


@pytest.fixture
def simcord_bot(seed_asker: Asker) -> FootnoteBot:
    return FootnoteBot(SlowAsker(seed_asker), CATALOGUES)


def texts(env: Env, since: int) -> list[str]:
    """Return the first line of every message that was sent or edited."""
    bodies = [request.json for request in env.http_requests[since:] if isinstance(request.json, dict)]
    bodies = [body.get("data") or body for body in bodies]
    embeds = [body["embeds"][0] for body in bodies if body.get("embeds")]
    return [unescaped(embed["description"].splitlines()[0]) for embed in embeds]


@pytest.mark.simcord(settle_timeout=0.3)
async def test_a_slash_commands_answer_grows_by_edits_and_ends_whole(simcord_env: Env) -> None:
    channel = simcord_env.create_guild().create_text_channel("news")
    alice = channel.guild.add_member(simcord_env.create_user("alice"))
    before = len(simcord_env.http_requests)
    result = await alice.slash(channel, "ask", question=QUESTION)
    await simcord_env.advance_time(10)
    shown = texts(simcord_env, before)

    assert "First [1]. Second [1]. Third [1]. Fourth [1]." == shown[-1]
    assert "First [1]." == shown[0]
    assert 3 <= len(shown) <= 4
    assert len(set(shown)) == len(shown)
    assert shown[-1] in unescaped(embed_of(result.response).description or "")


@pytest.mark.simcord(settle_timeout=0.3)
async def test_a_mentions_answer_is_one_message(simcord_env: Env) -> None:
    channel = simcord_env.create_guild().create_text_channel("news")
    alice = channel.guild.add_member(simcord_env.create_user("alice"))
    assert simcord_env.bot.user
    asked = await alice.send(channel, f"{simcord_env.bot.user.mention} {QUESTION}")
    await simcord_env.advance_time(10)
    answer = channel.last_message
    sent = [r.path for r in simcord_env.http_requests if r.method == "POST" and r.path.endswith("/messages")]
    bot = simcord_env.bot

    assert 1 == len(sent)
    assert asked.id == answer.reference.message_id
    assert "Fourth [1]." in unescaped(embed_of(answer).description or "")
    assert isinstance(bot, FootnoteBot) and isinstance(bot.asker, SlowAsker)
    assert (str(alice.id), str(channel.guild.id)) == (bot.asker.asked.member, bot.asker.asked.server)


async def test_edits_are_spaced_the_newest_state_wins_and_none_comes_after_the_end(
    seed_asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cogs.streaming.BETWEEN_EDITS", 0.1)
    answer = seed_asker.ask(read_question(QUESTION))
    shown: list[str] = []

    async def show(so_far: Answer) -> None:
        await asyncio.sleep(0.02)
        shown.append(so_far.text)
        if so_far.text == "0":
            raise discord.DiscordServerError(_Response(), "gone")  # type: ignore[arg-type]

    async with Growing(show) as growing:
        for n in range(30):
            growing(replace(answer, text=str(n)))
            await asyncio.sleep(0.01)
    ended = list(shown)
    await asyncio.sleep(0.2)

    assert "0" == shown[0]
    assert 3 <= len(shown) <= 5
    assert sorted(shown, key=int) == shown == ended
    assert 1.25 <= BETWEEN_EDITS <= 1.5


class _Response:
    status = 503
    reason = "Service Unavailable"
