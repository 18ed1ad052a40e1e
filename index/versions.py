"""What became of each article: when it was first seen, and when what of it changed. No text of an old version is kept.

The table lies beside the articles, is handed on from generation to generation, and goes with an article that is gone.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)

# Versions that are known of one article: the first, and the last ones.
MOST = 50

# What of an article may change, as columns and as people are told.
FIELDS = ("title", "url", "published", "source", "authors", "text")

_SCHEMA = """
CREATE TABLE versions (
    article_id TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL, seen_at TEXT NOT NULL, changed TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an article.

    Attributes:
        hash: Of everything it said (see `Article.content_hash`).
        seen_at: When a build read it first, UTC, to the second.
        fields: Which of `FIELDS` had changed; none for the first version.
        added: Sentences that the version before did not have.
        removed: Sentences of the version before that it does not have.
    """

    hash: str
    seen_at: datetime
    fields: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0


def write_versions(database: Path, previous: Path | None, seen_at: datetime) -> None:
    """Add the versions to a new generation's articles: those known before, and one for each that is new or changed.

    Args:
        database: The new generation's articles, complete.
        previous: The articles of the generation that serves, if there is one.
        seen_at: When the articles were read.
    """
    moment = seen_at.astimezone(UTC).isoformat(timespec="seconds")
    with closing(sqlite3.connect(database.resolve().as_uri(), uri=True)) as connection:
        with connection:
            connection.execute(_SCHEMA)
        if previous is not None:
            try:
                _hand_on(connection, previous, moment)
            except sqlite3.Error as error:
                log.warning("What became of the articles before cannot be read, it is noted anew: %s", error)
        with connection:
            connection.execute(
                "INSERT INTO versions SELECT id, 1, hash, ?, '' FROM articles "
                "WHERE id NOT IN (SELECT article_id FROM versions)",
                (moment,),
            )


def read_versions(connection: sqlite3.Connection, article_id: str) -> list[Version]:
    """Return the versions of an article, the first one first; none if there is no such article."""
    rows = connection.execute(
        "SELECT hash, seen_at, changed FROM versions WHERE article_id = ? ORDER BY number", (article_id,)
    )
    return [_version(*row) for row in rows]


def _version(content_hash: str, seen_at: str, changed: str) -> Version:
    told = json.loads(changed) if changed else {}
    return Version(
        content_hash,
        datetime.fromisoformat(seen_at),
        tuple(told.get("fields", ())),
        told.get("added", 0),
        told.get("removed", 0),
    )


def _hand_on(connection: sqlite3.Connection, previous: Path, moment: str) -> None:
    connection.execute("ATTACH ? AS old", (f"{previous.resolve().as_uri()}?mode=ro&immutable=1",))
    try:
        with connection:
            connection.execute(
                "INSERT INTO versions SELECT article_id, number, hash, seen_at, changed FROM old.versions "
                "WHERE article_id IN (SELECT id FROM articles)"
            )
            # Read before anything is written: the rows come one by one, however many articles have changed.
            connection.executemany(
                "INSERT INTO versions SELECT ?1, 1 + max(number), ?2, ?3, ?4 FROM versions WHERE article_id = ?1",
                [(name, content_hash, moment, changed) for name, content_hash, changed in _changes(connection)],
            )
            connection.execute(
                "DELETE FROM versions WHERE number > 1 AND number <= "
                "(SELECT max(number) FROM versions AS its WHERE its.article_id = versions.article_id) - ?",
                (MOST - 1,),
            )
    finally:
        connection.execute("DETACH old")


def _changes(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield the id, the hash and what has changed, as JSON, of each article that was otherwise before."""
    columns = ", ".join(f"{side}.{field}" for field in FIELDS for side in ("new", "before"))
    rows = connection.execute(
        f"SELECT new.id, new.hash, {columns} FROM articles AS new JOIN old.articles AS before ON new.id = before.id "  # noqa: S608  # names of our own
        "WHERE new.hash != before.hash"
    )
    for name, content_hash, *values in rows:
        pairs = dict(zip(FIELDS, zip(values[::2], values[1::2], strict=True), strict=True))
        told: dict[str, object] = {"fields": [field for field, (new, old) in pairs.items() if new != old]}
        new, old = (Counter(_sentences(text)) for text in pairs["text"])
        told |= {"added": (new - old).total(), "removed": (old - new).total()}
        yield name, content_hash, json.dumps(told)


def _sentences(text: str) -> Iterator[str]:
    from index.chunk import split_sentences

    return (" ".join(text[start:end].split()) for start, end in split_sentences(text) if text[start:end].strip())
