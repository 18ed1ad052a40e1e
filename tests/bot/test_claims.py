"""A model's reply becomes claims as it arrives, however it is cut, and nothing of another form becomes one."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.claims import LONGEST_CLAIM, Claim, ClaimReader


def read(*pieces: str) -> list[Claim]:
    reader = ClaimReader()
    return [claim for piece in pieces for claim in reader.feed(piece)] + reader.close()


@pytest.mark.parametrize(
    ("reply", "claims"),
    [
        ("It rained [1].\nIt stopped [2, 3].", [("It rained.", 1), ("It stopped.", 2, 3)]),
        ("It rained. [1] It stopped. [2][3] The end", [("It rained.", 1), ("It stopped.", 2, 3), ("The end",)]),
        ("It rained [1]. It stopped [2].", [("It rained.", 1), ("It stopped.", 2)]),
        ("It rained [1] and snowed [2].", [("It rained and snowed.", 1, 2)]),
        ("- **It rained** [Passage 1]", [("It rained", 1)]),
        ("1. It rained 【1】\n\n2) It stopped [2]", [("It rained", 1), ("It stopped", 2)]),
        ("Mr. Vane of St. Ives paid 1.5 million [4].", [("Mr. Vane of St. Ives paid 1.5 million.", 4)]),
        ("It rained.", [("It rained.",)]),
        ("[1]\n...\n", []),
        ("", []),
    ],
)
def test_a_claim_ends_with_its_line_or_its_marks(reply: str, claims: list[tuple[object, ...]]) -> None:
    assert claims == [(claim.text, *claim.passages) for claim in read(reply)]


@given(st.text(alphabet="ab .[]12,\n!\u200b*", max_size=120), st.lists(st.integers(0, 120), max_size=6))
def test_where_the_network_cuts_a_reply_changes_nothing(reply: str, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(reply)]
    pieces = [reply[start:end] for start, end in itertools.pairwise(edges)]

    assert read(reply) == read(*pieces)


def test_a_claim_is_complete_as_soon_as_the_next_one_begins() -> None:
    reader = ClaimReader()

    assert [] == reader.feed("It rained [1]")
    assert [] == reader.feed(". ")
    assert [Claim("It rained.", (1,))] == reader.feed("I")


def test_a_line_without_an_end_is_given_up_and_the_next_one_read() -> None:
    claims = read("word " * 200_000, "[1].\nIt stopped [2].")

    assert Claim("It stopped.", (2,)) == claims[-1]
    assert all(len(claim.text) > LONGEST_CLAIM for claim in claims[:-1])


@pytest.mark.parametrize("piece", ["[1] ", "[1", "[1,", "*", " ", "[1].", "a. ", "【"])
def test_no_reply_takes_long_to_read(piece: str) -> None:
    started = time.perf_counter()
    read(piece * (100_000 // len(piece)))

    assert time.perf_counter() - started < 2
