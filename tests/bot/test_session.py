"""A conversation on a terminal: each question is understood from those before, and an empty line ends it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.ask import Asker
from bot.model import Answer
from bot.session import converse


def talk(asker: Asker, *lines: str | type[BaseException]) -> tuple[list[Answer], list[str]]:
    answers: list[Answer] = []
    refused: list[str] = []
    left: Iterator[str | type[BaseException]] = iter(lines)

    def read() -> str:
        line = next(left)
        if isinstance(line, str):
            return line
        raise line

    converse(asker.ask, read=read, show=answers.append, refuse=refused.append)
    assert () == tuple(left)
    return answers, refused


def test_a_follow_up_is_understood_from_what_was_asked_before(seed_asker: Asker) -> None:
    answers, _ = talk(
        seed_asker, "Where was the stolen astrolabe found?", "Thanks!", "When was it stolen?", "And by whom?", ""
    )

    assert ["", "", "When was the astrolabe stolen?", "By whom was the astrolabe stolen?"] == [
        answer.understood for answer in answers
    ]


@pytest.mark.parametrize("end", ["", "  ", EOFError, KeyboardInterrupt])
def test_an_empty_line_or_the_end_of_input_ends_it(seed_asker: Asker, end: str | type[BaseException]) -> None:
    assert ([], []) == talk(seed_asker, end)


def test_what_cannot_be_asked_is_told_and_the_conversation_goes_on(seed_asker: Asker) -> None:
    answers, refused = talk(seed_asker, "?!", "hi", "")

    assert (1, 1) == (len(answers), len(refused))
    assert "no words" in refused[0]
