"""What is said before the quotes: the days that were searched, what differs, how old the news is."""

from __future__ import annotations

from datetime import date

import pytest

from bot.lead import Search, lead
from bot.model import Citation, Side
from bot.prompts import load_prompts
from bot.when import narrowed, read_time
from bot.wording import days
from index import Filter, Summary

PROMPTS = load_prompts()
ASKED = date(2026, 3, 7)
SUMMARY = Summary(
    "g", 20, 40, date(2024, 1, 1), date(2026, 3, 6), 0, {"Coastwire": 20}, "model", "2026-03-06T00:00:00Z"
)
DAYS = {"new": date(2026, 3, 5), "month": date(2026, 1, 20), "old": date(2024, 3, 3), "none": None}


def cite(n: int, published: date | None, side: Side | None = None) -> Citation:
    return Citation(n, f"a{n}", "Title", None, "Coastwire", published, "p", "Quote.", 0, 6, side=side)


def said(question: str, *published: date | None, loosened: bool = False, summary: Summary = SUMMARY) -> str:
    frame = read_time(question, ASKED)
    where = Filter() if loosened else narrowed(Filter(), frame)
    return lead(
        Search(ASKED, frame, where, loosened, summary), [cite(n, day) for n, day in enumerate(published, 1)], PROMPTS
    )


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2026, 3, 7), date(2026, 3, 7), "7 Mar 2026"),
        (date(2026, 3, 1), date(2026, 3, 7), "1–7 Mar 2026"),
        (date(2026, 2, 28), date(2026, 3, 6), "28 Feb 2026 to 6 Mar 2026"),
        (date(2023, 1, 1), date(2023, 12, 31), "2023"),
        (date(2020, 1, 1), date(2023, 12, 31), "2020–2023"),
        (date(2026, 3, 2), None, "2 Mar 2026 and later"),
        (None, date(2019, 12, 31), "up to 31 Dec 2019"),
    ],
)
def test_days_are_told_as_short_as_they_can(since: date | None, until: date | None, expected: str) -> None:
    assert expected == days(since, until, PROMPTS)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Any news this week?", "Searched 1–7 Mar 2026."),
        ("Who won this week?", "“this week”: 1–7 Mar 2026."),
        ("Who won on Monday?", "“on Monday”: 2 Mar 2026."),
        ("Who won in March 2024?", ""),
        ("Who won?", ""),
        ("What is the latest?", ""),
    ],
)
def test_how_time_words_were_read_is_said_where_they_do_not_say_it_themselves(question: str, expected: str) -> None:
    assert expected == said(question, DAYS["new"])


def test_it_is_said_when_the_days_held_no_answer_or_no_article() -> None:
    ends = Summary("g", 20, 40, date(2024, 1, 1), date(2025, 10, 6), 0, {}, "model", "")

    assert said("Any news this week?", DAYS["new"], loosened=True) == (
        "Nothing from 1–7 Mar 2026 answers this, so all articles were searched."
    )
    assert (
        said("Who won this week?", summary=ends) == "The newest article is from 6 Oct 2025; none is from 1–7 Mar 2026."
    )


def test_articles_without_a_date_are_said_to_be_left_out_by_days_only() -> None:
    one = Summary("g", 20, 40, date(2024, 1, 1), date(2026, 3, 6), 1, {}, "model", "")
    two = Summary("g", 20, 40, date(2024, 1, 1), date(2026, 3, 6), 2, {}, "model", "")

    assert said("Any news this week?", summary=one).endswith(" An article without a date was left out.")
    assert said("Any news this week?", summary=two).endswith(" 2 articles without a date were left out.")
    assert said("Who won?", summary=two) == ""


@pytest.mark.parametrize(
    ("question", "published", "expected"),
    [
        ("Who won?", ["old"], "This is from 3 Mar 2024, 2 years before the question."),
        ("Who won?", ["old", "old"], "The newest of these is from 3 Mar 2024, 2 years before the question."),
        ("Who won?", ["old", "new"], ""),
        ("Who won?", ["month"], ""),
        ("Who is the mayor now?", ["month"], "This is from 20 Jan 2026, a month before the question."),
        (
            "What is the latest?",
            ["old", "month"],
            "The newest of these is from 20 Jan 2026, a month before the question.",
        ),
        ("What is the latest?", ["new"], ""),
        ("What is the latest?", ["none"], "None of these has a date, so they may be old."),
        ("Who won?", ["none"], ""),
        # Old news is what was asked for.
        ("Who won in 2024?", ["old"], ""),
        ("Who won in March 2024?", ["old"], ""),
        ("Who won in 2025?", ["old"], "This is from 3 Mar 2024, 2 years before the question."),
    ],
)
def test_old_news_says_how_old_it_is(question: str, published: list[str], expected: str) -> None:
    assert expected == said(question, *(DAYS[name] for name in published))


@pytest.mark.parametrize(
    ("published", "age"),
    [
        (date(2025, 3, 7), ""),
        (date(2025, 3, 6), "a year"),
        (date(2024, 9, 7), "18 months"),
        (date(2024, 3, 7), "2 years"),
        (date(1926, 3, 7), "100 years"),
        (date(2026, 4, 1), ""),
    ],
)
def test_ages_are_whole_months_or_years(published: date, age: str) -> None:
    sentence = said("Who won?", published)

    assert bool(age) == bool(sentence) and age in sentence


def test_accounts_that_differ_are_named_by_their_markers() -> None:
    search = Search(ASKED, None, Filter(), False, SUMMARY)
    day = DAYS["new"]
    dated = [cite(1, day, Side.LATER), cite(2, day), cite(3, day, Side.EARLIER)]
    undated = [cite(1, day, Side.ONE), cite(2, None, Side.ONE)]

    assert lead(search, dated, PROMPTS) == ("The articles disagree: [1] is the later account, [3] the earlier one.")
    assert lead(search, undated, PROMPTS) == "The articles disagree: compare [1] and [2]."
    # A side whose other side was dropped has nobody to disagree with.
    assert lead(search, dated[:1], PROMPTS) == ""
