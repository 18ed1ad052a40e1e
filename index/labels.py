"""What is known of each passage's article: which passages a filter lets through, and of what day each is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.model import Filter
from index.passages import PassageTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Labels:
    """What filters ask of a generation's passages."""

    def __init__(self, passages: PassageTable) -> None:
        """Take them from the passages' table."""
        self._passages = passages
        self._counts = np.diff(passages.first)

    def allowed(self, where: Filter) -> NDArray[np.intp]:
        """Return the rows of the passages that a filter lets through."""
        articles = np.ones(self._passages.articles, dtype=bool)
        days = self._passages.published
        if where.since or where.until:
            articles &= days > 0
        if where.since:
            articles &= days >= where.since.toordinal()
        if where.until:
            articles &= days <= where.until.toordinal()
        if where.sources:
            names = {name.casefold() for name in where.sources}
            wanted = [i for i, name in enumerate(self._passages.publishers) if name in names]
            articles &= np.isin(self._passages.publisher, wanted)
        for name in where.without:
            number = self._passages.number(name)
            if number is not None:
                articles[number] = False
        return np.flatnonzero(np.repeat(articles, self._counts))

    def rows_of(self, articles: Sequence[str]) -> NDArray[np.intp]:
        """Return the rows of the passages of these articles."""
        numbers = sorted({number for name in articles if (number := self._passages.number(name)) is not None})
        rows = [np.arange(*self._passages.first[[number, number + 1]]) for number in numbers]
        return np.concatenate([*rows, np.zeros(0, dtype=np.intp)]).astype(np.intp)

    def published(self, rows: Sequence[int]) -> NDArray[np.int32]:
        """Return the day of each row's article as `date.toordinal` counts, 0 where it is not known."""
        return self._passages.published[np.searchsorted(self._passages.first, rows, side="right") - 1]

    @cached_property
    def days(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The days on which anything was published, 0 for those not known, and how many passages each has."""
        days, place = np.unique(self._passages.published, return_inverse=True)
        return days, np.bincount(place, weights=self._counts, minlength=len(days)).astype(np.int64)
