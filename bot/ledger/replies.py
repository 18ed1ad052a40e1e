"""Which messages have been taken as questions, and which messages answer them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.ledger.database import Database
from bot.ledger.names import Names
from bot.ledger.schema import replies

_COLUMNS = (replies.c.question, replies.c.channel, replies.c.answer, replies.c.ask_id)


@dataclass(frozen=True, slots=True)
class Replied:
    """A message that asked something.

    Attributes:
        question: Its id.
        channel: Where it and its answer stand.
        answer: The message that answers it; None while there is none.
        ask_id: The ask that it was.
    """

    question: int
    channel: int
    answer: int | None
    ask_id: str


class Replies:
    """The messages in a ledger that were taken as questions; their words are not in it."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def take(self, question: int, *, guild: int | None, channel: int, member: int) -> bool:
        """Take a message as a question; False if it has been taken before, so that none is answered twice."""
        row = {"question": question, "guild": guild, "channel": channel, "member": self._names.of(member)}
        with self._database.write() as connection:
            # In one statement, since two bots may run for a moment while one takes over from the other.
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            new = insert(replies).on_conflict_do_nothing()
            return connection.execute(new, {**row, "at": datetime.now(UTC), "ask_id": ""}).rowcount > 0

    def answered(self, question: int, answer: int, ask_id: str) -> bool:
        """Note which message answers a question; False if the question is gone meanwhile."""
        with self._database.write() as connection:
            changed = connection.execute(
                update(replies).where(replies.c.question == question).values(answer=answer, ask_id=ask_id)
            )
            return changed.rowcount > 0

    def of(self, question: int) -> Replied | None:
        """Return what is known of a message; None if it was never taken as a question."""
        with self._database.read() as connection:
            row = connection.execute(select(*_COLUMNS).where(replies.c.question == question)).one_or_none()
        return Replied(**row._mapping) if row else None

    def drop(self, questions: Sequence[int]) -> list[Replied]:
        """Forget messages that are gone, and return those of them that have an answer."""
        these = replies.c.question.in_(questions)
        with self._database.write() as connection:
            rows = connection.execute(select(*_COLUMNS).where(these, replies.c.answer.is_not(None))).all()
            connection.execute(delete(replies).where(these))
        return [Replied(**row._mapping) for row in rows]
