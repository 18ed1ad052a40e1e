"""Searching part of the passages: where a filter lets many through, the best of all hold enough of them.

A filter switches off what makes both searches fast at size, Chroma's graph and how tantivy skips what cannot be among
the best. Asking for a few more of all and keeping those that are let through needs neither to be switched off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Found = Sequence[tuple[int, float]]
"""Rows and scores, best first."""

# Of fewer passages than this, everything is compared: that is as fast, and exact.
FEW = 20_000

# How many more are asked for than a filter that is spread evenly would need, and the most that are: a search for more
# costs more than comparing the few that such a filter lets through.
MARGIN = 1.6
MOST = 500


def best_allowed(ask: Callable[[int], Found], allowed: NDArray[np.intp], passages: int, limit: int) -> Found | None:
    """Return the best passages that are let through; None where they have to be found in another way.

    Args:
        ask: Returns so many of the best of all.
        allowed: The rows that are let through, ascending.
        passages: How many there are in all.
        limit: How many are wanted.
    """
    if passages < FEW or not len(allowed):
        return None
    wanted = math.ceil(limit * MARGIN * passages / len(allowed))
    if wanted > MOST:
        return None
    found = ask(wanted)
    rows = np.array([row for row, _ in found], dtype=np.intp)
    place = np.minimum(np.searchsorted(allowed, rows), len(allowed) - 1)
    kept = [found[i] for i in np.flatnonzero(allowed[place] == rows).tolist()]
    # Fewer than were asked for were all there are.
    return kept[:limit] if len(kept) >= limit or len(found) < wanted else None
