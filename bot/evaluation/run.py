"""`Gold` -> asked as anybody would ask it -> `Outcome`."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TypeVar

from bot.ask import Asker, read_question
from bot.evaluation.model import BadLine, Gold, Outcome, Quoted, Retrieved, Run, Unanswered
from bot.evaluation.observe import contains
from bot.model import Answer, Citation, Question
from index import Hit, IndexFailure, Summary

log = logging.getLogger(__name__)

_Answers = TypeVar("_Answers")


def ask_all(golds: Iterable[Gold], asker: Asker) -> Iterator[Outcome | Unanswered]:
    """Ask every question, in order; a fault in one does not end the run.

    Raises:
        IndexFailure: There is no index to answer from any more.
    """
    for one in ask_each(golds, asker.ask):
        if isinstance(one, Unanswered):
            yield one
        else:
            gold, answer, milliseconds = one
            yield outcome_of(gold, answer, asker, milliseconds)


def ask_each(
    golds: Iterable[Gold], ask: Callable[[Question], _Answers]
) -> Iterator[tuple[Gold, _Answers, float] | Unanswered]:
    """Yield what comes of each question, in order, and in how many milliseconds; see `ask_all`."""
    for gold in golds:
        question = read_question(gold.question, id=gold.id, asked_at=gold.asked_at)
        started = time.perf_counter()
        try:
            answers = ask(question)
        except IndexFailure:
            raise
        except Exception:
            log.exception("Question %r could not be answered", gold.id)
            yield Unanswered(gold.id, f"Question {gold.id!r} could not be answered; the log says why.")
        else:
            yield gold, answers, (time.perf_counter() - started) * 1000


def outcome_of(gold: Gold, answer: Answer, asker: Asker, milliseconds: float) -> Outcome:
    """Return what an answer is worth."""
    return Outcome(
        gold=gold,
        status=answer.status,
        confidence=round(answer.confidence, 4),
        text=answer.text,
        quotes=tuple(Quoted(c.article_id, c.quote, c.start, c.end, _verbatim(c, asker)) for c in answer.citations),
        retrieved=tuple(_retrieved(hit, gold) for hit in answer.hits),
        milliseconds=round(milliseconds, 3),
    )


def run_of(
    found: Sequence[Outcome | Unanswered],
    summary: Summary,
    golds: Sequence[Gold],
    skipped: Sequence[BadLine],
    articles: Container[str],
    notes: Sequence[str] = (),
) -> Run:
    """Put together what a run has brought.

    Args:
        found: By `ask_all`.
        summary: Of the index that answered.
        golds: What was asked.
        skipped: What could not be.
        articles: The ids of those in the index.
        notes: More that whoever reads the figures should know.
    """
    return Run(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("footnote"),
        generation=summary.generation,
        model=summary.model,
        articles=summary.articles,
        passages=summary.passages,
        outcomes=tuple(one for one in found if isinstance(one, Outcome)),
        unanswered=tuple(one for one in found if isinstance(one, Unanswered)),
        skipped=tuple(skipped),
        notes=(*notes, *_notes(golds, articles)),
    )


def _notes(golds: Sequence[Gold], articles: Container[str]) -> Iterator[str]:
    drafts = sum(gold.draft for gold in golds)
    if drafts:
        yield f"{drafts} of the questions are drafts: correct them by hand and take out their draft mark."
    unproven = sum(gold.answerable and not gold.evidence for gold in golds)
    if unproven:
        yield (
            f"{unproven} answerable questions name no evidence; they count as misses in doc_hit, passage_hit and "
            "cited_doc_precision."
        )
    missing = sorted({name for gold in golds for name in gold.evidence if name not in articles})
    if missing:
        yield (
            f"The index lacks {len(missing)} of the articles that are named as evidence, such as {missing[0]!r}: "
            "rebuild it from the articles that the questions were made for, or correct the ids."
        )
    if golds and all(gold.answerable for gold in golds):
        yield (
            "Every question is answerable: without some that the articles do not hold, nothing can be said on false "
            "answers, and confidence cannot be judged."
        )


def _verbatim(citation: Citation, asker: Asker) -> bool:
    found = asker.passage(citation.passage_id)
    article = found[0] if found else None
    return bool(
        citation.quote
        and article
        and article.id == citation.article_id
        and article.text[citation.start : citation.end] == citation.quote
    )


def _retrieved(hit: Hit, gold: Gold) -> Retrieved:
    article = hit.article
    published = article.published.isoformat() if article.published else ""
    return Retrieved(
        article_id=article.id,
        start=hit.start,
        end=hit.end,
        holds=contains(hit.text, gold.answers),
        title=article.title,
        url=article.url,
        label=", ".join(part for part in (article.source or "", published) if part),
        text=hit.text,
    )
