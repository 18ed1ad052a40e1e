"""Bands: every two signatures with a band in common are found, and no others."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from index.bands import sharing

# Of few values, so that bands meet by chance.
SIGNATURES = arrays.arrays(np.uint32, st.tuples(st.integers(0, 12), st.just(9)), elements=st.integers(0, 2))


@given(SIGNATURES, st.integers(0, 12))
def test_whoever_shares_a_band_with_one_that_is_asked_about_is_found(
    signatures: NDArray[np.uint32], first: int
) -> None:
    expected = {
        (row, other)
        for row in range(first, len(signatures))
        for other in range(row)
        if any((signatures[row, b : b + 3] == signatures[other, b : b + 3]).all() for b in (0, 3, 6))
    }

    assert expected == {(row, other) for row, others in sharing(signatures, first) for other in others}


def test_nothing_shares_a_band_where_there_is_nothing() -> None:
    assert [] == list(sharing(np.zeros((0, 9), dtype=np.uint32), 0))
