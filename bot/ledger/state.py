"""How a ledger is, looked at without making it or changing anything in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ledger.settings import Stored


@dataclass(frozen=True, slots=True)
class State:
    """What was seen of a ledger.

    Attributes:
        where: Its URL without its password.
        revision: That of its tables; None if there are none yet.
        newest: The revision that this Footnote brings them to.
        known: This Footnote knows the revision.
        key: Fingerprint of the key that members are hashed with (see `Names`); None if they are not.
        settings: What servers have set; nothing of it where the tables are not of the newest revision.
    """

    where: str
    revision: str | None
    newest: str
    known: bool
    key: str | None = None
    settings: Stored = field(default_factory=dict)


def ledger_state(url: str) -> State:
    """Look at a ledger.

    Raises:
        LedgerFailure: Its URL cannot be read, or its database cannot be reached.
    """
    from bot.ledger.database import checked_url, engine_of, revision_of
    from bot.ledger.failures import translated
    from bot.ledger.members import noted_key
    from bot.ledger.migrate import revisions
    from bot.ledger.schema import HEAD
    from bot.ledger.settings import read_settings

    read = checked_url(url)
    where = read.render_as_string(hide_password=True)
    if read.get_backend_name() == "sqlite" and not Path(read.database or "").is_file():
        return State(where, None, HEAD, known=True)
    with translated(read):
        engine = engine_of(read, in_memory=False)
        try:
            revision = revision_of(engine)
            if revision == HEAD:
                with engine.connect() as connection:
                    key, settings = noted_key(connection), read_settings(connection)
                return State(where, revision, HEAD, known=True, key=key, settings=settings)
        finally:
            engine.dispose()
    return State(where, revision, HEAD, known=revision is None or revision in revisions())
