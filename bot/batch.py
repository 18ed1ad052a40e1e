"""Many questions at once: a JSON line in, a JSON line out, in the same order."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bot.answer_json import answer_to_json
from bot.ask import Asker, QuestionRefused, read_question
from bot.conversation import MOST_TURNS, Turn, turn_of
from bot.lines import LineProblem, read_asked_at, read_identity, read_record
from index import Filter, IndexFailure

log = logging.getLogger(__name__)


def answer_lines(lines: Iterable[bytes], asker: Asker, where: Filter) -> Iterator[dict[str, Any]]:
    """Answer each line; one that cannot be read or answered gets an object with "error" in its place.

    Args:
        lines: `{"id"?, "question", "asked_at"?, "conversation"?}` each, in UTF-8; unknown fields are ignored, blank
            lines skipped. A conversation is the questions that were asked before, the first one first.
        asker: Opened.
        where: Which articles may answer.

    Yields:
        An answer as JSON values, or `{"id", "error"}`.

    Raises:
        IndexFailure: There is no index to answer from any more.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer(number, line, asker, where)


def _answer(number: int, line: bytes, asker: Asker, where: Filter) -> dict[str, Any]:
    identity: str | float | None = None
    try:
        record = read_record(number, line)
        identity = read_identity(record.get("id"))
        if not isinstance(record.get("question"), str):
            raise ValueError('"question" is missing or is not a text')
        question = read_question(record["question"], asked_at=read_asked_at(record.get("asked_at")), where=where)
        before = [replace(question, text=read_question(text).text) for text in _before(record.get("conversation"))]
    except (QuestionRefused, LineProblem) as error:
        return {"id": identity, "error": str(error)}
    except ValueError as error:
        return {"id": identity, "error": f"Line {number} cannot be read: {error}."}
    try:
        turns: tuple[Turn, ...] = ()
        for earlier in before:
            turn = turn_of(asker.ask(replace(earlier, turns=turns)))
            turns = (*turns, turn) if turn else turns
        return {**answer_to_json(asker.ask(replace(question, turns=turns))), "id": identity}
    except IndexFailure:
        raise
    except Exception:
        # Whatever one question sets off, those after it are answered.
        log.exception("Line %d could not be answered", number)
        return {"id": identity, "error": f"Line {number} could not be answered; the log says why."}


def _before(value: object) -> list[str]:
    """Return the last of the questions that were asked before, as many as are looked back over."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError('"conversation" is not a list of questions')
    return value[-MOST_TURNS:]
