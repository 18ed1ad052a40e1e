"""What was quoted of an article: found again when the article has changed, and blanked when it is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, select, update

from bot.ledger.asks import read_asks
from bot.ledger.database import Database
from bot.ledger.model import Ask
from bot.ledger.schema import asks, cited, storable
from bot.ledger.schema import turns as conversations

# Articles that one statement names.
_AT_ONCE = 500


class Quotes:
    """The quotes in a ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_article(self, article_id: str) -> list[Ask]:
        """Return the asks whose answers quote an article, the oldest first."""
        return self._asks(cited.c.article_id == storable(article_id))

    def of_address(self, url: str) -> list[Ask]:
        """Return the asks whose answers quote an article that had this address, the oldest first."""
        return self._asks(cited.c.url == storable(url))

    def words(self, article_id: str) -> list[str]:
        """Return what was quoted of an article, each once; those of very many that were quoted first."""
        chosen = select(cited.c.quote, cited.c.start).where(
            cited.c.article_id == storable(article_id), cited.c.quote != ""
        )
        with self._database.read() as connection:
            ordered = chosen.distinct().order_by(cited.c.start).limit(_AT_ONCE)
            return list(dict.fromkeys(connection.scalars(ordered)))

    def everything(self) -> list[Ask]:
        """Return the asks whose answers quote anything, also where that has been blanked, the oldest first."""
        return self._asks(cited.c.n >= 0)

    def blank_gone(self, present: Collection[str]) -> int:
        """Blank every quote of an article that is gone, and return how many those were.

        That an article was quoted stays on record with its title, and of the conversations that were about it, only
        the questions.

        Args:
            present: The ids of all articles that there are.
        """
        here = set(map(storable, present))
        with self._database.write() as connection:
            quoted = set(connection.scalars(select(cited.c.article_id).where(cited.c.quote != "").distinct()))
            count = 0
            for some in _batches(quoted - here):
                of_these = (cited.c.article_id.in_(some), cited.c.quote != "")
                count += connection.execute(update(cited).where(*of_these).values(quote="")).rowcount
            forgotten = _forget_talk(connection, here)
        if count or forgotten:
            self._database.tidy()
        return count

    def _asks(self, condition: Any) -> list[Ask]:
        with self._database.read() as connection:
            return read_asks(connection, asks.c.id.in_(select(cited.c.ask_id).where(condition)))


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(names)
    return (ordered[first : first + _AT_ONCE] for first in range(0, len(ordered), _AT_ONCE))


def _forget_talk(connection: Connection, here: set[str]) -> int:
    """Take what conversations know of articles that are gone out of them, and return of how many."""
    count = 0
    for place, turns in connection.execute(select(conversations.c.place, conversations.c.turns)).all():
        left = [_without(turn, here) for turn in turns]
        if left != turns:
            count += 1
            connection.execute(update(conversations).where(conversations.c.place == place).values(turns=left))
    return count


def _without(turn: dict[str, Any], here: set[str]) -> dict[str, Any]:
    articles = [[name, title] for name, title in turn["articles"] if storable(name) in here]
    # The names that were quoted may be of any of its articles.
    return turn if len(articles) == len(turn["articles"]) else {**turn, "articles": articles, "answered": []}
