"""What concerns one server: which the bot is on, and the deletion of all that is kept of one that it is not on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.ledger.database import Database
from bot.ledger.schema import asks, digests, guilds, replies, settings, turns, wishes


class Guilds:
    """The servers in a ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def joined(self, guild: int, application: int) -> bool:
        """Note that the bot is on a server; False if that is known already.

        Args:
            guild: The server.
            application: As which application the bot runs; the last one that was there is noted.
        """
        with self._database.write() as connection:
            noted = update(guilds).where(guilds.c.guild == guild).values(application=application)
            if connection.execute(noted).rowcount:
                return False
            row = {"guild": guild, "at": datetime.now(UTC), "application": application}
            connection.execute(insert(guilds), row)
            return True

    def left(self, present: Collection[int], application: int) -> list[int]:
        """Return the servers that the bot was on, of those noted, and is not on any more.

        Args:
            present: Those that it is on. If it is on none, none is returned: it may run on a Discord of tests.
            application: As which application the bot runs: where another one was says nothing about it.
        """
        if not present:
            return []
        with self._database.read() as connection:
            noted = connection.scalars(select(guilds.c.guild).where(guilds.c.application == application))
            return sorted(set(noted) - set(present))

    def forget(self, guild: int) -> int:
        """Delete all that is kept of a server, and return how many asks that were."""
        with self._database.write() as connection:
            count = forget_guild(connection, guild)
        self._database.tidy()
        return count


def forget_guild(connection: Connection, guild: int) -> int:
    """Delete all that is kept of a server."""
    # What was cited, rated and wished goes with the asks.
    told = select(wishes.c.told_by).join(asks).where(asks.c.guild == guild, wishes.c.told_by.is_not(None))
    # Whoever was told by direct message was told of what had been asked here.
    count = connection.execute(delete(asks).where(asks.c.id.in_(told))).rowcount
    count += connection.execute(delete(asks).where(asks.c.guild == guild)).rowcount
    for table in (turns, replies, settings, digests, guilds):
        connection.execute(delete(table).where(table.c.guild == guild))
    return count
