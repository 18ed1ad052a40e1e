"""Numbers of a sentence: what they count, and which are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quantities import content, quantities, stem


@pytest.mark.parametrize(
    ("sentence", "value", "counts"),
    [
        ("About 12,000 people came.", 12_000, "people"),
        ("Four houses burned down.", 4, "houses"),
        ("Forty-one of them may be pulled down.", 41, ""),
        ("It will cost 188.6 million crowns.", 188_600_000, "crowns"),
        ("They paid $2 million for it.", 2_000_000, "dollar"),
        ("Turnout was 58.3 per cent.", 58.3, ""),
        ("Turnout was 58%.", 58, ""),
        ("The water rose to 6.42 metres.", 6.42, "metres"),
    ],
)
def test_a_number_is_read_with_what_it_counts(sentence: str, value: float, counts: str) -> None:
    (found,) = quantities(sentence)

    assert value == pytest.approx(found.value)
    assert not counts or stem(counts) in found.counts


@pytest.mark.parametrize(
    "sentence",
    [
        "It opened in 1931 and closed on 5 May.",
        "On May 12, 2024, it closed at 3.40 a.m.",
        "Edda Winslade, 81, lived there.",
        "It came 3rd in the 60-metre race.",
        "They won 3–1.",
        "Each of the 16 tables had another 20 ballots.",
    ],
)
def test_dates_times_ages_ranks_and_parts_are_no_numbers_of_anything(sentence: str) -> None:
    assert () == quantities(sentence)


def test_rough_numbers_are_known() -> None:
    assert [q.rough for q in quantities("Nearly 300 houses burned, 286 houses were counted.")] == [True, False]


def test_forms_of_a_word_have_one_stem_and_small_words_say_nothing() -> None:
    assert content("The flooding floods flooded the house's streets") == content("flood house street")


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    assert all(quantity.value >= 0 and text[quantity.start :] for quantity in quantities(text))
