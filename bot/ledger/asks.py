"""Questions and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from bot.ledger.database import Database
from bot.ledger.model import Ask, Cited
from bot.ledger.names import Names
from bot.ledger.schema import asks, cited, wishes
from index.model import Filter

_CITED = tuple(Cited.__slots__)


class Asks:
    """The asks in a ledger."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def record(self, ask: Ask) -> None:
        """Keep an ask with its citations; one that is kept already is replaced."""
        row = {name: getattr(ask, name) for name in Ask.__slots__ if name not in {"citations", "filter", "member"}}
        where = ask.filter
        row |= {"since": where.since, "until": where.until, "sources": list(where.sources)}
        with self._database.write() as connection:
            connection.execute(delete(asks).where(asks.c.id == ask.id))
            connection.execute(insert(asks), {**row, "member": self._names.of(ask.member)})
            rows = [{"ask_id": ask.id, **{name: getattr(one, name) for name in _CITED}} for one in ask.citations]
            if rows:
                connection.execute(insert(cited), rows)

    def shown(self, ask_id: str, message: int) -> None:
        """Note which message shows an answer."""
        with self._database.write() as connection:
            connection.execute(update(asks).where(asks.c.id == ask_id).values(message=message))

    def share(self, ask_id: str, message: int) -> bool:
        """Make a private answer public; False if it has been before, or is not known.

        Args:
            ask_id: The ask's.
            message: The one that shows it to everybody.
        """
        with self._database.write() as connection:
            private = (asks.c.id == ask_id, asks.c.private.is_(True))
            return connection.execute(update(asks).where(*private).values(private=False, message=message)).rowcount > 0

    def get(self, ask_id: str) -> Ask | None:
        """Return an ask; None if it is not known, or has been deleted."""
        with self._database.read() as connection:
            return _first(read_asks(connection, asks.c.id == ask_id))

    def of_message(self, message: int) -> Ask | None:
        """Return the ask whose answer a message shows: of a question that was edited and asked again, the last."""
        return next(reversed(self.all_of_message(message)), None)

    def all_of_message(self, message: int) -> list[Ask]:
        """Return every ask whose answer a message has shown, the oldest first."""
        with self._database.read() as connection:
            return read_asks(connection, asks.c.message == message)

    def recent(self, member: int, guild: int | None, limit: int) -> list[str]:
        """Return a member's last questions on a server, or in direct messages, the newest first; each once."""
        there = asks.c.guild.is_(None) if guild is None else asks.c.guild == guild
        chosen = (
            select(asks.c.question)
            .where(asks.c.member == self._names.of(member), there, asks.c.question != "")
            .order_by(asks.c.at.desc())
            .limit(limit * 4)
        )
        with self._database.read() as connection:
            return list(dict.fromkeys(connection.scalars(chosen)))[:limit]

    def unanswered(self, since: datetime | None = None, guild: int | None = None) -> list[Ask]:
        """Return what was asked and not answered, the oldest first: without any quote, or with uncertain ones.

        Args:
            since: Asked then or later.
            guild: On that server; anywhere if None.
        """
        conditions: list[ColumnElement[bool]] = [asks.c.status.in_(["nothing", "related"]), asks.c.question != ""]
        if since is not None:
            conditions.append(asks.c.at >= since)
        if guild is not None:
            conditions.append(asks.c.guild == guild)
        with self._database.read() as connection:
            return read_asks(connection, *conditions)

    def answered(self, since: datetime | None = None, guild: int | None = None) -> list[tuple[str, datetime]]:
        """Return which questions were answered, as they were understood, and when.

        Args:
            since: Asked then or later.
            guild: On that server; anywhere if None.
        """
        conditions = [asks.c.status == "answered"]
        # What somebody wished to know was answered when they were told, wherever that was.
        told = select(asks.c.question, asks.c.understood, wishes.c.told_at.label("at")).join(wishes)
        there: list[ColumnElement[bool]] = [wishes.c.told_at.is_not(None)]
        if since is not None:
            there.append(wishes.c.told_at >= since)
        if guild is not None:
            there.append(asks.c.guild == guild)
        if since is not None:
            conditions.append(asks.c.at >= since)
        if guild is not None:
            conditions.append(asks.c.guild == guild)
        with self._database.read() as connection:
            chosen = select(asks.c.question, asks.c.understood, asks.c.at).where(*conditions)
            rows = [*connection.execute(chosen), *connection.execute(told.where(*there))]
        return [(row.understood or row.question, row.at) for row in rows]

    def forget(self, ask_id: str) -> None:
        """Delete an ask with all that belongs to it."""
        with self._database.write() as connection:
            connection.execute(delete(asks).where(asks.c.id == ask_id))
        self._database.tidy()

    def is_by(self, ask: Ask, member: int) -> bool:
        """Return whether it was this member who asked."""
        return self._names.of(ask.member) == self._names.of(member)


def read_asks(connection: Connection, *conditions: Any) -> list[Ask]:
    """Return the asks that meet all conditions, the oldest first."""
    chosen = select(asks).where(*conditions).order_by(asks.c.at, asks.c.id)
    quotes: dict[str, list[Cited]] = {}
    of_these = select(cited).join(asks).where(*conditions).order_by(cited.c.ask_id, cited.c.n)
    for row in connection.execute(of_these):
        values = row._mapping
        quotes.setdefault(values["ask_id"], []).append(Cited(**{name: values[name] for name in _CITED}))
    return [_ask(row, quotes) for row in connection.execute(chosen)]


def _ask(row: Row[Any], quotes: dict[str, list[Cited]]) -> Ask:
    values = dict(row._mapping)
    where = Filter(values.pop("since"), values.pop("until"), tuple(values.pop("sources")))
    return Ask(**values, filter=where, citations=tuple(quotes.get(values["id"], ())))


def _first(found: Sequence[Ask]) -> Ask | None:
    return found[0] if found else None
