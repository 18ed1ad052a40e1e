"""Time in questions to the sample articles: what is searched, what is said, and what stands on the quotes."""

from __future__ import annotations

import io
from datetime import date

import pytest
from rich.console import Console

from bot.ask import Asker, read_question
from bot.model import Answer, Status
from bot.prompts import load_prompts
from bot.render import render_answer
from bot.terminal import show_answer
from index import Filter

PROMPTS = load_prompts()


def shown(answer: Answer) -> str:
    screen = io.StringIO()
    show_answer(Console(width=300, file=screen), answer, PROMPTS)
    return screen.getvalue()


def test_a_question_about_publication_searches_those_days_alone_and_says_so(seed_asker: Asker) -> None:
    answer = seed_asker.ask(
        read_question("What was reported in March 2026 about the bridge?", asked_at=date(2026, 9, 30))
    )

    assert {hit.article.published for hit in answer.hits} == {date(2026, 3, 12)}
    assert answer.text == "Searched 1–31 Mar 2026. An article without a date was left out."
    assert answer.text in render_answer(answer, PROMPTS).description
    assert answer.text in shown(answer)


def test_where_those_days_hold_nothing_all_are_searched_and_it_is_said(seed_asker: Asker) -> None:
    answer = seed_asker.ask(
        read_question("What was reported last week about the stolen astrolabe?", asked_at=date(2026, 9, 30))
    )

    assert answer.citations
    assert answer.text.startswith("Nothing from 21–27 Sep 2026 answers this, so all articles were searched.")


def test_the_day_of_asking_is_today_unless_it_is_given(seed_asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    # A second asker would load the model a second time.
    monkeypatch.setattr(seed_asker, "_today", lambda: date(2026, 9, 24))

    answer = seed_asker.ask(read_question("Who crossed the Sailmaker Bridge first this week?"))

    assert answer.text == "“this week” is read as 18–24 Sep 2026."


def test_nothing_tells_too_how_time_words_were_read(seed_asker: Asker) -> None:
    answer = seed_asker.ask(
        read_question("How long did the sourdough bread rise this week?", asked_at=date(2026, 9, 24))
    )

    assert answer.status is Status.NOTHING
    assert "“this week” is read as 18–24 Sep 2026." in render_answer(answer, PROMPTS).description


def test_old_news_says_how_old_it_is(seed_asker: Asker) -> None:
    answer = seed_asker.ask(
        read_question("How high did the water rise at the gauge in Tollen?", asked_at=date(2027, 12, 1))
    )

    assert answer.citations
    assert "2 years before the question." in answer.text


def test_days_given_beside_the_question_leave_undated_articles_out_and_it_is_said(seed_asker: Asker) -> None:
    where = Filter(since=date(2025, 1, 1))
    answer = seed_asker.ask(read_question("Who planned the sluice in Tollen?", where=where, asked_at=date(2026, 10, 7)))

    assert all(hit.article.published for hit in answer.hits)
    assert "An article without a date was left out." in answer.text


def test_a_quote_without_a_date_says_so(seed_asker: Asker) -> None:
    answer = seed_asker.ask(read_question("Who planned the sluice in Tollen?", asked_at=date(2026, 10, 7)))

    assert "The Harbour Post, no date" in shown(answer)
    assert "The Harbour Post, no date" in render_answer(answer, PROMPTS).description


def test_syndicated_copies_count_once_and_are_named(seed_asker: Asker) -> None:
    answer = seed_asker.ask(read_question("Where was the stolen astrolabe found?", asked_at=date(2026, 2, 1)))

    assert len({citation.article_id for citation in answer.citations}) == 1
    assert all(citation.also for citation in answer.citations)
    names = {citation.source for citation in answer.citations} | {name for c in answer.citations for name in c.also}
    assert names == {"Coastwire", "Radio Varr"}
    assert "also in" in shown(answer) and "also in" in render_answer(answer, PROMPTS).description
