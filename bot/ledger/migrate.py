"""Brings the tables of a database to a revision, by the scripts that come with Footnote."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection

from bot.ledger.model import LedgerFailure

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision, within the transaction that is under way.

    Args:
        connection: To the database.
        revision: A revision's name, "head" for the newest, "base" for none.

    Raises:
        LedgerFailure: The tables are of a newer Footnote.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    # It tells of every step; an operator wants to hear of trouble.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    newest_first = revisions()
    try:
        current = _current(connection)
        newer = newest_first[: newest_first.index(revision)] if revision in newest_first else []
        back = revision == "base" or current in newer
        (command.downgrade if back else command.upgrade)(config, revision)
    except CommandError as error:
        raise LedgerFailure(
            f"The ledger's tables cannot be brought up to date: {error} If a newer Footnote has written them, "
            "use that one, or name another database under [ledger] url."
        ) from None


def revisions() -> list[str]:
    """Return every revision that there is, newest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()]


def _current(connection: Connection) -> str | None:
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()
