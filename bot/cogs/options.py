"""What narrows a question down, as members type it: days and publishers."""

from __future__ import annotations

from datetime import date

from bot.ask import QuestionRefused
from bot.days import read_day
from bot.markup import plain
from bot.prompts import Prompts
from index import Filter

# Room for a foreign value inside a sentence, in characters.
LONGEST_VALUE = 100


def filter_of(prompts: Prompts, since: str | None, until: str | None, source: str | None) -> Filter:
    """Return which articles may answer.

    Raises:
        QuestionRefused: A day cannot be read, or no day is left.
    """
    first, last = _day(prompts, "since", since), _day(prompts, "until", until, last=True)
    if first and last and first > last:
        raise QuestionRefused(prompts.text("problem.dates_swapped", since=first.isoformat(), until=last.isoformat()))
    named = source.strip() if source else ""
    return Filter(first, last, (named,) if named else ())


def _day(prompts: Prompts, option: str, written: str | None, *, last: bool = False) -> date | None:
    if written is None or not written.strip():
        return None
    today = date.today()
    try:
        return read_day(written, today, last=last)
    except ValueError:
        said = {"value": plain(written, LONGEST_VALUE), "example": today.isoformat()}
        option = prompts.text(f"name.{option}")
        raise QuestionRefused(prompts.text("problem.bad_date", option=option, **said)) from None
