"""Drafts ask about the articles, with the answer and its evidence, and leave nothing to chance."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.data import data_folder
from bot.evaluation.drafts import Draft, draft_questions, draft_to_json
from bot.evaluation.observe import contains
from bot.evaluation.questions import read_questions
from bot.evaluation.wording import asked_of
from index import Article, split_sentences
from index.formats import read_files


@cache
def samples() -> tuple[Article, ...]:
    return tuple(one for one in read_files([data_folder("seeds")]) if isinstance(one, Article))


def drafts(count: int, seed: int = 0, articles: tuple[Article, ...] | None = None) -> list[Draft]:
    return draft_questions(samples() if articles is None else articles, split_sentences, count, seed)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_answer_stands_in_the_evidence_and_not_in_the_question(seed: int) -> None:
    text = {article.id: article.text for article in samples()}
    found = drafts(60, seed)

    assert 30 < len(found)
    for draft in found:
        assert contains(draft.evidence, [draft.answer])
        assert not contains(draft.question, [draft.answer])
        assert draft.articles
        assert all(draft.evidence in text[name] for name in draft.articles)


def test_the_same_seed_gives_the_same_drafts_whatever_the_order_of_the_articles() -> None:
    assert drafts(20) == drafts(20, articles=samples()[::-1])
    assert drafts(20) != drafts(20, seed=1)


def test_drafts_are_spread_over_articles_and_kinds_and_none_comes_twice() -> None:
    found = drafts(15)

    assert 15 == len(found) == len({draft.articles[0] for draft in found})
    assert {"name", "number", "date"} == {draft.kind for draft in found}
    assert len({draft.evidence for draft in drafts(1000)}) == len(drafts(1000))


def test_a_draft_is_a_line_of_a_file_of_questions() -> None:
    lines = [json.dumps(draft_to_json(draft)).encode() for draft in drafts(30)]
    golds, bad = read_questions(lines)

    assert ([], 30) == (bad, len(golds))
    assert all(gold.draft and gold.answerable and gold.evidence for gold in golds)


def test_every_article_that_carries_the_sentence_is_evidence() -> None:
    text = "Helene Okorie led the inquiry into the flood of the Elsk valley."
    copies = (Article("b", "", text), Article("a", "", f"By our staff. {text}"), Article("c", "", "Nothing here."))
    [draft] = drafts(5, articles=copies)

    assert {"a", "b"} == set(draft.articles)


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        (
            "Helene Okorie led the inquiry into the flood in the Elsk valley.",
            "Who led the inquiry into the flood in the Elsk valley?",
            "Helene Okorie",
        ),
        (
            "Dunmarrow Civil Works has the contract for the bridge in Merrowhaven.",
            "Who or what has the contract for the bridge in Merrowhaven?",
            "Dunmarrow Civil Works",
        ),
        (
            "Some 620 people were still unable to return to the town of Tollen.",
            "How many people were still unable to return to the town of Tollen?",
            "620",
        ),
        (
            "Three people lost their lives in the flood in Tollen.",
            "How many people lost their lives in the flood in Tollen?",
            "Three",
        ),
        (
            "The Sailmaker Bridge was opened to traffic on 20 September 2026.",
            "When was the Sailmaker Bridge opened to traffic?",
            "20 September 2026",
        ),
        (
            "The county lowered its count of damaged houses to 286, the Courier wrote.",
            "Which number is missing? The county lowered its count of damaged houses to ____, the Courier wrote.",
            "286",
        ),
        (
            "Die neue Fähre heißt Ingrid Amund und fährt ab März.",
            "Which name is missing? Die neue Fähre heißt ____ und fährt ab März.",
            "Ingrid Amund",
        ),
    ],
)
def test_a_sentence_is_asked_about_by_rule(sentence: str, question: str, answer: str) -> None:
    assert (question, answer) in {(asked.question, asked.answer) for asked in asked_of(sentence)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "He led the inquiry into the flood of 1911 in the Elsk valley, it was said.",
        "“The flood of 1911 was the worst of them,” said Helene Okorie in the town of Tollen.",
        "too short in 1911.",
        "A heading without a full stop about Helene Okorie and the flood of 1911",
        "A line about Helene Okorie\nand another about the flood of 1911 in the Elsk valley.",
        "Nothing in here is a name or a figure, however long the sentence may go on and on.",
        "The number " + "very " * 60 + "large is 1911.",
    ],
)
def test_what_cannot_be_understood_alone_is_not_asked_about(text: str) -> None:
    assert [] == drafts(5, articles=(Article("a", "", text),))


def test_part_of_a_longer_name_or_time_is_no_gap() -> None:
    gaps = {
        asked.answer
        for asked in asked_of("The talks in Tollen ended at 10:30 on Jan. 12 with Mr Rafael Stenhouse absent.")
    }

    assert {"Mr Rafael Stenhouse"} == gaps


@given(st.text(max_size=200))
def test_any_text_can_be_drafted_from(text: str) -> None:
    for draft in drafts(3, articles=(Article("a", "", text), Article("b", "", f"Okorie Helene said {text} was 42."))):
        assert contains(draft.evidence, [draft.answer])


def test_no_sentence_holds_a_rule_up() -> None:
    import time

    hostile = [
        "A" * 200 + " b.",
        "Aa " * 70 + ".",
        "The " + "a was " * 30 + "in 1.",
        "1," * 100 + ".",
        "1 " * 100 + ".",
    ]
    started = time.perf_counter()
    for text in hostile:
        list(asked_of(text))

    assert time.perf_counter() - started < 2
    assert re.search("Aa", hostile[1])
