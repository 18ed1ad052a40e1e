"""The use case: a question in, a verified answer out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.async_asker import AsyncAsker, Busy, TookTooLong
from bot.calibration import Calibrations
from bot.catalogues import load_catalogues
from bot.citations import verify, with_copies
from bot.claim_sources import sources_for
from bot.confidence import status, thresholds
from bot.conversation import understand
from bot.disagree import weigh
from bot.extract import extract
from bot.holdings import talk, tell
from bot.lead import Search, lead
from bot.model import Answer, Citation, Question, Status, Strictness
from bot.prompts import Prompts
from bot.question import LONGEST_QUESTION, QuestionRefused, read_question
from bot.serving import Held, Serving
from bot.stages import stage
from bot.when import narrowed, read_time
from index import Article, Filter, IndexSettings, Passage, Summary, current_id

if TYPE_CHECKING:
    from index import Embedder, Hit, Index, Reranker, Support

# Whoever asks reads the question first, and on an event loop nobody waits for ever.
__all__ = ["LONGEST_QUESTION", "Asker", "AsyncAsker", "Busy", "QuestionRefused", "TookTooLong", "read_question"]

# Hits handed on with every answer.
HITS = 10

_Result = TypeVar("_Result")


class Asker:
    """Answers questions from the generation that serves in a home; follows when a new one is published.

    Synchronous; use it from one thread at a time. What takes `on` can be a further step on the generation that an
    earlier one has used: see `bot.serving.Serving.use`.

    Attributes:
        serving: Hands out the generation in force.
    """

    def __init__(
        self,
        home: Path,
        settings: IndexSettings,
        reranker: Reranker | None = None,
        *,
        strictness: Strictness = Strictness.BALANCED,
        today: Callable[[], date] = date.today,
        calibrated: bool = True,
        embedder: Embedder | None = None,
    ) -> None:
        """Take note of where the index is; nothing is opened yet.

        Args:
            home: The folder that holds the generations.
            settings: Those it was built with.
            reranker: Looks at the best passages once more.
            strictness: How sure it must be to say that it has an answer, where a question does not tell.
            today: Tells the day that "yesterday" is counted from where a question does not say when it was asked.
            calibrated: Read confidence as the home's calibration has it, if there is one.
            embedder: The model of `settings`, if it is loaded already.
        """
        self.serving = Serving(home, settings, reranker, embedder)
        self._home = home
        self._catalogues = load_catalogues()
        self._strictness = strictness
        self._today = today
        name = reranker.name if reranker else ""
        self._calibrations = Calibrations(home, settings, name) if calibrated else None

    def open(self) -> Summary:
        """Load the model and the index, so that the first question is answered as fast as the next.

        Raises:
            IndexFailure: It cannot be opened; the message says what to do.
        """
        return self.serving.follow(again=True)

    def ask(self, question: Question, on: Held | None = None) -> Answer:
        """Answer a question.

        Raises:
            IndexFailure: There is no index to answer from.
        """
        with self.serving.use(on) as held:
            return self._asked(question, held.index)

    def _asked(self, question: Question, index: Index) -> Answer:
        started = time.perf_counter()
        prompts = self._catalogues.for_locale(question.language)
        answer = sources_for(question, index, prompts) if question.claim else talk(question, index, prompts)
        if answer is None:
            understood = understand(question.text, question.turns, question.rewritten)
            today = question.asked_at or self._today()
            asked = replace(question, text=understood.text)
            answer = tell(asked, today, index, prompts) or self._found(asked, today, index, prompts)
            if understood.changed:
                said = prompts.text("answer.understood", question=understood.text)
                text = f"{said}\n{answer.text}".strip()
                answer = replace(answer, question=question, understood=understood.text, text=text)
        if not answer.timings_ms:
            took = (time.perf_counter() - started) * 1000
            answer = replace(answer, timings_ms={"retrieve": 0.0, "answer": took})
        return answer

    def _found(self, question: Question, today: date, index: Index, prompts: Prompts) -> Answer:
        """Answer from what the articles of the time that is spoken of hold, or else from all."""
        frame = read_time(question.text, today)
        where = narrowed(question.filter, frame)
        day = (question.asked_at, question.asked_at) if question.asked_at else None
        prefer = frame.window if frame and frame.window else day
        answer = self._answer(question, where, prefer, index)
        loosened = False
        if answer.status is not Status.ANSWERED and where != question.filter:
            wider = self._answer(question, question.filter, None, index)
            # An uncertain answer from other days is no better than one from those that were asked about.
            loosened = answer.status is Status.NOTHING or wider.status is Status.ANSWERED
            answer = wider if loosened else answer
        search = Search(today, frame, question.filter if loosened else where, loosened, index.summary)
        return replace(answer, text=lead(search, answer.citations, prompts), search=search)

    def _answer(self, question: Question, where: Filter, prefer: tuple[date, date] | None, index: Index) -> Answer:
        started = time.perf_counter()
        with stage("retrieve"):
            hits = index.search(question.text, HITS, where, prefer)
        retrieved = time.perf_counter()
        with stage("answer"):
            found = extract(question, hits)
            citations = with_copies(verify(weigh(question, found.citations, hits), index.article), hits, index.article)
        sure = self._calibrations.read(found.confidence, index.summary) if self._calibrations else found.confidence
        # Without a quote that stands in its article there is no answer, however sure the numbers are.
        at = thresholds(question.strictness or self._strictness)
        said = status(sure, at) if citations else Status.NOTHING
        return Answer(
            question=question,
            status=said,
            confidence=sure if citations else 0.0,
            text="",
            citations=citations if said is not Status.NOTHING else (),
            hits=tuple(hits),
            searched=index.summary,
            timings_ms={
                "retrieve": (retrieved - started) * 1000,
                "answer": (time.perf_counter() - retrieved) * 1000,
            },
        )

    def summary(self) -> Summary:
        """Return what the generation that serves holds.

        Raises:
            IndexFailure: There is none.
        """
        with self.serving.use() as held:
            return held.index.summary

    def published(self) -> str | None:
        """Return the id of the generation that is to serve; None if there is none. Safe to call from any thread."""
        return current_id(self._home)

    def passage(self, passage_id: str) -> tuple[Article, Passage] | None:
        """Return a passage and its article; None if the passage is gone.

        Raises:
            IndexFailure: There is no index.
        """
        with self.serving.use() as held:
            passage = held.index.passage(passage_id)
            article = held.index.article(passage.article_id) if passage else None
        return (article, passage) if article and passage else None

    def look(self, read: Callable[[Index], _Result], on: Held | None = None) -> _Result:
        """Return what is read from the index that serves.

        Raises:
            IndexFailure: There is none.
        """
        with self.serving.use(on) as held:
            return read(held.index)

    def support(self, claim: str, passage_ids: Sequence[str], on: Held | None = None) -> list[Support]:
        """Return how far each sentence of these passages supports a claim; see `Index.support`."""
        return self.look(lambda index: index.support(claim, passage_ids), on)

    def verify(
        self, citations: Sequence[Citation], hits: Sequence[Hit], on: Held | None = None
    ) -> tuple[Citation, ...]:
        """Return those citations whose quote stands in its article, with who else carries it; see `bot.citations`."""
        return self.look(lambda index: with_copies(verify(citations, index.article), hits, index.article), on)

    def close(self) -> None:
        """Let go of the index."""
        self.serving.close()
