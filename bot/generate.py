"""The generating answerer: a language model words the answer, and the program keeps what the passages support.

The model never writes a quote. It makes claims and names passages; each claim is checked against them, and the quote
that is shown beside it is cut out of the article by the program. Nothing is handed on before it has been checked.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bot.budget import OverBudget
from bot.catalogues import Catalogues
from bot.claims import Claim, ClaimReader
from bot.counters import Counters
from bot.disagree import both_sides
from bot.draft import Draft
from bot.instructions import Instructions
from bot.lead import lead
from bot.llm import LlmFailure
from bot.metered import Metered, reason_of
from bot.model import Answer, Citation, Question
from bot.rewrite import Rewriter

if TYPE_CHECKING:
    from index import Hit, Support

log = logging.getLogger(__name__)

# Of a reply: characters that are read, claims that are checked (each costs some 10 ms), and claims that are kept.
LONGEST_REPLY = 20_000
MOST_CHECKED = 24
MOST_KEPT = 8

TRIES = 2
# Seconds before the second try.
PAUSE = 1.0


class Source(Protocol):
    """What claims are checked against: an asker, on a thread of its own or not."""

    async def support(self, claim: str, passage_ids: Sequence[str]) -> list[Support]:
        """See `bot.ask.Asker.support`."""
        ...

    async def verify(self, citations: Sequence[Citation], hits: Sequence[Hit]) -> tuple[Citation, ...]:
        """See `bot.ask.Asker.verify`."""
        ...


class _Fallback(Exception):
    """The extractive answer has to do; the message is one word for the log."""


class Generator:
    """Words answers with a language model.

    Attributes:
        counters: What happened how often: generate.calls, .retries, .answered, .fallback.*, .claims.kept,
            .claims.dropped.*, .tokens.read, .tokens.written.
    """

    def __init__(
        self,
        model: Metered,
        instructions: Instructions,
        counters: Counters,
        catalogues: Catalogues,
        *,
        timeout: float = 30.0,
        passages: int = 6,
        rewriter: Rewriter | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            model: Writes the claims.
            instructions: What it is told.
            counters: Counts.
            catalogues: What is said before the claims.
            timeout: Seconds for one answer, both tries together.
            passages: How many passages it is given.
            rewriter: Puts follow-ups so that they can be understood alone, if given.
        """
        self.counters = counters
        self._model = model
        self._instructions = instructions
        self._catalogues = catalogues
        self._timeout = timeout
        self._passages = passages
        self._rewriter = rewriter

    async def rewrite(self, question: Question) -> Question:
        """Return a question with what a language model made of it, where it is a follow-up and that is of use."""
        return replace(question, rewritten=await self._rewriter.rewrite(question)) if self._rewriter else question

    async def generate(
        self, answer: Answer, source: Source, progress: Callable[[Answer], None] | None = None
    ) -> Answer:
        """Return the answer in verified claims, or the extractive one that is given where there are none.

        Args:
            answer: The extractive answer; one without quotes is left as it is, and costs nothing.
            source: What claims are checked against.
            progress: Called with the answer so far whenever a claim has been verified.
        """
        if not answer.citations or answer.search is None:
            return answer
        started = time.perf_counter()
        draft = Draft(answer.hits[: self._passages], answer.understood or answer.question.text)

        def so_far(citations: Sequence[Citation]) -> Answer:
            took = answer.timings_ms.get("answer", 0.0) + (time.perf_counter() - started) * 1000
            return replace(
                answer,
                text="\n".join(part for part in (*self._before(answer, citations), draft.text) if part),
                citations=tuple(citations),
                answerer="generate",
                timings_ms={**answer.timings_ms, "answer": took},
            )

        try:
            async with asyncio.timeout(self._timeout):
                await self._write(
                    answer, draft, source, lambda: progress(so_far(draft.citations)) if progress else None
                )
                if not draft.text:
                    raise _Fallback("nothing_left")
                citations = await self._with_both_sides(answer, draft, source)
        except (_Fallback, LlmFailure, OverBudget, TimeoutError) as error:
            self._fell_back(error, draft, started)
            return answer
        except Exception as error:
            # Its message may repeat what was sent, the key included; where it arose is enough.
            log.error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))  # noqa: TRY400
            self._fell_back(error, draft, started)
            return answer
        self.counters.add("generate.answered")
        log.info("generated %d claims in %.1f s; dropped: %s", draft.kept, time.perf_counter() - started, draft.dropped)
        return so_far(citations)

    async def _with_both_sides(self, answer: Answer, draft: Draft, source: Source) -> tuple[Citation, ...]:
        """Return the quotes; where articles contradict each other, those of both sides.

        Raises:
            _Fallback: The extractive answer shows both, this one cannot.
        """
        asked = replace(answer.question, text=answer.understood or answer.question.text)
        # Every sentence is compared with every other.
        shown = await asyncio.to_thread(both_sides, asked, answer.citations, draft.citations, answer.hits)
        if shown is None:
            raise _Fallback("one_sided")
        written = len(draft.citations)
        missing = await source.verify(shown[written:], answer.hits) if shown[written:] else ()
        if written + len(missing) < len(shown):
            raise _Fallback("one_sided")
        return (*shown[:written], *(replace(one, n=n) for n, one in enumerate(missing, start=written + 1)))

    def _before(self, answer: Answer, citations: Sequence[Citation]) -> Iterator[str]:
        """Yield what is said before the claims: how the question was understood, and of these quotes, not of others."""
        prompts = self._catalogues.for_locale(answer.question.language)
        if answer.understood:
            yield prompts.text("answer.understood", question=answer.understood)
        if answer.search:
            yield lead(answer.search, citations, prompts)

    async def _write(self, answer: Answer, draft: Draft, source: Source, show: Callable[[], None]) -> None:
        for attempt in range(1, TRIES + 1):
            try:
                await self._try(answer, draft, source, show)
            except LlmFailure as failure:
                # Once it has written something, a second reply would say it again.
                if attempt == TRIES or not failure.retryable or draft.read:
                    raise
                log.info("asking the language model again: %s", failure)
                self.counters.add("generate.retries")
                await asyncio.sleep(PAUSE)
            else:
                return

    async def _try(self, answer: Answer, draft: Draft, source: Source, show: Callable[[], None]) -> None:
        fence = secrets.token_hex(8)
        system = self._instructions.system(fence, MOST_KEPT)
        asked = self._instructions.question(fence, answer.understood or answer.question.text, draft.hits)
        reader, characters = ClaimReader(), 0
        replies = self._model.stream(system, asked, answer.question, LONGEST_REPLY)
        async with contextlib.aclosing(replies) as pieces:
            async for text in pieces:
                characters += len(text)
                draft.read = draft.read or bool(text)
                if not await self._check(reader.feed(text), draft, source, show):
                    return
        if characters < LONGEST_REPLY:  # else the last claim may have lost its end
            await self._check(reader.close(), draft, source, show)

    async def _check(self, claims: Sequence[Claim], draft: Draft, source: Source, show: Callable[[], None]) -> bool:
        """Keep the claims that hold; return whether more are wanted."""
        for claim in claims:
            doubt = await draft.consider(claim, source.support, source.verify)
            if doubt is None:
                self.counters.add("generate.claims.kept")
                show()
            else:
                self.counters.add(f"generate.claims.dropped.{doubt}")
            if draft.kept >= MOST_KEPT or draft.kept + sum(draft.dropped.values()) >= MOST_CHECKED:
                return False
        return True

    def _fell_back(self, error: BaseException, draft: Draft, started: float) -> None:
        reason = str(error) if isinstance(error, _Fallback) else reason_of(error)
        self.counters.add(f"generate.fallback.{reason}")
        detail = str(error) if isinstance(error, LlmFailure | OverBudget) else reason
        log.warning(
            "no generated answer after %.1f s: %s; kept %d claims, dropped %s",
            time.perf_counter() - started,
            detail,
            draft.kept,
            draft.dropped,
        )
