"""Time words in a question: which days it speaks of, counted from the day it was asked. Pure, English only.

Small patterns find the words; dateparser, which is slow to load, reads the dates and is not touched where there are
none. Names that look like dates (Sunday Times, March on Washington, Theresa May) are kept out by what stands around
them; where that does not tell, there is no frame: one that is missed costs less than one that is made up.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from bot.time_words import (
    AHEAD,
    AT,
    BARE,
    COUNT,
    COUNTS,
    EXACT,
    FIRM,
    FIRM_SINCE,
    FOLLOWS,
    INTO,
    MONTH,
    NEAR,
    NOT_A_DAY,
    NOW,
    OPEN,
    PART,
    QUOTED,
    RANGE,
    SPAN,
    UNITS,
    WEEKDAY,
    YEAR,
)
from index.model import Filter

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

# Time words that are looked at in one question; reading each costs a millisecond.
MOST = 8

# Days after something happened in which it is still told: "on Monday" is read about on Wednesday.
TOLD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class TimeFrame:
    """The days a question speaks of.

    Attributes:
        since: The first of them, if there is one.
        until: The last of them, if there is one.
        firm: The question is about when articles were published, so no others may answer it.
        current: It asks for how things stand, or for the last days: old news is not what is hoped for.
        words: As they stand in the question.
    """

    since: date | None = None
    until: date | None = None
    firm: bool = False
    current: bool = False
    words: str = ""

    @property
    def window(self) -> tuple[date, date] | None:
        """The days on which articles are likely to tell of it; None if the frame has no days."""
        if self.since is None and self.until is None:
            return None
        until = date.max if self.until is None or self.until > date.max - TOLD else self.until + TOLD
        return self.since or date.min, until


def read_time(question: str, asked_at: date) -> TimeFrame | None:
    """Return the days that a question speaks of; None if it names none, or several that do not go together.

    Args:
        question: In the asker's words.
        asked_at: The day that "this week" and the like are counted from.
    """
    text = QUOTED.sub(lambda quoted: "·" * len(quoted[0]), question)
    frames = list(islice(_frames(text, asked_at), MOST))
    firm = [frame for frame in frames if frame.firm]
    if frame := _narrowest(firm or frames):
        return frame
    now = next((found for found in NOW.finditer(text) if not _named(text, found.start(), found[0])), None)
    return TimeFrame(current=True, words=now[0]) if now and not frames else None


def narrowed(where: Filter, frame: TimeFrame | None) -> Filter:
    """Return a filter narrowed to the days of a firm frame; as it is if they have no day in common."""
    if frame is None or not frame.firm:
        return where
    since = max((day for day in (where.since, frame.since) if day), default=None)
    until = min((day for day in (where.until, frame.until) if day), default=None)
    return where if since and until and since > until else replace(where, since=since, until=until)


def _narrowest(frames: list[TimeFrame]) -> TimeFrame | None:
    """Return the frame that lies within all others; None if there is none."""
    for frame in frames:
        since, until = frame.since or date.min, frame.until or date.max
        if all((other.since or date.min) <= since and until <= (other.until or date.max) for other in frames):
            return frame
    return None


def _frames(text: str, asked_at: date) -> Iterator[TimeFrame]:
    taken: list[tuple[int, int]] = []
    for pattern, read in ((RANGE, _between), (OPEN, _open), (AT, _at), (BARE, _at)):
        for found in pattern.finditer(text):
            if any(found.start() < end and start < found.end() for start, end in taken) or not _stands(text, found):
                continue
            try:
                frame = read(found, asked_at, text)
            except (OverflowError, ValueError):  # beyond the calendar's ends
                continue
            # What is yet to come cannot have been told.
            if frame is None or (frame.since and frame.since > asked_at):
                continue
            taken.append(found.span())
            until = min(frame.until, asked_at) if frame.until else None
            yield replace(frame, until=until, firm=_is_firm(text, found), words=found[0].strip())


def _stands(text: str, found: re.Match[str]) -> bool:
    """Tell whether a date stands where no name would."""
    groups = [name for name in ("first", "last", "date") if name in found.re.groupindex]
    for name in groups:
        start, end = found.span(name)
        words = text[start:end]
        # "may 3": a verb, unless the year is there as well.
        lower = words == words.lower() and (re.search(r"[A-Z]", text[1:]) is not None or re.search(r"\bmay\b", words))
        if re.fullmatch(rf"{INTO}{EXACT}", words, re.I):
            if lower and re.search("[a-z]{3}", words) and not re.search(r"\d{4}", words):
                return False
            continue
        if re.fullmatch(rf"{INTO}(?:{NEAR}|{SPAN}|today(?:['’]s)?)", words, re.I):
            if _named(text, start, words):
                return False
            continue
        year = bool(re.search(r"\d$", words))
        # "The 2024 final" is which one, not when.
        if year and not UNITS.match(text, end) and not text[:start].lower().endswith("the "):
            continue
        # A month or a weekday.
        follows = FOLLOWS.match(text, end) or (
            re.search(WEEKDAY, words, re.I)
            and (
                words.endswith(("'s", "’s"))
                or (found.re is OPEN and words != words.lower() and text[end + 1 : end + 2].islower())
            )
        )
        if year or lower or not follows:
            return False
        if found.re is BARE and not re.match("last ", words, re.I):
            before = re.search(r"(\S+) $", text[:start])
            if before is None or not before[1].islower() or before[1] in NOT_A_DAY:
                return False
    return True


def _named(text: str, start: int, words: str) -> bool:
    """Tell whether words that are written small stand large in the midst of a sentence: they are somebody's name."""
    begins = not text[:start].strip() or text[:start].rstrip()[-1] in ".?!:"
    written_large = words[1:] != words[1:].lower() or (words[0].isupper() and not begins)
    return written_large and text != text.upper()


def _is_firm(text: str, found: re.Match[str]) -> bool:
    before = text[: found.start()]
    if FIRM.search(before):
        return True
    if re.match("since|after", found[0], re.I) and FIRM_SINCE.search(before):
        return True
    # "Yesterday's news", "last week's articles".
    after = text[found.end() :]
    return bool(re.search(r"['’]s$", found[0])) and bool(
        re.match(r" (?:top )?(?:news|articles?|stories|headlines|reports|coverage)\b(?! anchor| channel)", after)
    )


def _between(found: re.Match[str], asked_at: date, text: str) -> TimeFrame | None:
    later = _span(found["last"], asked_at, text)
    # "Between March and May 2024": the year goes for both.
    year = re.search(YEAR, found["last"])
    first = found["first"]
    if year and not re.search(r"\d{4}", first) and re.search(MONTH, first, re.I):
        first = f"{first} {year[0]}"
    earlier = _span(first, asked_at, text)
    if earlier is None or later is None or earlier[0] > later[1]:
        return None
    return TimeFrame(earlier[0], later[1], current=later[1] >= asked_at)


def _open(found: re.Match[str], asked_at: date, text: str) -> TimeFrame | None:
    span = _span(found["date"], asked_at, text)
    if span is None:
        return None
    since, until = span
    one_day = timedelta(days=1)
    match found["word"].lower():
        case "before":
            return TimeFrame(until=since - one_day)
        case "until" | "till" | "up to":
            return TimeFrame(until=until)
        case "after":
            return TimeFrame(since=until + one_day)
        case _:
            return TimeFrame(since=since, current=True)


def _at(found: re.Match[str], asked_at: date, text: str) -> TimeFrame | None:
    span = _span(found["date"], asked_at, text)
    return TimeFrame(*span, current=span[1] >= asked_at - timedelta(days=1)) if span else None


def _span(words: str, asked_at: date, text: str) -> tuple[date, date] | None:
    """Return the first and the last day of what the words name."""
    words = re.sub(rf"^{INTO}|['’]s$|{PART}$|\bthe ", "", words.lower()).strip()
    if words == "today":
        return asked_at, asked_at
    running = re.fullmatch(rf"(this|past|last|previous) (few|couple of|{COUNT})? ?(day|week|month|year)s?", words)
    if running and (running[2] or running[1] in {"this", "past"}):
        return _running(running, asked_at), asked_at
    loose = not re.search(r"\d|ago|yesterday|night|week|month|year", words)
    if loose and AHEAD.search(text) and not words.startswith("last"):
        return None
    # Said on a Monday, "on Monday" is today.
    shift = timedelta(days=1) if re.fullmatch(WEEKDAY, words) else timedelta(0)
    return _read(words, asked_at + shift)


def _running(found: re.Match[str], asked_at: date) -> date:
    """Return the first of the days up to now that are meant: of the week that ends today, not of the calendar's."""
    if found[1] == "this" and found[3] == "month":
        return asked_at.replace(day=1)
    if found[1] == "this" and found[3] == "year":
        return asked_at.replace(month=1, day=1)
    said = found[2] or "one"
    count = int(said) if said.isdigit() else {"few": 3, "couple of": 2}.get(said, COUNTS.get(said, 1))
    days = {"day": 1, "week": 7, "month": 30, "year": 365}[found[3]] * count
    return asked_at - timedelta(days=min(days, asked_at.toordinal() - 1) - (found[3] in {"day", "week"}))


def _read(words: str, base: date) -> tuple[date, date] | None:
    found = _parser(base).get_date_data(words.replace("last night", "yesterday"))
    if found.date_obj is None:
        return None
    day = found.date_obj.date()
    match found.period:
        case "year":
            return date(day.year, 1, 1), date(day.year, 12, 31)
        case "month":
            return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
        case "week":
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        case _:
            return day, day


@lru_cache(maxsize=4)
def _parser(base: date) -> DateDataParser:
    from dateparser.date import DateDataParser

    return DateDataParser(
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(base, time()),
            "PREFER_DATES_FROM": "past",
            # The machine's own time zone is nobody's business here, and may be unknown.
            "TIMEZONE": "UTC",
        },
    )
