"""How passages found for a query are ranked: by how well they match it, and by the days it asks about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.embed import Floats
from index.interaction import Match

# How much each signal counts for the rank of a passage: softmax regression over the candidates of each question on both
# development sets, where equal weights and reciprocal ranks lose to BM25 alone; `python -m bench.weights` fits them
# again. Scores are log odds.
RANK_WEIGHTS = {"cosine": 1.3, "bm25": 2.1, "best": 10.9, "best_overlap": 2.8, "whole": 12.0, "whole_overlap": 1.5}

# What it counts that an article was published on the days that are asked about, and after how many days more or less
# that is worth a third.
FRESH_WEIGHT = 5.0
FRESH_DAYS = 14


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer a query.

    Attributes:
        row: Where it stands in the generation.
        signals: How well it matches, by name.
        match: How its sentences do.
    """

    row: int
    signals: dict[str, float]
    match: Match

    @property
    def score(self) -> float:
        """Larger is better; log odds among the candidates of one query."""
        fresh = FRESH_WEIGHT * self.signals.get("fresh", 0)
        return fresh + sum(weight * self.signals[name] for name, weight in RANK_WEIGHTS.items())


def freshness(published: NDArray[np.int32], prefer: tuple[date, date]) -> Floats:
    """Return how near to the days asked about each of some articles was published.

    Args:
        published: (n,) the day of each, as `date.toordinal` counts; 0 where nobody knows.
        prefer: The first and the last of the days.

    Returns:
        (n,) from 0 to 1, which is on one of these days; 0 where nobody knows.
    """
    first, last = (day.toordinal() for day in prefer)
    days = np.maximum(0, np.maximum(first - published, published - last))
    return np.where(published > 0, np.exp(-days / FRESH_DAYS), 0).astype(np.float32)
