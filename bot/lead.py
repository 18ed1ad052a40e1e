"""What is said before the quotes: which days were searched, whether accounts differ, how old the news is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Citation, Side
from bot.prompts import Prompts
from bot.when import TimeFrame
from bot.wording import days, whole_months
from index.model import Filter, Summary

# Days after which news is old: where the question asks for how things stand, and otherwise.
OLD_NOW = 31
OLD = 365

_MONTHS = 12
# From how many months on an age is told in years.
_YEARS = 24


@dataclass(frozen=True, slots=True)
class Search:
    """How an answer was looked for.

    Attributes:
        asked_at: The day it was asked.
        frame: The days the question speaks of, if any.
        where: Which articles were searched in the end.
        loosened: Among those of the frame no answer was found, so all others were searched as well.
        summary: What there was to search.
    """

    asked_at: date
    frame: TimeFrame | None
    where: Filter
    loosened: bool
    summary: Summary


def lead(search: Search, citations: Sequence[Citation], prompts: Prompts) -> str:
    """Return the sentences said before the quotes; empty if there is nothing to say.

    Args:
        search: How the answer was looked for.
        citations: The quotes, verified and numbered; markers like [1] stand for them.
        prompts: The bot's texts.
    """
    said = [
        _searched(search, prompts),
        _left_out(search, prompts),
        _differing(citations, prompts),
        _age(search, citations, prompts),
    ]
    return " ".join(sentence for sentence in said if sentence)


def _searched(search: Search, prompts: Prompts) -> str:
    """Say how time words were read; not where they name the year themselves and nothing was left out."""
    frame = search.frame
    if frame is None or frame.window is None:
        return ""
    named = days(frame.since, frame.until, prompts)
    newest = search.summary.newest
    if newest and frame.since and frame.since > newest:
        return prompts.text("time.after", days=named, newest=days(newest, newest, prompts))
    if search.loosened:
        return prompts.text("time.loosened", days=named)
    if frame.firm:
        return prompts.text("time.searched", days=named)
    explicit = any(word[:4].isdecimal() for word in frame.words.split())
    return "" if explicit else prompts.text("time.read", words=frame.words, days=named)


def _left_out(search: Search, prompts: Prompts) -> str:
    if not search.summary.undated or not (search.where.since or search.where.until):
        return ""
    if search.summary.undated == 1:
        return prompts.text("time.undated_one")
    return prompts.text("time.undated", count=search.summary.undated)


def _differing(citations: Sequence[Citation], prompts: Prompts) -> str:
    sides = [citation for citation in citations if citation.side]
    later = [citation for citation in sides if citation.side is Side.LATER]
    earlier = [citation for citation in sides if citation.side is Side.EARLIER]
    if later and earlier:
        return prompts.text("differ.later", later=_marker(later[0]), earlier=_marker(earlier[0]))
    if len(sides) > 1:
        return prompts.text("differ.either", one=_marker(sides[0]), other=_marker(sides[1]))
    return ""


def _age(search: Search, citations: Sequence[Citation], prompts: Prompts) -> str:
    """Say how old the news is, where that matters."""
    frame = search.frame
    current = frame is not None and frame.current
    dated = [citation.published for citation in citations if citation.published]
    if not dated:
        return prompts.text("age.undated") if citations and current else ""
    newest = max(dated)
    asked_for = frame is not None and not current and frame.window is not None and newest >= (frame.since or date.min)
    if asked_for or (search.asked_at - newest).days <= (OLD_NOW if current else OLD):
        return ""
    name = "age.newest" if len({citation.article_id for citation in citations}) > 1 else "age.only"
    return prompts.text(name, day=days(newest, newest, prompts), age=_span(newest, search.asked_at, prompts))


def _span(since: date, until: date, prompts: Prompts) -> str:
    """Return how long it is from one day to another, in whole months or years."""
    months = whole_months(since, until)
    if months < _YEARS and months != _MONTHS:
        return prompts.text("age.month") if months <= 1 else prompts.text("age.months", count=months)
    years = round(months / _MONTHS)
    return prompts.text("age.year") if years == 1 else prompts.text("age.years", count=years)


def _marker(citation: Citation) -> str:
    return f"[{citation.n}]"
