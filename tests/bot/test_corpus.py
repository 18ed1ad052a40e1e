"""Questions about the articles as a whole are told from questions that the articles answer."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus import Asks, CorpusQuestion, corpus_question, days_of

SOURCES = ["The Harbour Post", "Coastwire", "Radio Varr"]


def listed(about: str = "", source: str = "", period: str = "", *, may_answer: bool = False) -> CorpusQuestion:
    return CorpusQuestion(Asks.LIST, about, source, period, may_answer)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("What do you have on the flood?", listed("flood")),
        ("what do you have about the Sailmaker Bridge this week?", listed("Sailmaker Bridge", period="this week")),
        ("What articles are there about floods?", listed("floods")),
        ("Do you have anything on Teale?", listed("Teale")),
        ("show me all articles about Odile Farrant", listed("Odile Farrant")),
        ("What is new?", listed()),
        ("What’s the latest?", listed()),
        ("any news today?", listed(period="today")),
        ("What happened last week?", listed(period="last week")),
        ("what's the latest on the bridge?", listed("bridge", may_answer=True)),
        ("What did the harbour post write this week?", listed(source="The Harbour Post", period="this week")),
        ("What has Coastwire published about the flood?", listed("flood", "Coastwire")),
        ("news from Radio Varr", listed(source="Radio Varr")),
        ("How many articles do you have?", CorpusQuestion(Asks.COUNT)),
        ("how many articles are there on the bridge", CorpusQuestion(Asks.COUNT, "bridge")),
        ("How many articles are by Coastwire?", CorpusQuestion(Asks.COUNT, source="Coastwire")),
        ("Which sources do you have?", CorpusQuestion(Asks.SOURCES)),
        ("where do your articles come from?", CorpusQuestion(Asks.SOURCES)),
    ],
)
def test_what_is_asked_about_the_articles_is_read(asked: str, expected: CorpusQuestion) -> None:
    assert expected == corpus_question(asked, SOURCES)


@pytest.mark.parametrize(
    "asked",
    [
        "What happened in Tollen?",
        "What is the latest death toll?",
        "What new bridge was opened?",
        "What did The Harbour Post say about the toll?",
        "Do you have any idea who led the inquiry?",
        "What reports are there that the bridge is unsafe?",
        "How many articles does the charter have?",
        "Which newspapers are there in Merrowhaven?",
        "What do the articles say about the flood?",
        "What is there about who died?",
        "What do you have on it?",
        "Coastwire",
        "Who is the new mayor?",
        "Was gibt es Neues?",
    ],
)
def test_what_is_asked_of_the_articles_is_left_to_them(asked: str) -> None:
    assert corpus_question(asked, SOURCES) is None


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("today", (date(2026, 3, 4), date(2026, 3, 4))),
        ("yesterday", (date(2026, 3, 3), date(2026, 3, 3))),
        ("this week", (date(2026, 2, 26), date(2026, 3, 4))),
        ("last week", (date(2026, 2, 23), date(2026, 3, 1))),
        ("this month", (date(2026, 3, 1), date(2026, 3, 4))),
        ("last month", (date(2026, 2, 1), date(2026, 2, 28))),
        ("last year", (date(2025, 1, 1), date(2025, 12, 31))),
        ("in the last 3 weeks", (date(2026, 2, 11), date(2026, 3, 4))),
        ("lately", (None, None)),
    ],
)
def test_a_period_is_counted_from_the_day_of_asking(period: str, days: tuple[date | None, date | None]) -> None:
    assert days == days_of(period, date(2026, 3, 4))


@given(st.text(max_size=250), st.lists(st.text(max_size=10), max_size=3))
def test_any_text_and_any_publisher_are_read(text: str, sources: list[str]) -> None:
    found = corpus_question(text, sources)

    assert found is None or found.source in {"", *sources}
