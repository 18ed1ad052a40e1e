"""A guest among others: what a site asks is heeded, one request after another, and who asks says so."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from index.fetch import Disallowed, Fetcher, Garbled, NotAllowed, Refused, TooLarge, Unreachable
from index.fetch.model import identity
from index.fetch.pace import Pace
from tests.index.fetch.web import Answer, Request, Web

RULES = "User-agent: *\nDisallow: /private\n\nUser-agent: footnote\nDisallow: /no\nAllow: /no/but\n"


async def drop(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def test_requests_say_who_they_are_from(web: Web) -> None:
    web.page("/a", "text")
    async with Fetcher(web.settings()) as fetcher:
        await fetcher.get(web.url("/a"))
    async with Fetcher(web.settings(user_agent=identity("https://bot.example/"))) as fetcher:
        await fetcher.get(web.url("/a"))
    agents = [request.headers["user-agent"] for request in web.seen]

    assert ["/robots.txt", "/a", "/robots.txt", "/a"] == [request.path for request in web.seen]
    assert agents[0] == agents[1]
    assert agents[0].startswith("Footnote/")
    assert f"{agents[0]} (+https://bot.example/)" == agents[2]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/private", True), ("/no", False), ("/no/but", True), ("/no?q", False), ("/%6eo", False), ("/a", True)],
)
async def test_a_site_that_asks_not_to_is_not_asked(web: Web, path: str, allowed: bool) -> None:
    web.page("/robots.txt", RULES, "text/plain")
    web.page(path, "text")
    async with Fetcher(web.settings()) as fetcher:
        if allowed:
            await fetcher.get(web.url(path))
        else:
            with pytest.raises(Disallowed, match=r"robots\.txt asks not to"):
                await fetcher.get(web.url(path))

    assert allowed == bool(web.count(path.partition("?")[0]))


async def test_robots_txt_is_asked_for_once_also_by_many_at_once(web: Web) -> None:
    for number in range(5):
        web.page(f"/{number}", "text")
    async with Fetcher(web.settings()) as fetcher:
        await asyncio.gather(*(fetcher.get(web.url(f"/{number}")) for number in range(5)))

    assert (1, 6) == (web.count("/robots.txt"), len(web.seen))


async def test_the_operator_or_an_address_made_for_programs_may_leave_it_aside(web: Web) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /", "text/plain")
    web.page("/a", "text")
    async with Fetcher(web.settings(robots=False)) as fetcher:
        await fetcher.get(web.url("/a"))
    async with Fetcher(web.settings()) as fetcher:
        await fetcher.get(web.url("/a"), robots=False)

    assert 0 == web.count("/robots.txt")


async def test_where_a_redirect_leads_the_site_there_is_heeded_too(web: Web) -> None:
    web.page("/robots.txt", RULES, "text/plain")
    web.redirect("/a", "/no")
    web.page("/no", "text")
    async with Fetcher(web.settings()) as fetcher:
        with pytest.raises(Disallowed):
            await fetcher.get(web.url("/a"))

    assert 0 == web.count("/no")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_without_a_robots_txt_everything_may_be_fetched(web: Web, status: int) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /", "text/plain", status=status)
    web.page("/a", "text")
    async with Fetcher(web.settings()) as fetcher:
        assert b"text" == (await fetcher.get(web.url("/a"))).body


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_while_its_server_cannot_say_nothing_is_fetched(web: Web, status: int) -> None:
    web.page("/robots.txt", "", status=status)
    async with Fetcher(web.settings()) as fetcher:
        for _ in range(2):
            with pytest.raises(Disallowed, match=f"HTTP {status}"):
                await fetcher.get(web.url("/a"))

    assert ["/robots.txt"] == [request.path for request in web.seen]


async def test_a_host_that_is_not_there_is_told_as_that(web: Web) -> None:
    web.down()
    async with Fetcher(web.settings()) as fetcher:
        with pytest.raises(Unreachable, match="no connection"):
            await fetcher.get(web.url("/a"))


async def test_a_robots_txt_that_redirects_is_read_where_it_leads_and_in_a_circle_is_none(web: Web) -> None:
    web.redirect("/robots.txt", "/rules")
    web.page("/rules", RULES)
    web.page("/a", "text")
    async with Fetcher(web.settings()) as fetcher:
        with pytest.raises(Disallowed):
            await fetcher.get(web.url("/no"))
    web.redirect("/rules", "/robots.txt")
    async with Fetcher(web.settings()) as fetcher:
        assert b"text" == (await fetcher.get(web.url("/a"))).body


async def test_a_robots_txt_that_leads_inside_leads_nowhere(web: Web) -> None:
    with Web() as inner:
        web.redirect("/robots.txt", inner.url("/robots.txt"))
        web.page("/a", "text")
        async with Fetcher(web.settings()) as fetcher:
            assert b"text" == (await fetcher.get(web.url("/a"))).body
        assert 0 == inner.connections


@pytest.mark.parametrize(
    "rules",
    [
        b"\x00\xff\xfe garbage",
        b"User-agent: *\n" + b"Disallow: /" + b"*a" * 20_000 + b"$\n",
        b"User-agent: *\nDisallow: /x\n" + b"Allow: /y\n" * 40_000,
        b"User-agent: *\nCrawl-delay: nan\nCrawl-delay: -5\nCrawl-delay: x\nRequest-rate: 1/0\n",
        b"x" * 2_000_000,
    ],
    ids=["garbage", "wildcards", "many rules", "odd delays", "one long line"],
)
async def test_a_hostile_robots_txt_costs_little(web: Web, rules: bytes) -> None:
    web.page("/robots.txt", rules, "text/plain")
    web.page("/" + "a" * 200, "text")
    began = time.process_time()
    async with Fetcher(web.settings()) as fetcher:
        await fetcher.get(web.url("/" + "a" * 200))

    assert time.process_time() - began < 3


async def test_a_host_is_asked_one_request_at_a_time_and_some_time_apart_others_meanwhile(web: Web) -> None:
    began: dict[str, list[float]] = {"slow": [], "quick": []}
    ended: dict[str, list[float]] = {"slow": [], "quick": []}

    async def noted(request: Request, writer: asyncio.StreamWriter) -> None:
        host = request.headers["host"].partition(".")[0]
        began[host].append(time.monotonic())
        await asyncio.sleep(0.3 if host == "slow" else 0)
        ended[host].append(time.monotonic())
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    web.raw("/a", noted)
    async with Fetcher(web.settings(robots=False, per_host_seconds=0.2), resolve=resolve) as fetcher:
        hosts = ["slow.example"] * 3 + ["quick.example"] * 3
        await asyncio.gather(*(fetcher.get(web.url("/a", host)) for host in hosts))

    assert (3, 3, 2) == (len(began["slow"]), len(began["quick"]), web.most_at_once)
    assert all(next_one > before for before, next_one in zip(ended["slow"], began["slow"][1:], strict=False))
    assert min(later - earlier for earlier, later in pairwise(began["quick"])) > 0.05
    assert began["quick"][1] < ended["slow"][-1]


async def test_a_delay_that_a_site_asks_for_is_heeded(web: Web) -> None:
    web.page("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n", "text/plain")
    web.page("/a", "text")
    async with Fetcher(web.settings()) as fetcher:
        began = time.monotonic()
        await fetcher.get(web.url("/a"))
        await fetcher.get(web.url("/a"))

    assert 0.29 < time.monotonic() - began


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_what_failed_for_the_moment_is_asked_for_again(web: Web, status: int) -> None:
    web.script("/a", Answer(status), Answer(200, b"text"))
    async with Fetcher(web.settings(robots=False, retries=1)) as fetcher:
        assert b"text" == (await fetcher.get(web.url("/a"))).body


async def test_a_connection_that_breaks_off_is_tried_again_as_often_as_is_configured(web: Web) -> None:
    web.script("/a", drop, Answer(200, b"text"))
    web.script("/b", drop)
    async with Fetcher(web.settings(robots=False, retries=1)) as fetcher:
        assert b"text" == (await fetcher.get(web.url("/a"))).body
        with pytest.raises(Unreachable):
            await fetcher.get(web.url("/b"))

    assert (2, 2) == (web.count("/a"), web.count("/b"))


@pytest.mark.parametrize("answer", [Answer(404), Answer(403), Answer(500), Answer(501), Answer(200, b"x" * 2_000)])
async def test_what_will_be_the_same_again_is_asked_for_once(web: Web, answer: Answer) -> None:
    web.script("/a", answer)
    async with Fetcher(web.settings(robots=False, retries=3, largest=1_000)) as fetcher:
        with pytest.raises((Refused, TooLarge, Garbled)):
            await fetcher.get(web.url("/a"))

    assert 1 == web.count("/a")


@pytest.mark.parametrize("by_date", [False, True])
async def test_a_server_that_says_when_is_asked_then_and_by_nobody_before(web: Web, by_date: bool) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True) if by_date else "1"
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def busy(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 503 Busy\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n" % when.encode())
        loop.call_soon_threadsafe(loop.call_later, 0.2, told.set)

    web.script("/a", busy, Answer(200, b"text"))
    web.page("/b", "text")
    async with Fetcher(web.settings(robots=False, retries=1)) as fetcher:
        began = time.monotonic()
        first = asyncio.create_task(fetcher.get(web.url("/a")))
        await told.wait()
        await fetcher.get(web.url("/b"))

        assert 0.9 < time.monotonic() - began
        assert b"text" == (await first).body


async def test_a_server_that_asks_for_an_hour_is_left_alone(web: Web) -> None:
    web.script("/a", Answer(429, b"", {"Retry-After": "3600"}))
    async with Fetcher(web.settings(robots=False, retries=3)) as fetcher:
        with pytest.raises(Refused, match="3600 s") as refused:
            await fetcher.get(web.url("/a"))
        with pytest.raises(Refused, match="left alone"):
            await fetcher.get(web.url("/b"))

    assert (429, 3600.0) == (refused.value.status, refused.value.wait)
    assert 1 == len(web.seen)


@pytest.mark.parametrize(
    "when", ["", "soon", "-1", "9" * 5_000, "Tue, 99 Nov 2026", "Sun, 06 Nov 1994 08:49:37 GMT", "²"]
)
async def test_a_time_that_is_none_is_no_time(web: Web, when: str) -> None:
    web.script("/a", Answer(503, b"", {"Retry-After": when}))
    async with Fetcher(web.settings(robots=False)) as fetcher:
        with pytest.raises(Refused) as refused:
            await fetcher.get(web.url("/a"))

    assert not refused.value.wait


async def test_links_to_where_nobody_may_go_do_not_take_a_night(web: Web) -> None:
    began = time.monotonic()
    async with Fetcher(web.settings(allow_hosts=(), per_host_seconds=5.0)) as fetcher:
        for number in range(3):
            with pytest.raises(NotAllowed):
                await fetcher.get(web.url(f"/{number}"))

    assert time.monotonic() - began < 4
    assert 0 == web.connections


async def test_whoever_waits_for_a_free_place_has_not_begun() -> None:
    pace = Pace(0, parallel=1)
    order: list[str] = []

    async def take(host: str) -> None:
        async with pace.turn(host):
            order.append(host)

    async with pace.turn("a"):
        waiting = asyncio.create_task(take("b"))
        for _ in range(5):
            await asyncio.sleep(0)
        order.append("a")
    await waiting

    assert ["a", "b"] == order
