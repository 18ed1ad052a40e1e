"""What conversations were about, so that follow-ups are understood after a restart, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select

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
            "turns": [_values(turn) for turn in turns[-MOST_TURNS:]],
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
    )


def _values(turn: Turn) -> dict[str, Any]:
    return {**asdict(turn), "day": turn.day.isoformat() if turn.day else None}


def _mention(values: dict[str, Any]) -> Mention:
    return Mention(**{**values, "kind": Kind(values["kind"])})
