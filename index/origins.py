"""What is kept of where each article is from: a table of the generation, published and rolled back with it.

A rebuild that finds every article as it was may still learn something: a server's new ETag, that a second source has an
article too. No generation is published for that alone. It is kept beside the generations, in `<home>/origins.db`, which
names the generation it goes with and counts only while that one serves: whatever else comes to serve has its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.errors import GenerationBroken
from index.generations import current_folder, current_id
from index.sources.protocol import Origin

_SCHEMA = """
CREATE TABLE origins (
    source TEXT NOT NULL, key TEXT NOT NULL, article_id TEXT, given INTEGER NOT NULL,
    etag TEXT, last_modified TEXT, fetched_at TEXT, dated_by TEXT, PRIMARY KEY (source, key)
) WITHOUT ROWID;
"""
_BESIDE = "CREATE TABLE goes_with (generation TEXT NOT NULL);"


@dataclass(frozen=True, slots=True)
class Claim:
    """One article of one source; several sources may have the same article.

    Attributes:
        source: The source's name; empty for files and folders that have none.
        article_id: None for what the source remembers of itself.
        given: The source names the article so; see `Read.id_given`.
    """

    source: str
    origin: Origin
    article_id: str | None
    given: bool = False


def write_origins(archive: Path, claims: Iterable[Claim]) -> None:
    """Add the table to the text part of a generation that is being built."""
    with closing(sqlite3.connect(archive)) as database, database:
        database.executescript(_SCHEMA)
        database.executemany(
            "INSERT INTO origins VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (c.source, o.key, c.article_id, c.given, o.etag, o.last_modified, o.fetched_at, o.dated_by)
                for c in claims
                for o in (c.origin,)
            ),
        )


def read_origins(home: Path, folder: Path | None = None) -> list[Claim]:
    """Return what is kept with a generation, and has been learned since.

    Args:
        home: Whose generation.
        folder: Of the generation; of the one that serves, if not given.

    Raises:
        NoGeneration: There is none.
        GenerationBroken: It cannot be read.
    """
    folder = folder or current_folder(home)
    beside = _beside(home)
    if beside.is_file():
        try:
            return _read(beside, folder.name)
        except (sqlite3.Error, _OfAnother):
            pass  # what goes with the generation is older, and as true
    try:
        return _read(folder / "articles.db")
    except sqlite3.Error as error:
        raise GenerationBroken(
            f"What is kept of the sources in {folder} cannot be read: {error}.", "Build the index again with --full."
        ) from error


def keep_beside(home: Path, claims: Iterable[Claim]) -> None:
    """Keep what was learned while no article changed."""
    aside = _beside(home).with_name(".origins.db")  # one build at a time
    aside.unlink(missing_ok=True)
    write_origins(aside, claims)
    with closing(sqlite3.connect(aside)) as database, database:
        database.executescript(_BESIDE)
        database.execute("INSERT INTO goes_with VALUES (?)", (current_id(home),))
    aside.replace(_beside(home))


def forget_beside(home: Path) -> None:
    """Remove what goes with a generation that no longer serves."""
    _beside(home).unlink(missing_ok=True)


def same_origins(some: Iterable[Claim], others: Iterable[Claim]) -> bool:
    """Tell whether the next visit would be the same with either: when something was fetched makes no difference."""
    return _timeless(some) == _timeless(others)


class _OfAnother(Exception):
    """What is kept beside goes with another generation."""


def _read(path: Path, generation: str | None = None) -> list[Claim]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        if generation and database.execute("SELECT generation FROM goes_with").fetchall() != [(generation,)]:
            raise _OfAnother
        rows = database.execute(
            "SELECT source, article_id, given, key, etag, last_modified, fetched_at, dated_by FROM origins"
        )
        return [Claim(source, Origin(*rest), name, bool(given)) for source, name, given, *rest in rows]


def _timeless(claims: Iterable[Claim]) -> set[tuple[object, ...]]:
    return {
        (c.source, c.article_id, c.given, o.key, o.etag, o.last_modified, o.dated_by)
        for c in claims
        for o in (c.origin,)
    }


def _beside(home: Path) -> Path:
    return home / "origins.db"
