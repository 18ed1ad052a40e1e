"""What the program says itself: short replies to small talk, and lists of articles with verified quotes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answer_json import answer_to_json
from bot.ask import Asker, read_question
from bot.conversation import turn_of
from bot.extract import QUOTES, WORDS
from bot.model import Answer, Status
from bot.prompts import load_prompts
from bot.render import render_answer
from index import Filter

PROMPTS = load_prompts()


def ask(asker: Asker, text: str, **fields: object) -> Answer:
    return asker.ask(replace(read_question(text), **fields))


@pytest.mark.parametrize("said", ["hi", "Thanks!", "What can you do?", "are you an AI?", "good bye"])
def test_small_talk_gets_a_reply_and_nothing_else(seed_asker: Asker, said: str) -> None:
    answer = ask(seed_asker, said)
    message = render_answer(answer, PROMPTS)

    assert (Status.NOTHING, 0.0, (), ()) == (answer.status, answer.confidence, answer.citations, answer.hits)
    assert answer.text == message.description
    assert ("", "", ()) == (message.title, message.footer, message.buttons)
    assert {"retrieve", "answer"} == answer_to_json(answer)["timings_ms"].keys()
    assert turn_of(answer) is None


@pytest.mark.parametrize(
    ("asked", "said", "count"),
    [
        ("What do you have on the flood?", "4 articles that mention “flood”, newest first:", 4),
        ("What is new?", "20 articles, newest first:", 20),
        ("what has Coastwire written about the flood?", "1 article that mention", 1),
        ("How many articles do you have?", "There are 20 articles from 11 Feb 2025 to 6 Oct 2026.", 20),
        ("Which sources do you have?", "The articles are from 5 publishers: The Harbour Post (8), Coastwire (4)", 20),
    ],
)
def test_a_question_about_the_articles_is_answered_with_their_opening_sentences(
    seed_asker: Asker, asked: str, said: str, count: int
) -> None:
    answer = ask(seed_asker, asked)

    assert (Status.ANSWERED, 1.0) == (answer.status, answer.confidence)
    assert answer.text.startswith(said)
    assert min(count, QUOTES) == len(answer.citations)
    assert sum(len(citation.quote.split()) for citation in answer.citations) <= WORDS
    for citation in answer.citations:
        found = seed_asker.passage(citation.passage_id)
        assert found and found[0].text[citation.start : citation.end] == citation.quote
        assert 0 == found[1].start


def test_articles_are_listed_newest_first_and_those_quoted_by_their_number(seed_asker: Asker) -> None:
    lines = ask(seed_asker, "What do you have on the flood?").text.splitlines()

    assert [
        "[1] 4 Jun 2026: Inquiry blames worn seal and late warning for Tollen flood",
        "[2] 21 Nov 2025: Flood toll corrected: three died in Tollen, not four",
        "[3] 18 Nov 2025: Four dead as the Elsk floods Tollen",
        "• How the Tollen sluice works",
    ] == lines[1:]


def test_a_long_list_ends_in_how_many_more_there_are(seed_asker: Asker) -> None:
    assert "… and 12 more." == ask(seed_asker, "What is new?").text.splitlines()[-1]


def test_where_there_is_no_such_article_that_is_said_and_nothing_quoted(seed_asker: Asker) -> None:
    answer = ask(seed_asker, "What do you have on dragons?")

    assert (Status.NOTHING, 0.0, ()) == (answer.status, answer.confidence, answer.citations)
    assert "There are no articles that mention “dragons”." == answer.text


def test_a_period_is_counted_from_the_day_of_asking_and_named(seed_asker: Asker) -> None:
    then = ask(seed_asker, "What did The Harbour Post write this week?", asked_at=date(2026, 9, 22))
    now = ask(seed_asker, "What did The Harbour Post write this week?", asked_at=date(2026, 12, 1))

    assert "1 article by The Harbour Post from 16 Sep 2026 to 22 Sep 2026:" == then.text.splitlines()[0]
    assert date(2026, 9, 20) == then.citations[0].published
    assert now.text.endswith("The newest article of all is of 6 Oct 2026.")


def test_what_the_asker_narrowed_down_holds_for_lists_too(seed_asker: Asker) -> None:
    where = Filter(until=date(2025, 12, 31), sources=("coastwire",))

    assert {"Coastwire"} == {c.source for c in ask(seed_asker, "What is new?", filter=where).citations}


def test_the_latest_on_what_no_article_mentions_is_asked_of_the_articles(seed_asker: Asker) -> None:
    answer = ask(seed_asker, "What is the latest on dragons?")

    assert not answer.reply and answer.hits


def test_a_follow_up_is_answered_as_understood_and_says_so(seed_asker: Asker) -> None:
    first = ask(seed_asker, "Where was the stolen astrolabe found?")
    turn = turn_of(first)
    assert turn
    answer = ask(seed_asker, "When was it stolen?", turns=(turn,))

    assert "Understood as: When was the astrolabe stolen?" == answer.text
    assert "stolen from the Maritime Museum in Merrowhaven last June" in answer.citations[0].quote
    assert "When was it stolen?" == answer_to_json(answer)["question"]
    assert "" == first.text


def test_a_question_about_the_articles_may_be_a_follow_up(seed_asker: Asker) -> None:
    turn = turn_of(ask(seed_asker, "What does the new Sailmaker Bridge cost?"))
    assert turn
    answer = ask(seed_asker, "What else do you have on it?", turns=(turn,))

    assert "articles that mention “new Sailmaker Bridge”, newest first:" in answer.text
    assert answer.text.startswith("Understood as: ")
