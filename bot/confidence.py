"""How probable it is that the articles hold the answer, from how well the best of them match the question."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Question, Status, Strictness
from bot.reader import Scored
from index.model import Hit

# Logistic regression over questions whose articles hold the answer, questions whose articles were taken away, and
# questions that look answerable and are not; `python -m bench.weights` fits it again.
INTERCEPT = -9.4
WEIGHTS = {
    "similarity": 9.8,  # of the best sentence,
    "cosine": 4.7,  # and of its passage
    "names": 0.8,  # every name in the question is in it
    "numbers": -0.8,  # a number in the question is in no quote
    "negation": -2.4,  # it is asked what is not so, which matching cannot see
    "fresh": 5.2,  # where days are asked about, the best hit is from near them,
    "dated": -2.1,  # which most answers are; both count less the more of the articles are from these days
}

_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_NEGATION = re.compile(r"\b(?:not|never|no|none|without|neither|nor|cannot|except)\b|n['’]t\b", re.I)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which confidence on the bot says "here it is", and from which on "these come closest"."""

    answered: float
    related: float


# What is said wrongly to be an answer costs as much as this many answers that are called merely related: the threshold
# is where both cost the same, cost / (1 + cost).
COST = {Strictness.STRICT: 3.0, Strictness.BALANCED: 1.25, Strictness.EAGER: 0.5}

# Below this nothing is shown at all.
RELATED = 0.05


def thresholds(strictness: Strictness = Strictness.BALANCED) -> Thresholds:
    """Return the thresholds of a strictness."""
    cost = COST[strictness]
    return Thresholds(cost / (1 + cost), RELATED)


def signals(question: Question, hits: Sequence[Hit], best: Scored, quotes: Sequence[str]) -> dict[str, float]:
    """Return what the confidence is computed from, named as in `WEIGHTS`.

    Args:
        question: What was asked.
        hits: In rank order, at least one.
        best: The sentence that is likeliest to answer.
        quotes: What would be shown.
    """
    shown = set(_NUMBER.findall(" ".join(quotes)))
    telling = hits[0].features.get("telling", 0.0)
    return {
        "similarity": best.sentence.features["similarity"],
        "cosine": best.hit.features["cosine"],
        "names": best.sentence.features["names"],
        "numbers": float(any(number not in shown for number in _NUMBER.findall(question.text))),
        "negation": float(bool(_NEGATION.search(question.text))),
        "fresh": telling * hits[0].features.get("fresh", 0.0),
        "dated": telling,
    }


def confidence(question: Question, hits: Sequence[Hit], best: Scored, quotes: Sequence[str]) -> float:
    """Return the probability that the articles hold the answer; for the arguments see `signals`."""
    values = signals(question, hits, best, quotes)
    return 1 / (1 + math.exp(-INTERCEPT - sum(weight * values[name] for name, weight in WEIGHTS.items())))


def status(probability: float, at: Thresholds) -> Status:
    """Return what to say at that confidence."""
    if probability >= at.answered:
        return Status.ANSWERED
    return Status.RELATED if probability >= at.related else Status.NOTHING
