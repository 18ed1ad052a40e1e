"""One database: opened and brought up to date at its first use, and again when its file has been replaced."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool

from bot.ledger.failures import translated
from bot.ledger.migrate import migrate
from bot.ledger.model import LedgerFailure
from bot.ledger.schema import HEAD, tables

log = logging.getLogger(__name__)

# Seconds that a statement waits for another program that holds the database, and that connecting may take.
BUSY = 2.0
CONNECTING = 3
# Seconds that a program waits for another one that brings the tables up to date.
MIGRATING = 30.0
# Seconds in which a database that could not be opened is not tried again.
PAUSE = 2.0

# Names of databases that are no files.
_IN_MEMORY = frozenset({"", ":memory:"})

# This lock is what programs that open the same PostgreSQL database at once wait for while one of them migrates.
_LOCK = 0x666F6F74


class Database:
    """A database by its URL; used from one thread at a time."""

    def __init__(self, url: str) -> None:
        """Take note of where it is; nothing is opened yet.

        Raises:
            LedgerFailure: The URL cannot be read, or is of a kind of database that is not known.
        """
        self._url = checked_url(url)
        self.where = self._url.render_as_string(hide_password=True)
        name = self._url.database or ""
        self._file = Path(name) if self._url.get_backend_name() == "sqlite" and _is_path(name) else None
        self._in_memory = self._url.get_backend_name() == "sqlite" and name in _IN_MEMORY
        self._engine: Engine | None = None
        self._identity: tuple[int, int] | None = None
        self._failed: tuple[float, LedgerFailure] | None = None
        self.on_open: Callable[[Connection], None] = lambda connection: None

    def open(self) -> None:
        """Open it and bring its tables up to date, unless that has been done.

        Raises:
            LedgerFailure: It cannot be opened.
        """
        if self._engine is not None and self._is_where_it_was():
            return
        if self._engine is not None:
            log.warning("The ledger %s has been replaced or removed; it is opened again.", self.where)
            self.close()
        if self._failed and time.monotonic() < self._failed[0]:
            raise self._failed[1]
        try:
            with translated(self._url):
                self._engine = self._opened()
        except LedgerFailure as error:
            self._failed = (time.monotonic() + PAUSE, error)
            raise
        self._failed = None

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection to read by.

        Raises:
            LedgerFailure: It cannot be read.
        """
        with self._begun(writes=False) as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection to write by; all of it is written, or nothing.

        Raises:
            LedgerFailure: It cannot be written.
        """
        with self._begun(writes=True) as connection:
            yield connection

    def tidy(self) -> None:
        """See to it that what was deleted is also gone from the files beside the database."""
        if self._file is None or self._engine is None:
            return
        with translated(self._url), self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Let go of it; the next use opens it again."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @contextlib.contextmanager
    def _begun(self, *, writes: bool) -> Iterator[Connection]:
        self.open()
        try:
            with translated(self._url), self._engine.execution_options(writes=writes).begin() as connection:  # type: ignore[union-attr]
                yield connection
        except LedgerFailure:
            # Whatever has happened to it: the next use looks at it afresh.
            if not self._in_memory:
                self.close()
            raise

    def _is_where_it_was(self) -> bool:
        """Tell the file from another one that has been put in its place, and from none."""
        if self._file is None:
            return True
        try:
            return self._identity == _identity(self._file.stat())
        except OSError:
            return False

    def _opened(self) -> Engine:
        if self._file is not None:
            self._identity = _identity(_touched(self._file))
        engine = engine_of(self._url, in_memory=self._in_memory)
        try:
            if self._in_memory:
                tables.create_all(engine)
            else:
                self._bring_up_to_date(engine)
            with engine.execution_options(writes=True).begin() as connection:
                self.on_open(connection)
        except BaseException:
            engine.dispose()
            raise
        return engine

    def _bring_up_to_date(self, engine: Engine) -> None:
        if revision_of(engine) == HEAD:
            return
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                driver: Any = connection.connection.driver_connection
                # A table that is made anew would take the rows with it that refer to it.
                driver.execute("PRAGMA foreign_keys=OFF")
                # Another program may be at it.
                driver.execute(f"PRAGMA busy_timeout={MIGRATING * 1000:.0f}")
            with connection.execution_options(writes=True).begin():
                if engine.dialect.name == "postgresql":
                    for setting in ("lock_timeout", "statement_timeout"):
                        connection.exec_driver_sql(f"SET LOCAL {setting} = '{MIGRATING:.0f}s'")
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                migrate(connection)
            # It is not to be used again as it is now.
            connection.invalidate()


def _is_path(name: str) -> bool:
    return name not in _IN_MEMORY and not name.startswith("file:")


def checked_url(url: str) -> URL:
    """Return a URL with the driver that is used for it.

    Raises:
        LedgerFailure: It cannot be read, or is of a kind of database that is not known.
    """
    known = "sqlite:///path/to/ledger.db or postgresql://user@host/name"
    try:
        read = make_url(url)
        kind = read.get_backend_name()
    except (ArgumentError, ValueError):
        raise LedgerFailure(f"The ledger's URL cannot be read. Write it as {known}, under [ledger] url.") from None
    if kind == "postgres":
        read, kind = read.set(drivername="postgresql"), "postgresql"
    if kind not in {"sqlite", "postgresql"}:
        raise LedgerFailure(f"The ledger's URL is of an unknown kind, {kind}. Write it as {known}, under [ledger] url.")
    return read.set(drivername="postgresql+psycopg") if kind == "postgresql" else read


def _touched(file: Path) -> os.stat_result:
    """See to it that there is a file, its owner's only, since it tells who asked what."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # SQLite gives the files beside it the same rights.
    opened = os.open(file, os.O_CREAT | os.O_RDONLY, 0o600)
    try:
        return os.fstat(opened)
    finally:
        os.close(opened)


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def engine_of(url: URL, *, in_memory: bool) -> Engine:
    """Return what connects to a database; nothing is opened yet.

    Raises:
        LedgerFailure: A library is missing.
    """
    if url.get_backend_name() == "postgresql":
        try:
            import psycopg  # noqa: F401
        except ImportError:
            raise LedgerFailure(
                "The ledger is to be in PostgreSQL, whose library is not installed. Install it: "
                'pip install "footnote[postgres]"'
            ) from None
        timeouts = f"-c statement_timeout={BUSY * 5000:.0f} -c lock_timeout={BUSY * 1000:.0f}"
        # A connection that has gone stale, as after the server's restart, is replaced before it is used.
        return create_engine(
            url,
            connect_args={"connect_timeout": CONNECTING, "options": timeouts},
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=1,
        )
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY, "check_same_thread": False},
        hide_parameters=True,
        **({"poolclass": StaticPool} if in_memory else {"pool_size": 1}),
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    # Transactions begin where we say so: Python's sqlite3 would begin none for what changes tables.
    connection.isolation_level = None
    _write_ahead(connection)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _write_ahead(connection: Any) -> None:
    """Have the file written ahead, which it stays; where another program does so just now, SQLite does not wait."""
    until = time.monotonic() + BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # Who will write waits for its turn at the beginning: in the middle it could be refused.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def revision_of(engine: Engine) -> str | None:
    """Return what the tables' last migration was; None if there are none."""
    from sqlalchemy import inspect, text

    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
