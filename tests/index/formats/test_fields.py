"""Dates, addresses, titles, names and ids: what is understood, what is made safe, what is refused."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.fields import (
    LONGEST_TITLE,
    LONGEST_URL,
    read_date,
    read_id,
    read_names,
    read_title,
    read_url,
)
from index.formats.found import Unreadable

TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
written = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    "value",
    [
        "2024-11-02",
        " 2024-11-02 ",
        "20241102",
        "2024/11/02",
        "2024/11/2",
        "2024-11-02T08:30:00Z",
        "2024-11-02T08:30:00.123+02:00",
        "2024-11-02T23:30:00-05:00",
        "2024-11-02 08:30",
        "2024-11-02 08:30:00 +0000",
        "2024-11-02 08:30:00 UTC",
        "Sat, 02 Nov 2024 08:30:00 GMT",
        "2 Nov 2024 08:30:00 +0100",
        "2 November 2024",
        "2nd November 2024",
        "November 2, 2024",
        "Nov. 2, 2024",
        "Saturday, 2 November 2024",
        date(2024, 11, 2),
        datetime(2024, 11, 2, 23, 59),
    ],
)
def test_a_date_is_understood_as_its_own_day(value: object) -> None:
    assert date(2024, 11, 2) == read_date(value)


@pytest.mark.parametrize(
    "value",
    ["02/11/2024", "11/02/24", "2024", "November 2024",
     "yesterday", "2024-02-30", "31 June 2024", "1730534400", "2 Nov 24", "2 Nov 24 08:30:00 +0100",
     "null", "0000-00-00", "2024-11-02x", "\x1b[31m", "9" * 5000,
     "Mon, 1 Jan 99999999999999999999 10:00:00 +0000", f"Mon, 1 Jan {'9' * 5000} 10:00:00 +0000",
     f"Mon, {'9' * 20} Jan 2024 10:00:00 +0000"],
)  # fmt: skip
def test_a_date_that_may_mean_two_days_or_none_is_refused_with_a_remedy(value: str) -> None:
    with pytest.raises(Unreadable, match="2026-11-02") as refused:
        read_date(value)

    assert refused.value.reason.isprintable()
    assert len(refused.value.reason) < 200


@pytest.mark.parametrize("value", [None, "", "  "])
def test_no_date_is_no_date(value: object) -> None:
    assert read_date(value) is None


@given(written)
def test_any_text_is_a_date_or_refused(value: str) -> None:
    try:
        found = read_date(value)
    except Unreadable:
        return

    assert found is None or isinstance(found, date)


@pytest.mark.parametrize(
    "url",
    ["https://example.org", "http://example.org/a?b=c&d=%20#e", "HTTPS://Example.org/(a)", "https://bücher.example/ä",
     "https://[::1]:8080/"],
)  # fmt: skip
def test_a_web_address_is_kept_as_it_is(url: str) -> None:
    assert url == read_url(f" {url}\n")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org/a", "/a", "a.html", "", "https://",
     "https:///a", "https://user:word@example.org/",
     "https://example.org@evil.example/", "https://[::1", "mailto:a@b.c",
     "https://example.org/a b", "https://example.org/\nx", "https://example.org/\u202egpj",
     "https://a.b/>x", "https://a.b/\ud800",
     "https://example.org/" + "x" * LONGEST_URL],
)  # fmt: skip
def test_any_other_address_is_left_off(url: str) -> None:
    assert read_url(url) is None


@given(written)
def test_a_title_is_one_printable_line_of_bounded_length(value: str) -> None:
    title = read_title(value)

    assert title == " ".join(title.split())
    assert not any(unicodedata.category(c) == "Cc" or unicodedata.bidirectional(c) in TURNING for c in title)
    assert len(title) <= LONGEST_TITLE
    assert title == read_title(title)


def test_a_title_loses_what_would_reorder_or_command_the_page_and_nothing_else() -> None:
    assert "A b [31m שלום – 👩‍🚀 “c”" == read_title("A\t\n b \x1b[31m\u202e שלום – 👩‍🚀 “c”\0 ")


def test_a_long_title_is_cut_visibly() -> None:
    assert ("x" * (LONGEST_TITLE - 1) + "…") == read_title("x" * 10_000)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        (None, ()),
        ("", ()),
        ("Ada Bell", ("Ada Bell",)),
        ("Bell, Ada", ("Bell, Ada",)),
        ("Ada Bell; Jo Marsh;", ("Ada Bell", "Jo Marsh")),
        (["Ada\nBell", " ", "Jo Marsh", "Ada Bell"], ("Ada Bell", "Jo Marsh")),
        ([], ()),
    ],
)
def test_authors_are_a_list_of_names_or_a_string(value: object, names: tuple[str, ...]) -> None:
    assert names == read_names(value)


@pytest.mark.parametrize("value", [7, {"name": "A"}, ["A", None], [["A"]], True])
def test_authors_of_another_type_are_refused(value: object) -> None:
    with pytest.raises(Unreadable, match="a list of names"):
        read_names(value)


@pytest.mark.parametrize("value", ["a\0b", "a\u202eb", "x" * 1001, "\ud800", 1.5, ["a"]])
def test_an_id_that_cannot_be_handled_as_a_name_is_refused(value: object) -> None:
    with pytest.raises(Unreadable, match='"id"'):
        read_id(value)
