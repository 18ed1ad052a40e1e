"""A batch: a line in, a line out, and no line ends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ask import Asker
from bot.batch import answer_lines
from bot.model import Answer, Question
from index import Filter, IndexFailure, IndexSettings


def answer(asker: Asker, *lines: bytes) -> list[dict[str, Any]]:
    return list(answer_lines(lines, asker, Filter()))


@pytest.mark.parametrize(
    ("line", "identity", "reason"),
    [
        (b"not json", None, "Line 1 is not JSON: Expecting value at character 1"),
        (b'{"id": "a", "question": "x"\n', None, "Line 1 is not JSON: Expecting ',' delimiter at character 28"),
        (b"[1, 2]", None, "not an object"),
        (b'"text"', None, "not an object"),
        (b'{"id": "a"}', "a", '"question" is missing'),
        (b'{"id": "a", "question": null}', "a", '"question" is missing or is not a text'),
        (b'{"id": "a", "question": "  "}', "a", "empty"),
        (b'{"id": 7, "question": "?!"}', 7, "no words"),
        (b'{"id": "a", "question": "' + b"why " * 2500 + b'"}', "a", "at most 2,000"),
        (b'{"id": "a", "question": "x", "asked_at": "soon"}', "a", '"asked_at" is not a date'),
        (b'{"id": "a", "question": "x", "asked_at": 20260301}', "a", '"asked_at" is not a text'),
        (b'{"id": {"a": 1}, "question": "x"}', None, '"id" is not a text or a number'),
        (b'{"id": NaN, "question": "x"}', None, "NaN is not a number"),
        (b'{"id": 1e999, "question": "x"}', None, "1e999 is not a number"),
        (b'{"id": "a", "question": "\xff"}', None, "not UTF-8"),
        (b"[" * 100_000, None, "Line 1 cannot be read"),
        (b"\x00", None, "Line 1 is not JSON"),
    ],
)
def test_a_line_that_cannot_be_answered_has_an_error_in_its_place(
    seed_asker: Asker, line: bytes, identity: object, reason: str
) -> None:
    [broken, sound] = answer(seed_asker, line, b'{"id": "next", "question": "Where was the astrolabe found?"}')

    assert {"id", "error"} == set(broken)
    assert identity == broken["id"]
    assert reason in broken["error"]
    assert ("next", "answered") == (sound["id"], sound["status"])


@pytest.mark.parametrize("identity", ["a", "", 7, 1.5, None, "\ud800", "ключ"])
def test_an_id_comes_back_as_it_was_given(seed_asker: Asker, identity: object) -> None:
    [found] = answer(seed_asker, json.dumps({"id": identity, "question": "astrolabe"}).encode())

    assert identity == found["id"]


def test_a_byte_order_mark_is_no_part_of_the_first_line(seed_asker: Asker) -> None:
    [found] = answer(seed_asker, b'\xef\xbb\xbf{"id": "a", "question": "astrolabe"}\r\n')

    assert "a" == found["id"]
    assert "error" not in found


def test_a_question_that_sets_off_a_fault_does_not_end_the_run(caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(Asker):
        def ask(self, question: Question) -> Answer:
            raise ZeroDivisionError("a fault of ours")

    found = answer(Faulty(Path(), IndexSettings()), b'{"id": 1, "question": "x"}', b'{"id": 2, "question": "y"}')

    assert [1, 2] == [one["id"] for one in found]
    assert all("a fault of ours" not in one["error"] for one in found)
    assert "a fault of ours" in caplog.text


def test_an_index_that_is_gone_ends_the_run() -> None:
    class Gone(Asker):
        def ask(self, question: Question) -> Answer:
            raise IndexFailure("The index is gone.")

    with pytest.raises(IndexFailure):
        answer(Gone(Path(), IndexSettings()), b'{"id": 1, "question": "x"}')


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=6))
def test_any_bytes_give_one_object_for_each_line_that_is_not_blank(seed_asker: Asker, lines: list[bytes]) -> None:
    found = answer(seed_asker, *lines)

    assert sum(bool(line.strip()) for line in lines) == len(found)
    assert all("error" in one for one in found)


def test_a_line_with_a_conversation_is_understood_as_its_next_question(seed_asker: Asker) -> None:
    line = {"id": 1, "question": "When was it stolen?", "conversation": ["Where was the stolen astrolabe found?"]}
    [found, alone] = answer(seed_asker, json.dumps(line).encode(), b'{"id": 2, "question": "When was it stolen?"}')

    assert "Understood as: When was the astrolabe stolen?" == found["text"]
    assert ("When was it stolen?", "") == (found["question"], alone["text"])


@pytest.mark.parametrize("conversation", ['"Who?"', "[1]", "{}", '["?!"]'])
def test_a_conversation_that_is_none_is_an_error_of_its_line(seed_asker: Asker, conversation: str) -> None:
    [found] = answer(seed_asker, f'{{"id": 1, "question": "Why?", "conversation": {conversation}}}'.encode())

    assert 1 == found["id"]
    assert "conversation" in found["error"] or "no words" in found["error"]
