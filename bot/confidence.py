"""How probable it is that the articles hold the answer, from how well the best of them match the question."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.model import Status
from index.model import Hit, Sentence

# Logistic regression over questions whose articles hold the answer, questions whose articles were taken away, and
# questions that look answerable and are not; `python -m bench.weights` fits it again.
INTERCEPT = -9.6
WEIGHTS = {"similarity": 4.19, "overlap": -0.31, "cosine": 4.52, "whole": 4.67, "whole_overlap": 1.59}

# From which confidence on the bot says "here it is", and from which on "these come closest".
ANSWERED = 0.5
RELATED = 0.15


def signals(hits: Sequence[Hit], best: Sentence) -> dict[str, float]:
    """Return what the confidence is computed from: of the best sentence and of the best of the passages."""
    return {
        "similarity": best.features["similarity"],
        "overlap": best.features["overlap"],
        "cosine": max(hit.features["cosine"] for hit in hits),
        "whole": hits[0].features["whole"],
        "whole_overlap": hits[0].features["whole_overlap"],
    }


def confidence(hits: Sequence[Hit], best: Sentence) -> float:
    """Return the probability that the articles hold the answer.

    Args:
        hits: In rank order, at least one.
        best: The sentence that would be quoted first.
    """
    values = signals(hits, best)
    return 1 / (1 + math.exp(-INTERCEPT - sum(weight * values[name] for name, weight in WEIGHTS.items())))


def status(probability: float) -> Status:
    """Return what to say at that confidence."""
    if probability >= ANSWERED:
        return Status.ANSWERED
    return Status.RELATED if probability >= RELATED else Status.NOTHING
