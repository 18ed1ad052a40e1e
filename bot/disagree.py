"""Where articles contradict each other: both accounts are quoted, the later one first. Pure."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.accounts import Account, contradict
from bot.citations import cite
from bot.extract import QUOTES, WORDS
from bot.model import Citation, Question, Side
from index.model import Hit

# Of the hits, how many may hold the other account, and how many sentences of each.
HITS = 6
SENTENCES = 5
# How well its sentence must match the question, against the quote it contradicts.
AS_GOOD = 0.6
# Among its first words, these point back.
_LEANS = re.compile(r"^(?:\S+ ){0,6}(?:it|they|he|she|this|these|those|his|her|their|its)\b", re.I)
# The question names the account it wants.
_NAMED = re.compile(r"\baccording to\b|\b(?:first|originally|initially|at first|earlier|before)\b", re.I)


def weigh(question: Question, citations: Sequence[Citation], hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Return the quotes with both sides of a contradiction among them, the later one first.

    Args:
        question: What was asked.
        citations: The quotes chosen, best first.
        hits: What was retrieved; the other side may be in it without having been chosen.
    """
    for citation, mine in _chosen(citations, hits):
        for other in _others(mine, citation, hits):
            if not contradict(question.text, mine, other):
                continue
            quoted = next((c for c in citations if c is not citation and _in(c, other.hit, other.place)), None)
            shown = citations if quoted else _with(citations, citation, other)
            if shown is not None:
                return _ordered(question, shown, citation, quoted or shown[-1])
    return tuple(citations)


def both_sides(
    question: Question, extracted: Sequence[Citation], written: Sequence[Citation], hits: Sequence[Hit]
) -> tuple[Citation, ...] | None:
    """Return the quotes of a generated answer with both sides of a contradiction, those that were missing at the end.

    Args:
        question: As it was understood.
        extracted: The quotes of the extractive answer.
        written: Those of the generated one; they keep their order, since claims name them by number.
        hits: What was retrieved.

    Returns:
        None where both sides cannot be shown beside what was written, though there are two.
    """
    weighed = weigh(question, written, hits)
    if not any(citation.side for citation in weighed):
        return None if any(citation.side for citation in extracted) else tuple(written)
    by_span = {(citation.article_id, citation.start): citation for citation in weighed}
    kept = [by_span.pop((citation.article_id, citation.start), None) for citation in written]
    found = [citation for citation in kept if citation]
    return (*found, *by_span.values()) if len(found) == len(written) else None


def _chosen(citations: Sequence[Citation], hits: Sequence[Hit]) -> Iterator[tuple[Citation, Account]]:
    """Yield each quote with the sentence it is there for."""
    for citation in citations:
        accounts = [Account(h, place) for h in hits for place in range(len(h.sentences)) if _in(citation, h, place)]
        if accounts:
            yield citation, max(accounts, key=lambda account: account.similarity)


def _in(citation: Citation, hit: Hit, place: int) -> bool:
    sentence = hit.sentences[place]
    within = citation.start <= sentence.start and sentence.end <= citation.end
    return within and citation.article_id == hit.article.id


def _others(mine: Account, citation: Citation, hits: Sequence[Hit]) -> Iterator[Account]:
    for hit in hits[:HITS]:
        # A copy tells the same story.
        if hit.article.id == citation.article_id or citation.quote in hit.article.text:
            continue
        accounts = [Account(hit, place) for place in range(len(hit.sentences))]
        for other in heapq.nlargest(SENTENCES, accounts, key=lambda account: account.similarity):
            if other.similarity >= AS_GOOD * mine.similarity:
                yield other


def _with(citations: Sequence[Citation], citation: Citation, other: Account) -> list[Citation] | None:
    """Return the quotes with that of another account at the end, in place of the last ones if need be."""
    sentence = other.hit.sentences[other.place]
    # What it speaks of stands in the sentence before.
    first = other.hit.sentences[other.place - bool(other.place and _LEANS.search(other.text))]
    added = cite(other.hit, first, sentence, sentence)
    kept = list(citations)
    while len(kept) == QUOTES or sum(len(c.quote.split()) for c in (*kept, added)) > WORDS:
        spare = next((c for c in reversed(kept) if c is not citation), None)
        if spare is None:
            return None
        kept.remove(spare)
    return [*kept, added]


def _ordered(question: Question, shown: Sequence[Citation], one: Citation, other: Citation) -> tuple[Citation, ...]:
    """Mark the two sides and put the later before the earlier, unless the question names the one it wants."""
    first, second = sorted((one, other), key=shown.index)
    if first.published is None or second.published is None or first.published == second.published:
        sides = {id(first): replace(first, side=Side.ONE), id(second): replace(second, side=Side.ONE)}
        return tuple(sides.get(id(citation), citation) for citation in shown)
    earlier, later = (first, second) if first.published < second.published else (second, first)
    marked = [replace(later, side=Side.LATER), replace(earlier, side=Side.EARLIER)]
    if _NAMED.search(question.text) and first is earlier:
        marked.reverse()
    rest = [citation for citation in shown if citation is not one and citation is not other]
    at = sum(shown.index(citation) < shown.index(first) for citation in rest)
    return (*rest[:at], *marked, *rest[at:])
