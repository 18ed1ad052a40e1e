"""The dense part of a generation: passage vectors in a Chroma collection, and once more as a plain matrix.

Chroma answers the common question, the nearest of all passages. The matrix answers what Chroma is slow at, the nearest
among the passages that a filter lets through, and hands unchanged vectors on to the next generation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from index.arrays import ArrayFile, map_array
from index.chroma import close_client, copy_collection, get_collection, open_client, seal
from index.embed import Floats
from index.errors import GenerationBroken
from index.heap import hand_back, map_large_blocks_apart

if TYPE_CHECKING:
    from chromadb.api.collection_configuration import UpdateHNSWConfiguration
    from numpy.typing import NDArray

Metadata = Mapping[str, str | int]
"""What Chroma keeps beside a vector."""

_COLLECTION = "passages"
_VECTORS = "vectors.npy"
_CHROMA = "chroma"

# Links of a passage in Chroma's graph, and how many passages are weighed for them. With Chroma's defaults of 16 and 100
# a graph of 100,000 leads to fewer of the nearest 50, most of all for questions far from all passages: of made-up words
# .950 of them rather than .982, at the same number of passages looked at. It takes .4 ms more to build, a passage.
NEIGHBOURS = 32
WEIGHED = 200

# Passages that Chroma looks at in its graph for a query. Of 9,498 news passages it finds .994 of the nearest 50 with
# its default of 100, .9988 with 200 and .9998 with 400, in 1.6, 2.2 and 1.9 ms. Of more it has to look at more: see
# `searched` and docs/size.md.
SEARCHED = 400
ENOUGH_FOR = 12_500
GROWTH = 0.6

# After so many changes Chroma brings its files up to date. A finished collection has the least, so that nothing is left
# for readers to do; one that is being filled with more passages than a few, more: it is brought up to date so often.
SEALED = 1
FEW = 10_000
SYNCHRONISED = 16


class DenseIndex:
    """Cosine search over passage vectors.

    Attributes:
        vectors: (n, dimension) float32, unit norm, memory-mapped; row i belongs to the generation's i'th passage.
    """

    def __init__(self, folder: Path) -> None:
        """Open the part that a `DenseWriter` left in `folder`.

        Raises:
            GenerationBroken: It cannot be read.
        """
        from chromadb.errors import ChromaError

        map_large_blocks_apart()
        with ExitStack() as opened:
            try:
                self._client = open_client(folder / _CHROMA)
                opened.callback(close_client, self._client)
                self._collection = get_collection(self._client, _COLLECTION)
                self.vectors = load_vectors(folder)
            except (ChromaError, OSError, ValueError) as error:
                raise GenerationBroken(
                    f"The vectors in {folder} cannot be read: {error}.", "Build the index again with --full."
                ) from error
            opened.pop_all()

    def __len__(self) -> int:
        return self._collection.count()

    def search(self, vector: Floats, limit: int) -> list[tuple[str, float]]:
        """Return the ids and cosines of the passages nearest to `vector`, nearest first."""
        limit = min(limit, len(self.vectors))
        if limit == 0:
            return []
        from chromadb.errors import ChromaError

        try:
            found = self._collection.query(query_embeddings=vector[np.newaxis], n_results=limit, include=["distances"])
        except ChromaError as error:
            raise GenerationBroken(f"Chroma cannot search: {error}.", "Build the index again with --full.") from error
        distances = found["distances"] or [[]]
        return [(name, 1.0 - distance) for name, distance in zip(found["ids"][0], distances[0], strict=True)]

    def search_among(self, vector: Floats, rows: NDArray[np.intp], limit: int) -> list[tuple[int, float]]:
        """Return the rows and cosines of the nearest among `rows`, exactly, nearest first."""
        # Picking many rows out of the matrix costs more than multiplying them all.
        many = len(rows) * 4 > len(self.vectors)
        cosines = (self.vectors @ vector)[rows] if many else self.vectors[rows] @ vector
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(int(rows[i]), float(cosines[i])) for i in best]

    def holds(self, ids: Sequence[str]) -> bool:
        """Return whether the collection has every one of these passages."""
        return len(self._collection.get(ids=list(ids), include=[])["ids"]) == len(ids)

    def close(self) -> None:
        """Let go of files and memory."""
        close_client(self._client)
        hand_back()


def searched(passages: int) -> int:
    """Return how many passages of a graph of so many Chroma looks at, to find .99 of the nearest 50, in hundreds."""
    more: float = max(1.0, passages / ENOUGH_FOR) ** GROWTH
    return round(SEARCHED * more / 100) * 100


def load_vectors(folder: Path) -> Floats:
    """Return the matrix of `DenseIndex.vectors` without opening Chroma."""
    vectors: Floats = map_array(folder / _VECTORS)
    return vectors


class DenseWriter:
    """Writes the dense part of a new generation, passage by passage in the order of its rows."""

    def __init__(self, folder: Path, dimension: int, coming: int, previous: Path | None = None) -> None:
        """Begin.

        Args:
            folder: Of the new part; must not exist yet.
            dimension: Of every vector.
            coming: How many passages will be added, those not counted that are taken over.
            previous: The same part of the generation before, whose collection is copied and changed instead of filled
                anew.
        """
        folder.mkdir(parents=True)
        self._chroma = folder / _CHROMA
        self._previous = previous
        self._waiting: list[tuple[str, Floats, Metadata]] = []
        # Chroma writes its whole graph at every synchronisation: of many passages, not after every few thousand.
        self._threshold = coming // SYNCHRONISED + 1 if coming > FEW else SEALED
        if previous is not None:
            copy_collection(previous / _CHROMA, self._chroma)
        with ExitStack() as opened:
            self._vectors = opened.enter_context(ArrayFile(folder / _VECTORS, np.float32, (dimension,)))
            self._client = open_client(self._chroma)
            opened.callback(lambda: close_client(self._client))  # whichever is open by then
            if previous is None:
                self._collection = self._client.create_collection(
                    _COLLECTION,
                    embedding_function=None,
                    configuration={
                        "hnsw": {
                            "space": "cosine",
                            "max_neighbors": NEIGHBOURS,
                            "ef_construction": WEIGHED,
                            "ef_search": SEARCHED,
                            "sync_threshold": self._threshold,
                        }
                    },
                )
            else:
                self._collection = get_collection(self._client, _COLLECTION)
                if self._threshold != SEALED:
                    self._configure(sync_threshold=self._threshold)
            self._step = self._client.get_max_batch_size()
            self._opened = opened.pop_all()

    def append(self, ids: Sequence[str], vectors: Floats, metadata: Sequence[Metadata]) -> None:
        """Add passages.

        Args:
            ids: The passages' ids.
            vectors: (k, dimension) float32, unit norm, one row a passage.
            metadata: What Chroma keeps beside each vector, for whoever reads the collection with other tools.
        """
        self._vectors.append(vectors)
        self._waiting.extend(zip(ids, vectors, metadata, strict=True))
        if len(self._waiting) >= self._step:
            self._add()

    def vector(self, row: int) -> Floats:
        """Return the vector of a passage that was added."""
        found: Floats = self._vectors.read(row, row + 1)[0]
        return found

    def take_over(self, first: int, end: int) -> None:
        """Add the rows `first` to `end` of the generation before."""
        if self._previous is None:
            raise ValueError("there is no generation before")
        self._vectors.copy(self._previous / _VECTORS, first, end)

    def remove(self, ids: Sequence[str]) -> None:
        """Take passages of the generation before out of the collection."""
        for some in _slices(len(ids), self._step):
            self._collection.delete(ids=list(ids[some]))

    def relabel(self, ids: Sequence[str], metadata: Sequence[Metadata]) -> None:
        """Change what is kept beside passages that were taken over."""
        for some in _slices(len(ids), self._step):
            self._collection.update(ids=list(ids[some]), metadatas=[dict(item) for item in metadata[some]])

    def finish(self) -> None:
        """Add what still waits, and make of the collection what no reader changes."""
        self._add()
        wanted, hnsw = searched(self._vectors.rows), self._collection.configuration_json.get("hnsw") or {}
        if self._threshold != SEALED or hnsw.get("ef_search") != wanted:
            self._configure(sync_threshold=SEALED, ef_search=wanted)
            self._collection.query(query_embeddings=self._vectors.read(0, 1), n_results=1, include=[])
        self.close()
        seal(self._chroma)

    def close(self) -> None:
        """Close the files."""
        self._opened.close()

    def _add(self) -> None:
        for some in _slices(len(self._waiting), self._step):
            ids, vectors, metadata = zip(*self._waiting[some], strict=True)
            self._collection.add(ids=list(ids), embeddings=np.stack(vectors), metadatas=[dict(m) for m in metadata])
        self._waiting = []

    def _configure(self, **settings: int) -> None:
        """Change settings of Chroma's graph; it heeds most of them when it opens a collection."""
        self._collection.modify(configuration={"hnsw": cast("UpdateHNSWConfiguration", settings)})
        close_client(self._client)
        self._client = open_client(self._chroma)
        self._collection = get_collection(self._client, _COLLECTION)


def _slices(count: int, step: int) -> Iterator[slice]:
    for first in range(0, count, step):
        yield slice(first, first + step)
