"""Articles with pages, the pages on a socket, and what a browser makes of one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from html.parser import HTMLParser

import aiohttp
from yarl import URL

from bot.buttons import check
from bot.catalogues import load_catalogues
from bot.links import Pages, Span
from index import Article

CATALOGUES = load_catalogues()
SECRET = b"a key that nobody knows"
VOTE = Article(
    "vote.md",
    "Council votes",
    "The council voted.\n\nWork begins in May. It ends in August.\n\n  indented\n  lines",
    "https://news.example/vote",
    date(2025, 2, 11),
    "The Harbour Post",
    ("Clara Penhallis", "Jonas Wyk"),
)
WORK = Span(20, 38, check("Work begins in May"))
EVIL = Article(
    'a/../"><script>alert(1)</script>',
    '</title><script>alert("title")</script>',
    "<img src=x onerror=alert(1)>\x00\x1b[31m {{ 7 * 7 }} {% raw %} </p></main><style>*{display:none}</style>"
    "\ud800 &amp; <!--",
    'javascript:alert("url")',
    None,
    '" onmouseover="alert(1)',
    ("<i>x</i>", "</bdi><iframe src=//evil.example>"),
)
LONG = Article("long", "", "\n\n".join(f"Paragraph {n} of many, and it is not short." for n in range(9_000)))
ARTICLES = {article.id: article for article in (VOTE, EVIL, LONG)}


async def find(article_id: str) -> Article | None:
    return ARTICLES.get(article_id)


class Site:
    """The pages on a socket, and a visitor without cookies."""

    def __init__(self, address: str, pages: Pages, visitor: aiohttp.ClientSession) -> None:
        self.address = address
        self.pages = pages
        self._visitor = visitor

    def link(self, article: Article, *spans: Span) -> str:
        address = self.pages.address(article.id, spans)
        assert address
        return address

    async def get(self, address: str, method: str = "GET", **headers: str) -> tuple[aiohttp.ClientResponse, str]:
        url = URL(address if address.startswith("http") else self.address + address, encoded=True)
        async with self._visitor.request(method, url, headers=headers, allow_redirects=False) as response:
            return response, await response.text()


Open = Callable[..., Awaitable[Site]]


class Elements(HTMLParser):
    """What a browser makes of a page: its elements and their attributes, and the text outside of the style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._within = tag
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        if self._within != "style":
            self.text += data
