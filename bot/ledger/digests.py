"""Which channels are told of new articles, and which articles are new."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, insert, select, update

from bot.ledger.database import Database
from bot.ledger.names import Names
from bot.ledger.schema import arrivals, digests


@dataclass(frozen=True, slots=True)
class Digest:
    """A channel that is told of new articles.

    Attributes:
        by: Who subscribed, as it is stored.
        generation: The last that it was told of; empty if none yet.
        until: What arrived up to then has been told.
    """

    guild: int
    channel: int
    by: str
    generation: str
    until: datetime


class Digests:
    """The subscriptions in a ledger, and when each article arrived."""

    def __init__(self, database: Database, names: Names) -> None:
        self._database = database
        self._names = names

    def subscribe(self, guild: int, channel: int, by: int) -> bool:
        """Subscribe a channel to what arrives from now on; False if it is subscribed already."""
        row = {
            "guild": guild,
            "channel": channel,
            "by": self._names.of(by),
            "generation": "",
            "until": datetime.now(UTC),
        }
        with self._database.write() as connection:
            if connection.scalar(select(digests.c.channel).where(digests.c.channel == channel)) is not None:
                return False
            connection.execute(insert(digests), row)
            return True

    def unsubscribe(self, channel: int) -> bool:
        """End a channel's subscription; False if there is none."""
        with self._database.write() as connection:
            return connection.execute(delete(digests).where(digests.c.channel == channel)).rowcount > 0

    def all(self) -> list[Digest]:
        """Return every subscription, the oldest first."""
        chosen = select(digests).order_by(digests.c.until, digests.c.channel)
        with self._database.read() as connection:
            return [
                Digest(row.guild, row.channel, row.by, row.generation, row.until) for row in connection.execute(chosen)
            ]

    def sent(self, channel: int, generation: str, until: datetime | None = None) -> None:
        """Note that a channel has been told of what arrived up to `until`; up to now if None."""
        done = {"generation": generation, "until": until or datetime.now(UTC)}
        with self._database.write() as connection:
            connection.execute(update(digests).where(digests.c.channel == channel).values(done))

    def arrived(self, articles: Collection[str], at: datetime | None = None) -> int:
        """Note which articles the index holds, and return how many of them have not been there before.

        The first articles of all are nobody's news: they count as having been there ever since.

        Args:
            articles: The ids of all articles in the index.
            at: When they were seen; now if None.
        """
        present = set(map(_digest_of, articles))
        with self._database.write() as connection:
            known = set(connection.scalars(select(arrivals.c.article)))
            gone, new = known - present, present - known
            if gone:
                connection.execute(
                    delete(arrivals).where(arrivals.c.article == bindparam("gone")), [{"gone": one} for one in gone]
                )
            if new:
                seen = (at or datetime.now(UTC)) if known else datetime.fromtimestamp(0, UTC)
                connection.execute(insert(arrivals), [{"article": one, "at": seen} for one in sorted(new)])
            return len(new) if known else 0

    def new_since(self, moment: datetime, articles: Collection[str]) -> set[str]:
        """Return which of these articles arrived after a moment, by their ids."""
        with self._database.read() as connection:
            new = set(connection.scalars(select(arrivals.c.article).where(arrivals.c.at > moment)))
        return {article for article in articles if _digest_of(article) in new}


def _digest_of(article: str) -> str:
    """Return an article's id in a form that has the same length for all."""
    return hashlib.blake2b(article.encode("utf-8", "replace"), digest_size=16).hexdigest()
