"""What the commands that look into the ledger share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from bot.start import fail, refuse

if TYPE_CHECKING:
    from bot.ledger import Ledger
    from bot.settings import Settings

# Of a Discord id, in its decimal writing.
_LARGEST_ID = 2**63 - 1

_Result = TypeVar("_Result")


def with_ledger(settings: Settings, call: Callable[[Ledger], _Result]) -> _Result:
    """Return what a call on the configured ledger returns, or say why the ledger cannot be used and exit."""
    from bot.ledger import Ledger, LedgerFailure
    from bot.ledger.place import hash_key, url_of

    try:
        with Ledger(url_of(settings), hash_key=hash_key(settings)) as ledger:
            return call(ledger)
    except LedgerFailure as error:
        fail(str(error))


def discord_id(text: str) -> int:
    """Return the id that somebody typed, or say what is wrong with it and exit."""
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:30]) <= _LARGEST_ID:
        refuse(
            f"{text[:40]!r} is not a Discord id. In Discord, turn on developer mode; then the menu of a member, "
            "a server or a channel has Copy ID."
        )
    return int(text)
