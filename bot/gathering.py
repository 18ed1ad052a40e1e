"""Gaps of a ledger, with the vectors of the index: what `/gaps` and `footnote gaps` show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.ledger import Ask, Ledger
    from index import Index


@dataclass(frozen=True, slots=True)
class Gathered:
    """What gaps are made of; see `bot.gaps.gaps_of`."""

    asks: list[Ask]
    wished: list[str]
    answered: list[tuple[str, datetime]]


def gather(ledger: Ledger, since: datetime, guild: int | None = None, *, private: bool = True) -> Gathered:
    """Read what was not answered.

    Args:
        ledger: Where it is.
        since: Asked then or later.
        guild: On that server; anywhere if None.
        private: Also what only its asker was shown an answer to.

    Raises:
        LedgerFailure: It cannot be read.
    """
    asks = [ask for ask in ledger.asks.unanswered(since, guild) if private or not ask.private]
    wished = [wish.ask.id for wish in ledger.wishes.open(guild)]
    return Gathered(asks, wished, ledger.asks.answered(since, guild))


def vectors_of(index: Index, questions: Sequence[str]) -> dict[str, Any]:
    """Return the vector of each question, of unit norm."""
    return {question: index.embedder.encode_query(question).vector for question in questions}


def pieces(questions: Sequence[str], length: int = 20) -> Iterable[Sequence[str]]:
    """Cut a list into pieces, between which others get their turn."""
    return (questions[first : first + length] for first in range(0, len(questions), length))
