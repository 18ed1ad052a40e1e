"""Where a configured ledger is, and the key that its members are hashed with."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING

from bot.ledger.model import LedgerFailure

if TYPE_CHECKING:
    from bot.settings import Settings

FILE = "ledger.db"
KEY_FILE = "ledger.key"
_KEY_BYTES = 32


def url_of(settings: Settings) -> str:
    """Return the ledger's URL; it may hold a password."""
    return settings.ledger.url.get_secret_value() or f"sqlite:///{settings.home.absolute() / FILE}"


def hash_key(settings: Settings, *, make: bool = True) -> bytes | None:
    """Return the key that members are hashed with; None if they are not.

    Once there is a key, members stay hashed: with some stored either way, what is kept of somebody could not be found.

    Args:
        settings: What is configured.
        make: Make one if there is none and there is to be one.

    Raises:
        LedgerFailure: The key cannot be read or made.
    """
    file = settings.home / KEY_FILE
    try:
        if make and settings.ledger.hash_members:
            file.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                with os.fdopen(made, "wb") as opened:
                    opened.write(secrets.token_hex(_KEY_BYTES).encode())
        key = file.read_bytes().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LedgerFailure(
            f"The key {file}, which members are hashed with, cannot be used: {error.strerror}."
        ) from None
    if len(key) < _KEY_BYTES:
        raise LedgerFailure(
            f"The key {file}, which members are hashed with, is too short. Restore it from a copy; without it nobody "
            "can be told whose the entries in the ledger are."
        )
    return key[:64]
