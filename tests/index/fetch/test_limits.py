"""What is too much, too slow or broken is left early, with a word on what it was."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetch import Fetched, Fetcher, FetchFailure, Garbled, TimedOut, TooLarge, Unreachable
from index.fetch.decoding import Undecodable, decoder_of
from tests.index.fetch.web import Answer, Raw, Request, Web

MEGABYTE = 1_000_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def raw(*parts: bytes, for_ever: bytes = b"", every: float = 0.0) -> Raw:
    """Write these, then one part again and again."""

    async def behaviour(request: Request, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
        while for_ever:
            writer.write(for_ever)
            await writer.drain()
            await asyncio.sleep(every)

    return behaviour


async def stalled(request: Request, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def reset(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def bare(data: bytes) -> bytes:
    """DEFLATE without a header, as some servers send it."""
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


async def fetch(web: Web, **settings: Any) -> Fetched:
    async with Fetcher(web.settings(robots=False, **settings)) as fetcher:
        return await fetcher.get(web.url("/a"))


@pytest.mark.parametrize(
    "answer",
    [
        raw(HEAD + b"Content-Length: 999999999999\r\n\r\n", for_ever=b"x" * 50_000),
        raw(HEAD + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n", for_ever=b"x" * 50_000),
        raw(HEAD + b"Connection: close\r\n\r\n", for_ever=b"x" * 50_000),
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", for_ever=chunked(b"x" * 50_000)),
        Answer(200, b"x" * (MEGABYTE + 1)),
        Answer(200, gzip.compress(b"x" * (MEGABYTE + 1)), {"Content-Encoding": "gzip"}),
        Answer(200, zlib.compress(bytes(100 * MEGABYTE)), {"Content-Encoding": "deflate"}),
        Answer(200, gzip.compress(bytes(100 * MEGABYTE)), {"Content-Encoding": "gzip"}),
        Answer(200, gzip.compress(bytes(MEGABYTE)) * 50, {"Content-Encoding": "x-gzip"}),
        raw(
            HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
            for_ever=chunked(gzip.compress(b"") * 2_000),
        ),
    ],
    ids=[
        "announced", "announced in 5,000 digits", "endless", "endless chunks", "one byte more", "one byte more, gzip",
        "bomb, deflate", "bomb, gzip", "bomb of members", "members without end and without text",
    ],
)  # fmt: skip
async def test_what_is_too_large_is_not_read_on(web: Web, answer: Answer | Raw) -> None:
    web.script("/a", answer)
    began = time.process_time()
    with pytest.raises((TooLarge, Garbled)) as failure:
        await fetch(web, largest=MEGABYTE)

    assert "1,000,000 bytes" in str(failure.value) or "no HTTP" in str(failure.value)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("coding", ["identity", "gzip", "X-GZIP", "deflate"])
@pytest.mark.parametrize("size", [0, 1, MEGABYTE])
async def test_what_is_as_large_as_it_may_be_is_read(web: Web, coding: str, size: int) -> None:
    pack: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "X-GZIP": gzip.compress, "deflate": bare}
    body = bytes(size)
    web.script("/a", Answer(200, pack.get(coding, bytes)(body), {"Content-Encoding": coding}))

    assert body == (await fetch(web, largest=MEGABYTE)).body


@given(
    st.lists(st.binary(max_size=200), min_size=1, max_size=3), st.sampled_from(["gzip", "zlib", "bare"]),
    st.integers(1, 50), st.integers(0, 700),
)  # fmt: skip
def test_a_compressed_body_is_the_same_however_it_is_cut_and_never_longer_than_there_is_room(
    texts: list[bytes], form: str, cut: int, room: int
) -> None:
    text = b"".join(texts)
    packed = {"gzip": b"".join(map(gzip.compress, texts)), "zlib": zlib.compress(text), "bare": bare(text)}[form]
    decoder = decoder_of("gzip" if form == "gzip" else "deflate")
    made = b""
    for start in range(0, len(packed), cut):
        made += decoder.feed(packed[start : start + cut], room - len(made))
        assert len(made) <= room + 1
        if len(made) > room:
            break
    else:
        decoder.finish()
        assert text == made

    assert text.startswith(made)
    assert (len(text) > room) == (len(made) > room)


@pytest.mark.parametrize("length", range(1, 30, 4))
def test_a_compressed_body_that_breaks_off_is_told(length: int) -> None:
    for coding, packed in (("gzip", gzip.compress(b"text of an article")), ("deflate", zlib.compress(b"text of it"))):
        decoder = decoder_of(coding)
        with pytest.raises(Undecodable):
            decoder.feed(packed[: min(length, len(packed) - 1)], 1_000)
            decoder.finish()


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (stalled, TimedOut, "within 0.3 s"),
        (raw(b"HTTP/1.1 200 OK\r\n", for_ever=b"X: y\r\n", every=0.02), TimedOut, "within"),
        (raw(HEAD + b"Content-Length: 1000\r\n\r\n", for_ever=b"x", every=0.02), TimedOut, "within"),
        (raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", for_ever=b"0", every=0.02), TimedOut, "within"),
        (raw(for_ever=b"HTTP/1.1 100 Continue\r\n\r\n", every=0.01), TimedOut, "within"),
        (raw(for_ever=b"HTTP/1.1 100 Continue\r\n\r\n"), TimedOut, "within"),
        (reset, Unreachable, "broke off"),
        (raw(), Unreachable, "closed the connection"),
        (raw(HEAD), Unreachable, "closed the connection"),
        (raw(HEAD + b"Content-Length: 1000\r\n\r\nhalf"), Unreachable, "closed the connection"),
        (raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhalf"), Unreachable, "closed the connection"),
        (raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhalf\r\n"), Garbled, "no HTTP"),
        (raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), Garbled, "no HTTP"),
        (raw(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), Garbled, "no HTTP"),
        (raw(HEAD + b"Content-Length: -5\r\n\r\nhello"), Garbled, "no HTTP"),
        (raw(HEAD + b" folded\x00: y\r\n\r\n"), Garbled, "no HTTP"),
        (raw(b"220 mail.example ESMTP\r\n\r\n"), Garbled, "no HTTP"),
        (raw(b"<html>as it was in 1991</html>"), Unreachable, "closed the connection"),
        (raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), Garbled, "no HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 200_000), Garbled, "no HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\n", for_ever=b"X: y\r\n" * 1_000), Garbled, "no HTTP"),
        (raw(bytes(1_000)), Garbled, "no HTTP"),
        (Answer(200, b"no gzip", {"Content-Encoding": "gzip"}), Garbled, "broken where it is compressed"),
        (Answer(200, b"\x78\x9cno zlib", {"Content-Encoding": "deflate"}), Garbled, "broken where it is compressed"),
        (Answer(200, gzip.compress(b"x" * 99)[:-9], {"Content-Encoding": "gzip"}), Garbled, "breaks off"),
        (Answer(200, b"x", {"Content-Encoding": "br"}), Garbled, "compressed as 'br'"),
        (Answer(200, b"x", {"Content-Encoding": "gzip, gzip"}), Garbled, "compressed as 'gzip, gzip'"),
        (Answer(200, b"x", {"Content-Encoding": "\x1b[31m"}), Garbled, r"'\x1b[31m'"),
    ],
)  # fmt: skip
async def test_what_is_slow_or_broken_is_told_as_what_it_is(
    web: Web, answer: Answer | Raw, kind: type[FetchFailure], said: str
) -> None:
    web.script("/a", answer)
    with pytest.raises(FetchFailure) as failure:
        await fetch(web, timeout=0.3 if kind is TimedOut else 10)

    assert (kind, True) == (type(failure.value), said in str(failure.value)), failure.value


async def test_redirects_do_not_add_time(web: Web) -> None:
    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        there = int(request.path[1:]) + 1
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /%d\r\nContent-Length: 0\r\n\r\n" % there)

    for number in range(9):
        web.raw(f"/{number}", slow)
    async with Fetcher(web.settings(robots=False, timeout=0.4)) as fetcher:
        with pytest.raises(TimedOut):
            await fetcher.get(web.url("/0"))

    assert len(web.seen) <= 3


async def test_what_follows_a_compressed_text_is_padding(web: Web) -> None:
    web.script("/a", Answer(200, gzip.compress(b"text") + bytes(512), {"Content-Encoding": "gzip"}))

    assert b"text" == (await fetch(web)).body


async def test_after_a_failure_the_next_is_fetched_as_if_nothing_had_been(web: Web) -> None:
    web.page("/good", "text")
    async with Fetcher(web.settings(robots=False, timeout=1, parallel=1)) as fetcher:
        for behaviour in (stalled, reset, raw(HEAD + b"Content-Length: 9\r\n\r\nhalf"), raw(b"nothing\r\n\r\n")):
            web.raw("/bad", behaviour)
            with pytest.raises(FetchFailure):
                await fetcher.get(web.url("/bad"))

            assert b"text" == (await fetcher.get(web.url("/good"))).body
