"""Nobody gets in: however an inner address is spelled, and however a fetch is led to it, nothing connects to it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, repeat

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fetch import Fetched, Fetcher, FetchFailure, FetchSettings, NotAllowed, TooManyRedirects, Unreachable
from index.fetch.answer import Answer as Redirect
from index.fetch.exchange import next_target
from index.fetch.target import host_of, read_target
from tests.index.fetch.web import Answer, Web

PUBLIC = "93.184.216.34"

# PORT is the port of a server on loopback that must not be reached.
SPELLINGS = [
    # Plain.
    "http://127.0.0.1:PORT/", "http://127.0.0.2:PORT/", "http://127.255.255.254:PORT/", "http://0.0.0.0:PORT/",
    "http://[::1]:PORT/", "http://[::]:PORT/", "http://[0:0:0:0:0:0:0:1]:PORT/", "https://127.0.0.1:PORT/",
    # Numbers that only look like something else.
    "http://127.1:PORT/", "http://127.0.1:PORT/", "http://2130706433:PORT/", "http://0x7f000001:PORT/",
    "http://0x7f.0.0.1:PORT/", "http://0X7F.1:PORT/", "http://017700000001:PORT/", "http://0177.0.0.1:PORT/",
    "http://0177.1:PORT/", "http://127.0x0.0.1:PORT/", "http://0:PORT/", "http://127.0.0.1.:PORT/",
    "http://00127.0.0.1:PORT/", "http://127.0.0.1..:PORT/", "http://4294967296:PORT/",
    # IPv4 inside IPv6.
    "http://[::ffff:127.0.0.1]:PORT/", "http://[::ffff:7f00:1]:PORT/", "http://[::127.0.0.1]:PORT/",
    "http://[::ffff:0:127.0.0.1]:PORT/", "http://[64:ff9b::127.0.0.1]:PORT/", "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/", "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:PORT/",
    "http://[fe80::5efe:127.0.0.1]:PORT/", "http://[2a00:1450::5efe:7f00:1]:PORT/",
    # Zones.
    "http://[::1%25lo]:PORT/", "http://[::1%lo]:PORT/", "http://[fe80::1%25eth0]:PORT/",
    # Where user and password stand, and what is taken for them.
    "http://news.example@127.0.0.1:PORT/", "http://news.example:80@127.0.0.1:PORT/", "http://@127.0.0.1:PORT/",
    "http://news.example\\@127.0.0.1:PORT/", "http://127.0.0.1:PORT\\@news.example/", "http://127.0.0.1:PORT#@news.example/",
    "http://127.0.0.1:PORT?@news.example/", "http://a@b@127.0.0.1:PORT/",
    # Letters of elsewhere, and letters that are none.
    "http://127。0。0。1:PORT/", "http://１２７.０.０.１:PORT/", "http://①②⑦.⓪.⓪.①:PORT/", "http://ⓛocalhost:PORT/",
    "http://local\u00adhost:PORT/", "http://local\u200bhost:PORT/", "http://%31%32%37.0.0.1:PORT/",
    "http://127.0.0.1%00.news.example:PORT/", "http://127.0.0.1%2f.news.example:PORT/", "http://127.0.0.1\t:PORT/",
    " http://127.0.0.1:PORT/", "http:127.0.0.1:PORT/", "http:/127.0.0.1:PORT/", "http:///127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT/", "//127.0.0.1:PORT/",
    # Names.
    "http://localhost:PORT/", "http://LOCALHOST:PORT/", "http://localhost.:PORT/", "http://inner.example:PORT/",
    "http://mapped.example:PORT/", "http://six.example:PORT/", "http://mixed.example:PORT/", "http://zoned.example:PORT/",
    "http://unspecified.example:PORT/", "http://metadata.example/", "http://127.0.0.1.nip.example:PORT/",
    # Other networks, and what is there.
    "http://169.254.169.254/latest/meta-data/", "http://169.254.170.2/v2/credentials", "http://[fd00:ec2::254]/",
    "http://[fd20:ce::254]/", "http://100.100.100.200/", "http://168.63.129.16/", "http://192.0.0.192/",
    "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/", "http://100.64.0.1/",
    "http://169.254.0.1/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[fec0::1]/", "http://192.0.2.1/",
    "http://198.18.0.1/", "http://[2001:db8::1]/", "http://224.0.0.1/", "http://[ff02::1]/", "http://240.0.0.1/",
    "http://255.255.255.255/", "http://192.88.99.1/", "http://[4000::1]/",
    # Ports where something else listens, and that there are not.
    "http://news.example:22/", "http://news.example:25/", "http://news.example:6379/", "http://news.example:0/",
    "http://news.example:65536/", "http://news.example:99999999999/",
    # Other schemes.
    "file:///etc/passwd", "ftp://127.0.0.1:PORT/", "gopher://127.0.0.1:PORT/_x", "dict://127.0.0.1:PORT/", "ws://127.0.0.1:PORT/",
    "data:text/html,x", "javascript:x", "http+unix://%2Frun%2Fdocker.sock/", "jar:http://127.0.0.1:PORT/!/", "",
]  # fmt: skip

NAMES = {
    "news.example": [PUBLIC],
    "inner.example": ["127.0.0.1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "six.example": ["::1"],
    "mixed.example": [PUBLIC, "127.0.0.1"],
    "zoned.example": ["fe80::1%lo"],
    "unspecified.example": ["0.0.0.0"],
    "metadata.example": ["169.254.169.254"],
}


async def resolve(host: str, port: int) -> Sequence[str]:
    """Answer as a resolver does: names as above, and whatever the C library takes for an address."""
    if host in NAMES:
        return NAMES[host]
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@pytest.fixture(scope="module")
def inner() -> Iterator[Web]:
    """A server that no fetch may reach."""
    with Web() as served:
        yield served


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_no_spelling_leads_inside_neither_at_once_nor_by_a_redirect(
    web: Web, inner: Web, spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It must not be the port that keeps them out.
    monkeypatch.setattr("index.fetch.network.WEB_PORTS", {80, 443, inner.port})
    there = spelling.replace("PORT", str(inner.port))
    web.script("/go", Answer(302, b"", {"Location": there.encode().decode("latin-1")}))
    async with Fetcher(web.settings(robots=False), resolve=resolve) as fetcher:
        with pytest.raises(NotAllowed):
            await fetcher.get(there)
        # What is no absolute address leads to the redirecting server itself, which has nothing there.
        with pytest.raises(FetchFailure):
            await fetcher.get(web.url("/go"))

    assert 0 == inner.connections
    assert 1 == web.count("/go")


HOSTS = st.text(st.sampled_from("abxn-.:@/\\[]%#?019_ \t\0é。①\u200b\u00ad"), max_size=20) | st.text(max_size=20)


@given(
    st.sampled_from(["http://", "https://", "//", "http:", ""]),
    HOSTS,
    st.sampled_from(["", "/", ":80/", "@a.example/"]),
)
@settings(max_examples=300)
def test_whatever_is_given_as_an_address_is_refused_or_has_a_plain_host(scheme: str, host: str, rest: str) -> None:
    read: list[httpx.URL] = []
    for given_as in (scheme + host + rest, host):
        with suppress(NotAllowed):
            read.append(read_target(given_as))
        with suppress(NotAllowed, TooManyRedirects):
            answer = Redirect(302, httpx.Headers([(b"location", given_as.encode())]), None, b"")
            read.append(next_target(httpx.URL("https://news.example/a/b"), answer))

    for target in read:
        assert target.scheme in {"http", "https"}
        assert not (target.userinfo or target.fragment)
        assert re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:.]+", host_of(target))
        assert read_target(str(target)) == target


async def test_what_is_refused_says_what_it_is_and_how_to_allow_it(inner: Web) -> None:
    async with Fetcher(FetchSettings(per_host_seconds=0), resolve=resolve) as fetcher:
        with pytest.raises(NotAllowed) as by_name:
            await fetcher.get(f"http://inner.example:{inner.port}/a?token=hush")
        with pytest.raises(NotAllowed) as by_port:
            await fetcher.get("http://news.example:22/")
        with pytest.raises(NotAllowed) as of_cloud:
            await fetcher.get("http://metadata.example/")

    assert "leads to 127.0.0.1, which is a loopback address" in str(by_name.value)
    assert f"inner.example:{inner.port} to [fetch] allow_hosts" in str(by_name.value)
    assert "hush" not in str(by_name.value)
    assert "port 22" in str(by_port.value)
    assert "metadata address" in str(of_cloud.value)
    assert "allow_hosts" not in str(of_cloud.value), "nobody should be led to allow that"
    assert 0 == inner.connections


@pytest.mark.parametrize("entry", ["inner.example", "*.example", "127.0.0.1", "127.0.0.0/8"])
async def test_what_the_operator_allows_is_fetched(inner: Web, entry: str) -> None:
    inner.page("/allowed", "inside")
    async with Fetcher(FetchSettings(allow_hosts=(entry,), per_host_seconds=0), resolve=resolve) as fetcher:
        fetched = await fetcher.get(inner.url("/allowed", "inner.example"), robots=False)

    assert b"inside" == fetched.body
    assert f"inner.example:{inner.port}" == inner.seen[-1].headers["host"]
    inner.connections = 0


async def test_a_name_is_looked_up_once_and_what_was_looked_at_is_connected_to(web: Web, inner: Web) -> None:
    answers = chain([["127.0.0.1"]], repeat(["169.254.169.254"]))
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    web.page("/a", "first")
    async with Fetcher(web.settings(robots=False), resolve=rebinding) as fetcher:
        first: Fetched = await fetcher.get(web.url("/a", "rebinding.example"))
        web.down()
        web.up()
        with pytest.raises(NotAllowed, match="metadata address"):
            await fetcher.get(web.url("/a", "rebinding.example"))

    assert b"first" == first.body
    assert ["rebinding.example", "rebinding.example"] == asked


async def test_a_proxy_of_the_environment_is_not_asked(web: Web, inner: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, inner.url())
    web.page("/a", "direct")
    async with Fetcher(web.settings()) as fetcher:
        fetched = await fetcher.get(web.url("/a"))

    assert b"direct" == fetched.body
    assert 0 == inner.connections


async def test_a_proxy_that_is_configured_is_asked_but_not_for_what_is_known_to_lead_inside(web: Web) -> None:
    web.page("http://news.example/a", "by the proxy")
    web.page("http://unknown.example/a", "found by the proxy")
    web.redirect("http://news.example/in", "http://inner.example/")

    async def resolve_some(host: str, port: int) -> Sequence[str]:
        return NAMES.get(host, [])

    through = web.settings(robots=False, allow_hosts=(), proxy=web.url().replace("//", "//me:hush@"))
    async with Fetcher(through, resolve=resolve_some) as fetcher:
        known = await fetcher.get("http://news.example/a")
        unknown = await fetcher.get("http://unknown.example/a")
        for inside in ("http://inner.example/", "http://10.0.0.1/", "http://news.example/in", "http://0x7f.1/"):
            with pytest.raises(NotAllowed):
                await fetcher.get(inside)
        with pytest.raises(Unreachable, match="the proxy says"):
            await fetcher.get("https://news.example/a")

    assert (b"by the proxy", b"found by the proxy") == (known.body, unknown.body)
    assert "Basic bWU6aHVzaA==" == web.seen[0].headers["proxy-authorization"]
    assert {"http://news.example/a", "http://unknown.example/a", "http://news.example/in", "news.example:443"} == {
        request.path for request in web.seen
    }
    assert "hush" not in repr(through)
