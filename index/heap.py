"""Memory that was let go of, handed back to the system: an index that is swapped again and again would keep it.

glibc serves each thread from an arena of its own, and a block that is freed there stays in it; how large a block has
to be to be mapped apart instead, and so handed back at once, goes up to 32 MB with each that is freed. Chroma loads its
graphs on threads of its own: after twenty openings of 10,000 passages a process held 190 MB of graphs long closed.
Elsewhere than with glibc nothing here does anything.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

# Blocks of so many bytes are mapped apart. Set once, it no longer goes up. Embedding passages is 5 % slower with it, a
# question is not: it is for whoever opens an index, not for who builds one.
APART = 1 << 20

_MMAP_THRESHOLD = -3  # malloc.h


def map_large_blocks_apart() -> None:
    """Have large blocks handed back to the system as soon as they are freed, from now on and in this process."""
    _glibc()


def hand_back() -> None:
    """Hand back what is free between blocks that are not."""
    glibc = _glibc()
    if glibc is not None:
        glibc.malloc_trim(0)


@cache
def _glibc() -> Any:
    """Return the C library, told how to map large blocks; None if it is not glibc."""
    try:
        library = ctypes.CDLL(None)
        library.malloc_trim.argtypes = [ctypes.c_size_t]
        library.mallopt(_MMAP_THRESHOLD, APART)
    except (OSError, AttributeError, TypeError):
        return None
    return library
