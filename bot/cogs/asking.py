"""What every way of asking on Discord shares: an answer that grows, and the conversation that it belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.cogs.streaming import Growing
from bot.conversation import Turn, turn_of
from bot.desk import Served, Visit
from bot.message import Rendered
from bot.model import Answer, Question
from bot.prompts import Prompts
from bot.render import render_answer, render_place

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ledger

# Seconds of silence after which a question in the same place begins a new conversation.
LAPSE = 1_800.0


class Asking:
    """Has questions answered, and keeps what was said before them in the ledger."""

    def __init__(self, bot: FootnoteBot) -> None:
        self._bot = bot

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
            return await self.answer_at_once(question, visit, growing)

    async def answer_at_once(
        self, question: Question, visit: Visit, growing: Growing[Answer | int] | None = None
    ) -> Served:
        """Return the answer to a question without showing any of it; see `answer`."""
        asked = replace(question, member=str(visit.member), server=str(visit.guild or ""))
        return await self._bot.unless_stopped(self._bot.desk.ask(asked, visit, growing, growing))

    async def turns(self, visit: Visit, answer: int | None = None) -> tuple[Turn, ...]:
        """Return what was said before.

        Args:
            visit: Who asks, and where: in a thread it is what was said there, elsewhere what its asker said lately.
            answer: The message that is replied to; what was said up to it is then meant, at any time.
        """

        def recall(ledger: Ledger) -> tuple[Turn, ...]:
            if answer is not None:
                return ledger.turns.recall(str(answer))
            # A thread is one conversation for as long as it lasts.
            lapse = None if _is_shared(visit) else LAPSE
            public = _place(replace(visit, private=False))
            return ledger.turns.recall(_place(visit), lapse) or ledger.turns.recall(public, lapse)

        return await self._bot.ledger.attempt(recall, ())

    async def take(self, message: discord.Message) -> bool:
        """Take a message as a question; False if it has been taken before, also before a restart."""
        guild = message.guild.id if message.guild else None
        channel, member = message.channel.id, message.author.id
        return await self._bot.ledger.attempt(
            lambda ledger: ledger.replies.take(message.id, guild=guild, channel=channel, member=member), otherwise=True
        )

    async def shown(self, served: Served, visit: Visit, message: int, question: int | None = None) -> bool:
        """Note that an answer stands in a message, for whoever goes on from it or from the place it stands in.

        Args:
            served: The answer.
            visit: Who asked, and where.
            message: The message's id.
            question: The message that asked, if one did.

        Returns:
            Whether the message that asked still stands, as far as is known.
        """
        answer = served.answer
        turn = turn_of(answer) if answer.question.can_be_kept else None
        own = (replace(turn, member=str(visit.member)),) if turn else ()
        # What nobody asked is a message that the question was about; its words are its author's.
        turns = (*(one for one in answer.question.turns if one.member), *own)

        def note(ledger: Ledger) -> bool:
            ledger.asks.shown(served.ask_id, message)
            member = None if _is_shared(visit) else visit.member
            # What is answered by a message can be gone on with by anybody, also in a thread that begins with it, whose
            # id is the message's.
            places = [_place(visit)] if visit.private else [_place(visit), str(message)]
            for place in places:
                ledger.turns.remember(place, turns, guild=visit.guild, member=member)
            if visit.private:
                # Should it be shared, it is shared alone.
                ledger.turns.remember(_private_answer(message), own, guild=visit.guild, member=member)
            return question is None or ledger.replies.answered(question, message, served.ask_id)

        return await self._bot.ledger.attempt(note, otherwise=True)

    async def forget(self, visit: Visit) -> None:
        """Forget what a member has talked about on a server, and, in a thread, what everybody has."""
        places = [str(visit.channel)] if visit.parent is not None else []
        await self._bot.ledger.run(lambda ledger: ledger.turns.forget(places, guild=visit.guild, member=visit.member))


def made_public(ledger: Ledger, ask_id: str, private: int, public: int, *, guild: int | None, member: int) -> None:
    """Note that an answer that only its asker saw can be gone on with by everybody; what was asked beside it cannot.

    Args:
        ledger: Keeps it.
        ask_id: The ask's.
        private: The message that its asker saw.
        public: The one that everybody sees.
        guild: The server.
        member: The asker.
    """
    ledger.asks.shown(ask_id, public)
    ledger.turns.remember(str(public), ledger.turns.recall(_private_answer(private)), guild=guild, member=member)


def _private_answer(message: int) -> str:
    return f"private:{message}"


def _is_shared(visit: Visit) -> bool:
    """Return whether a conversation is everybody's: in a thread it is, elsewhere each has their own."""
    return visit.parent is not None and not visit.private


def _place(visit: Visit) -> str:
    """Return what names a conversation; what only its asker sees is nobody else's to go on from."""
    if _is_shared(visit):
        return str(visit.channel)
    return f"{'private:' if visit.private else ''}{visit.channel}:{visit.member}"
