"""Many questions at once: a JSON line in, a JSON line out, in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.answer_json import answer_to_json
from bot.ask import Asker, QuestionRefused, read_question
from index import Filter


def answer_lines(lines: Iterable[str], asker: Asker, where: Filter) -> Iterator[dict[str, Any]]:
    """Answer each line; one that cannot be read or answered gets an object with "error" in its place.

    Args:
        lines: `{"id"?, "question", "asked_at"?}` each; unknown fields are ignored, blank lines skipped.
        asker: Opened.
        where: Which articles may answer.

    Yields:
        An answer as JSON values, or `{"id", "error"}`.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer(number, line, asker, where)


def _answer(number: int, line: str, asker: Asker, where: Filter) -> dict[str, Any]:
    identity: Any = None
    try:
        record = json.loads(line)
        if not isinstance(record, dict):
            raise ValueError('it is not an object such as {"id": "1", "question": "…"}')
        identity = record.get("id")
        if not isinstance(record.get("question"), str):
            raise ValueError('"question" is missing or is not a text')
        question = read_question(record["question"], asked_at=_asked_at(record.get("asked_at")), where=where)
        answer = asker.ask(question)
        return answer_to_json(replace(answer, question=replace(question, id=identity)))
    except QuestionRefused as error:
        return {"id": identity, "error": str(error)}
    except (ValueError, RecursionError) as error:
        return {"id": identity, "error": f"Line {number} cannot be read: {error}."}


def _asked_at(value: object) -> date | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError('"asked_at" is not a text such as 2026-03-01')
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ValueError(f'"asked_at" is not a date such as 2026-03-01: {value[:40]!r}') from None
