"""Who wants to be told once a question can be answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update

from bot.ledger.asks import read_asks
from bot.ledger.database import Database
from bot.ledger.model import Ask
from bot.ledger.names import Names
from bot.ledger.schema import asks, opt_outs, wishes


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's wish to be told.

    Attributes:
        ask: The question that was not answered.
        member: As it is stored.
        channel: Where it was wished, and where it is told unless `direct`.
        direct: It is to be told in a direct message.
        address: The Discord user id to tell, kept for a direct message only, and until it has been sent.
        tried: The generation that was asked last, without an answer; empty if none was.
    """

    id: int
    ask: Ask
    member: str
    channel: int
    direct: bool
    address: int | None
    at: datetime
    tried: str


class Wishes:
    """The wishes in a ledger."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def wish(self, ask_id: str, member: int, channel: int, direct: bool) -> bool:
        """Keep a member's wish; one that the member has already is replaced.

        Returns:
            Whether the ask is known, and what was asked.
        """
        row = {
            "ask_id": ask_id,
            "member": self._names.of(member),
            "channel": channel,
            "direct": direct,
            "address": member if direct else None,
            "at": datetime.now(UTC),
            "tried": "",
        }
        with self._database.write() as connection:
            if connection.scalar(select(asks.c.id).where(asks.c.id == ask_id, asks.c.question != "")) is None:
                return False
            connection.execute(delete(wishes).where(wishes.c.ask_id == ask_id, wishes.c.member == row["member"]))
            connection.execute(insert(wishes), row)
            # Who wishes wants to be told again.
            connection.execute(delete(opt_outs).where(opt_outs.c.member == row["member"]))
            return True

    def unwish(self, ask_id: str, member: int) -> bool:
        """Take back a member's wish, and return whether there was one that is still open."""
        theirs = (wishes.c.ask_id == ask_id, wishes.c.member == self._names.of(member), wishes.c.told_at.is_(None))
        with self._database.write() as connection:
            return connection.execute(delete(wishes).where(*theirs)).rowcount > 0

    def open(self, guild: int | None = None) -> list[Wish]:
        """Return the wishes that nobody has been told of yet and still wants to be, the oldest first.

        Args:
            guild: On that server; anywhere if None.
        """
        there = [asks.c.guild == guild] if guild is not None else []
        chosen = (
            select(wishes)
            .join(asks)
            .where(wishes.c.told_at.is_(None), wishes.c.member.not_in(select(opt_outs.c.member)), *there)
            .order_by(wishes.c.at, wishes.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(chosen).all()
            wished = asks.c.id.in_(chosen.with_only_columns(wishes.c.ask_id).order_by(None))
            of = {ask.id: ask for ask in read_asks(connection, wished)}
        return [
            Wish(row.id, of[row.ask_id], row.member, row.channel, row.direct, row.address, row.at, row.tried)
            for row in rows
        ]

    def tried(self, wish_ids: Collection[int], generation: str) -> None:
        """Note that a generation has been asked, and does not answer these either."""
        with self._database.write() as connection:
            connection.execute(update(wishes).where(wishes.c.id.in_(wish_ids)).values(tried=generation))

    def told(self, wish_id: int, ask_id: str) -> bool:
        """Note that somebody is being told, before it is done: at most once, whatever happens in between.

        Args:
            wish_id: The wish.
            ask_id: The ask that answers it.

        Returns:
            Whether the wish was still open: only then tell.
        """
        now = datetime.now(UTC)
        fulfilled = (
            update(wishes)
            .where(wishes.c.id == wish_id, wishes.c.told_at.is_(None))
            .values(told_at=now, told_by=ask_id, address=None)
        )
        with self._database.write() as connection:
            return connection.execute(fulfilled).rowcount == 1

    def reopen(self, untold: Iterable[Wish]) -> None:
        """Take back that somebody has been told: it could not be done just now."""
        with self._database.write() as connection:
            for wish in untold:
                again = {"told_at": None, "told_by": None, "address": wish.address}
                connection.execute(update(wishes).where(wishes.c.id == wish.id).values(again))

    def opt_out(self, member: int) -> int:
        """Tell a member nothing any more until the next wish, and return how many open wishes that ends."""
        name = self._names.of(member)
        with self._database.write() as connection:
            ended = connection.execute(delete(wishes).where(wishes.c.member == name, wishes.c.told_at.is_(None)))
            connection.execute(delete(opt_outs).where(opt_outs.c.member == name))
            connection.execute(insert(opt_outs), {"member": name, "at": datetime.now(UTC)})
            return ended.rowcount

    def opt_in(self, member: int) -> None:
        """Let a member be told again."""
        with self._database.write() as connection:
            connection.execute(delete(opt_outs).where(opt_outs.c.member == self._names.of(member)))
