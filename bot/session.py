"""A conversation on a terminal: questions in, answers out, each understood from those before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.ask import QuestionRefused, read_question
from bot.conversation import MOST_TURNS, Turn, turn_of
from bot.model import Answer, Question


def converse(
    ask: Callable[[Question], Answer],
    *,
    read: Callable[[], str],
    show: Callable[[Answer], None],
    refuse: Callable[[str], None],
) -> None:
    """Answer one question after another, until an empty line or the end of what there is to read.

    Args:
        ask: Answers a question.
        read: Gives the next line; raises EOFError where there is none.
        show: Prints an answer.
        refuse: Prints why a question cannot be asked.

    Raises:
        IndexFailure: There is no index to answer from any more.
    """
    turns: tuple[Turn, ...] = ()
    while line := _next(read):
        try:
            question = replace(read_question(line), turns=turns)
        except QuestionRefused as error:
            refuse(str(error))
            continue
        answer = ask(question)
        show(answer)
        turn = turn_of(answer)
        turns = (*turns, turn)[-MOST_TURNS:] if turn else turns


def _next(read: Callable[[], str]) -> str:
    try:
        return read().strip()
    except (EOFError, KeyboardInterrupt):
        return ""
