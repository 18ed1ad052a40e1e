"""A line of a file of questions, read as carefully wherever such a file is read."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from typing import Any


class LineProblem(ValueError):
    """A line that cannot be read; the message is a sentence that names it."""


def read_record(number: int, line: bytes) -> dict[str, Any]:
    """Return the JSON object on a line.

    Args:
        number: The line's, from 1, for the message.
        line: In UTF-8; a byte order mark in front is ignored.

    Raises:
        LineProblem: It holds none.
    """
    try:
        record = json.loads(line.strip(), parse_float=_number, parse_constant=_number)
    except UnicodeDecodeError:
        raise LineProblem(f"Line {number} cannot be read: it is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise LineProblem(f"Line {number} is not JSON: {error.msg} at character {error.pos + 1}.") from None
    except (ValueError, RecursionError) as error:
        raise LineProblem(f"Line {number} cannot be read: {error}.") from None
    if not isinstance(record, dict):
        example = '{"id": "1", "question": "…"}'
        raise LineProblem(f"Line {number} cannot be read: it is not an object such as {example}.")
    return record


def read_identity(value: object) -> str | float | None:
    """Return a question's id, which is handed back as it came.

    Raises:
        ValueError: It is neither a text nor a number.
    """
    if value is None or isinstance(value, str | int | float):
        return value
    raise ValueError('"id" is not a text or a number')


def read_asked_at(value: object) -> date | None:
    """Return the day a question was asked.

    Raises:
        ValueError: It is no date.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError('"asked_at" is not a text such as 2026-03-01')
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ValueError(f'"asked_at" is not a date such as 2026-03-01: {value[:40]!r}') from None


def _number(text: str) -> float:
    """Return a number with a fraction; Python reads and writes some that JSON does not have."""
    if math.isfinite(number := float(text)):
        return number
    raise ValueError(f"{text} is not a number that JSON can hold")
