"""Days as people write them."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

# Not the calendar's own, which follow the machine's locale.
_MONTHS = "january february march april may june july august september october november december".split()
# How far a month's name may be shortened, in characters.
_SHORTEST = 3

# A day, a month or a year; what is not given is the first or the last of it.
_FORMS = [
    re.compile(form)
    for form in (
        r"(?P<year>\d{4})",
        r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?",
        r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})",
        r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.)? )?(?P<month>[a-z]+)\.?,? (?P<year>\d{4})",
        r"(?P<month>[a-z]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})",
    )
]
_AGO = re.compile(r"(?P<count>\d{1,4}|an?|one) (?P<unit>day|week|month|year)s? ago")


def read_day(text: str, today: date, *, last: bool = False) -> date:
    """Return the day that is meant.

    Days (2026-01-31, 31.1.2026, 31 Jan 2026, January 31st, 2026), months (2026-01, Jan 2026), years (2026), and what is
    counted from today (today, yesterday, 3 weeks ago) are understood. 1/2/2026 is not: it is one day in one country and
    another in the next.

    Args:
        text: What somebody typed, in any case.
        today: The day it is.
        last: Take the last day of a month or a year, not the first.

    Raises:
        ValueError: It is no day, or none that can be told for sure.
    """
    words = " ".join(text.lower().split())
    if words == "today":
        return today
    if words == "yesterday":
        return today - timedelta(days=1)
    if ago := _AGO.fullmatch(words):
        return _before(today, int(ago["count"]) if ago["count"].isdecimal() else 1, ago["unit"])
    for form in _FORMS:
        if found := form.fullmatch(words):
            parts = found.groupdict()
            return _date(int(parts["year"]), parts.get("month"), parts.get("day"), last)
    return date.fromisoformat(words.upper())


def _date(year: int, month: str | None, day: str | None, last: bool) -> date:
    number = _month(month) if month else 12 if last else 1
    # The calendar raises a ValueError of its own for a thirteenth month.
    most = calendar.monthrange(year, number)[1]
    return date(year, number, int(day) if day else most if last else 1)


def _month(written: str) -> int:
    if written.isdecimal():
        return int(written)
    for number, name in enumerate(_MONTHS, 1):
        if len(written) >= _SHORTEST and name.startswith(written):
            return number
    raise ValueError(f"{written!r} is no month")


def _before(today: date, count: int, unit: str) -> date:
    """Return the day that was so many days, weeks, months or years before; the last of its month if that is shorter."""
    try:
        if unit in {"day", "week"}:
            return today - timedelta(days=count * (7 if unit == "week" else 1))
        months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
        year, month = months // 12, months % 12 + 1
        return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    except OverflowError as error:
        raise ValueError("That is before the calendar begins") from error
