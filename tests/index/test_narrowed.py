"""Asking for a few more of all and keeping what is let through finds the same as asking among those alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.narrowed import FEW, MOST, Found, best_allowed

SCORES = np.random.default_rng(3).permutation(FEW + 1000).astype(float)
ORDER = np.argsort(-SCORES).tolist()


def ask(limit: int) -> Found:
    return [(row, SCORES[row]) for row in ORDER[:limit]]


@given(share=st.floats(0.001, 1), seed=st.integers(0, 99), limit=st.integers(1, 60))
def test_what_is_found_is_the_best_of_what_is_let_through(share: float, seed: int, limit: int) -> None:
    allowed = np.flatnonzero(np.random.default_rng(seed).random(len(SCORES)) < share)
    found = best_allowed(ask, allowed, len(SCORES), limit)

    let_through = set(allowed.tolist())
    assert found is None or [row for row in ORDER if row in let_through][:limit] == [row for row, _ in found]


@pytest.mark.parametrize("half", [np.arange(0, FEW + 1000, 2)])
def test_half_of_many_are_found_this_way(half: np.ndarray) -> None:
    assert best_allowed(ask, half, len(SCORES), 50) is not None


def refuse(limit: int) -> Found:
    raise AssertionError("it is asked in another way")


@pytest.mark.parametrize(
    ("allowed", "passages"),
    [(np.arange(500), 1000), (np.arange(0), FEW), (np.arange(FEW * 50 // MOST), FEW)],
    ids=["few in all", "none let through", "few let through"],
)
def test_where_few_are_compared_everything_is_compared(allowed: np.ndarray, passages: int) -> None:
    assert best_allowed(refuse, allowed, passages, 50) is None


def test_what_stands_apart_from_the_best_is_found_in_another_way() -> None:
    worst = np.sort(np.array(ORDER[len(ORDER) // 2 :]))

    assert best_allowed(ask, worst, len(SCORES), 50) is None


def test_fewer_than_were_asked_for_are_all_there_are() -> None:
    only: Callable[[int], Found] = lambda limit: ask(3)  # noqa: E731
    allowed = np.sort(np.array([ORDER[0], *ORDER[2 : FEW // 2]]))

    assert [ORDER[0], ORDER[2]] == [row for row, _ in best_allowed(only, allowed, len(SCORES), 50) or ()]
