"""Trials -> how confidence is to be read, if the default does not fit. Pure.

Drafted questions are not what people ask, and what people ask in vain is harder to tell than a question whose article
is held back: whatever fits these best fits these alone. So nothing is moved as long as they come out as they do where
the default is known to hold; what is off by more than chance is moved, no farther than to where that begins.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bot.calibration import FARTHEST, STEEPEST, log_odds, probability_of
from bot.confidence import thresholds
from bot.evaluation.figures import Auroc, CalibrationError
from bot.evaluation.trials import Kind, Tried
from bot.model import Strictness

Floats = NDArray[np.float64]

# In log odds: what the middle one of the questions that are held has at least, and of those held back at most, in the
# corpora on which the default was found to hold (docs/evaluation.md).
HELD, HELD_BACK = 0.0, -2.5

# With fewer, chance decides.
LEAST_ARTICLES = 10
LEAST_QUESTIONS = 30

# Below this, no reading of confidence can tell what is held from what is not.
TOLD_APART = 0.8

DRAWS = 1_000
_TAIL = 2.5  # per cent, at either end


class Verdict(StrEnum):
    """What comes of it."""

    FITTED = "fitted"
    DEFAULT = "default"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Line:
    """Log odds in, log odds out."""

    scale: float = 1.0
    shift: float = 0.0

    def of(self, confidence: Floats) -> Floats:
        """Return confidences as this line reads them."""
        return np.array([probability_of(self.scale * log_odds(one) + self.shift) for one in confidence.tolist()])


@dataclass(frozen=True, slots=True)
class Choice:
    """What a strictness does to the questions that were tried.

    Attributes:
        before: The default's threshold, of the default's confidence.
        after: The threshold that was chosen, of the default's confidence as well.
        coverage: The share of the held that is answered, before and after.
        false_answers: The share of those held back that is, before and after.
        foreign: The share of the foreign that is, before and after; None if there are none.
    """

    strictness: Strictness
    before: float
    after: float
    coverage: tuple[float, float]
    false_answers: tuple[float, float]
    foreign: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found.

    Attributes:
        counts: How many questions of each kind were tried.
        spoiled: How many were to be held back and are told by another article; they are left out.
        articles: How many articles the held ones are from.
        middle: The median log odds of the held and of those held back, as they are.
        auroc: Of the held against those held back, and against the foreign; None where there are none.
        ece: The expected calibration error over what was tried, before and after.
        line: How confidence is to be read; as it is unless the verdict is `FITTED`.
    """

    verdict: Verdict
    counts: dict[Kind, int]
    spoiled: int
    articles: int
    middle: tuple[float | None, float | None]
    auroc: dict[Kind, float | None]
    ece: tuple[float | None, float | None]
    line: Line
    choices: tuple[Choice, ...]

    @property
    def warnings(self) -> list[str]:
        """What whoever reads it should know, as sentences."""
        told = []
        if self.verdict is Verdict.TOO_FEW:
            told.append(
                f"{self.counts[Kind.HELD]} questions from {self.articles} articles, {self.counts[Kind.HELD_BACK]} of "
                f"them with the articles held back, are too few: at least {LEAST_QUESTIONS} of either kind and "
                f"{LEAST_ARTICLES} articles are needed."
            )
        if self.verdict is Verdict.DEFAULT:
            told.append("No other reading of confidence is better than the default by more than chance.")
        apart = self.auroc.get(Kind.HELD_BACK)
        if apart is not None and apart < TOLD_APART:
            told.append(
                f"What the articles hold can hardly be told from what they do not (AUROC {apart:.2f}): another "
                "embedding model will help more than any threshold."
            )
        return told


def fit(tried: Sequence[Tried], seed: int = 0) -> Fit:
    """Find out how confidence is to be read.

    Args:
        tried: What came of the trials.
        seed: The same trials and seed give the same.
    """
    kept = [one for one in tried if not one.spoiled]
    counts = {kind: sum(one.trial.kind is kind for one in kept) for kind in Kind}
    articles = len({one.trial.article for one in kept if one.held})
    few = articles < LEAST_ARTICLES or min(counts[Kind.HELD], counts[Kind.HELD_BACK]) < LEAST_QUESTIONS
    line = Line() if few else find_line(kept, seed)
    verdict = Verdict.TOO_FEW if few else Verdict.DEFAULT
    if line != Line():
        if holds_up(kept, seed):
            verdict = Verdict.FITTED
        else:
            line = Line()
    return Fit(
        verdict=verdict,
        counts=counts,
        spoiled=len(tried) - len(kept),
        articles=articles,
        middle=(_middle(kept, Kind.HELD), _middle(kept, Kind.HELD_BACK)),
        auroc={kind: _auroc(kept, kind) for kind in (Kind.HELD_BACK, Kind.FOREIGN)},
        ece=(_ece(kept, Line()), _ece(kept, line)),
        line=line,
        choices=tuple(_choice(strictness, kept, line) for strictness in Strictness),
    )


def find_line(kept: Sequence[Tried], seed: int) -> Line:
    """Return the line nearest to the default's that leaves the questions told as they should be, beyond doubt."""
    _, held = _interval(kept, Kind.HELD, seed)
    held_back, _ = _interval(kept, Kind.HELD_BACK, seed)
    least, most = HELD - held, HELD_BACK - held_back
    if least <= most:
        return Line(1.0, _bounded(min(max(0.0, least), most)))
    # Too close together: they are pulled apart about the middle.
    scale = min(STEEPEST, (HELD - HELD_BACK) / max(held - held_back, 1e-6))
    return Line(scale, _bounded((HELD + HELD_BACK) / 2 - scale * (held + held_back) / 2))


def holds_up(kept: Sequence[Tried], seed: int) -> bool:
    """Tell whether a line found on half of the articles reads the other half better than the default, both ways."""
    names = sorted({one.trial.article for one in kept})
    np.random.default_rng(seed).shuffle(names)
    half = frozenset(names[::2])
    parts = [one for one in kept if one.trial.article in half], [one for one in kept if one.trial.article not in half]
    if not all(any(one.trial.kind is kind for one in part) for part in parts for kind in (Kind.HELD, Kind.HELD_BACK)):
        return False
    pairs = (parts, parts[::-1])
    return all(_log_loss(other, find_line(part, seed)) < _log_loss(other, Line()) for part, other in pairs)


def _interval(kept: Sequence[Tried], kind: Kind, seed: int) -> tuple[float, float]:
    """Return between what the median log odds of a kind lie, articles drawn with replacement."""
    by_article: dict[str, list[float]] = {}
    for one in kept:
        if one.trial.kind is kind:
            by_article.setdefault(one.trial.article, []).append(log_odds(one.confidence))
    groups = [np.array(values) for _, values in sorted(by_article.items())]
    random = np.random.default_rng(seed)
    drawn = random.integers(len(groups), size=(DRAWS, len(groups)))
    medians = [float(np.median(np.concatenate([groups[i] for i in row]))) for row in drawn.tolist()]
    low, high = np.percentile(medians, [_TAIL, 100 - _TAIL])
    return float(low), float(high)


def _bounded(shift: float) -> float:
    return max(-FARTHEST, min(FARTHEST, shift))


def _confidence(kept: Sequence[Tried], kind: Kind) -> Floats:
    return np.array([one.confidence for one in kept if one.trial.kind is kind], dtype=np.float64)


def _middle(kept: Sequence[Tried], kind: Kind) -> float | None:
    found = [log_odds(one) for one in _confidence(kept, kind).tolist()]
    return round(float(np.median(found)), 3) if found else None


def _auroc(kept: Sequence[Tried], kind: Kind) -> float | None:
    chosen = [one for one in kept if one.held or one.trial.kind is kind]
    held = np.array([one.held for one in chosen], dtype=bool)
    if not held.any() or held.all():
        return None
    confidence = np.array([one.confidence for one in chosen], dtype=np.float64)
    return round(float(Auroc(confidence, held, ~held)(np.ones((1, len(chosen))))[0]), 4)


def _ece(kept: Sequence[Tried], line: Line) -> float | None:
    if not kept:
        return None
    confidence = line.of(np.array([one.confidence for one in kept], dtype=np.float64))
    held = np.array([one.held for one in kept], dtype=bool)
    value = float(CalibrationError(confidence, held)(np.ones((1, len(kept))))[0])
    return None if math.isnan(value) else round(value, 4)


def _log_loss(kept: Sequence[Tried], line: Line) -> float:
    confidence = line.of(np.array([one.confidence for one in kept], dtype=np.float64))
    held = np.array([one.held for one in kept], dtype=bool)
    return float(-np.log(np.where(held, confidence, 1 - confidence)).mean())


def _choice(strictness: Strictness, kept: Sequence[Tried], line: Line) -> Choice:
    at = thresholds(strictness).answered

    def share(kind: Kind, read: Line) -> float:
        confidence = _confidence(kept, kind)
        return round(float((read.of(confidence) >= at).mean()), 4) if len(confidence) else 0.0

    def both(kind: Kind) -> tuple[float, float]:
        return share(kind, Line()), share(kind, line)

    return Choice(
        strictness=strictness,
        before=at,
        after=round(probability_of((log_odds(at) - line.shift) / line.scale), 4),
        coverage=both(Kind.HELD),
        false_answers=both(Kind.HELD_BACK),
        foreign=both(Kind.FOREIGN) if len(_confidence(kept, Kind.FOREIGN)) else None,
    )
