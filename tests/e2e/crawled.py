"""Three feeds, a sitemap and a folder of made-up articles on loopback, and the footnote.toml that names them."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.index.fetch.web import Web

SOURCES = ("Valley RSS", "Valley Atom", "Valley JSON", "Valley sitemap", "Valley folder")

_PLACES = "mill quarry orchard tannery smithy brickyard sawmill brewery ropewalk limekiln".split()
_PEOPLE = "Ada Bruno Celia Dorian Edda Falk Greta Hanno Ida Jost".split()
_GOODS = "slate cider leather horseshoes tiles planks barley hemp mortar honey".split()


def story(number: int, edition: int = 1) -> str:
    """Return the text of an article: who runs which place since when, and what is made there, in three paragraphs."""
    place, person = _PLACES[number % 10], _PEOPLE[number // 10 % 10]
    goods, year = _GOODS[(number + number // 10) % 10], 1800 + number % 200
    return (
        f"Lot {number} of the valley is the {place} of {person}, who has kept it since {year}. "
        f"The gate of lot {number} opens at {5 + number % 4} in the morning, and carts leave before noon.\n\n"
        f"What is made at lot {number} is {goods}, {10 + number} crates in a good week and half of that in a wet one. "
        "The crates go down the river on flat boats, and come back empty with the evening wind.\n\n"
        f"Asked about the winter, {person} told the clerk that the roof of lot {number} was mended with copper, "
        f"that edition {edition} of the yearbook says so, and that nobody has complained about the noise so far."
    )


class Valley:
    """The sources. Each one's `web` can be taken down; the last is a folder."""

    def __init__(self, folder: Path, pages: int) -> None:
        self.folder = folder
        self.each = pages // len(SOURCES)
        self.editions = dict.fromkeys(range(pages), 1)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.webs = [self._stack.enter_context(Web()) for _ in SOURCES[:-1]]
        (self.folder / "articles").mkdir()
        for source in range(len(SOURCES)):
            self.publish(source)
        tables = [
            f'[[sources]]\nname = "{name}"\nkind = "{kind}"\nurl = "{web.url(path)}"\n'
            for name, kind, path, web in zip(
                SOURCES, ("feed", "feed", "feed", "sitemap"), ("/feed", "/feed", "/feed", "/sitemap.xml"), self.webs,
                strict=False,
            )
        ]  # fmt: skip
        hosts = json.dumps([web.host for web in self.webs])
        (self.folder / "footnote.toml").write_text(
            f'home = "home"\n[fetch]\nallow_hosts = {hosts}\nper_host_seconds = 0\nretries = 0\n'
            + "".join(tables)
            + f'[[sources]]\nname = "{SOURCES[-1]}"\nkind = "files"\npath = "articles"\n'
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def numbers(self, source: int) -> range:
        return range(source * self.each, (source + 1) * self.each)

    def change(self, number: int) -> None:
        """Bring out a new edition of one article."""
        self.editions[number] += 1
        self.publish(number // self.each)

    def publish(self, source: int) -> None:
        """Serve what a source has now."""
        numbers = self.numbers(source)
        if source == len(SOURCES) - 1:
            for number in numbers:
                head = f"---\ntitle: Lot {number}\ndate: 2026-05-{1 + number % 28:02}\n---\n"
                (self.folder / "articles" / f"{number}.md").write_text(head + story(number, self.editions[number]))
            return
        web = self.webs[source]
        for number in numbers:
            paragraphs = "".join(f"<p>{part}</p>" for part in story(number, self.editions[number]).split("\n\n"))
            date = f"2026-05-{1 + number % 28:02}"
            web.page(
                f"/lot/{number}.html",
                f'<html><head><title>Lot {number}</title><meta property="article:published_time" content="{date}">'
                f"</head><body><main><article><h1>Lot {number}</h1>{paragraphs}</article></main></body></html>",
                etag=self._etag(number),
            )
        body, media = (_rss, _atom, _json, _sitemap)[source](
            [(web.url(f"/lot/{number}.html"), number, self.editions[number]) for number in numbers]
        )
        version = '"' + ".".join(str(self.editions[number]) for number in numbers) + '"'
        web.page("/sitemap.xml" if body.startswith("<urlset") else "/feed", body, media, etag=version)

    def asked(self) -> tuple[int, int]:
        """Return how many pages of articles were sent whole, and how often it was said that one is as it was."""
        whole = same = 0
        for web in self.webs:
            for request in web.seen:
                if request.path.startswith("/lot/"):
                    number = int(request.path.removeprefix("/lot/").removesuffix(".html"))
                    known = request.headers.get("if-none-match") == self._etag(number)
                    whole, same = whole + (not known), same + known
            web.seen.clear()
        return whole, same

    def _etag(self, number: int) -> str:
        return f'"{number}.{self.editions[number]}"'


def _hour(edition: int) -> str:
    return f"2026-06-01T{edition:02}:00:00Z"


def _rss(items: list[tuple[str, int, int]]) -> tuple[str, str]:
    entries = "".join(
        f"<item><title>Lot {number}</title><link>{url}</link><guid>{url}</guid>"
        f"<description>In short, edition {edition} …</description></item>"
        for url, number, edition in items
    )
    return f'<rss version="2.0"><channel><title>Valley RSS</title>{entries}</channel></rss>', "application/rss+xml"


def _atom(items: list[tuple[str, int, int]]) -> tuple[str, str]:
    entries = "".join(
        f'<entry><title>Lot {number}</title><id>{url}</id><link href="{url}"/><updated>{_hour(edition)}</updated>'
        "<summary>In short …</summary></entry>"
        for url, number, edition in items
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Valley Atom</title>{entries}</feed>'
    return feed, "application/atom+xml"


def _json(items: list[tuple[str, int, int]]) -> tuple[str, str]:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Valley JSON",
        "items": [
            {"id": url, "url": url, "title": f"Lot {number}", "summary": "…", "date_modified": _hour(edition)}
            for url, number, edition in items
        ],
    }
    return json.dumps(feed), "application/feed+json"


def _sitemap(items: list[tuple[str, int, int]]) -> tuple[str, str]:
    entries = "".join(f"<url><loc>{url}</loc><lastmod>{_hour(edition)}</lastmod></url>" for url, _, edition in items)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>', "application/xml"
