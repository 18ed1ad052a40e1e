"""What is known of each passage's article: which passages a filter lets through, and of what day each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from index.model import Filter, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Labels:
    """The labels of a generation's passages; row i is the i'th passage.

    Attributes:
        published: Each article's day as `date.toordinal` counts, 0 where it is not known, (n,) int32.
    """

    def __init__(self, passages: Sequence[Passage], labels: Mapping[str, tuple[date | None, str | None]]) -> None:
        """Spread the articles' labels over their passages.

        Args:
            passages: All of them.
            labels: Each article's day of publication and publisher, by its id.
        """
        days = {name: day.toordinal() if day else 0 for name, (day, _) in labels.items()}
        sources = {name: (source or "").casefold() for name, (_, source) in labels.items()}
        self.published = np.array([days[p.article_id] for p in passages], dtype=np.int32)
        self._source = np.array([sources[p.article_id] for p in passages], dtype=np.str_)
        self._article = np.array([p.article_id for p in passages], dtype=object)

    def allowed(self, where: Filter) -> NDArray[np.intp]:
        """Return the rows of the passages that a filter lets through."""
        allowed = np.ones(len(self.published), dtype=bool)
        if where.since or where.until:
            allowed &= self.published > 0
        if where.since:
            allowed &= self.published >= where.since.toordinal()
        if where.until:
            allowed &= self.published <= where.until.toordinal()
        if where.sources:
            allowed &= np.isin(self._source, [name.casefold() for name in where.sources])
        allowed[self.rows_of(where.without)] = False
        return np.flatnonzero(allowed)

    def rows_of(self, articles: Sequence[str]) -> NDArray[np.intp]:
        """Return the rows of the passages of these articles."""
        found = np.zeros(len(self.published), dtype=bool)
        for name in articles:
            found |= self._article == name
        return np.flatnonzero(found)
