"""Lines of pages become one text, and each page's beginning is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.pages import join_pages

WIDE = "The council had closed the bridge in spring when divers"


def test_lines_become_paragraphs_and_headings_stay_apart() -> None:
    text, pages = join_pages(
        [f"The bridge\n{WIDE}\nfound that two of its piers were worn.\nEngineers drove new piles."]
    )

    assert f"The bridge\n\n{WIDE} found that two of its piers were worn.\n\nEngineers drove new piles." == text
    assert (0,) == pages


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    text, pages = join_pages([f"{WIDE}\n{WIDE.lower()}", "found that two of its piers were worn.\nThe end.", "More."])

    assert f"{WIDE} {WIDE.lower()} found that two of its piers were worn.\n\nThe end.\n\nMore." == text
    assert ["found", "More."] == [text[start : start + 5] for start in pages[1:]]


def test_words_parted_at_a_lines_end_are_whole_again_and_hyphens_of_their_own_stay() -> None:
    text, _ = join_pages(
        [f"{WIDE} re-\nported that the well-known piers of the har-\nbour and the well-\nknown quay were worn."]
    )

    assert f"{WIDE} reported that the well-known piers of the harbour and the well-known quay were worn." == text


def test_a_word_parted_at_the_end_of_a_page_is_whole_and_on_the_first() -> None:
    text, pages = join_pages([f"{WIDE} re-", "ported it."])

    assert (f"{WIDE} reported it.", (0, len(WIDE) + 3)) == (text, pages)


def test_lists_keep_their_lines() -> None:
    assert (
        "It cost:\n• Steel: 2 million\n• Paint: 1 million"
        == join_pages(["It cost:\n• Steel: 2 million\n• Paint: 1 million"])[0]
    )


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("Report 2024", "{n}"),
        ("", "Page {n} of 5"),
        ("The Coast Courier {n}", "www.coast.example"),
        ("{n} | Chapter {c}", ""),
        ("", "- {n} -"),
    ],
)
def test_what_stands_on_page_after_page_is_left_out(head: str, foot: str) -> None:
    body = [f"Ship number {word} came into the harbour." for word in ("one", "two", "three", "four", "five")]
    pages = [
        f"{head.format(n=number + 3, c='abcde'[number])}\n{said}\n{foot.format(n=number + 3)}"
        for number, said in enumerate(body)
    ]

    assert "\n\n".join(body) == join_pages(pages)[0]


def test_what_is_said_on_two_pages_or_only_looks_like_a_number_stays() -> None:
    pages = [
        "Prices rose.\nIn 2022 the ferry carried 100",
        "Prices rose.\nIn 2023 it carried 250",
        "It ended.\nBoats: 7",
    ]

    text, _ = join_pages(pages)

    assert ["Prices rose." in text, text.count("Prices rose."), "100" in text, "250" in text, "Boats: 7" in text] == [
        True, 2, True, True, True,
    ]  # fmt: skip


def test_numbers_of_one_or_two_pages_are_left_out_where_each_has_its_own() -> None:
    assert "One.\n\nTwo." == join_pages(["One.\n1", "Two.\n2"])[0]
    assert "One.\n\n7\n\nTwo.\n\n2" == join_pages(["One.\n7", "Two.\n2"])[0]


def test_empty_pages_keep_their_number() -> None:
    text, pages = join_pages(["", "One.", "", "Two.", ""])

    assert ("One.\n\nTwo.", (0, 0, 6, 6, 10)) == (text, pages)


def test_the_title_in_front_is_not_said_again() -> None:
    assert ("The words.", (0,)) == join_pages(["THE TITLE\nThe words."], "The title")


def test_ligatures_and_signs_without_a_sound_are_plain_letters() -> None:
    assert "The office file was fluffy." == join_pages(["The o\ufb03ce \ufb01le was\u00ad \ufb02u\ufb00y.\x00"])[0]


@given(st.lists(st.text("aB.-1 \n•漢"), max_size=5))
def test_pages_begin_in_order_within_the_text_and_no_word_is_lost_but_edges(pages: list[str]) -> None:
    text, starts = join_pages(pages)

    assert len(pages) == len(starts)
    assert list(starts) == sorted(starts)
    assert all(0 <= start <= len(text) for start in starts)
    assert text == text.strip("\n")
