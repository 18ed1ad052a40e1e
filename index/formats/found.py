"""What a reader finds: an article and its place, or why there is none."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from index.errors import ArticleProblem
from index.model import Article

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """An article with the place it was read from.

    Attributes:
        where: The file, with the line where it holds many.
        id_given: The source names the article so; otherwise the id is derived.
        key: What it is called where it was found: its file's `SourceFile.key`, with a part where that holds many.
    """

    article: Article
    where: str
    id_given: bool
    key: str


@dataclass(frozen=True, slots=True)
class Withdrawn(ArticleProblem):
    """An article of which nothing is left but its id: what was read of it before does not stay."""


WITHDRAWN = "has no text, so that the article counts as withdrawn. If it is not, add its text."


class Unreadable(Exception):
    """An article cannot be used. Becomes an `ArticleProblem` where the place is known.

    Attributes:
        reason: A sentence that says what is wrong and what to do.
        line: The line of the file it is about, from 1; None where it is about the whole file.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def unforeseen(error: Exception, where: str) -> str:
    """Return the reason that an article gets which a reader did not foresee; the traceback goes to the debug log.

    The formats' libraries meet such articles, and one of them must not end the reading of the rest.
    """
    _log.debug("%s cannot be read", where, exc_info=error)
    return f"cannot be read ({type(error).__name__} in the reader of its format). Simplify or convert it."


def shown(value: str, limit: int = 80) -> str:
    """Return foreign text as it can stand in a message: one line, quoted, nothing that a terminal obeys.

    Args:
        value: Anything a file may hold.
        limit: The most characters of it to show.
    """
    short = value if len(value) <= limit else value[: limit - 1] + "…"
    return f'"{printable(short)}"'


def printable(value: str) -> str:
    r"""Return `value` with everything that does not print written as an escape (`\x1b`, `\u202e`, `\udc80`)."""
    if value.isprintable():
        return value
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in value)
