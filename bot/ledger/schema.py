"""The ledger's tables as they are today; how older ones become these stands in `migrations`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

# What the newest migration is called; a test holds the two together.
HEAD = "r0005"


class Moment(TypeDecorator[datetime]):
    """A point in time, kept in UTC by every kind of database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store it in UTC, without a zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read it as of UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """A text as people write it, without what not every kind of database can hold."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Leave out NUL, and put a question mark for half a character."""
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """Return a text as it is stored in columns of `Words`."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


# Characters of an id of ours, of a member's name (see `Names`), and of other short words.
_ID, _MEMBER, _WORD = String(12), String(40), String(40)

tables = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(column_0_label)s",
    }
)


def _ask_id(**options: Any) -> Column[str]:
    """Return the column that names the ask that a row is about; the row goes when the ask goes."""
    return Column("ask_id", _ID, ForeignKey("asks.id", ondelete="CASCADE"), nullable=False, **options)


asks = Table(
    "asks",
    tables,
    Column("id", _ID, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("guild", BigInteger),
    Column("channel", BigInteger, nullable=False),
    Column("member", _MEMBER, nullable=False),
    Column("surface", _WORD, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("question", Words, nullable=False),
    Column("understood", Words, nullable=False),
    Column("language", _WORD, nullable=False),
    Column("status", _WORD, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("answerer", _WORD, nullable=False),
    Column("generation", String(100), nullable=False),
    Column("milliseconds", Float, nullable=False),
    Column("message", BigInteger, index=True),
    Column("since", Date),
    Column("until", Date),
    Column("sources", JSON, nullable=False),
    Index("ix_asks_member_at", "member", "at"),
    Index("ix_asks_guild_at", "guild", "at"),
)

cited = Table(
    "cited",
    tables,
    _ask_id(primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("article_id", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("url", Words),
    Column("source", Words),
    Column("published", Date),
    Column("passage_id", Words, nullable=False),
    Column("quote", Words, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    # An article's id may be of any length, for which PostgreSQL has hash indexes alone.
    Index("ix_cited_article_id", "article_id", postgresql_using="hash"),
)

ratings = Table(
    "ratings",
    tables,
    _ask_id(primary_key=True),
    Column("member", _MEMBER, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("reason", Words, nullable=False),
)

# Channel 0 stands for the whole guild.
settings = Table(
    "settings",
    tables,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", BigInteger, primary_key=True, autoincrement=False),
    Column("key", _WORD, primary_key=True),
    Column("value", JSON, nullable=False),
)

turns = Table(
    "turns",
    tables,
    Column("place", String(100), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("guild", BigInteger, index=True),
    Column("member", _MEMBER, index=True),
    Column("turns", JSON, nullable=False),
)

wishes = Table(
    "wishes",
    tables,
    Column("id", Integer, primary_key=True),
    _ask_id(index=True),
    Column("member", _MEMBER, nullable=False, index=True),
    Column("channel", BigInteger, nullable=False),
    Column("direct", Boolean, nullable=False),
    # The user id to send a direct message to, also where members are hashed; emptied when it has been sent.
    Column("address", BigInteger),
    Column("at", Moment, nullable=False),
    Column("tried", String(100), nullable=False),
    Column("told_at", Moment),
    Column("told_by", _ID),
)

opt_outs = Table(
    "opt_outs",
    tables,
    Column("member", _MEMBER, primary_key=True),
    Column("at", Moment, nullable=False),
)

digests = Table(
    "digests",
    tables,
    Column("channel", BigInteger, primary_key=True, autoincrement=False),
    Column("guild", BigInteger, nullable=False),
    Column("by", _MEMBER, nullable=False),
    Column("generation", String(100), nullable=False),
    Column("until", Moment, nullable=False),
)

# Messages that were taken as questions; they may have no ask, while they are answered or where nothing was said.
replies = Table(
    "replies",
    tables,
    Column("question", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False, index=True),
    Column("guild", BigInteger, index=True),
    Column("channel", BigInteger, nullable=False),
    Column("member", _MEMBER, nullable=False, index=True),
    Column("answer", BigInteger),
    Column("ask_id", _ID, nullable=False),
)

# When each article that the index holds was first seen in it; by a hash of its id, which may be of any length.
arrivals = Table(
    "arrivals",
    tables,
    Column("article", _WORD, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)

# The servers the bot is on.
guilds = Table(
    "guilds",
    tables,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    # As which application; not known of those that an older Footnote has noted.
    Column("application", BigInteger),
)
