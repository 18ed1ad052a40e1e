"""Many questions at once: a JSON line in, a JSON line out, in the same order."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from bot.answer_json import answer_to_json
from bot.ask import Asker, QuestionRefused, read_question
from index import Filter, IndexFailure

log = logging.getLogger(__name__)


def answer_lines(lines: Iterable[bytes], asker: Asker, where: Filter) -> Iterator[dict[str, Any]]:
    """Answer each line; one that cannot be read or answered gets an object with "error" in its place.

    Args:
        lines: `{"id"?, "question", "asked_at"?}` each, in UTF-8; unknown fields are ignored, blank lines skipped.
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
        record = json.loads(line.strip(), parse_float=_number, parse_constant=_number)
        if not isinstance(record, dict):
            raise ValueError('it is not an object such as {"id": "1", "question": "…"}')
        identity = _identity(record.get("id"))
        if not isinstance(record.get("question"), str):
            raise ValueError('"question" is missing or is not a text')
        question = read_question(record["question"], asked_at=_asked_at(record.get("asked_at")), where=where)
    except QuestionRefused as error:
        return {"id": identity, "error": str(error)}
    except UnicodeDecodeError:
        return {"id": None, "error": f"Line {number} cannot be read: it is not UTF-8."}
    except json.JSONDecodeError as error:
        return {"id": None, "error": f"Line {number} is not JSON: {error.msg} at character {error.pos + 1}."}
    except (ValueError, RecursionError) as error:
        return {"id": identity, "error": f"Line {number} cannot be read: {error}."}
    try:
        return {**answer_to_json(asker.ask(question)), "id": identity}
    except IndexFailure:
        raise
    except Exception:
        # Whatever one question sets off, those after it are answered.
        log.exception("Line %d could not be answered", number)
        return {"id": identity, "error": f"Line {number} could not be answered; the log says why."}


def _identity(value: object) -> str | float | None:
    """Return an id, which is handed back as it came."""
    if value is None or isinstance(value, str | int | float):
        return value
    raise ValueError('"id" is not a text or a number')


def _number(text: str) -> float:
    """Return a number with a fraction; Python reads and writes some that JSON does not have."""
    if math.isfinite(number := float(text)):
        return number
    raise ValueError(f"{text} is not a number that JSON can hold")


def _asked_at(value: object) -> date | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError('"asked_at" is not a text such as 2026-03-01')
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ValueError(f'"asked_at" is not a date such as 2026-03-01: {value[:40]!r}') from None
