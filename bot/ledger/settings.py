"""What servers and channels have set."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from bot.ledger.database import Database
from bot.ledger.schema import settings

# Stands for the whole guild where a channel's id would stand.
_WHOLE_GUILD = 0
# Stands where a guild's id would stand for what the ledger notes of itself.
OF_NO_SERVER = 0

# By guild, and by channel or, for the whole guild, None: what is set, as JSON holds it.
Stored = dict[int, dict[int | None, dict[str, object]]]


def read_settings(connection: Connection, *conditions: ColumnElement[bool]) -> Stored:
    """Return what guilds have set, as far as some conditions hold."""
    found: Stored = {}
    for row in connection.execute(select(settings).where(settings.c.guild != OF_NO_SERVER, *conditions)):
        place = None if row.channel == _WHOLE_GUILD else row.channel
        found.setdefault(row.guild, {}).setdefault(place, {})[row.key] = row.value
    return found


class GuildSettings:
    """The settings in a ledger: by guild, and by channel of a guild."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, guild: int, channel: int | None = None) -> dict[str, object]:
        """Return what a guild, or one of its channels, has set; nothing of what it has not."""
        chosen = select(settings.c.key, settings.c.value).where(
            settings.c.guild == guild, settings.c.channel == (channel or _WHOLE_GUILD)
        )
        with self._database.read() as connection:
            return {row.key: row.value for row in connection.execute(chosen)}

    def all(self, guild: int) -> dict[int | None, dict[str, object]]:
        """Return all that a guild has set, under None, and each of its channels, under its id."""
        return self._read(settings.c.guild == guild).get(guild, {})

    def everything(self) -> Stored:
        """Return what every guild has set; see `all`."""
        return self._read()

    def _read(self, *conditions: ColumnElement[bool]) -> Stored:
        with self._database.read() as connection:
            return read_settings(connection, *conditions)

    def set(self, guild: int, channel: int | None, key: str, value: object | None) -> None:
        """Set something, or no longer set it.

        Args:
            guild: For which guild.
            channel: For one of its channels; for all if None.
            key: What.
            value: Anything that JSON can hold; None to fall back on what holds without.
        """
        row = {"guild": guild, "channel": channel or _WHOLE_GUILD, "key": key}
        with self._database.write() as connection:
            connection.execute(delete(settings).where(*(settings.c[name] == named for name, named in row.items())))
            if value is not None:
                connection.execute(insert(settings), {**row, "value": value})
