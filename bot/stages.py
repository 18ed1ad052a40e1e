"""The ask that runs: its id, and the stages it goes through, of which whoever watches is told.

Both belong to the task that runs, and to what it starts on other threads, so that nothing between a question's arrival
and its answer has to hand them on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Protocol

# Every stage there is: all that somebody's message or press leads to; of it, the answer and the showing of it; of the
# answer, waiting for the index, looking for passages, choosing quotes, and wording by a language model.
STAGES = ("handle", "ask", "queue", "retrieve", "answer", "generate", "send")


class Watcher(Protocol):
    """Is told of stages: metrics and traces."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Watch a stage while it runs."""
        ...

    def took(self, name: str, seconds: float) -> None:
        """Take note of a stage that has just ended."""
        ...


_ask_id: ContextVar[str] = ContextVar("ask_id", default="")
_watchers: ContextVar[Sequence[Watcher]] = ContextVar("watchers", default=())


@contextlib.contextmanager
def asking(ask_id: str, watchers: Sequence[Watcher] = ()) -> Iterator[None]:
    """Let everything that happens within be part of one ask.

    Args:
        ask_id: Its id (see `bot.ledger.new_ask_id`), which stands in the log, in the ledger,
            and in what the asker is told when something goes wrong.
        watchers: Who is told of its stages.
    """
    named, watched = _ask_id.set(ask_id), _watchers.set(watchers)
    try:
        yield
    finally:
        _ask_id.reset(named)
        _watchers.reset(watched)


def current_ask_id() -> str:
    """Return the id of the ask that runs; empty where none does."""
    return _ask_id.get()


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Let what happens within be a stage, one of `STAGES`."""
    with contextlib.ExitStack() as stack:
        for watcher in _watchers.get():
            stack.enter_context(watcher.stage(name))
        yield


def took(name: str, seconds: float) -> None:
    """Tell of a stage that began `seconds` ago, somewhere else, and has just ended."""
    for watcher in _watchers.get():
        watcher.took(name, seconds)
