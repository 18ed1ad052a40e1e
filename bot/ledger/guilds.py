"""What concerns one server: which the bot is on, and the deletion of all that is kept of one that it is not on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select

from bot.ledger.database import Database
from bot.ledger.schema import asks, digests, guilds, replies, settings, turns


class Guilds:
    """The servers in a ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def joined(self, guild: int) -> bool:
        """Note that the bot is on a server; False if that is known already."""
        with self._database.write() as connection:
            if connection.scalar(select(guilds.c.guild).where(guilds.c.guild == guild)) is not None:
                return False
            connection.execute(insert(guilds), {"guild": guild, "at": datetime.now(UTC)})
            return True

    def left(self, present: Collection[int]) -> list[int]:
        """Return the servers that the bot was on, of those noted, and is not on any more.

        Args:
            present: Those that it is on.
        """
        with self._database.read() as connection:
            return sorted(set(connection.scalars(select(guilds.c.guild))) - set(present))

    def forget(self, guild: int) -> int:
        """Delete all that is kept of a server, and return how many asks that were."""
        with self._database.write() as connection:
            count = forget_guild(connection, guild)
        self._database.tidy()
        return count


def forget_guild(connection: Connection, guild: int) -> int:
    """Delete all that is kept of a server."""
    # What was cited, rated and wished goes with the asks.
    count = connection.execute(delete(asks).where(asks.c.guild == guild)).rowcount
    for table in (turns, replies, settings, digests, guilds):
        connection.execute(delete(table).where(table.c.guild == guild))
    return count
