"""Days, as people write them in `since` and `until`."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.days import read_day

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-1-5", date(2026, 1, 5)),
        ("20260131", date(2026, 1, 31)),
        ("31.1.2026", date(2026, 1, 31)),
        ("31 Jan 2026", date(2026, 1, 31)),
        ("  31st  JANUARY, 2026 ", date(2026, 1, 31)),
        ("Sept. 3, 2025", date(2025, 9, 3)),
        ("June 1st 2025", date(2025, 6, 1)),
        ("today", TODAY),
        ("Yesterday", date(2026, 3, 30)),
        ("a week ago", date(2026, 3, 24)),
        ("10 days ago", date(2026, 3, 21)),
        ("1 month ago", date(2026, 2, 28)),
        ("2 years ago", date(2024, 3, 31)),
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(written: str, expected: date) -> None:
    assert expected == read_day(written, TODAY)
    assert expected == read_day(written, TODAY, last=True)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("Feb 2025", date(2025, 2, 1), date(2025, 2, 28)),
        ("december 2025", date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_a_month_or_a_year_begins_with_its_first_day_and_ends_with_its_last(
    written: str, first: date, last: date
) -> None:
    assert first == read_day(written, TODAY)
    assert last == read_day(written, TODAY, last=True)


@pytest.mark.parametrize(
    "written",
    ["", "soon", "1/2/2026", "2026-13-01", "2026-02-30", "31 Ja 2026", "0000", "99999 days ago", "9999 years ago"],
)
def test_what_is_no_day_or_two_days_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        read_day(written, TODAY)


@given(st.text(max_size=30), st.booleans())
def test_any_text_is_a_day_or_refused(written: str, last: bool) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(read_day(written, TODAY, last=last), date)


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y"]))
def test_every_day_reads_back(day: date, form: str) -> None:
    written = day.strftime(form.replace("%Y", f"{day.year:04}"))

    assert day == read_day(written, TODAY)
