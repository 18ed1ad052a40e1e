"""What every way of asking on Discord shares: an answer that grows, and the conversation that it belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import TYPE_CHECKING

import discord

from bot.cogs.streaming import Growing
from bot.conversation import Turn, turn_of
from bot.desk import Served, Visit
from bot.markup import plain
from bot.memory import LAPSE, Memory
from bot.message import Rendered
from bot.model import Answer, Question
from bot.prompts import Prompts
from bot.render import render_answer, render_place

if TYPE_CHECKING:
    from bot.client import FootnoteBot

# Room for a foreign value inside a sentence, in characters.
LONGEST_VALUE = 100


class Asking:
    """Has questions answered, and keeps what was said before them."""

    def __init__(self, bot: FootnoteBot) -> None:
        self._bot = bot
        self._memory = Memory()

    async def answer(
        self, question: Question, visit: Visit, prompts: Prompts, show: Callable[[Rendered], Awaitable[object]]
    ) -> Served:
        """Return the answer to a question; what is said beside the quotes is in the words of `prompts`.

        Args:
            question: What is asked.
            visit: Who asks, and where.
            prompts: The bot's texts, in the asker's language.
            show: Puts the message where it is to stand, as far as it has come; called now and then while it grows.

        Raises:
            QuestionRefused: It asks for a publisher that there is not.
            Refused: It may not be asked here, or not now.
            Busy: Too many are waiting.
            TookTooLong: The answer did not come in time.
            IndexFailure: There is no index.
            Stopping: The bot stops before the answer has come.
        """

        def as_message(so_far: Answer | int) -> Rendered:
            if isinstance(so_far, int):
                return render_place(so_far, prompts)
            return render_answer(so_far, prompts, links=self._bot.links)

        async with Growing[Answer | int](lambda so_far: show(as_message(so_far))) as growing:
            served = await self._bot.unless_stopped(self._bot.desk.ask(question, visit, growing, growing))
        self._bot.searched = served.answer.searched
        return served

    def turns(self, place: Hashable) -> tuple[Turn, ...]:
        """Return what was said before in a thread, or lately by somebody in a channel (see `place_of`)."""
        # A thread is one conversation for as long as it lasts.
        return self._memory.recall(place, within=None if isinstance(place, int) else LAPSE)

    def turns_of(self, message_id: int) -> tuple[Turn, ...]:
        """Return what was said up to an answer, at any time."""
        return self._memory.recall(message_id)

    def remember(self, answer: Answer, *keys: Hashable) -> None:
        """Keep an answer that stands in public, for whoever goes on from the message or the place it stands in."""
        turn = turn_of(answer)
        turns = (*answer.question.turns, turn) if turn else answer.question.turns
        for key in keys:
            self._memory.remember(key, turns)

    async def forget(self, visit: Visit) -> None:
        """Forget what a member has talked about on a server, and, in a thread, what everybody has."""
        self._memory.forget(visit.channel)
        self._memory.forget((visit.channel, visit.member))
        places = [str(visit.channel)] if visit.parent is not None else []
        await self._bot.ledger.run(lambda ledger: ledger.turns.forget(places, guild=visit.guild, member=visit.member))


def place_of(channel: object, person: discord.abc.User) -> Hashable:
    """Return what names a conversation: a thread is everybody's in it, elsewhere each has their own."""
    channel_id = getattr(channel, "id", None)
    return channel_id if isinstance(channel, discord.Thread) else (channel_id, person.id)


def server_of(guild: discord.Guild | None) -> str:
    """Return the server that a question counts for; empty if it is asked on none."""
    return str(guild.id) if guild else ""


def value(text: str) -> str:
    """Return what somebody typed, fit to be repeated inside a sentence."""
    return plain(text, LONGEST_VALUE)
