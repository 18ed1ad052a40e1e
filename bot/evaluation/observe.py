"""One outcome -> what it adds to each figure, and where it was lost. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.evaluation.model import Loss, Outcome

# How many of the first passages a figure looks at.
DEPTHS = (1, 5, 10)

_WORD = re.compile(r"\w+")

Parts = dict[str, tuple[float, int]]
"""Figure -> what the question adds to its sum, and to the number that the sum is divided by."""


def normalise(text: str) -> str:
    """Return a text's words in lower case, one space between them."""
    return " ".join(_WORD.findall(text.lower()))


def contains(text: str, answers: Iterable[str]) -> bool:
    """Tell whether any of the answers stands in a text as whole words, whatever the case and the punctuation."""
    padded = f" {normalise(text)} "
    return any(f" {words} " in padded for words in map(normalise, answers) if words)


def observe(outcome: Outcome) -> Parts:
    """Return what a question adds to every figure that is a mean.

    An answerable question whose evidence is not given misses where evidence is asked for.
    """
    gold, answered, quotes = outcome.gold, outcome.answered, outcome.quotes
    parts: Parts = {
        "verbatim": (sum(quote.verbatim for quote in quotes), len(quotes)),
        "brier": ((outcome.confidence - gold.answerable) ** 2, 1),
    }
    hit = gold.answerable and answered and contains(outcome.shown, gold.answers)
    parts["right"] = (hit if gold.answerable else not answered, 1)
    parts["answered_right"] = (hit, int(answered))
    if not gold.answerable:
        parts["false_answers"] = (answered, 1)
        return parts
    first = contains(quotes[0].quote, gold.answers) if quotes else False
    for depth in DEPTHS:
        passages = outcome.retrieved[:depth]
        parts[f"doc_hit@{depth}"] = (any(p.article_id in gold.evidence for p in passages), 1)
        parts[f"passage_hit@{depth}"] = (any(p.article_id in gold.evidence and p.holds for p in passages), 1)
    parts["shown_hit"] = (contains(outcome.shown, gold.answers), 1)
    parts["shown_first_hit"] = (first, 1)
    parts["answer_hit"] = (hit, 1)
    parts["first_quote_hit"] = (answered and first, 1)
    parts["coverage"] = (answered, 1)
    if answered:
        parts["words"] = (len(outcome.shown.split()), 1)
        parts["cited_doc_precision"] = (sum(quote.article_id in gold.evidence for quote in quotes), len(quotes))
    return parts


def is_right(outcome: Outcome) -> bool:
    """Tell whether a question was treated as it should be."""
    return bool(observe(outcome)["right"][0])


def loss(outcome: Outcome) -> Loss | None:
    """Return where a question was lost; None if it was treated as it should be."""
    if is_right(outcome):
        return None
    gold = outcome.gold
    if not gold.answerable:
        return Loss.INVENTED
    if contains(outcome.shown, gold.answers):
        return Loss.HELD_BACK
    # Where nobody said which article it is, any that holds the answer is the right one.
    of_evidence = [p for p in outcome.retrieved if not gold.evidence or p.article_id in gold.evidence]
    if any(passage.holds for passage in of_evidence):
        return Loss.SENTENCE if outcome.quotes else Loss.SILENT
    return Loss.PASSAGE if gold.evidence and of_evidence else Loss.ARTICLE
