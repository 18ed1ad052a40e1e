"""What concerns one person: all that is kept, its deletion, and its end after a time."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, select, update

from bot.ledger.asks import read_asks
from bot.ledger.database import Database
from bot.ledger.names import HASHED, Names
from bot.ledger.schema import asks, digests, opt_outs, ratings, replies, turns, wishes
from bot.ledger.turns import forget_turns, own_turns

# Every column that names a member.
_NAMED = (*(table.c.member for table in (asks, ratings, turns, wishes, replies, opt_outs)), digests.c.by)


class Members:
    """The members in a ledger."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def export(self, member: int) -> dict[str, Any]:
        """Return all that is kept of a member, as values that JSON can hold."""
        name = self._names.of(member)
        with self._database.read() as connection:
            own = read_asks(connection, asks.c.member == name)
            lists = {
                "ratings": _of(ratings, "member", name, "ask_id", "at", "helpful", "reason"),
                "wishes": _of(wishes, "member", name, "ask_id", "channel", "direct", "at", "told_at"),
                "opted_out": _of(opt_outs, "member", name, "at"),
                "messages": _of(replies, "member", name, "question", "at", "guild", "channel", "answer", "ask_id"),
                "digests": _of(digests, "by", name, "guild", "channel"),
            }
            found = {what: [dict(row._mapping) for row in connection.execute(chosen)] for what, chosen in lists.items()}
            found["conversations"] = [
                {column: row[column] for column in ("at", "guild", "turns")} for row in own_turns(connection, name)
            ]
        kept = {"member": str(member), "stored_as": name, "asks": [asdict(ask) for ask in own], **found}
        return {what: _plain(value) for what, value in kept.items()}

    def forget(self, member: int) -> int:
        """Delete all that is kept of a member, and return how many entries that were.

        A digest that the member subscribed a channel to stays, without the member's name.
        """
        name = self._names.of(member)
        with self._database.write() as connection:
            # What was cited, rated and wished goes with the asks.
            count = sum(
                connection.execute(delete(table).where(table.c.member == name)).rowcount
                for table in (wishes, ratings, turns, replies, opt_outs, asks)
            )
            count += forget_turns(connection, name)
            count += connection.execute(update(digests).where(digests.c.by == name).values(by="")).rowcount
        self._database.tidy()
        return count

    def expire(self, before: datetime) -> int:
        """Delete what was asked, rated, wished and talked about before a moment, and return how many entries."""
        with self._database.write() as connection:
            count = sum(
                connection.execute(delete(table).where(table.c.at < before)).rowcount
                for table in (wishes, ratings, turns, replies, asks)
            )
        if count:
            self._database.tidy()
        return count

    def hash_all(self, connection: Connection) -> None:
        """Hash the members that were stored before they were to be hashed."""
        if not self._names.hashing:
            return
        for column in _NAMED:
            for name in connection.scalars(select(column).distinct().where(column.not_like(f"{HASHED}%"))).all():
                if name:
                    change = update(column.table).where(column == name)
                    connection.execute(change.values({column.name: self._names.of(name)}))
        # Their places have members in them, too, and nothing is lost that would not lapse by itself.
        connection.execute(delete(turns).where(turns.c.place.not_like(f"{HASHED}%")))


def _of(table: Table, by: str, name: str, *columns: str) -> Select[Any]:
    """Return the query for these columns of a member's rows."""
    return select(*(table.c[column] for column in columns)).where(table.c[by] == name)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
