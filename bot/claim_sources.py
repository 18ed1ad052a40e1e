"""What the articles say to what somebody claims: quotes that say the same, quotes that say otherwise, or the closest.

Of every sentence of what was retrieved it is asked whether it supports the claim (see `bot.evidence`). One that matches
it just as well, but with another figure or the contrary, speaks against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.citations import cite, verify, with_copies
from bot.evidence import ENOUGH, Doubt, Evidence, common_words, doubtful, weigh
from bot.facts import figures
from bot.markup import clean
from bot.model import Answer, Citation, Question, Status
from bot.prompts import Prompts
from index import split_sentences

if TYPE_CHECKING:
    from index import Hit, Index, Support

# How many sentences of a message are looked up, and how many quotes each may have.
CLAIMS = 3
QUOTES = 2
# Of what was retrieved, how many passages are looked at; each costs some 10 ms.
PASSAGES = 6
# The least that a sentence must match a claim to be shown as the closest there is.
CLOSE = 0.6
# The mark of a quote, in what somebody has copied from an answer.
_MARK = re.compile(r"\s*\[\d+\]")
# Characters shown of a claim where there is more than one.
SHOWN = 80


class Stand(StrEnum):
    """How a quote stands to a claim."""

    SAME = "same"
    OTHERWISE = "otherwise"
    CLOSE = "close"


@dataclass(slots=True)
class _Found:
    """A claim and the quotes for it, best first, by how they stand to it."""

    claim: str
    score: float = 0.0
    quotes: dict[Stand, list[Citation]] = field(default_factory=lambda: {stand: [] for stand in Stand})

    def shown(self) -> Iterator[tuple[Stand, Citation]]:
        """Yield the quotes to show: the closest ones only where none says the same or otherwise."""
        sure = self.quotes[Stand.SAME] or self.quotes[Stand.OTHERWISE]
        for stand in (Stand.SAME, Stand.OTHERWISE) if sure else (Stand.CLOSE,):
            yield from ((stand, quote) for quote in self.quotes[stand][:QUOTES])


def claims_in(text: str, language: str = "en") -> list[str]:
    """Return the sentences of a message that say something that could be looked up, the first ones only."""
    text = _MARK.sub("", text)
    sentences = (clean(text[start:end]) for start, end in split_sentences(text, language))
    said = (sentence for sentence in sentences if not sentence.endswith(("?", "？")) and doubtful(sentence) is None)
    return list(dict.fromkeys(said))[:CLAIMS]


def sources_for(question: Question, index: Index, prompts: Prompts) -> Answer:
    """Return what the articles say to the claims in a message, each quote with whether it says the same.

    Args:
        question: Its text is the message.
        index: The articles.
        prompts: The bot's texts.
    """
    found: list[_Found] = []
    hits: list[Hit] = []
    for claim in claims_in(question.text):
        retrieved = index.search(claim, PASSAGES, question.filter)
        found.append(_weighed(claim, retrieved, index))
        hits += (hit for hit in retrieved if hit.passage.id not in {other.passage.id for other in hits})
    chosen = list(dict.fromkeys(quote for one in found for _, quote in one.shown()))
    citations = with_copies(verify(chosen, index.article), hits, index.article)
    numbers = {(quote.article_id, quote.start, quote.end): quote.n for quote in citations}
    sure = any(stand is not Stand.CLOSE for one in found for stand, _ in one.shown())
    status = Status.NOTHING if not citations else Status.ANSWERED if sure else Status.RELATED
    return Answer(
        question=question,
        status=status,
        confidence=max((one.score for one in found), default=0.0) if citations else 0.0,
        text="\n".join(_said(one, numbers, prompts, named=len(found) > 1) for one in found)
        or prompts.text("claim.none"),
        citations=citations,
        hits=tuple(hits),
        searched=index.summary,
        reply=True,
    )


def _weighed(claim: str, hits: Sequence[Hit], index: Index) -> _Found:
    found = _Found(claim)
    common = common_words([claim, *(hit.text for hit in hits)])
    ranked: list[tuple[float, Stand, Citation]] = []
    for hit in hits:
        ids = list(dict.fromkeys(sentence.passage_id for sentence in hit.sentences))
        supports = index.support(claim, ids)
        runs = list(weigh(claim, supports, hit.article.text, hit.article.title, common, CLOSE))
        best = _best(claim, hit, supports, runs)
        if best is not None:
            stand, run = best
            sentences = [support.sentence for support in supports[run.first : run.last + 1]]
            ranked.append((run.score, stand, cite(hit, sentences[0], sentences[-1], sentences[0])))
    for score, stand, quote in sorted(ranked, key=lambda one: -one[0]):
        found.quotes[stand].append(quote)
        found.score = max(found.score, min(score, 1.0))
    return found


def _best(
    claim: str, hit: Hit, supports: Sequence[Support], runs: Sequence[tuple[Evidence, Doubt | None]]
) -> tuple[Stand, Evidence] | None:
    """Return how an article stands to a claim, and the sentences in which it does; None if it is about something else.

    Args:
        claim: What somebody said.
        hit: Of the article.
        supports: How far its sentences match the claim.
        runs: Of these, with what speaks against each; best first.
    """
    for run, doubt in runs:
        if doubt is None:
            return Stand.SAME, run
    for run, doubt in runs:
        quote = hit.article.text[supports[run.first].sentence.start : supports[run.last].sentence.end]
        # Without a figure of its own it says nothing about the claim's.
        contrary = doubt is Doubt.CONTRAST or (doubt is Doubt.FIGURE and figures(quote) - figures(claim))
        if contrary and run.score >= ENOUGH:
            return Stand.OTHERWISE, run
    close = next((run for run, doubt in runs if doubt is not Doubt.INSTRUCTION), None)
    return (Stand.CLOSE, close) if close else None


def _said(found: _Found, numbers: dict[tuple[str, int, int], int], prompts: Prompts, *, named: bool) -> str:
    by: dict[Stand, list[str]] = {}
    for stand, quote in found.shown():
        if number := numbers.get((quote.article_id, quote.start, quote.end)):
            by.setdefault(stand, []).append(f"[{number}]")
    parts = [prompts.text(f"claim.{stand}", numbers=" ".join(marks)) for stand, marks in by.items()]
    said = " ".join(parts) or prompts.text("claim.nothing")
    if not named:
        return said
    # A number that somebody wrote in brackets is no quote's.
    claim = found.claim.translate(str.maketrans("[]", "()"))
    return f"“{claim if len(claim) <= SHOWN else claim[: SHOWN - 1].rstrip() + '…'}” {said}"
