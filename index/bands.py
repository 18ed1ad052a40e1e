"""Which MinHash signatures share a band: locality-sensitive hashing, by sorting.

As in Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3. With a table of sets for each band, as
datasketch keeps it, an article takes 14 kB, and an increment has to fill the tables anew. Sorting one band after
another takes 80 bytes an article beside the signatures, and a twentieth of the time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

# Odd numbers of 64 bits that the values of a band are mixed with (the golden ratio's, and xxHash's). Two bands that
# differ and come out the same only cost a look.
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


def sharing(signatures: NDArray[np.uint32], first: int) -> Iterator[tuple[int, list[int]]]:
    """Yield the rows that share a band of three values with others, and these, ascending.

    Args:
        signatures: (n, bands * 3) uint32, a row an article.
        first: The first row that is asked about: those before it are not compared among themselves. Of two that both
            are, only the later one is told of the other.
    """
    runs: dict[int, list[NDArray[np.intp]]] = defaultdict(list)
    for begin in range(0, signatures.shape[1], len(_MIX)):
        keys = (signatures[:, begin : begin + len(_MIX)].astype(np.uint64) * _MIX).sum(axis=1, dtype=np.uint64)
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        edges = np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1, [len(ordered)]])
        for place in np.flatnonzero(np.diff(edges) > 1).tolist():
            run = order[edges[place] : edges[place + 1]].copy()  # ascending, the sort being stable
            for row in run[np.searchsorted(run, first) :].tolist():
                runs[row].append(run)
    for row in sorted(runs):
        together = np.unique(np.concatenate(runs.pop(row)))
        others = together[: np.searchsorted(together, row)].tolist()
        if others:
            yield row, others
