"""A file of questions is read line by line, and no line ends it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.model import Gold
from bot.evaluation.questions import read_questions


def line(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def test_everything_that_a_line_may_say_is_read() -> None:
    golds, bad = read_questions(
        [
            line(
                id="1",
                question=" Who led\tit? ",
                asked_at="2026-06-04T10:00:00",
                answers=["Okorie", "Helene Okorie"],
                answerable=True,
                group="people",
                evidence=[{"article_id": "a", "text": "…"}, {"article_id": "b"}, {"article_id": "a"}],
                draft=True,
                comment="kept out",
            )
        ]
    )

    assert [] == bad
    assert [
        Gold("1", "Who led it?", date(2026, 6, 4), ("Okorie", "Helene Okorie"), True, "people", ("a", "b"), True)
    ] == golds


def test_question_and_answers_suffice_and_without_answers_it_is_unanswerable() -> None:
    golds, bad = read_questions([b"", line(question="Who?", answers=["Okorie"]), line(id=7, question="What?"), b" \n"])

    assert [] == bad
    assert [("line 2", True, "answerable"), ("7", False, "unanswerable")] == [
        (gold.id, gold.answerable, gold.group) for gold in golds
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "Line 2 is not JSON"),
        (b"[]", "Line 2 cannot be read: it is not an object"),
        (b'{"question": "\xff"}', "not UTF-8"),
        (line(answers=["x"]), '"question" is missing'),
        (line(question=" ", answers=["x"]), "Line 2 cannot be asked: The question is empty"),
        (line(question="?!", answers=["x"]), "no words"),
        (line(question="x" * 3000, answers=["x"]), "at most 2,000"),
        (line(question="Who?", answers="x"), '"answers" is not a list of texts'),
        (line(question="Who?", answers=[1]), '"answers" is not a list of texts'),
        (line(question="Who?", answers=["x", "—"]), "without a letter or digit: '—'"),
        (line(question="Who?", answers=[], answerable=True), '"answers" is empty'),
        (line(question="Who?", answers=["x"], answerable="yes"), '"answerable" is neither'),
        (line(question="Who?", answers=["x"], group=3), '"group" is not a text'),
        (line(question="Who?", answers=["x"], evidence=["a"]), '"evidence" is not a list of objects'),
        (line(question="Who?", answers=["x"], asked_at="soon"), '"asked_at" is not a date'),
        (line(id=[1], question="Who?", answers=["x"]), '"id" is not a text or a number'),
        (line(id="first", question="Who?", answers=["x"]), "its id 'first' is that of line 1, too"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_with_its_number_and_skipped(content: bytes, reason: str) -> None:
    first, last = line(id="first", question="Who?", answers=["x"]), line(id="last", question="Who?", answers=["x"])
    golds, [bad] = read_questions([first, content, last])

    assert ["first", "last"] == [gold.id for gold in golds]
    assert 2 == bad.line
    assert "Line 2" in bad.reason
    assert reason in bad.reason


@given(st.lists(st.binary(max_size=30).map(lambda one: one.replace(b"\n", b"")), max_size=5))
def test_any_bytes_are_a_question_or_a_problem(lines: list[bytes]) -> None:
    golds, bad = read_questions(lines)

    assert sum(bool(one.strip()) for one in lines) == len(golds) + len(bad)
