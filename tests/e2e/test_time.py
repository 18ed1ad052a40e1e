"""Time in questions to the sample articles: what is searched, what is said, and what stands on the quotes."""

from __future__ import annotations

import io
from datetime import date

import pytest
from rich.console import Console

from bot.answer_json import answer_to_json
from bot.ask import Asker, read_question
from bot.model import Answer, Side, Status
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

    assert answer.text == "“this week”: 18–24 Sep 2026."


def test_nothing_tells_too_how_time_words_were_read(seed_asker: Asker) -> None:
    answer = seed_asker.ask(read_question("Who won the chess championship this week?", asked_at=date(2026, 9, 24)))

    assert answer.status is Status.NOTHING
    assert "“this week”: 18–24 Sep 2026." in render_answer(answer, PROMPTS).description


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


@pytest.mark.parametrize(
    ("question", "later", "earlier"),
    [
        ("How many people died in the Tollen flood?", "Three people lost their lives", "Four people died"),
        ("How many people came to the bridge opening?", "About 7,000 people", "12,000 people"),
        ("How many houses were damaged in the Tollen flood?", "it stands at 286", "312 houses are damaged"),
        ("By how many votes did Farrant win the mayoral election?", "594 votes and not 611", "611 more"),
    ],
)
def test_where_articles_disagree_both_are_quoted_the_later_first_and_it_is_said(
    seed_asker: Asker, question: str, later: str, earlier: str
) -> None:
    answer = seed_asker.ask(read_question(question, asked_at=date(2026, 10, 7)))

    place = next(n for n, citation in enumerate(answer.citations) if citation.side is Side.LATER)
    assert later in answer.citations[place].quote
    assert (Side.EARLIER, True) == (answer.citations[place + 1].side, earlier in answer.citations[place + 1].quote)
    said = f"The articles disagree: [{place + 1}] is the later account, [{place + 2}] the earlier one."
    assert said in answer.text and said in shown(answer)
    assert f"[{place + 2}] earlier: " in shown(answer)
    assert f"**[{place + 2}] earlier:** " in render_answer(answer, PROMPTS).description
    assert "side" not in answer_to_json(answer)["citations"][0]


def test_most_sample_questions_are_about_nothing_that_articles_disagree_on(seed_asker: Asker) -> None:
    for question in (
        "Where was the stolen Carrow Astrolabe found?",
        "How much fuel does the Saint Odran burn in a year?",
        "How many pupils does the free lunch trial cover?",
        "How high did the water rise at the Tollen gauge?",
        "How many pairs of storm petrels breed on Skerra?",
    ):
        answer = seed_asker.ask(read_question(question, asked_at=date(2026, 10, 7)))

        assert answer.citations
        assert not any(citation.side for citation in answer.citations), question
