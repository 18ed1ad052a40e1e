"""The use case on a server: what is in force there, whether it may be asked, the answer, and the record of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.ask import AsyncAsker, QuestionRefused
from bot.ledger import AsyncLedger, ask_of, new_ask_id
from bot.limits import Limits, Rate
from bot.markup import plain
from bot.metrics import Metrics
from bot.model import Answer, Question, Status
from bot.policies import Policies
from bot.policy import Policy
from bot.refusal import Refused
from bot.sharing import AnswerCache, InFlight, Progress
from bot.stages import current_ask_id, stage

if TYPE_CHECKING:
    from index import Summary

log = logging.getLogger(__name__)

# Room for a foreign value inside a sentence, in characters; and how many channels or publishers one names.
_LONGEST_VALUE = 100
_MOST_NAMED = 3

# Seconds that somebody waits before they are told their place in the queue, and between two times.
FIRST_PLACE = 3.0
BETWEEN_PLACES = 4.0

# A flood is stopped by these; whoever talks to the bot, also many at once, does not meet them.
RATES: Mapping[str, Rate | None] = {"member": Rate(30, 60), "channel": Rate(300, 60), "guild": Rate(1_500, 60)}


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, and where and how.

    Attributes:
        guild: The server's id, if it is on one.
        channel: Where it is asked; of a thread, the thread's id.
        parent: The channel that the thread is in, if it is one.
        member: The asker's id.
        roles: Ids of the asker's roles on the server.
        surface: "command", "mention", "reply", "direct", "thread", "menu", "modal", "auto" or "again".
        private: Nobody but the asker sees the answer.
    """

    guild: int | None
    channel: int
    parent: int | None
    member: int
    roles: frozenset[int] = frozenset()
    surface: str = "command"
    private: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """An answer, and the id by which it is on record and in the log."""

    answer: Answer
    ask_id: str


class Desk:
    """Takes questions in and hands answers out, as a server's settings have it.

    Attributes:
        policies: The settings of all servers.
        limits: How much may still be asked.
    """

    def __init__(
        self,
        asker: AsyncAsker,
        ledger: AsyncLedger,
        *,
        policy: Policy | None = None,
        rates: Mapping[str, Rate | None] = RATES,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = date.today,
    ) -> None:
        """Open the desk.

        Args:
            asker: Answers.
            ledger: Remembers what was asked, and what a server has set.
            policy: What is in force where nothing has been set.
            rates: How much may be asked by a "member", in a "channel" and on a "guild".
            metrics: Where to count what is asked; nobody reads the figures if None.
            clock: Seconds, for limits.
            today: The day it is, which decides what "yesterday" means.
        """
        self.policies = Policies(ledger, policy or Policy(), clock)
        self.limits = Limits(rates, clock)
        self._asker = asker
        self._ledger = ledger
        self._today = today
        self._running = InFlight()
        self._cache = AnswerCache()
        self._metrics = metrics or Metrics()

    async def policy(self, visit: Visit) -> Policy:
        """Return what is in force where somebody asks."""
        return await self.policies.of(visit.guild, visit.channel, visit.parent)

    async def ask(
        self,
        question: Question,
        visit: Visit,
        progress: Callable[[Answer], None] | None = None,
        queued: Callable[[int], None] | None = None,
    ) -> Served:
        """Answer a question, and put it on record.

        Args:
            question: What is asked.
            visit: Who asks, and where.
            progress: See `AsyncAsker.ask`.
            queued: Called now and then while it takes long, with how many questions are answered before this one.

        Raises:
            QuestionRefused: It asks for a publisher that there is not.
            Refused: It may not be asked here, or not now.
            Busy: Too many are waiting.
            TookTooLong: The answer did not come in time.
            IndexFailure: There is no index.
        """
        with stage("ask"), self._metrics.ask(visit.surface) as came_to:
            begun = time.perf_counter()
            served = await self._serve(question, visit, progress, queued)
            came_to(served.answer.status)
            took = (time.perf_counter() - begun) * 1000
            # Who asked what stands in the ledger, which forgets; a log does not.
            log.info("%s (%s, %.0f ms)", served.answer.status, visit.surface, took)
        return served

    async def read(self, question: Question, visit: Visit) -> Question:
        """Return a question as the articles may be looked through for it; that counts like asking it.

        Raises:
            Refused: It may not be asked here, or not now.
        """
        policy = await self.policy(visit)
        self._admit(question, visit, policy)
        return policy.applied(question)

    def forget(self) -> None:
        """Forget the answers that are kept in memory, as when somebody wants their questions deleted."""
        self._cache.clear()

    async def _serve(
        self,
        question: Question,
        visit: Visit,
        progress: Callable[[Answer], None] | None,
        queued: Callable[[int], None] | None,
    ) -> Served:
        asked = await self.read(question, visit)
        asked = replace(asked, asked_at=asked.asked_at or self._today())

        def tell(told: Answer | int) -> None:
            if isinstance(told, int):
                if queued:
                    queued(told)
            elif progress:
                progress(replace(told, question=asked))

        answer = replace(await self._answer(asked, visit, tell), question=asked)
        for source in unknown(question.filter.sources, answer.searched):
            value = plain(source, _LONGEST_VALUE)
            raise QuestionRefused(f"No article is from “{value}”.", "problem.unknown_source", source=value)
        # What the server leaves out is left out as it has it when the record is used, so only what the member left out
        # is on record.
        kept = replace(answer, question=replace(asked, filter=question.filter))
        return Served(answer, await self._recorded(await self._without_gone(kept), visit))

    def _admit(self, question: Question, visit: Visit, policy: Policy) -> None:
        if visit.guild is None:
            if not policy.direct:
                raise Refused("desk.no_direct")
        elif not policy.answers_in(visit.channel, visit.parent):
            # Discord shows the names of those that the reader may see.
            named = ", ".join(f"<#{channel}>" for channel in sorted(policy.answer_in)[:_MOST_NAMED])
            raise Refused("desk.not_here", channels=named)
        elif not policy.may_ask(visit.roles):
            raise Refused("desk.not_you")
        for source in policy.barred(question.filter.sources):
            named = ", ".join(plain(name, _LONGEST_VALUE) for name in policy.sources[:_MOST_NAMED])
            raise Refused("desk.source", source=plain(source, _LONGEST_VALUE), sources=named)
        whose: dict[str, Hashable] = {"channel": visit.channel, "guild": visit.guild}
        if visit.guild is None:
            del whose["guild"]
        if visit.surface != "auto":  # of which nobody has asked the bot
            whose["member"] = visit.member
        reached = self.limits.take(whose)
        if reached:
            self._metrics.limited(reached.scope)
            raise Refused(f"desk.limit_{reached.scope}", reached.seconds)

    async def _answer(self, asked: Question, visit: Visit, tell: Progress) -> Answer:
        """Return the answer to an equal question, if one is under way or was given lately, and else a new one."""
        generation = await self._asker.generation()
        generates = asked.generate and self._asker.generates
        # Whose budget it is decides whether an answer can be generated; apart from that it is the same for everybody.
        decisive = replace(asked, id=None, member="", server=asked.server if generates else "")
        key = (decisive, generation, visit.member if visit.private else None)
        # What only its asker sees stays nowhere, and a follow-up is hardly ever asked twice.
        keep = not visit.private and not asked.turns and generation is not None
        if keep and visit.surface != "again" and (kept := self._cache.get(key)):
            self._metrics.cached()
            return replace(kept, timings_ms=dict.fromkeys(kept.timings_ms, 0.0))
        if key in self._running:
            self._metrics.joined()
        answer = await self._running.answer(key, lambda told: self._new_answer(asked, told), tell)
        as_wanted = not generates or answer.answerer == "generate" or not answer.citations
        # What was answered from an index that serves no longer may quote what has been deleted.
        if keep and as_wanted and answer.generation == generation == await self._asker.generation():
            self._cache.put(key, answer)
        return answer

    async def _new_answer(self, asked: Question, tell: Progress) -> Answer:
        # They are answered in the order in which they come.
        before = self._asker.done + self._asker.waiting
        place = asyncio.create_task(self._tell_place(before, tell))
        try:
            return await self._asker.ask(asked, tell)
        finally:
            place.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await place

    async def _tell_place(self, before: int, tell: Progress) -> None:
        await asyncio.sleep(FIRST_PLACE)
        while (left := before - self._asker.done) > 0:
            tell(left)
            await asyncio.sleep(BETWEEN_PLACES)

    async def _without_gone(self, answer: Answer) -> Answer:
        """Return an answer without the quotes of articles that were gone when it came: they are not to be on record."""
        cited, serves = {citation.article_id for citation in answer.citations}, self._asker.summary
        while cited and serves and serves.generation != answer.generation:
            gone = await self._asker.look(lambda index: {name for name in cited if index.article(name) is None})
            kept = tuple(c if c.article_id not in gone else replace(c, quote="") for c in answer.citations)
            answer = replace(answer, citations=kept)
            if self._asker.summary is serves:
                break  # else it is looked again: what is recorded from now on is blanked by the next swap
            serves = self._asker.summary
        return answer

    async def _recorded(self, answer: Answer, visit: Visit) -> str:
        """Put an ask on record, and return its id."""
        ask_id = current_ask_id() or new_ask_id()
        if visit.surface == "auto" and answer.status is not Status.ANSWERED:
            return ask_id  # nobody has asked the bot, and it will say nothing
        ask = ask_of(
            answer,
            id=ask_id,
            guild=visit.guild,
            channel=visit.channel,
            member=visit.member,
            surface=visit.surface,
            private=visit.private,
        )
        await self._ledger.attempt(lambda ledger: ledger.asks.record(ask), None)
        return ask_id


def unknown(sources: Sequence[str], searched: Summary) -> list[str]:
    """Return those publishers that no article is from."""
    known = {name.casefold() for name in searched.sources}
    return [source for source in sources if source.casefold() not in known]
