"""A run with its figures, and whether they are what an operator asks for. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from bot.evaluation.catalogue import FIGURES, about, written
from bot.evaluation.compare import Comparison, compare
from bot.evaluation.figures import figures_of, values_of
from bot.evaluation.model import Gold, Run
from bot.evaluation.resample import DRAWS, Interval, intervals

# These are told by group among the overall figures.
BY_GROUP = ("answer_hit", "false_answers", "auroc")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A run with its figures.

    Attributes:
        values: Figure, or `figure:group`, to its value; None where it has none.
        intervals: The same names, to what lies between the tails of the bootstrap.
        comparison: With an earlier run.
        beside: Of generated answers, with the extractive answers to the same questions.
    """

    run: Run
    values: dict[str, float | None]
    intervals: dict[str, Interval | None]
    seed: int
    comparison: Comparison | None = None
    beside: Comparison | None = None

    @property
    def overall(self) -> dict[str, float | None]:
        """The figures of all questions, and those that are told by group."""
        return {
            name: value for name, value in self.values.items() if ":" not in name or name.partition(":")[0] in BY_GROUP
        }

    @property
    def groups(self) -> list[str]:
        """The groups, as they come in the file."""
        return list(dict.fromkeys(outcome.gold.group for outcome in self.run.outcomes))

    def of_group(self, group: str) -> dict[str, float | None]:
        """Return the figures of one group."""
        return {name: self.values[f"{name}:{group}"] for name in FIGURES if f"{name}:{group}" in self.values}


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure must not be worse than: less than it, or more, where less is better."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A figure that is worse than its bound."""

    name: str
    bound: float
    value: float | None

    @property
    def sentence(self) -> str:
        """What is short of what."""
        if self.value is None:
            return f"{self.name} has no value in this run; {self.bound:g} was asked for."
        more = "more" if about(self.name).less else "less"
        return f"{self.name} is {self.value:g} ({written(self.name, self.value)}), {more} than {self.bound:g}."


def evaluate(
    run: Run, before: Run | None = None, seed: int = 0, draws: int = DRAWS, extract: Run | None = None
) -> Evaluated:
    """Compute every figure of a run, how sure it is, and what has changed since another run.

    Args:
        run: What was asked.
        before: An earlier run, if there is one to compare with.
        seed: The same seed gives the same intervals.
        draws: Of the bootstrap.
        extract: Of generated answers, the extractive ones to the same questions.
    """
    figures = figures_of(run.outcomes)
    answerable = np.array([outcome.gold.answerable for outcome in run.outcomes], dtype=bool)
    return Evaluated(
        run=run,
        values=values_of(figures, len(run.outcomes)),
        intervals=intervals(figures, answerable, seed, draws) if figures else {},
        seed=seed,
        comparison=compare(before, run, seed, draws) if before else None,
        beside=compare(extract, run, seed, draws) if extract else None,
    )


def shortfalls(evaluated: Evaluated, bounds: Sequence[Bound]) -> list[Shortfall]:
    """Return the bounds that a run does not meet."""
    found = []
    for bound in bounds:
        value = evaluated.values.get(bound.name)
        if value is None or (value > bound.value if about(bound.name).less else value < bound.value):
            found.append(Shortfall(bound.name, bound.value, value))
    return found


def read_bound(text: str, groups: Collection[str]) -> Bound:
    """Read `figure=value` or `figure:group=value`.

    Args:
        text: As given.
        groups: Those that the questions have.

    Raises:
        ValueError: It is not of that form, or there is no such figure or group; the message is a sentence.
    """
    name, equals, number = text.rpartition("=")
    figure, colon, group = name.strip().partition(":")
    if not equals:
        raise ValueError(f"{text!r} is not of the form figure=value, such as shown_hit=0.9.")
    if figure not in FIGURES:
        raise ValueError(f"There is no figure {figure!r}. Figures: {', '.join(FIGURES)}.")
    if colon and group not in groups:
        raise ValueError(f"No question is of the group {group!r}. Groups: {', '.join(groups)}.")
    try:
        value = float(number)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise ValueError(f"{number!r} is not a number, in {text!r}.")
    return Bound(name.strip(), value)


def groups_of(golds: Sequence[Gold]) -> list[str]:
    """Return the groups of questions, as they come in the file."""
    return list(dict.fromkeys(gold.group for gold in golds))
