"""Whether answers were helpful."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from bot.ledger.asks import read_asks
from bot.ledger.database import Database
from bot.ledger.model import Ask
from bot.ledger.names import Names
from bot.ledger.schema import asks, ratings

# Characters of a reason that are kept.
LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody thought of an answer.

    Attributes:
        member: As it is stored.
        reason: In the member's words; may be empty.
    """

    ask: Ask
    member: str
    at: datetime
    helpful: bool
    reason: str


class Ratings:
    """The ratings in a ledger."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def rate(self, ask_id: str, member: int, helpful: bool, reason: str = "") -> bool:
        """Keep what a member thinks of an answer, in the place of what the member thought before.

        Returns:
            Whether the ask is known; nothing is kept of one that is not.
        """
        row = {
            "ask_id": ask_id,
            "member": self._names.of(member),
            "at": datetime.now(UTC),
            "helpful": helpful,
            "reason": reason[:LONGEST_REASON],
        }
        with self._database.write() as connection:
            if connection.scalar(select(asks.c.id).where(asks.c.id == ask_id)) is None:
                return False
            connection.execute(delete(ratings).where(ratings.c.ask_id == ask_id, ratings.c.member == row["member"]))
            connection.execute(insert(ratings), row)
            return True

    def all(self, since: datetime | None = None, guild: int | None = None) -> list[Rating]:
        """Return the ratings, the oldest first.

        Args:
            since: Given then or later.
            guild: On that server; anywhere if None.
        """
        conditions = [ratings.c.at >= since] if since is not None else []
        if guild is not None:
            conditions.append(asks.c.guild == guild)
        chosen = select(ratings).join(asks).where(*conditions).order_by(ratings.c.at, ratings.c.ask_id)
        with self._database.read() as connection:
            rows = connection.execute(chosen).all()
            rated = asks.c.id.in_(chosen.with_only_columns(asks.c.id).order_by(None))
            of = {ask.id: ask for ask in read_asks(connection, rated)}
        return [Rating(of[row.ask_id], row.member, row.at, row.helpful, row.reason) for row in rows]
