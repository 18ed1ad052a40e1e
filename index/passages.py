"""A generation's passages as columns: what a search needs of each row, in arrays that the system maps into memory.

Opening them takes no time and they take no memory of the process, however many there are. Rows stand by article, the
articles by id, the passages of an article in reading order: an article is a number, and its passages a range of rows.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.arrays import map_array
from index.errors import GenerationBroken
from index.model import Article, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ID_BYTES = 16
_PUBLISHERS = "publishers.json"


@dataclass(slots=True)
class Columns:
    """Passages on their way into a table, in the order of its rows.

    Attributes:
        ids: 16 bytes each.
        spans: Two numbers each, first character and one past the last.
        first: The first row of each article, and of one more past the last.
    """

    ids: bytearray = field(default_factory=bytearray)
    spans: array[int] = field(default_factory=lambda: array("i"))
    first: array[int] = field(default_factory=lambda: array("q", [0]))

    def __len__(self) -> int:
        return len(self.spans) // 2

    def add(self, passage: Passage) -> None:
        """Add one passage of the article under way."""
        self.ids += bytes.fromhex(passage.id)
        self.spans.extend((passage.start, passage.end))

    def end_article(self) -> None:
        """The next passage is of the next article."""
        self.first.append(len(self))

    def span(self, row: int) -> tuple[int, int]:
        """Return a passage's first character and one past the last."""
        return self.spans[2 * row], self.spans[2 * row + 1]

    def rows_of(self, article: int) -> range:
        """Return the rows of an article by its number."""
        return range(self.first[article], self.first[article + 1])

    def id(self, row: int) -> str:
        """Return a passage's id."""
        return self.ids[row * _ID_BYTES : (row + 1) * _ID_BYTES].hex()


class PassageTable(Sequence[Passage]):
    """The passages of a generation; the i'th is row i.

    Attributes:
        first: (articles + 1,) int64: the first row of each article, and of one more past the last.
        published: (articles,) int32: each article's day as `date.toordinal` counts, 0 where it is not known.
        publisher: (articles,) int32: each article's place in `publishers`.
        publishers: Publishers' names in lower case; that of an article without one is empty.
    """

    def __init__(self, folder: Path) -> None:
        """Open the part that `write_passages` left in `folder`.

        Raises:
            GenerationBroken: It cannot be read.
        """
        try:
            self._ids: NDArray[np.uint8] = map_array(folder / "ids.npy")
            self._keys: NDArray[np.uint64] = map_array(folder / "keys.npy")
            self._by_key: NDArray[np.uint32] = map_array(folder / "by_key.npy")
            self._spans: NDArray[np.int32] = map_array(folder / "spans.npy")
            self._names: NDArray[np.uint8] = map_array(folder / "names.npy")
            self._name_ends: NDArray[np.int64] = map_array(folder / "name_ends.npy")
            self.first: NDArray[np.int64] = map_array(folder / "first.npy")
            self.published: NDArray[np.int32] = map_array(folder / "published.npy")
            self.publisher: NDArray[np.int32] = map_array(folder / "publisher.npy")
            self.publishers: list[str] = json.loads((folder / _PUBLISHERS).read_text("utf-8"))
            if len(self.first) != len(self._name_ends) or int(self.first[-1]) != len(self._ids):
                raise ValueError("its columns differ in length")
        except (OSError, ValueError, EOFError, IndexError) as error:
            raise GenerationBroken(
                f"The passages in {folder} cannot be read: {error}.", "Build the index again with --full."
            ) from error

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, row: int) -> Passage:  # type: ignore[override]
        """Return a passage by its row; counted from the end if negative."""
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        row %= len(self)
        start, end = self._spans[row].tolist()
        return Passage(self.id(row), self.name(self.article_of(row)), start, end)

    @property
    def articles(self) -> int:
        """How many articles there are, those without a passage counted."""
        return len(self.first) - 1

    def id(self, row: int) -> str:
        """Return a passage's id."""
        raw: bytes = self._ids[row].tobytes()
        return raw.hex()

    def span(self, row: int) -> tuple[int, int]:
        """Return a passage's first character and one past the last."""
        start, end = self._spans[row].tolist()
        return start, end

    def row(self, passage_id: str) -> int | None:
        """Return the row of a passage, or None if there is none of that id."""
        try:
            raw = bytes.fromhex(passage_id)
        except ValueError:
            return None
        key = np.frombuffer(raw[:8].ljust(8, b"\0"), dtype=">u8").astype(np.uint64)[0]
        at = int(np.searchsorted(self._keys, key))
        while at < len(self) and self._keys[at] == key:
            row = int(self._by_key[at])
            if self.id(row) == passage_id:
                return row
            at += 1
        return None

    def article_of(self, row: int) -> int:
        """Return the number of a row's article."""
        return int(np.searchsorted(self.first, row, side="right")) - 1

    def rows_of(self, article: int) -> range:
        """Return the rows of an article by its number."""
        return range(int(self.first[article]), int(self.first[article + 1]))

    def name(self, article: int) -> str:
        """Return an article's id by its number."""
        return self._name(article).decode()

    def number(self, article_id: str) -> int | None:
        """Return the number of an article, or None if there is none of that id."""
        wanted = article_id.encode("utf-8", "surrogatepass")
        low, high = 0, self.articles
        while low < high:
            middle = (low + high) // 2
            if self._name(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < self.articles and self._name(low) == wanted else None

    def _name(self, article: int) -> bytes:
        return self._names[self._name_ends[article] : self._name_ends[article + 1]].tobytes()

    def columns(self, article: int) -> tuple[bytes, NDArray[np.int32]]:
        """Return the ids and the spans of an article's passages, as `Columns` has them."""
        rows = self.rows_of(article)
        return self._ids[rows.start : rows.stop].tobytes(), self._spans[rows.start : rows.stop]


def write_passages(folder: Path, columns: Columns, articles: Sequence[Article]) -> None:
    """Write the table of a new generation.

    Args:
        folder: Must not exist yet.
        columns: All passages.
        articles: All articles, by id.
    """
    folder.mkdir()
    ids = np.frombuffer(columns.ids, dtype=np.uint8).reshape(-1, _ID_BYTES)
    keys = np.ascontiguousarray(ids[:, :8]).view(">u8").ravel().astype(np.uint64)
    by_key = np.argsort(keys, kind="stable")
    names = [article.id.encode() for article in articles]
    publishers: dict[str, int] = {}
    publisher = [publishers.setdefault((article.source or "").casefold(), len(publishers)) for article in articles]
    days = [article.published.toordinal() if article.published else 0 for article in articles]
    arrays: dict[str, NDArray[Any]] = {
        "ids": ids,
        "keys": keys[by_key],
        "by_key": by_key.astype(np.uint32),
        "spans": np.frombuffer(columns.spans, dtype=np.int32).reshape(-1, 2),
        "first": np.frombuffer(columns.first, dtype=np.int64),
        "names": np.frombuffer(b"".join(names), dtype=np.uint8),
        "name_ends": np.cumsum([0, *map(len, names)], dtype=np.int64),
        "published": np.array(days, dtype=np.int32),
        "publisher": np.array(publisher, dtype=np.int32),
    }
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)
    (folder / _PUBLISHERS).write_text(json.dumps(list(publishers)), "utf-8")
