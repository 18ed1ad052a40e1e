"""Outcomes -> figures. A figure is a function of how often each question counts, which is once.

Counting some questions twice and others not at all is what a bootstrap does, so its value and how sure that is come
from one definition (see `bot.evaluation.resample`). Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.catalogue import FIGURES, Unit
from bot.evaluation.model import Outcome
from bot.evaluation.observe import contains, observe

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Figure = Callable[[Floats], Floats]
"""How often each question counts, (b, n) -> the figure of each row, (b,); NaN where it has none."""

BINS = 10

# Groups have these beside the means: of all answerable questions against the unanswerable ones of the group.
AUROC = "auroc"


@dataclass(frozen=True, slots=True, eq=False)
class Mean:
    """A sum over questions, divided by a sum over questions.

    Attributes:
        totals: What each question adds above, (n,).
        counts: What each adds below, (n,).
        share: It is a share of things that are so or not.
    """

    totals: Floats
    counts: Floats
    share: bool

    def __call__(self, weights: Floats) -> Floats:
        """See `Figure`."""
        return _divided(weights @ self.totals, weights @ self.counts)


@dataclass(frozen=True, slots=True, eq=False)
class Auroc:
    """The probability that a positive question has more confidence than a negative one; a tie is half of one."""

    confidence: Floats
    positive: Bools
    negative: Bools

    def __call__(self, weights: Floats) -> Floats:
        """See `Figure`."""
        order, starts = _ties(self.confidence)
        positive = np.add.reduceat((weights * self.positive)[:, order], starts, axis=1)
        negative = np.add.reduceat((weights * self.negative)[:, order], starts, axis=1)
        below = np.cumsum(negative, axis=1) - negative
        won = (positive * (below + negative / 2)).sum(axis=1)
        return _divided(won, positive.sum(axis=1) * negative.sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationError:
    """Mean distance, over bins of equal width, of confidence from the share that is answerable.

    It has no value unless there are questions of both kinds: of one alone, it says what was asked.
    """

    confidence: Floats
    answerable: Bools

    def __call__(self, weights: Floats) -> Floats:
        """See `Figure`."""
        distance = self.confidence - self.answerable
        place = bins(self.confidence)
        off = sum((np.abs((weights * (place == i)) @ distance) for i in range(BINS)), np.zeros(len(weights)))
        return np.where(_both_kinds(weights, self.answerable), _divided(off, weights.sum(axis=1)), np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class RiskArea:
    """Area under the risk–coverage curve: questions are answered in order of confidence, equals together."""

    confidence: Floats
    wrong: Bools

    def __call__(self, weights: Floats) -> Floats:
        """See `Figure`."""
        order, starts = _ties(-self.confidence)
        step = np.add.reduceat(weights[:, order], starts, axis=1)
        wrong = np.add.reduceat((weights * self.wrong)[:, order], starts, axis=1)
        answered = np.cumsum(step, axis=1)
        risk = np.divide(np.cumsum(wrong, axis=1), answered, out=np.zeros_like(answered), where=answered > 0)
        return _divided((risk * step).sum(axis=1), answered[:, -1])


@dataclass(frozen=True, slots=True, eq=False)
class Percentile:
    """The value that so many per cent of the questions do not exceed."""

    values: Floats
    percent: float

    def __call__(self, weights: Floats) -> Floats:
        """See `Figure`."""
        order = np.argsort(self.values, kind="stable")
        upto = np.cumsum(weights[:, order], axis=1)
        place = (upto < upto[:, -1:] * self.percent / 100).sum(axis=1)
        found: Floats = self.values[order][np.minimum(place, len(order) - 1)]
        return found


def figures_of(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """Return every figure by its name, those of a group as `figure:group`.

    Figures that no question adds to are left out.
    """
    if not outcomes:
        return {}
    parts = [observe(outcome) for outcome in outcomes]
    groups = np.array([outcome.gold.group for outcome in outcomes], dtype=object)
    answerable = np.array([outcome.gold.answerable for outcome in outcomes], dtype=bool)
    confidence = np.array([outcome.confidence for outcome in outcomes], dtype=np.float64)
    latency = np.array([outcome.milliseconds for outcome in outcomes], dtype=np.float64)
    named: dict[str, Bools] = {name: groups == name for name in dict.fromkeys(groups.tolist())}
    means: dict[str, Figure] = {}
    for name in FIGURES:
        totals = np.array([part.get(name, (0, 0))[0] for part in parts], dtype=np.float64)
        counts = np.array([part.get(name, (0, 0))[1] for part in parts], dtype=np.float64)
        if not counts.any():
            continue
        means[name] = Mean(totals, counts, FIGURES[name].unit is Unit.SHARE)
        for group, mask in named.items():
            if (counts * mask).any():
                means[f"{name}:{group}"] = Mean(totals * mask, counts * mask, FIGURES[name].unit is Unit.SHARE)
    if answerable.any() and not answerable.all():
        means[AUROC] = Auroc(confidence, answerable, ~answerable)
        for group, mask in named.items():
            if (mask & ~answerable).any():
                means[f"{AUROC}:{group}"] = Auroc(confidence, answerable, mask & ~answerable)
        means["ece"] = CalibrationError(confidence, answerable)
    means["aurc"] = RiskArea(confidence, wrong_if_answered(outcomes))
    means["latency_p50"] = Percentile(latency, 50)
    means["latency_p99"] = Percentile(latency, 99)
    order = list(FIGURES)
    return dict(sorted(means.items(), key=lambda item: order.index(item[0].partition(":")[0])))


def values_of(figures: Mapping[str, Figure], questions: int) -> dict[str, float | None]:
    """Return each figure's value to four digits, every question counted once; None where it has none."""
    once = np.ones((1, questions))
    found = {name: float(figure(once)[0]) for name, figure in figures.items()}
    return {name: None if np.isnan(value) else round(value, 4) for name, value in found.items()}


def wrong_if_answered(outcomes: Sequence[Outcome]) -> Bools:
    """Return, of each question, whether answering it with what was shown would be wrong, (n,)."""
    right = [outcome.gold.answerable and contains(outcome.shown, outcome.gold.answers) for outcome in outcomes]
    return ~np.array(right, dtype=bool)


def bins(confidence: Floats) -> NDArray[np.intp]:
    """Return the bin of equal width that each confidence is in, (n,)."""
    return np.clip((confidence * BINS).astype(np.intp), 0, BINS - 1)


def _ties(values: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the order from small to large, and where in it each run of equal values starts."""
    order = np.argsort(values, kind="stable")
    sorted_values = values[order]
    return order, np.flatnonzero(np.r_[True, sorted_values[1:] != sorted_values[:-1]])


def _both_kinds(weights: Floats, answerable: Bools) -> Bools:
    found: Bools = (weights @ answerable > 0) & (weights @ ~answerable > 0)
    return found


def _divided(above: Floats, below: Floats) -> Floats:
    found: Floats = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return found
