"""What was asked, answered, rated, wished and configured: kept in a database, and never needed for an answer.

    with Ledger("sqlite:///ledger.db") as ledger:      one thread at a time
        ledger.asks.record(ask)

    ledger = AsyncLedger("sqlite:///ledger.db")        on an event loop
    await ledger.attempt(lambda it: it.asks.record(ask), None)

Importing this loads no database library; the first use of a `Ledger` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ledger.model import Ask, Cited, LedgerFailure, ask_of, new_ask_id
from bot.ledger.threaded import AsyncLedger

if TYPE_CHECKING:
    from bot.ledger.ledger import Ledger

__all__ = ["Ask", "AsyncLedger", "Cited", "Ledger", "LedgerFailure", "ask_of", "new_ask_id"]


def __getattr__(name: str) -> object:
    """Fetch `Ledger`, and the libraries it needs, when it is first asked for."""
    if name != "Ledger":
        raise AttributeError(f"module 'bot.ledger' has no attribute {name!r}")
    from bot.ledger.ledger import Ledger

    return Ledger
