"""What conversations were about, so that follow-ups are understood after a restart, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, delete, insert, or_, select, update

from bot.conversation import MOST_TURNS, Turn
from bot.ledger.database import Database
from bot.ledger.names import Names
from bot.ledger.schema import turns as table
from bot.names import Kind, Mention


class Turns:
    """The conversations in a ledger, by whatever names them."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def remember(
        self, place: str, turns: tuple[Turn, ...], *, guild: int | None = None, member: int | None = None
    ) -> None:
        """Keep the last turns of a conversation.

        Args:
            place: What names it, 100 characters at most: a message, a thread, a member in a channel.
            turns: The last turn last.
            guild: The server it is on; it is deleted with what else is kept of the server.
            member: Whose it is, if it is one member's; it is deleted with what else is kept of the member.
        """
        row = {
            "place": self._names.hashed(place),
            "at": datetime.now(UTC),
            "guild": guild,
            "member": None if member is None else self._names.of(member),
            "turns": [
                {**_values(turn), "member": self._names.of(turn.member) if turn.member else ""}
                for turn in turns[-MOST_TURNS:]
            ],
        }
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.place == row["place"]))
            connection.execute(insert(table), row)

    def forget(self, places: Sequence[str], *, guild: int | None = None, member: int | None = None) -> None:
        """Delete the conversations of some places; and, if given, those of a member on a server.

        Args:
            places: See `remember`.
            guild: The server; None for direct messages.
            member: Whose conversations.
        """
        chosen: ColumnElement[bool] = table.c.place.in_([self._names.hashed(place) for place in places])
        if member is not None:
            there = table.c.guild.is_(None) if guild is None else table.c.guild == guild
            chosen = or_(chosen, and_(table.c.member == self._names.of(member), there))
        with self._database.write() as connection:
            connection.execute(delete(table).where(chosen))
            if member is not None:
                forget_turns(connection, self._names.of(member), there)
        self._database.tidy()

    def recall(self, place: str, within: float | None = None) -> tuple[Turn, ...]:
        """Return the turns of a conversation, the last one last; none if it is not known.

        Args:
            place: What names it.
            within: Seconds that may have passed since it was last gone on with; any time if None.
        """
        chosen = select(table.c.turns).where(table.c.place == self._names.hashed(place))
        if within is not None:
            chosen = chosen.where(table.c.at >= datetime.now(UTC) - timedelta(seconds=within))
        with self._database.read() as connection:
            kept = connection.scalar(chosen)
        return tuple(turn_from(values) for values in kept or ())


def turn_from(values: dict[str, Any]) -> Turn:
    """Read a turn as it is kept."""
    return Turn(
        values["question"],
        tuple(_mention(one) for one in values["asked"]),
        tuple(_mention(one) for one in values["answered"]),
        tuple((name, title) for name, title in values["articles"]),
        date.fromisoformat(values["day"]) if values["day"] else None,
        values.get("member", ""),
    )


def own_turns(connection: Connection, name: str) -> list[dict[str, Any]]:
    """Return what a member, by the stored name, has asked in any conversation: its row with these turns alone."""
    found = []
    for row in connection.execute(select(table).where(or_(table.c.member == name, _speaks(name)))).mappings():
        # In a member's own conversation, what is nobody else's is the member's.
        theirs = {name, ""} if row["member"] == name else {name}
        own = [turn for turn in row["turns"] if turn.get("member", "") in theirs]
        if own:
            found.append({**row, "turns": own})
    return found


def forget_turns(connection: Connection, name: str, *conditions: ColumnElement[bool]) -> int:
    """Take what a member, by the stored name, has asked out of all conversations, and return of how many."""
    rows = connection.execute(select(table.c.place, table.c.turns).where(_speaks(name), *conditions)).all()
    count = 0
    for place, turns in rows:
        left = [turn for turn in turns if turn.get("member") != name]
        count += len(left) < len(turns)
        here = table.c.place == place
        connection.execute(update(table).where(here).values(turns=left) if left else delete(table).where(here))
    return count


def _speaks(name: str) -> ColumnElement[bool]:
    """Return the condition that a conversation may hold something of a member's; the turns themselves tell."""
    return cast(table.c.turns, Text).contains(f'"{name}"', autoescape=True)


def _values(turn: Turn) -> dict[str, Any]:
    return {**asdict(turn), "day": turn.day.isoformat() if turn.day else None}


def _mention(values: dict[str, Any]) -> Mention:
    return Mention(**{**values, "kind": Kind(values["kind"])})
