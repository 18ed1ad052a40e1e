"""What cannot be said in one number: how far confidence can be trusted, and what silence would buy. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.figures import BINS, bins, wrong_if_answered
from bot.evaluation.model import Outcome

# Standard deviations on either side of the mean that hold 95 %.
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence is in one range.

    Attributes:
        low: Of the range.
        high: Of the range.
        questions: How many.
        confidence: Their mean; None where there are none.
        answerable: The share of them that is answerable; None where there are none.
        interval: Of that share (E. B. Wilson, 1927); None where there are none.
    """

    low: float
    high: float
    questions: int
    confidence: float | None
    answerable: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Point:
    """What answering from a confidence on would bring.

    Attributes:
        threshold: The least confidence that is answered.
        coverage: The share of all questions that is answered.
        risk: The share of those that is wrong.
    """

    threshold: float
    coverage: float
    risk: float


def reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Return the ranges of confidence from low to high, each with the share that is answerable."""
    confidence = np.array([outcome.confidence for outcome in outcomes], dtype=np.float64)
    answerable = np.array([outcome.gold.answerable for outcome in outcomes], dtype=bool)
    place = bins(confidence)
    found = []
    for i in range(BINS):
        inside = place == i
        count, so = int(inside.sum()), int(answerable[inside].sum())
        found.append(
            Bin(
                i / BINS,
                (i + 1) / BINS,
                count,
                round(float(confidence[inside].mean()), 4) if count else None,
                round(so / count, 4) if count else None,
                wilson(so, count) if count else None,
            )
        )
    return found


def risk_coverage(outcomes: Sequence[Outcome]) -> list[Point]:
    """Return what each threshold would bring, from the strictest to answering everything.

    What is not shown cannot be right: a question that nothing was shown to counts as wrong, however low the threshold.
    """
    wrong = wrong_if_answered(outcomes)
    ranked = sorted(zip((outcome.confidence for outcome in outcomes), wrong.tolist(), strict=True), reverse=True)
    points: list[Point] = []
    errors = 0
    for answered, (confidence, is_wrong) in enumerate(ranked, start=1):
        errors += is_wrong
        point = Point(confidence, round(answered / len(ranked), 4), round(errors / answered, 4))
        if points and points[-1].threshold == confidence:
            points[-1] = point
        else:
            points.append(point)
    return points


def wilson(so: int, count: int) -> tuple[float, float]:
    """Return the interval of a share: `so` of `count`."""
    share, square = so / count, _Z**2 / count
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * math.sqrt(share * (1 - share) / count + square / (4 * count))
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)
