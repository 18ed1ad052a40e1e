"""The dense part of a generation: passage vectors in a Chroma collection, and once more as a plain matrix.

Chroma answers the common question, the nearest of all passages. The matrix answers what Chroma is slow at, the nearest
among the passages that a filter lets through, and hands unchanged vectors on to the next generation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from index.embed import Floats
from index.errors import GenerationBroken

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from numpy.typing import NDArray

_COLLECTION = "passages"
_VECTORS = "vectors.npy"
_CHROMA = "chroma"
_DATABASE = "chroma.sqlite3"


class DenseIndex:
    """Cosine search over passage vectors.

    Attributes:
        vectors: (n, dimension) float32, unit norm, memory-mapped; row i belongs to the generation's i'th passage.
    """

    def __init__(self, folder: Path) -> None:
        """Open the part that `write_dense` left in `folder`.

        Raises:
            GenerationBroken: It cannot be read.
        """
        from chromadb.errors import ChromaError

        with ExitStack() as opened:
            try:
                self._client = _client(folder / _CHROMA)
                opened.callback(self._client.close)
                self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
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

    def ids(self) -> set[str]:
        """Return the ids of all passages in the collection."""
        return set(self._collection.get(include=[])["ids"])

    def close(self) -> None:
        """Let go of files and memory; deleting the object alone would leak both."""
        self._client.close()


def load_vectors(folder: Path) -> Floats:
    """Return the matrix of `DenseIndex.vectors` without opening Chroma."""
    vectors: Floats = np.load(folder / _VECTORS, mmap_mode="r")
    return vectors


def write_dense(
    folder: Path,
    vectors: Floats,
    ids: Sequence[str],
    metadata: Sequence[Mapping[str, str | int]],
    *,
    previous: Path | None = None,
    previous_metadata: Mapping[str, Mapping[str, str | int]] | None = None,
) -> None:
    """Write the dense part of a new generation.

    Args:
        folder: Of the new part; must not exist yet.
        vectors: (n, dimension) float32, unit norm, one row a passage.
        ids: The passages' ids.
        metadata: What Chroma keeps beside each vector, for whoever reads the collection with other tools.
        previous: The same part of the generation before, whose collection is copied and changed instead of filled anew.
        previous_metadata: What is in there, by passage id.
    """
    folder.mkdir(parents=True)
    np.save(folder / _VECTORS, vectors)
    before = previous_metadata or {}
    if previous is not None:
        _copy_chroma(previous / _CHROMA, folder / _CHROMA)
    client = _client(folder / _CHROMA)
    try:
        if previous is None:
            collection = client.create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine", "sync_threshold": 1}}
            )
        else:
            collection = client.get_collection(_COLLECTION, embedding_function=None)
        step = client.get_max_batch_size()
        gone = sorted(set(before) - set(ids))
        for first in range(0, len(gone), step):
            collection.delete(ids=gone[first : first + step])
        new = [row for row, name in enumerate(ids) if name not in before]
        for first in range(0, len(new), step):
            rows = new[first : first + step]
            collection.add(
                ids=[ids[row] for row in rows],
                embeddings=vectors[rows],
                metadatas=[dict(metadata[row]) for row in rows],
            )
        stale = [row for row, name in enumerate(ids) if name in before and before[name] != metadata[row]]
        for first in range(0, len(stale), step):
            rows = stale[first : first + step]
            collection.update(ids=[ids[row] for row in rows], metadatas=[dict(metadata[row]) for row in rows])
    finally:
        client.close()
    _seal(folder / _CHROMA)


def _seal(folder: Path) -> None:
    """Make a finished Chroma folder one that no reader changes, so that checksums hold; docs/adr/0015.

    Chroma writes at every start to be sure of its lock, and readers finish what its log still holds. The log is empty
    with a sync threshold of 1; the note of the lock is ignored from here on. What was deleted leaves no trace.
    """
    database = sqlite3.connect(folder / _DATABASE, isolation_level=None)
    try:
        database.execute(
            "CREATE TRIGGER IF NOT EXISTS readers_leave_no_trace BEFORE INSERT ON acquire_write "
            "BEGIN SELECT RAISE(IGNORE); END"
        )
        database.execute("VACUUM")
    finally:
        database.close()


def _client(folder: Path) -> Client:
    from chromadb import PersistentClient
    from chromadb.config import Settings

    try:
        client = PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    except BaseException:
        from chromadb.api.shared_system_client import SharedSystemClient as Shared

        # Chroma keeps what it could not start, and would hand that out for this folder ever after.
        if str(folder) not in Shared._identifier_to_refcount:
            Shared._identifier_to_system.pop(str(folder), None)
        raise
    # Declared as the interface it implements, which lacks close().
    return cast("Client", client)


def _copy_chroma(old: Path, new: Path) -> None:
    """Copy a Chroma folder that a running bot may have open: its database through SQLite's own backup."""
    import shutil

    new.mkdir()
    source: Any = sqlite3.connect(f"{(old / _DATABASE).resolve().as_uri()}?mode=ro", uri=True)
    target = sqlite3.connect(new / _DATABASE)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    # The graph after the database: what a reader adds to it in between is still in the database's log, and is added
    # once more, to no effect. The other way round it would be missing.
    shutil.copytree(old, new, ignore=shutil.ignore_patterns(f"{_DATABASE}*"), dirs_exist_ok=True)
