"""Long texts in pieces: nothing is lost, everything fits, and no piece ends where a reader would stumble."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markup import clean_lines, length, plain_lines
from bot.split import split
from tests.bot.test_render import endless

SENTENCE = "The motion passed by 19 votes to 8, said J. Smith [1]."


@settings(max_examples=30)
@given(endless, st.integers(16, 300), st.integers(16, 300))
def test_nothing_is_lost_and_everything_fits(text: str, first: int, others: int) -> None:
    pieces = split(text, first, others)

    assert "".join(clean_lines(text).split()) == "".join("".join(pieces).split())
    assert length(plain_lines(pieces[0])) <= first
    assert all(length(plain_lines(piece)) <= others for piece in pieces[1:])


@given(st.lists(st.integers(1, 9999), min_size=1, max_size=40), st.integers(60, 120))
def test_no_piece_ends_within_a_sentence_or_loses_its_marker(numbers: list[int], room: int) -> None:
    text = " ".join(f"It rose by {number} metres [{number}]." for number in numbers)

    for piece in split(text, room, room):
        assert re.fullmatch(r"(It rose by (\d+) metres \[\2\]\.( |$))+", piece)


@given(st.text("ab ", max_size=60), st.integers(16, 40))
def test_a_marker_is_never_cut_in_two(text: str, room: int) -> None:
    marked = re.sub("b", "[1234]", text)

    assert marked.count("[1234]") == sum(piece.count("[1234]") for piece in split(marked, room, room))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (f"{SENTENCE}\n\n{SENTENCE} {SENTENCE}", [SENTENCE, f"{SENTENCE} {SENTENCE}"]),
        (f"{SENTENCE} {SENTENCE} {SENTENCE}", [f"{SENTENCE} {SENTENCE}", SENTENCE]),
        ("- one of the things\n" * 8, ["\n".join(["- one of the things"] * 6), "\n".join(["- one of the things"] * 2)]),
        ("| a | b |\n" * 12, None),
        ("水位は六メートルを超えた。[1]" * 10, None),
        ("ارتفع النهر إلى ستة أمتار. [1] " * 6, None),
        ("👩‍👩‍👧‍👦" * 40, None),
        ("word " * 60, None),
    ],
)
def test_a_text_is_cut_where_a_reader_pauses(text: str, pieces: list[str] | None) -> None:
    found = split(text, 130, 130)

    assert pieces is None or pieces == found
    assert len(found) > 1
    assert not [piece for piece in found[1:] if re.match(r"[\[\]。.\u200d\ufe0f]", piece)]
    assert not [piece for piece in found if piece.endswith("\u200d")]
