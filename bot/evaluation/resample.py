"""How sure a figure is: a seeded bootstrap over questions. Pure.

Questions are drawn with replacement, answerable and unanswerable ones apart: how many there are of each was decided by
whoever wrote them, not by chance. B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bot.evaluation.figures import Bools, Figure, Floats, Mean

LEVEL = 0.95
DRAWS = 2_000

# Cells of the table of draws that are held in memory at once.
_AT_ONCE = 2_000_000

Interval = tuple[float, float]


def intervals(
    figures: Mapping[str, Figure], answerable: Bools, seed: int = 0, draws: int = DRAWS
) -> dict[str, Interval | None]:
    """Return the interval of each figure, to four digits; None where it cannot be told.

    Args:
        figures: See `bot.evaluation.figures`.
        answerable: Of each question, (n,).
        seed: The same seed gives the same intervals.
        draws: More of them are steadier and slower.
    """
    drawn = drawn_values(figures, answerable, seed, draws)
    return {name: _bounds(figure, drawn[name]) for name, figure in figures.items()}


def drawn_values(
    figures: Mapping[str, Figure], answerable: Bools, seed: int = 0, draws: int = DRAWS
) -> dict[str, Floats]:
    """Return each figure's value in every draw, (draws,); the i'th draw is the same for all of them."""
    found: dict[str, list[Floats]] = {name: [] for name in figures}
    for weights in _draws(answerable, seed, draws):
        for name, figure in figures.items():
            found[name].append(figure(weights))
    return {name: np.concatenate(values) for name, values in found.items()}


def percentiles(drawn: Floats) -> Interval | None:
    """Return what lies between the tails of the draws in which a figure has a value; None if it rarely has one."""
    known = drawn[~np.isnan(drawn)]
    if len(known) < len(drawn) / 2:
        return None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return round(float(low), 4), round(float(high), 4)


def _bounds(figure: Figure, drawn: Floats) -> Interval | None:
    if isinstance(figure, Mean) and figure.share:
        counted = figure.counts > 0
        if not (figure.totals[counted]).any():
            return 0.0, round(1 - _at_least(counted), 4)
        if (figure.totals[counted] == figure.counts[counted]).all():
            return round(_at_least(counted), 4), 1.0
    return percentiles(drawn)


def _at_least(counted: Bools) -> float:
    """Return the exact bound of a share that is 1 in every question (Clopper and Pearson, 1934).

    Where all are alike, so is every draw, and a bootstrap would say that there is no doubt.
    """
    return float(((1 - LEVEL) / 2) ** (1 / np.count_nonzero(counted)))


def _draws(answerable: Bools, seed: int, draws: int) -> Iterator[Floats]:
    """Yield how often each question counts, (b, n), until there are as many rows as draws."""
    random = np.random.default_rng(seed)
    kinds = [places for places in (np.flatnonzero(answerable), np.flatnonzero(~answerable)) if len(places)]
    rows = max(1, _AT_ONCE // max(1, len(answerable)))
    for start in range(0, draws, rows):
        weights = np.zeros((min(rows, draws - start), len(answerable)))
        for places in kinds:
            even = np.full(len(places), 1 / len(places))
            weights[:, places] = random.multinomial(len(places), even, size=len(weights))
        yield weights
