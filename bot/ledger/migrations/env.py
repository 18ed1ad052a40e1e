"""Read by Alembic: which database it works on, and how."""

from __future__ import annotations

from alembic import context

from bot.ledger.schema import tables


def _run() -> None:
    # SQLite cannot change a column, so the whole table is made anew.
    context.configure(connection=context.config.attributes["connection"], target_metadata=tables, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


_run()
