"""Who may read article pages, and what is said to whoever may not, or not now."""

from __future__ import annotations

import asyncio
import html
import re
import socket
from pathlib import Path

import pytest

from bot.ask import Busy
from bot.links import DAY
from bot.pages.app import BURST
from bot.pages.serve import KEY_FILE, signing_key
from bot.web import WebUnavailable
from index import Article, NoGeneration
from tests.wire.pages.site import CATALOGUES, LONG, VOTE, Open, Site


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


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
async def test_pages_can_only_be_read(site: Site, method: str) -> None:
    response, _ = await site.get(site.link(VOTE), method)

    assert response.status == 405
    assert response.headers["Allow"] == "GET,HEAD".replace(",", ", ")


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
