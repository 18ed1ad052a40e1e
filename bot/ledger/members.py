"""What concerns one person: all that is kept, its deletion, and its end after a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, insert, select, update

from bot.ledger.asks import read_asks
from bot.ledger.database import Database
from bot.ledger.model import Ask, LedgerFailure
from bot.ledger.names import HASHED, Names
from bot.ledger.schema import asks, digests, opt_outs, ratings, replies, settings, turns, wishes
from bot.ledger.settings import OF_NO_SERVER
from bot.ledger.turns import forget_turns, own_turns

# Asks that are read at once, so that others get their turn between.
PAGE = 500

# Every column that names a member.
_NAMED = (*(table.c.member for table in (asks, ratings, turns, wishes, replies, opt_outs)), digests.c.by)

# Where stands which key they are hashed with: among the settings, of no server.
_KEY_NOTED = (settings.c.guild == OF_NO_SERVER, settings.c.channel == 0, settings.c.key == "hash_key")


class Members:
    """The members in a ledger."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def asks_of(self, member: int, after: str = "", limit: int = PAGE) -> list[Ask]:
        """Return some of a member's asks, by their ids: those that come after one."""
        own = select(asks.c.id).where(asks.c.member == self._names.of(member), asks.c.id > after)
        with self._database.read() as connection:
            found = read_asks(connection, asks.c.id.in_(own.order_by(asks.c.id).limit(limit)))
        return sorted(found, key=lambda ask: ask.id)

    def export(self, member: int) -> dict[str, Any]:
        """Return all that is kept of a member, as values that JSON can hold."""
        found: list[Ask] = []
        while page := self.asks_of(member, found[-1].id if found else ""):
            found += page
        return exported(self.export_rest(member), found)

    def export_rest(self, member: int) -> dict[str, Any]:
        """Return what is kept of a member beside the asks."""
        name = self._names.of(member)
        with self._database.read() as connection:
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
        return {"member": str(member), "stored_as": name, "asks": [], **found}

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
        """Hash the members that were stored before they were to be hashed.

        Raises:
            LedgerFailure: Some have been hashed with another key: nobody's entries could be found, nor deleted.
        """
        self._check_key(connection)
        if not self._names.hashing:
            return
        for column in _NAMED:
            for name in connection.scalars(select(column).distinct().where(column.not_like(f"{HASHED}%"))).all():
                if name:
                    change = update(column.table).where(column == name)
                    connection.execute(change.values({column.name: self._names.of(name)}))
        # Their places have members in them, too, and nothing is lost that would not lapse by itself.
        connection.execute(delete(turns).where(turns.c.place.not_like(f"{HASHED}%")))

    def _check_key(self, connection: Connection) -> None:
        """Note which key members are hashed with, or hold it against the one that was noted."""
        noted = noted_key(connection)
        if noted == self._names.fingerprint:
            return
        if noted is not None:
            which = "another key" if self._names.hashing else "a key that is gone"
            raise LedgerFailure(
                f"Members in the ledger are hashed with {which}: "
                "nobody's entries can be found or deleted. Put the ledger.key that belongs to it back into the home "
                "from a copy. If it is lost, begin a new ledger: move the old one away and delete it, or name another "
                "database under [ledger] url."
            )
        where = {"guild": OF_NO_SERVER, "channel": 0, "key": "hash_key"}
        connection.execute(insert(settings), {**where, "value": self._names.fingerprint})


def noted_key(connection: Connection) -> str | None:
    """Return the fingerprint of the key that members are hashed with; None if they are not, or never were."""
    return connection.scalar(select(settings.c.value).where(*_KEY_NOTED))


def _of(table: Table, by: str, name: str, *columns: str) -> Select[Any]:
    """Return the query for these columns of a member's rows."""
    return select(*(table.c[column] for column in columns)).where(table.c[by] == name)


def exported(rest: dict[str, Any], own: Iterable[Ask]) -> dict[str, Any]:
    """Return all that is kept of a member as values that JSON can hold, the oldest ask first."""
    kept = {**rest, "asks": [asdict(ask) for ask in sorted(own, key=lambda ask: (ask.at, ask.id))]}
    return {what: _plain(value) for what, value in kept.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
