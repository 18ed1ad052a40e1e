"""Visiting a source over a web server on loopback, as often as a test wants to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from index import ArticleProblem
from index.fetch import Fetcher
from index.model import Article
from index.sources import Gone, Origin, Read, Reading, Remark, Remembered, Unchanged, Visit, build_source
from index.sources.declared import Declared
from tests.index.fetch.web import Web

TODAY = date(2026, 11, 24)

WORDS = (
    "The harbour crane of Varr went back to work on Monday after eleven weeks of repairs. "
    "The port authority said that the new gearbox had been tested with forty tonnes of ballast. "
    "Two ships that had waited in the roads were unloaded before the evening tide. "
)


def page(title: str, words: str = WORDS, head: str = "") -> str:
    """Return a web page with an article on it that is long enough to be one."""
    return (
        f"<html><head><title>{title}</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1><p>{words}</p><p>{title}: {words}</p></article></body></html>"
    )


class Visits:
    """One configured source, visited again and again; what a visit gave is known to the next."""

    def __init__(self, web: Web, kind: str, **options: Any) -> None:
        self.web = web
        self.source = build_source(Declared("S", kind, options, Path(), "footnote.toml"))
        self.known: dict[str, Origin] = {}
        self.remembered: dict[str, Origin] = {}
        self.readings: list[Reading] = []

    async def visit(self) -> Visits:
        async with Fetcher(self.web.settings()) as fetcher:
            self.readings = [
                each async for each in self.source.read(Visit(fetcher, self.known | self.remembered, TODAY))
            ]
        if self.source.complete:
            self.known = {}
        self.remembered = {each.origin.key: each.origin for each in self.of(Remembered)}
        for each in self.readings:
            if isinstance(each, Gone):
                self.known.pop(each.key, None)
            elif isinstance(each, Read | Unchanged):
                self.known[each.origin.key] = each.origin
        return self

    @property
    def articles(self) -> list[Article]:
        return [each.article for each in self.readings if isinstance(each, Read)]

    @property
    def titles(self) -> list[str]:
        return [article.title for article in self.articles]

    def of(self, kind: type[Reading] | type[ArticleProblem]) -> list[Any]:
        return [each for each in self.readings if isinstance(each, kind)]

    @property
    def told(self) -> list[str]:
        """What was said of problems and remarks, addresses shortened."""
        said: Sequence[tuple[str, str]] = [
            (each.where, each.reason if isinstance(each, ArticleProblem) else each.said)
            for each in self.readings
            if isinstance(each, ArticleProblem | Remark)
        ]
        return [f"{where.removeprefix(self.web.url())}: {what}" for where, what in said]
