"""Articles in a database: the rows of a query."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field, SecretStr

from index.errors import ArticleProblem, SourceFailure
from index.formats.fields import is_withdrawn, make_article, read_string, stated_id
from index.formats.found import WITHDRAWN, Unreadable, printable, shown, unforeseen
from index.sources.links import now
from index.sources.options import LocalOptions
from index.sources.protocol import Origin, Read, Reading, Remark, Unchanged, Visit

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

_FIELDS = ("id", "title", "url", "published", "source", "authors", "text")
_NEEDED = ("title", "text")
_AT_A_TIME = 200  # rows that are fetched and read on a thread
_MOST_ROWS = 1_000_000

# Seconds that a database is given to end a query by itself before it is no longer waited for.
_LENIENCE = 30.0

# The operator writes the query; this catches a mistake, and the connection is read-only beside it.
_READS = re.compile(r"\s*(?:--[^\n]*\n\s*)*(select|with|values|table)\b", re.IGNORECASE)


class SqlOptions(LocalOptions):
    """Options of an `sql` source."""

    url: SecretStr = Field(description="The database, as SQLAlchemy writes it: postgresql+psycopg://user@host/name.")
    query: str = Field(min_length=1, description="A SELECT whose columns are called as the fields of JSON Lines.")
    timeout: float = Field(60.0, gt=0, le=3_600, description="Seconds that the query may take.")


class SqlQuery:
    """The rows of a query, an article each: `title`, `text`, and `id`, `url`, `published`, `source`, `authors`."""

    Options = SqlOptions

    def __init__(self, options: SqlOptions) -> None:
        self._options = options
        self.complete = True

    @property
    def where(self) -> str:
        """The database, without user, password and parameters."""
        try:
            url = _url(self._options)
        except SourceFailure:
            return "a database"
        host = f"{url.host or ''}{f':{url.port}' if url.port else ''}"
        return printable(f"{url.get_backend_name()}://{host}/{url.database or ''}")

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read the rows of the query.

        Raises:
            SourceFailure: The database cannot be asked, or the query is none that gives articles.
        """
        if not _READS.match(self._options.query):
            raise SourceFailure(f"The query of {self.where} does not read.", "Write one that begins with SELECT.")
        self.complete = True
        rows = self._rows()
        number = nameless = 0
        missing = dict(visit.known)
        # A connection stays on the thread that opened it.
        thread = ThreadPoolExecutor(1, "footnote-sql")
        ask = asyncio.get_running_loop().run_in_executor
        try:
            while some := await asyncio.wait_for(ask(thread, _some, rows), self._options.timeout + _LENIENCE):
                for row in some:
                    number += 1
                    if number > _MOST_ROWS:
                        self.complete = False
                        yield Remark(self.where, f"gives more than {_MOST_ROWS:,} rows: the first are read. Narrow it.")
                        return
                    reading, key = self._reading(row, number)
                    nameless += key is None
                    missing.pop(key or "", None)
                    yield reading
            if nameless:
                # Which article each of them was, nobody knows.
                said = f"gives rows that cannot be read and do not say which they are ({nameless})."
                yield Remark(self.where, f"{said} Mend them, or give an id or url.")
                for key, origin in missing.items():
                    yield Unchanged(key, origin.without_version(), self.where)
        except TimeoutError:
            raise SourceFailure(
                f"{self.where} gave nothing for {self._options.timeout:g} seconds and more.",
                "Check that it can be reached, or raise the source's timeout.",
            ) from None
        finally:
            thread.submit(rows.close)
            thread.shutdown(wait=False)

    def _reading(self, row: Mapping[str, Any], number: int) -> tuple[Reading, str | None]:
        """Return what a row is, and the key of its article where it says which it is."""
        given = row.get("id") not in (None, "")
        key = str(row["id"]) if given else None
        where = f"{self.where} " + (f"id {printable(key)}" if key else f"row {number}")
        try:
            fields = {name: _plain(row.get(name)) for name in _FIELDS}
            key = key or stated_id(fields) or None
            if given and is_withdrawn({"id": key, "text": fields["text"]}):
                return ArticleProblem(where, WITHDRAWN), key
            article = make_article(fields, read_string("text", fields["text"]))
        except Unreadable as unreadable:
            return ArticleProblem(where, unreadable.reason, key), key
        except Exception as error:
            return ArticleProblem(where, unforeseen(error, where), key), key
        digest = hashlib.blake2b(json.dumps(fields, default=str).encode("utf-8", "replace"), digest_size=16).hexdigest()
        key = key or article.id
        return Read(article, where, given, Origin(key, digest, fetched_at=now())), key

    def _rows(self) -> Generator[Mapping[str, Any]]:
        """Yield the rows, one after the other, from one connection that only reads."""
        import sqlalchemy
        from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

        options = self._options
        url = _url(options)
        try:
            engine = sqlalchemy.create_engine(_reading_only(url), poolclass=sqlalchemy.NullPool, hide_parameters=True)
        except (ImportError, NoSuchModuleError, SQLAlchemyError) as error:
            raise SourceFailure(
                f"{self.where} cannot be asked: its driver is not installed, or its address is not understood.",
                f"Install the Python package for {shown(url.drivername)}, or correct the address.",
            ) from error
        try:
            with engine.connect() as connection:
                _hold(connection, url.get_backend_name(), options.timeout)
                result = connection.execution_options(stream_results=True, max_row_buffer=_AT_A_TIME).execute(
                    sqlalchemy.text(options.query.replace(":", "\\:"))
                )
                names = [name.lower() for name in list(result.keys())]
                if missing := [name for name in _NEEDED if name not in names]:
                    raise SourceFailure(
                        f"The query of {self.where} gives no column {' or '.join(missing)}.",
                        "Name its columns by AS: SELECT headline AS title, body AS text ….",
                    )
                for row in result:
                    yield dict(zip(names, row, strict=True))
        except SQLAlchemyError as error:
            raise SourceFailure(
                f"{self.where} cannot be asked ({self._reason(error)}).",
                "Check that it runs, the query, and the permissions of its user.",
            ) from error
        finally:
            engine.dispose()

    def _reason(self, error: Exception) -> str:
        """Return what the database said, in a line, without what is secret of its address."""
        said = " ".join(str(getattr(error, "orig", None) or error).split())[:300]
        url = _url(self._options)
        secret = [self._options.url.get_secret_value(), str(url.password or ""), *map(str, url.query.values())]
        for each in sorted(filter(None, secret), key=len, reverse=True):
            said = said.replace(each, "********")
        return printable(said)


def _some(rows: Iterator[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for _, row in zip(range(_AT_A_TIME), rows, strict=False)]


def _url(options: SqlOptions) -> URL:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(options.url.get_secret_value())
    except (ArgumentError, ValueError) as error:
        raise SourceFailure(
            "The url of an sql source is none that SQLAlchemy understands.",
            "Write it like postgresql+psycopg://user:password@host/name or sqlite:////srv/news.db.",
        ) from error


def _reading_only(url: URL) -> URL:
    """Return the address at which SQLite neither makes a file nor writes to one."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return url
    from urllib.parse import quote

    path = url.database if url.database.startswith("file:") else f"file:{quote(url.database)}"
    return url.set(database=path).update_query_dict({"mode": "ro", "uri": "true"})


def _hold(connection: Connection, backend: str, seconds: float) -> None:
    """Hold a connection to reading, and to so many seconds, as far as its database knows how to."""
    import sqlalchemy

    milliseconds = int(seconds * 1_000)
    said = {
        "sqlite": ["PRAGMA query_only = ON", "PRAGMA trusted_schema = OFF"],
        "postgresql": ["SET TRANSACTION READ ONLY", f"SET LOCAL statement_timeout = {milliseconds}"],
        "mysql": [f"SET SESSION max_execution_time = {milliseconds}", "SET SESSION TRANSACTION READ ONLY"],
        "mariadb": [f"SET SESSION max_statement_time = {seconds}", "SET SESSION TRANSACTION READ ONLY"],
    }
    for sentence in said.get(backend, []):
        connection.execute(sqlalchemy.text(sentence))
    if backend == "sqlite":
        end = time.monotonic() + seconds
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.set_progress_handler(lambda: time.monotonic() > end, 10_000)


def _plain(value: object) -> object:
    """Return a column's value as the fields of articles have it."""
    if isinstance(value, memoryview | bytearray):
        value = bytes(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "strict")
    if value is None or isinstance(value, str | int | date | list):
        return value
    return str(value)
