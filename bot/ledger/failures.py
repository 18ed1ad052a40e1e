"""What goes wrong in a database -> a sentence that says what to do about it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.ledger.model import LedgerFailure

# What SQLite says, and what is to be done.
_SAID = {
    r"locked|busy": "is held by another program. End that program, or wait for it.",
    r"readonly|read-only": "may not be written. Give the user who runs Footnote the right to write it and its folder.",
    r"malformed|not a database|corrupt": "is damaged. Move it away, and a new one is begun; or restore a copy of it.",
    r"unable to open|permission|no such file|directory": "cannot be opened. Look at its folder and its rights.",
    r"full": "cannot be written, since the disk is full. Make room.",
}


def explain(error: BaseException, url: URL) -> str:
    """Return a sentence about what happened; nothing of what was to be stored is in it, and no password."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = " ".join(str(cause).split())
    if url.password:
        said = said.replace(str(url.password), "***")
    where = f"The ledger {url.render_as_string(hide_password=True)}"
    if isinstance(error, OverflowError):
        return f"{where} cannot hold a number that was given to it."
    if url.get_backend_name() == "sqlite":
        for pattern, advice in _SAID.items():
            if re.search(pattern, said, re.I):
                return f"{where} {advice}"
    return f"{where} cannot be used: {said[:300].rstrip(' .?!')}. Look at that database, and at [ledger] url."


@contextlib.contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn what the database and its libraries raise into a `LedgerFailure`."""
    try:
        yield
    except (SQLAlchemyError, OSError, OverflowError) as error:
        raise LedgerFailure(explain(error, url)) from None
