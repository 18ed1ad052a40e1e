"""A file of questions with known answers -> `Gold`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.ask import QuestionRefused, read_question
from bot.evaluation.model import BadLine, Gold
from bot.evaluation.observe import normalise
from bot.lines import LineProblem, read_asked_at, read_identity, read_record


def read_questions(lines: Iterable[bytes]) -> tuple[list[Gold], list[BadLine]]:
    """Read JSON Lines of questions; what cannot be read is told with its line and skipped.

    Args:
        lines: `{"id"?, "question", "asked_at"?, "answers", "answerable"?, "group"?, "evidence"?: [{"article_id"}]}`
            each, in UTF-8; unknown fields are ignored, blank lines skipped.
    """
    golds: list[Gold] = []
    bad: list[BadLine] = []
    line_of: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            gold = _gold(number, read_record(number, line))
            if gold.id in line_of:
                raise ValueError(f"its id {gold.id[:40]!r} is that of line {line_of[gold.id]}, too")
        except LineProblem as error:
            bad.append(BadLine(number, str(error)))
        except QuestionRefused as error:
            bad.append(BadLine(number, f"Line {number} cannot be asked: {error}"))
        except ValueError as error:
            bad.append(BadLine(number, f"Line {number} cannot be read: {error}."))
        else:
            line_of[gold.id] = number
            golds.append(gold)
    return golds, bad


def _gold(number: int, record: dict[str, Any]) -> Gold:
    identity = read_identity(record.get("id"))
    text = record.get("question")
    if not isinstance(text, str):
        raise ValueError('"question" is missing or is not a text')
    asked_at = read_asked_at(record.get("asked_at"))
    answers = _answers(record.get("answers"))
    answerable = record.get("answerable", bool(answers))
    if not isinstance(answerable, bool):
        raise ValueError('"answerable" is neither true nor false')
    if answerable and not answers:
        raise ValueError('"answers" is empty, though the question is said to be answerable')
    group = record.get("group") or ("answerable" if answerable else "unanswerable")
    if not isinstance(group, str):
        raise ValueError('"group" is not a text')
    return Gold(
        id=f"line {number}" if identity is None else str(identity),
        question=read_question(text).text,
        asked_at=asked_at,
        answers=answers,
        answerable=answerable,
        group=group,
        evidence=_evidence(record.get("evidence")),
        draft=record.get("draft") is True,
    )


def _answers(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(answer, str) for answer in value):
        raise ValueError('"answers" is not a list of texts')
    for answer in value:
        if not normalise(answer):
            raise ValueError(f'"answers" has one without a letter or digit: {answer[:40]!r}')
    return tuple(value)


def _evidence(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(
        isinstance(item, dict) and isinstance(item.get("article_id"), str) for item in value
    ):
        raise ValueError('"evidence" is not a list of objects such as {"article_id": "…"}')
    return tuple(dict.fromkeys(item["article_id"] for item in value))
