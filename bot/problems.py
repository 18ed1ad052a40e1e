"""What people are told when something goes wrong: a sentence; the log has the rest."""

from __future__ import annotations

import logging

from bot.ask import Busy, QuestionRefused, TookTooLong
from bot.ledger import new_ask_id
from bot.prompts import Prompts
from bot.refusal import Refused
from bot.stages import current_ask_id
from bot.wording import duration
from index import IndexFailure

log = logging.getLogger(__name__)


class Stopping(Exception):
    """The bot stops before an answer has come."""


# What is said of those that pass by themselves.
_SAID = {Stopping: "problem.closing", Busy: "problem.busy", TookTooLong: "problem.slow"}


def explain(error: BaseException, prompts: Prompts) -> str:
    """Return the sentence that tells about an error; what cannot be helped by the asker gets an id, also in the log.

    Call it while the error is handled.
    """
    if isinstance(error, QuestionRefused):
        return prompts.text(error.text, **error.values) if error.text else str(error)
    if isinstance(error, Refused):
        wait = {} if error.seconds is None else {"wait": duration(error.seconds, prompts)}
        return prompts.text(error.text, **error.values, **wait)
    for kind, text in _SAID.items():
        if isinstance(error, kind):
            return prompts.text(text)
    # That of the ask, so that whoever runs the bot finds all that was logged of it.
    problem = current_ask_id() or new_ask_id()
    if isinstance(error, IndexFailure):
        log.error("problem %s: %s", problem, error)
        return prompts.text("problem.not_ready", id=problem)
    log.error("problem %s", problem, exc_info=error)
    return prompts.text("problem.unexpected", id=problem)
