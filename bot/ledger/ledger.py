"""The ledger: one database, and a part for each kind of thing that is kept in it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from bot.ledger.asks import Asks
from bot.ledger.database import Database
from bot.ledger.digests import Digests
from bot.ledger.guilds import Guilds
from bot.ledger.members import Members
from bot.ledger.names import Names
from bot.ledger.quotes import Quotes
from bot.ledger.ratings import Ratings
from bot.ledger.replies import Replies
from bot.ledger.settings import GuildSettings
from bot.ledger.turns import Turns
from bot.ledger.wishes import Wishes


class Ledger:
    """What was asked, answered, rated, wished and configured.

    Synchronous; use it from one thread at a time. Every method of its parts raises `LedgerFailure` where the database
    cannot be used. Members are given by their Discord user ids; the ledger hashes them where it is told to.

    Attributes:
        where: The database's URL without its password.
        asks: Questions and what came of them.
        quotes: What was quoted of an article.
        ratings: Whether answers were helpful.
        replies: Which messages were taken as questions, and which answer them.
        settings: What servers and channels have set.
        turns: What conversations were about.
        wishes: Who wants to be told once a question can be answered.
        digests: Which channels are told of new articles.
        members: What concerns one person: export and deletion.
        guilds: What concerns one server.
    """

    def __init__(self, url: str, *, hash_key: bytes | None = None) -> None:
        """Take note of where the ledger is; the first use opens it and brings its tables up to date.

        Args:
            url: `sqlite:///ledger.db`, `sqlite://` for one in memory, or `postgresql://user:password@host/name`.
            hash_key: Secret of 16 to 64 bytes: members are stored as hashes made with it, also those stored before.

        Raises:
            LedgerFailure: The URL cannot be read.
        """
        database, names = Database(url), Names(hash_key)
        self._database = database
        self.where = database.where
        self.asks = Asks(database, names)
        self.quotes = Quotes(database)
        self.ratings = Ratings(database, names)
        self.replies = Replies(database, names)
        self.settings = GuildSettings(database)
        self.turns = Turns(database, names)
        self.wishes = Wishes(database, names)
        self.digests = Digests(database, names)
        self.members = Members(database, names)
        self.guilds = Guilds(database)
        database.on_open = self.members.hash_all

    def open(self) -> None:
        """Open it now rather than at the first use.

        Raises:
            LedgerFailure: It cannot be opened.
        """
        self._database.open()

    def close(self) -> None:
        """Let go of it."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
