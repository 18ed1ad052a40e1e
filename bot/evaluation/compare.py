"""Two runs over the same questions -> what was won and lost, and whether that may be chance. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.catalogue import FIGURES
from bot.evaluation.figures import Bools, Figure, Floats, Mean, figures_of, values_of
from bot.evaluation.model import Outcome, Run
from bot.evaluation.observe import is_right
from bot.evaluation.resample import DRAWS, Interval, drawn_values, percentiles

# A difference that chance alone brings about less often than this is called significant.
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure has changed over the questions that both runs have.

    Attributes:
        difference: After, less before.
        interval: Of the difference, by a paired bootstrap.
        wins: Questions in which it became so; None unless it is so or not in each.
        losses: Questions in which it ceased to be so.
        p: How probable a difference as large is by chance: McNemar's exact test where it is so or not in each
            question, else from the paired bootstrap.
    """

    name: str
    before: float | None
    after: float | None
    difference: float | None
    interval: Interval | None
    wins: int | None
    losses: int | None
    p: float | None

    @property
    def significant(self) -> bool:
        """Chance alone would hardly bring it about."""
        return self.p is not None and self.p < SIGNIFICANT

    @property
    def better(self) -> bool | None:
        """Whether the change is one for the better; None where nothing has changed."""
        if not self.difference:
            return None
        return (self.difference < 0) == FIGURES[self.name.partition(":")[0]].less


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, compared.

    Attributes:
        shared: Questions that both runs have, with the same known answers.
        left_out: Questions of either run that the other lacks, or has with another text or other known answers.
        changes: Of every figure, those of groups not among them.
        won: Before and after, of questions that are treated right now and were not.
        lost: Likewise, of those that were and are not.
    """

    made_at: str
    generation: str
    shared: int
    left_out: int
    changes: tuple[Change, ...]
    won: tuple[tuple[Outcome, Outcome], ...]
    lost: tuple[tuple[Outcome, Outcome], ...]


def compare(before: Run, after: Run, seed: int = 0, draws: int = DRAWS) -> Comparison:
    """Compare two runs over the questions that both have."""
    known = {outcome.gold.id: outcome for outcome in before.outcomes}
    pairs = [
        (known[outcome.gold.id], outcome)
        for outcome in after.outcomes
        if outcome.gold.id in known and _same(known[outcome.gold.id], outcome)
    ]
    return Comparison(
        made_at=before.made_at,
        generation=before.generation,
        shared=len(pairs),
        left_out=len(before.outcomes) + len(after.outcomes) - 2 * len(pairs),
        changes=tuple(_changes(pairs, seed, draws)),
        won=tuple(pair for pair in pairs if is_right(pair[1]) and not is_right(pair[0])),
        lost=tuple(pair for pair in pairs if is_right(pair[0]) and not is_right(pair[1])),
    )


def mcnemar(wins: int, losses: int) -> float:
    """Return the two-sided p of so many wins and losses if each were as probable (exact test, Q. McNemar, 1947)."""
    changed = wins + losses
    ways = tail = 1  # to have no win, and so on: one more each time
    for few in range(min(wins, losses)):
        ways = ways * (changed - few) // (few + 1)
        tail += ways
    return min(1.0, float(2 * tail / 2**changed))


def _same(one: Outcome, other: Outcome) -> bool:
    a, b = one.gold, other.gold
    return (a.question, a.asked_at, a.answerable, a.group) == (b.question, b.asked_at, b.answerable, b.group) and (
        set(a.answers) == set(b.answers) and set(a.evidence) == set(b.evidence)
    )


def _changes(pairs: Sequence[tuple[Outcome, Outcome]], seed: int, draws: int) -> Iterator[Change]:
    then = _overall(figures_of([pair[0] for pair in pairs]))
    now = _overall(figures_of([pair[1] for pair in pairs]))
    answerable: Bools = np.array([pair[1].gold.answerable for pair in pairs], dtype=bool)
    values = [values_of(figures, len(pairs)) for figures in (then, now)]
    drawn = [drawn_values(figures, answerable, seed, draws) for figures in (then, now)] if pairs else [{}, {}]
    for name in FIGURES:
        if name not in then and name not in now:
            continue
        before, after = (value.get(name) for value in values)
        wins, losses = _exchanged(then.get(name), now.get(name))
        both = name in then and name in now
        differences = drawn[1][name] - drawn[0][name] if both else np.full(draws, np.nan)
        p = _bootstrap_p(differences) if wins is None or losses is None else mcnemar(wins, losses)
        yield Change(
            name,
            before,
            after,
            None if before is None or after is None else round(after - before, 4),
            percentiles(differences),
            wins,
            losses,
            p,
        )


def _overall(figures: dict[str, Figure]) -> dict[str, Figure]:
    return {name: figure for name, figure in figures.items() if ":" not in name}


def _exchanged(then: Figure | None, now: Figure | None) -> tuple[int | None, int | None]:
    """Return in how many questions something became so and ceased to be so, if it is so or not in each."""
    if not (isinstance(then, Mean) and isinstance(now, Mean) and then.share):
        return None, None
    if not np.array_equal(then.counts, now.counts) or then.counts.max(initial=0) > 1:
        return None, None
    return int((now.totals > then.totals).sum()), int((now.totals < then.totals).sum())


def _bootstrap_p(differences: Floats) -> float | None:
    """Return twice the smaller share of draws on one side of no difference."""
    known = differences[~np.isnan(differences)]
    if len(known) < len(differences) / 2:
        return None
    # One is added, so that no finite number of draws claims to be certain (Davison and Hinkley, 1997, chapter 4).
    side = min((known <= 0).sum(), (known >= 0).sum()) + 1
    return round(min(1.0, 2 * float(side) / (len(known) + 1)), 4)
