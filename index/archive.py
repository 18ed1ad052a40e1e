"""The text part of a generation: its articles, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import GenerationBroken
from index.generations.home import current_folder
from index.model import Article
from index.versions import Version, read_versions

_SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL, title TEXT NOT NULL, url TEXT, published TEXT, source TEXT,
    authors TEXT NOT NULL, text TEXT NOT NULL, pages TEXT
) WITHOUT ROWID;
CREATE INDEX articles_by_url ON articles (url);
"""


class Archive:
    """Reads a generation's articles."""

    def __init__(self, path: Path) -> None:
        """Open the file that `write_archive` left.

        Raises:
            GenerationBroken: It cannot be read.
        """
        try:
            # Opened by the thread that loads, used by the one that answers: never by two at once.
            address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise _broken(path, error) from error
        self._path = path
        self._rows("SELECT id FROM articles LIMIT 1")

    def article(self, article_id: str) -> Article | None:
        """Return an article, or None where there is none of that id.

        Raises:
            GenerationBroken: It cannot be read.
        """
        rows = self._rows(
            "SELECT id, title, text, url, published, source, authors, pages FROM articles WHERE id = ?", article_id
        )
        try:
            return _article(rows[0]) if rows else None
        except (ValueError, TypeError) as error:
            raise _broken(self._path, error) from error

    def articles(self) -> Iterator[Article]:
        """Yield every article, by id."""
        query = "SELECT id, title, text, url, published, source, authors, pages FROM articles ORDER BY id"
        try:
            yield from map(_article, self._database.execute(query))
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise _broken(self._path, error) from error

    def ids_of(self, url: str) -> list[str]:
        """Return the ids of the articles that have this address."""
        return [name for (name,) in self._rows("SELECT id FROM articles WHERE url = ? ORDER BY id", url)]

    def versions(self, article_id: str) -> list[Version]:
        """Return the versions of an article, the first one first; none if there is no such article."""
        try:
            return read_versions(self._database, article_id)
        except sqlite3.Error as error:
            raise _broken(self._path, error) from error

    def hashes(self) -> dict[str, str]:
        """Return every article's content hash by its id."""
        return dict(self._rows("SELECT id, hash FROM articles"))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _rows(self, query: str, *values: str) -> list[Any]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _broken(self._path, error) from error


def read_articles(home: Path) -> list[Article]:
    """Return every article of the generation that serves in `home`, by id; no model is loaded.

    Raises:
        NoGeneration: Nothing has been built yet.
        GenerationBroken: It cannot be read.
    """
    with closing(open_archive(home)) as archive:
        return list(archive.articles())


def read_article_ids(home: Path) -> frozenset[str]:
    """Return the id of every article of the generation that serves in `home`; see `read_articles`."""
    with closing(open_archive(home)) as archive:
        return frozenset(archive.hashes())


def article_ids(folder: Path) -> frozenset[str]:
    """Return the id of every article of the generation in `folder`; see `read_articles`."""
    with closing(Archive(folder / "articles.db")) as archive:
        return frozenset(archive.hashes())


def open_archive(home: Path) -> Archive:
    """Return the articles of the generation that serves in `home`, to be closed; see `read_articles`."""
    return Archive(current_folder(home) / "articles.db")


def write_archive(path: Path, articles: Iterable[Article]) -> None:
    """Write the text part of a new generation."""
    database = sqlite3.connect(path)
    try:
        with database:
            database.executescript(_SCHEMA)
            database.executemany(
                "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        article.id,
                        article.content_hash,
                        article.title,
                        article.url,
                        article.published.isoformat() if article.published else None,
                        article.source,
                        json.dumps(article.authors, ensure_ascii=False),
                        article.text,
                        json.dumps(article.pages) if article.pages else None,
                    )
                    for article in articles
                ),
            )
    finally:
        database.close()


def _broken(path: Path, error: Exception) -> GenerationBroken:
    return GenerationBroken(f"The articles in {path} cannot be read: {error}.", "Build the index again with --full.")


def _article(row: tuple[str, str, str, str | None, str | None, str | None, str, str | None]) -> Article:
    name, title, text, url, published, source, authors, pages = row
    starts = tuple(json.loads(pages)) if pages else ()
    return Article(name, title, text, url, _day(published), source, tuple(json.loads(authors)), starts)


def _day(published: str | None) -> date | None:
    return date.fromisoformat(published) if published else None
