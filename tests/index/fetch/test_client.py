"""What a fetch gives, what it is told when there is nothing, and where redirects lead."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from index.fetch import (
    Fetched,
    Fetcher,
    FetchFailure,
    Garbled,
    Gone,
    NotAllowed,
    Refused,
    TooManyRedirects,
    Unreachable,
    Validators,
    redacted,
)
from tests.index.fetch.web import Answer, Request, Web

DAY = "Tue, 24 Nov 2026 10:00:00 GMT"


async def fetch(web: Web, path: str, **given: Any) -> Fetched:
    async with Fetcher(web.settings(robots=False)) as fetcher:
        return await fetcher.get(web.url(path), **given)


async def test_a_page_is_given_with_its_type_its_validators_and_where_it_was(web: Web) -> None:
    web.page("/a", "grün", "Text/HTML; Charset=UTF-8", etag='"1"', last_modified=DAY)
    fetched = await fetch(web, "/a#top")

    assert (web.url("/a"), web.url("/a#top"), 200) == (fetched.url, fetched.asked, fetched.status)
    assert ("grün", "text/html", "utf-8") == (fetched.text, fetched.content_type, fetched.charset)
    assert Validators('"1"', DAY) == fetched.validators
    assert (False, None) == (fetched.not_modified, fetched.permanent)


@pytest.mark.parametrize("known", [Validators(etag='"1"'), Validators(last_modified=DAY), Validators('"1"', DAY)])
async def test_what_has_not_changed_is_not_sent_again(web: Web, known: Validators) -> None:
    web.page("/a", "text", etag='"1"', last_modified=DAY)
    fetched = await fetch(web, "/a", validators=known)

    assert (304, True, b"") == (fetched.status, fetched.not_modified, fetched.body)
    assert Validators('"1"', DAY) == fetched.validators


async def test_what_has_changed_is_sent(web: Web) -> None:
    web.page("/a", "new", etag='"2"')
    fetched = await fetch(web, "/a", validators=Validators('"1"'))

    assert (b"new", False) == (fetched.body, fetched.not_modified)


async def test_a_validator_that_is_not_fit_to_be_sent_back_is_not_kept(web: Web) -> None:
    web.page("/a", "text", headers={"ETag": '"ü"', "Last-Modified": "x" * 2000})

    assert Validators() == (await fetch(web, "/a")).validators
    assert b"text" == (await fetch(web, "/a", validators=Validators('"a\r\nX: y"', "é"))).body
    assert "x" not in web.seen[-1].headers


@pytest.mark.parametrize(
    ("status", "kind"), [(404, Gone), (410, Gone), (401, Refused), (403, Refused), (451, Refused), (500, Refused),
                         (300, Refused), (206, Garbled), (304, Refused), (999, Refused)]
)  # fmt: skip
async def test_any_status_but_success_is_a_failure_of_its_own(web: Web, status: int, kind: type[FetchFailure]) -> None:
    web.page("/a?key=hush", "no", status=status)
    with pytest.raises(kind) as failure:
        await fetch(web, "/a?key=hush")

    assert str(status) in str(failure.value)
    assert redacted(web.url("/a?key=…")) in str(failure.value)
    assert "hush" not in str(failure.value)


@pytest.mark.parametrize(
    ("statuses", "permanent"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 307), False), ((303, 308), False)],
)
async def test_redirects_are_followed_and_a_permanent_move_is_told(
    web: Web, statuses: tuple[int, ...], permanent: bool
) -> None:
    for number, status in enumerate(statuses):
        web.redirect(f"/{number}", f"{number + 1}#part", status)
    web.page(f"/{len(statuses)}", "there")
    fetched = await fetch(web, "/0")

    assert (b"there", web.url(f"/{len(statuses)}")) == (fetched.body, fetched.url)
    assert (fetched.url if permanent else None) == fetched.permanent


async def test_a_circle_of_redirects_is_told_and_left(web: Web) -> None:
    web.redirect("/a", "/b")
    web.redirect("/b", "/a#again")
    with pytest.raises(TooManyRedirects, match="circle"):
        await fetch(web, "/a")

    assert 2 == len(web.seen)


async def test_what_fails_behind_a_redirect_is_told_with_what_led_there(web: Web) -> None:
    web.redirect("/a?key=hush", "/b?key=hush")
    with pytest.raises(Gone) as failure:
        await fetch(web, "/a?key=hush")

    assert str(failure.value).startswith(f"{web.url('/a?key=…')} redirects: {web.url('/b?key=…')} is not there")


async def test_no_more_redirects_are_followed_than_are_configured(web: Web) -> None:
    for number in range(9):
        web.redirect(f"/{number}", f"/{number + 1}")
    with pytest.raises(TooManyRedirects, match="more than 5"):
        await fetch(web, "/0")

    assert 6 == len(web.seen)


@pytest.mark.parametrize("location", [None, "", " "])
async def test_a_redirect_that_does_not_say_where_is_told(web: Web, location: str | None) -> None:
    web.script("/a", Answer(301, b"", {} if location is None else {"Location": location}))
    with pytest.raises(TooManyRedirects, match="nowhere"):
        await fetch(web, "/a")


async def test_given_headers_and_cookies_stay_with_the_server_they_are_for(web: Web) -> None:
    with Web() as other:
        web.script("/a", Answer(302, b"", {"Location": "/b", "Set-Cookie": "id=1"}))
        web.redirect("/b", other.url("/c"))
        other.page("/c", "there")
        settings = web.settings(robots=False, allow_hosts=(web.host, other.host))
        async with Fetcher(settings) as fetcher:
            given = {"Authorization": "Bearer hush", "host": "x", "accept-encoding": "br"}
            await fetcher.get(web.url("/a"), headers=given)
        sent, there = web.seen[-1].headers, other.seen[-1].headers

    assert ("Bearer hush", web.host, "gzip, deflate") == (sent["authorization"], sent["host"], sent["accept-encoding"])
    assert not {"authorization", "cookie", "referer"} & there.keys()
    assert "cookie" not in sent


async def test_a_header_that_is_none_is_told_without_showing_it(web: Web) -> None:
    for value in ("hush\r\nX-Other: 1", "hüsh"):
        with pytest.raises(FetchFailure, match="Authorization") as failure:
            await fetch(web, "/a", headers={"Authorization": value})

        assert "sh" not in str(failure.value)
    assert [] == web.seen


async def test_a_host_that_does_not_answer_is_told_and_after_three_times_left_alone(web: Web) -> None:
    web.down()
    async with Fetcher(web.settings(robots=False)) as fetcher:
        for number in range(3):
            with pytest.raises(Unreachable, match="no connection"):
                await fetcher.get(web.url(f"/{number}"))
        web.up()
        with pytest.raises(Unreachable, match="several times in a row"):
            await fetcher.get(web.url("/3"))

    assert 0 == web.connections


async def test_a_name_that_nobody_knows_is_told(web: Web) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return []

    async with Fetcher(web.settings(robots=False), resolve=resolve) as fetcher:
        with pytest.raises(Unreachable, match="no host of that name"):
            await fetcher.get("http://nowhere.example/")


async def test_many_are_fetched_at_once_but_not_more_than_are_configured(web: Web) -> None:
    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.05)
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")

    for number in range(9):
        web.raw(f"/{number}", slow)
    async with Fetcher(web.settings(robots=False, parallel=3)) as fetcher:
        fetched = await asyncio.gather(*(fetcher.get(web.url(f"/{number}")) for number in range(9)))

    assert [b"ok"] * 9 == [one.body for one in fetched]
    assert web.most_at_once in {2, 3}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:hush@a.example/x?key=hush&b=1#hush", "https://a.example/x?key=…&b=…"),
        ("https://a.example/?hush", "https://a.example/?…"),
        ("https://me:hu/sh@a.example/", "an address that cannot be read"),
        ("https:me:hush@a.example/", "https:a.example/"),
        ("http://a.example/\x1b[31m\n", "http://a.example/\\x1b[31m"),
        ("http://[::1", "an address that cannot be read"),
        ("http://a.example/" + "x" * 999, "http://a.example/" + "x" * 282 + "…"),
    ],
)
def test_what_is_secret_in_an_address_is_not_shown(url: str, shown: str) -> None:
    assert shown == redacted(url)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Grüße".encode(), "text/html", "Grüße"),
        ("Grüße".encode("cp1252"), "text/html; charset=iso-8859-1", "Grüße"),
        ("Привет, мир".encode("cp1251"), 'text/html; charset="windows-1251"', "Привет, мир"),
        ('<meta charset="koi8-r">Привет'.encode("koi8_r"), "text/html", '<meta charset="koi8-r">Привет'),
        ("Grüße".encode(), "text/html; charset=iso-8859-1", "Grüße"),
        ("Grüße".encode("utf-16"), "text/html; charset=utf-8", "Grüße"),
        ("日本語の記事".encode("cp932"), "text/plain; charset=Shift_JIS", "日本語の記事"),
        ("Grüße".encode(), "text/html; charset=no-such; charset=", "Grüße"),
    ],
)
async def test_text_is_read_in_the_encoding_it_is_in(web: Web, body: bytes, content_type: str, text: str) -> None:
    web.page("/a", body, content_type)

    assert text == (await fetch(web, "/a")).text


async def test_what_is_no_address_is_told(web: Web) -> None:
    with pytest.raises(NotAllowed, match="cannot be read"):
        await fetch(web, "\x00")
