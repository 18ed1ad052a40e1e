"""The article pages over real sockets: who may read, what is said to whom, and that hostile articles stay text."""

from __future__ import annotations

import asyncio
import html
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from bot.ask import Busy
from bot.buttons import check
from bot.catalogues import load_catalogues
from bot.links import DAY, Pages, Span
from bot.pages.app import BURST, pages_app
from bot.pages.article import LONGEST_PART
from bot.pages.serve import KEY_FILE, signing_key
from bot.web import WebUnavailable, serving
from index import Article, NoGeneration

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


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Open a site; everything is closed after the test."""
    async with aiohttp.ClientSession() as visitor, AsyncExitStack() as stack:

        async def open_site(
            secret: bytes | None = SECRET,
            days: int | None = None,
            look_up: Callable[[str], Awaitable[Article | None]] = find,
            clock: Callable[[], float] = lambda: 20_000.0 * DAY,
        ) -> Site:
            pages = Pages("", secret)
            app = pages_app(look_up, CATALOGUES, lambda: pages)
            address = await stack.enter_async_context(serving(app, "127.0.0.1", 0))
            pages = Pages(address, secret, days=days, clock=clock)
            return Site(address, pages, visitor)

        yield open_site


@pytest.fixture
async def site(opened: Open) -> Site:
    return await opened()


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


async def test_a_link_leads_to_the_article_with_the_quote_set_off(site: Site) -> None:
    response, page = await site.get(site.link(VOTE, WORK))

    assert response.status == 200
    assert response.content_type == "text/html"
    assert '<mark id="quote">Work begins in May</mark>. It ends in August.</p>' in page
    for shown in ("Council votes", "The Harbour Post", "11 Feb 2025", "Clara Penhallis", "Jonas Wyk"):
        assert shown in page
    assert 'href="https://news.example/vote" rel="noopener noreferrer nofollow external"' in page
    assert "  indented\n  lines</p>" in page


async def test_several_quotes_are_set_off_and_overlapping_ones_share_their_words(site: Site) -> None:
    spans = [Span(20, 38), Span(30, 47), Span(4, 38)]
    _, page = await site.get(site.link(VOTE, *spans))

    marked = re.findall(r"<mark(?: id=\"(.*?)\")?>(.*?)</mark>", page)
    assert [
        ("quote-3", "council voted."),
        ("quote", "Work begins in May"),
        ("quote-2", ". It ends"),
    ] == marked


@pytest.mark.parametrize("span", [Span(20, 38, "00000000"), Span(70, 900), Span(5, 5), Span(9, 3), Span(18, 20)])
async def test_a_quote_that_is_not_there_any_more_is_said_to_be_gone(site: Site, span: Span) -> None:
    response, page = await site.get(site.link(VOTE, span))

    assert response.status == 200
    assert CATALOGUES.default.text("page.changed") in html.unescape(page)
    assert "<mark" not in page


async def test_every_response_forbids_scripts_requests_frames_and_guessing(opened: Open) -> None:
    site = await opened()
    for address in (site.link(VOTE), "/article/vote.md", "/", "/robots.txt", "/article/x/y", "/article/~%00"):
        response, page = await site.get(address)
        policy = response.headers["Content-Security-Policy"]

        assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
        for part in ("base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"):
            assert part in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert response.headers["Server"] == "Footnote"
        assert "Set-Cookie" not in response.headers
        assert "<script" not in page


async def test_a_hostile_article_is_text_and_nothing_else(site: Site) -> None:
    _, plain_page = await site.get(site.link(VOTE))
    response, page = await site.get(site.link(EVIL, Span(0, 28)))
    elements, harmless = Elements(page), Elements(plain_page)

    assert response.status == 200
    assert set(elements.tags) <= {*harmless.tags, "mark"}
    assert not [name for name, _ in elements.attributes if name.startswith(("on", "src"))]
    assert not [value for name, value in elements.attributes if name == "href" and not value.startswith("#")]
    for words in (
        "<img src=x onerror=alert(1)>",
        "{{ 7 * 7 }} {% raw %}",
        "&amp; <!--",
        '</title><script>alert("title")',
    ):
        assert words in elements.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ufffd]", page)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
async def test_pages_can_only_be_read(site: Site, method: str) -> None:
    response, _ = await site.get(site.link(VOTE), method)

    assert response.status == 405
    assert response.headers["Allow"] == "GET,HEAD".replace(",", ", ")


async def test_a_head_request_gets_the_headers_alone(site: Site) -> None:
    whole, page = await site.get(site.link(VOTE))
    response, nothing = await site.get(site.link(VOTE), "HEAD")

    assert nothing == ""
    for name in ("Content-Length", "ETag", "Content-Type", "Content-Security-Policy"):
        assert response.headers[name] == whole.headers[name]
    assert int(whole.headers["Content-Length"]) == len(page.encode())


async def test_what_a_browser_has_is_not_sent_again(site: Site) -> None:
    first, _ = await site.get(site.link(VOTE))
    tag = first.headers["ETag"]

    for known, status in [(tag, 304), (f'"x", W/{tag}', 304), ("*", 304), ('"x"', 200), ("nonsense", 200)]:
        response, page = await site.get(site.link(VOTE), **{"If-None-Match": known})
        assert (response.status, page == "") == (status, status == 304)
    other, _ = await site.get(site.link(VOTE, WORK), **{"If-None-Match": tag})
    assert other.status == 200


async def test_without_a_good_signature_nobody_learns_what_there_is(site: Site) -> None:
    good = site.link(VOTE)
    pages = set()
    for address in (
        good.partition("?")[0],
        good[:-1],
        good.replace("sign=", "sign=A"),
        good.replace("vote.md", "other.md"),
        site.link(LONG).replace("long", "vote.md"),
        good + "&until=99999",
    ):
        response, page = await site.get(address)
        assert response.status == 403
        pages.add(page)
    assert len(pages) == 1
    assert CATALOGUES.default.text("page.refused_title") in pages.pop()


async def test_a_link_that_has_run_out_says_so(opened: Open) -> None:
    now = [20_000.0 * DAY]
    site = await opened(days=3, clock=lambda: now[0])
    link = site.link(VOTE)
    before, _ = await site.get(link)
    now[0] += 4 * DAY
    after, page = await site.get(link)

    assert (before.status, after.status) == (200, 410)
    assert CATALOGUES.default.text("page.expired_title") in page


async def test_an_article_that_was_removed_is_told_from_one_that_never_was(opened: Open) -> None:
    gone = Article("gone", "", "")
    signed, public = await opened(), await opened(secret=None)
    removed, page = await signed.get(signed.link(gone))
    unknown, other = await public.get(public.link(gone))

    assert (removed.status, unknown.status) == (410, 404)
    assert CATALOGUES.default.text("page.gone_title") in page
    assert CATALOGUES.default.text("page.missing_title") in other


async def test_public_pages_need_no_signature(opened: Open) -> None:
    site = await opened(secret=None)
    response, page = await site.get("/article/vote.md?sign=whatever&quote=x&part=-1&junk=" + "j" * 900)

    assert response.status == 200
    assert "The council voted." in page


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("de-CH,de;q=0.9,en;q=0.5", "de"), ("xx, fr;q=0.8", "fr"), ("", "en"), ("*", "en"), ("," * 900 + "de", "en")],
)
async def test_notices_are_in_the_readers_language(site: Site, accepted: str, language: str) -> None:
    response, page = await site.get("/article/vote.md", **{"Accept-Language": accepted})

    assert f'<html lang="{language}">' in page
    assert html.escape(CATALOGUES.for_locale(language).text("page.refused_title")) in page
    assert response.headers["Vary"] == "Accept-Language"


async def test_a_long_article_comes_in_parts_and_the_one_with_the_quote_comes_first(site: Site) -> None:
    quote = "Paragraph 7000 of many"
    at = LONG.text.index(quote)
    response, page = await site.get(site.link(LONG, Span(at, at + len(quote), check(quote))))
    seen = re.findall(r"Paragraph (\d+) of", page)
    previous = re.search(r'rel="prev" href="(.*?)"', page)
    assert previous

    assert response.status == 200
    assert f'<mark id="quote">{quote}</mark>' in page
    assert len(page) < 2 * LONGEST_PART
    _, before = await site.get(f"/article/long{html.unescape(previous[1])}")
    assert int(re.findall(r"Paragraph (\d+) of", before)[-1]) == int(seen[0]) - 1
    assert "<mark" not in before


async def test_all_parts_together_are_the_whole_article(site: Site) -> None:
    link = site.link(LONG)
    found = []
    for part in range(1, 20):
        _, page = await site.get(f"{link}&part={part}")
        found += re.findall(r"Paragraph (\d+) of", page)
        if 'rel="next"' not in page:
            break

    assert [str(n) for n in range(9_000)] == found


async def test_questions_come_first_when_many_read(opened: Open) -> None:
    under_way, most = 0, 0

    async def slowly(article_id: str) -> Article | None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return VOTE

    site = await opened(look_up=slowly)
    responses = await asyncio.gather(*(site.get(site.link(VOTE)) for _ in range(60)))
    statuses = [response.status for response, _ in responses]

    assert most <= 2
    assert set(statuses) == {200, 503}
    assert all("Retry-After" in response.headers for response, _ in responses if response.status == 503)


async def test_more_pages_than_anybody_reads_are_turned_away(opened: Open) -> None:
    site = await opened(secret=None)
    statuses = [(await site.get("/article/none"))[0].status for _ in range(int(BURST) * 2)]

    assert 503 in statuses
    # Whoever has no good link uses nothing up.
    signed = await opened()
    assert {(await signed.get("/article/vote.md"))[0].status for _ in range(int(BURST) * 2)} == {403}
    assert (await signed.get(signed.link(VOTE)))[0].status == 200


@pytest.mark.parametrize("trouble", [Busy("busy"), NoGeneration("there is no index in /secret/home")])
async def test_an_index_in_trouble_is_a_matter_of_a_moment(opened: Open, trouble: Exception) -> None:
    async def fail(article_id: str) -> Article | None:
        raise trouble

    site = await opened(look_up=fail)
    response, page = await site.get(site.link(VOTE))

    assert response.status == 503
    assert "/secret/home" not in page


async def test_what_nobody_foresaw_is_told_kindly_and_without_its_details(
    opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(article_id: str) -> Article | None:
        raise RuntimeError("/secret/path")

    site = await opened(look_up=fail)
    response, page = await site.get(site.link(VOTE))

    assert response.status == 500
    assert CATALOGUES.default.text("page.failed_title") in page
    assert "secret" not in page
    assert "/secret/path" in caplog.text


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /article/" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /article/%ff%fe%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /article/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /article/vote.md?quote=" + b"%F0%9F" * 500 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /article/vote.md?sign=%00&until=%D9%A1&part=%D9%A2 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://evil.example/article/vote.md HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"HELO\r\n\r\n",
    ],
)
async def test_a_malformed_request_harms_nothing(site: Site, sent: bytes) -> None:
    host, port = site.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(sent)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(100_000), 10)
    writer.close()

    assert re.match(rb"HTTP/1\.[01] 4\d\d ", answer) or answer == b""
    assert b"Traceback" not in answer and b"root:" not in answer
    assert (await site.get(site.link(VOTE)))[0].status == 200


def test_the_key_is_made_once_for_its_owner_alone_and_kept(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    key = signing_key(home)

    assert key == signing_key(home)
    assert len(key) == 64
    assert (home / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_a_key_that_cannot_be_used_is_named_but_not_shown(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("short")
    with pytest.raises(WebUnavailable, match=re.escape(KEY_FILE)) as refused:
        signing_key(tmp_path)
    assert "short" not in str(refused.value)
    (tmp_path / "file").touch()
    with pytest.raises(WebUnavailable, match="cannot be kept"):
        signing_key(tmp_path / "file")


def test_no_port_is_open_unless_asked_for() -> None:
    from bot.settings import PagesSection

    assert PagesSection().enabled is False
    assert socket.gethostbyname(PagesSection().host) == "127.0.0.1"
