"""A source that does what a test has scripted, as another package's kind would be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from index import Article, ArticleProblem, SourceFailure
from index.sources.protocol import Gone, Origin, Read, Reading, Remembered, Unchanged, Visit


class Shelf:
    """Articles by key. One that is as the visit before knows it is `Unchanged`, by its ETag: its text."""

    kind = "shelf"
    where = "the shelf"

    def __init__(self, name: str, *, complete: bool = True, shrink: float = 0.2, given: bool = True) -> None:
        self.name, self.complete, self.shrink, self.given = name, complete, shrink, given
        self.articles: dict[str, str] = {}
        self.urls: dict[str, str] = {}
        self.broken: list[str] = []
        self.gone: list[str] = []
        self.failure = ""
        self.etag = ""
        self.known: dict[str, Origin] = {}
        self.visits = 0
        self.max_minutes = 1.0
        self.slow_after = 0

    def put(self, *names: str, text: str = "") -> None:
        for name in names:
            self.articles[name] = text or f"What stands under {name} is told in one sentence here."

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        self.visits += 1
        self.known = dict(visit.known)
        if self.failure == "bug":
            raise RuntimeError("unforeseen\nin two lines")
        for number, (key, text) in enumerate(self.articles.items(), 1):
            if number == self.slow_after:
                await asyncio.sleep(60)
            known = visit.known.get(key)
            origin = Origin(key, text, None, "2026-01-01T00:00:00+00:00")
            if known and known.etag == text:
                yield Unchanged(key, origin)
            else:
                article = Article(key, key.title(), text, self.urls.get(key))
                yield Read(article, f"{self.name}/{key}", self.given, origin)
        if self.failure:
            raise SourceFailure(self.failure, "Try later.")
        for key in self.broken:
            yield ArticleProblem(f"{self.name}/{key}", "is behind a wall.", key)
        for key in self.gone:
            yield Gone(key, "410")
        if self.etag:
            yield Remembered(Origin("itself", self.etag))
