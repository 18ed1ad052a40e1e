"""A web server on loopback that does what a test has scripted, badly if it is told to.

It runs on a thread and an event loop of its own, so that blocking code can be tested against it as well.

    with Web() as web:
        web.page("/a.html", "<p>Text</p>", etag='"1"')      # answers 304 to whoever knows "1"
        web.redirect("/old", "/a.html", 301)
        web.script("/flaky", Answer(503), Answer(200, b"ok"))    # one after another, the last for ever
        web.raw("/slow", behaviour)                              # async def behaviour(request, writer)
        fetcher = Fetcher(web.settings())
        ...
        web.count("/a.html"), web.seen[-1].headers["user-agent"], web.connections
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from index.fetch import FetchSettings


@dataclass(frozen=True)
class Request:
    """A request that came: path with query, headers by lower-case name."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What is answered; a Content-Length is added unless one is given."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


_TLS = b"\x16"  # how a TLS handshake begins

Raw = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


class Web:
    """Routes by path; a path with a query first as a whole, then without. Any other is not there (404)."""

    def __init__(self, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        self.seen: list[Request] = []
        self.connections = 0
        self.open_now = 0
        self.most_at_once = 0
        self._tls = tls
        self._name = host
        self._routes: dict[str, list[Answer | Raw]] = {}
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._server: asyncio.Server | None = None
        self._port = 0

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def host(self) -> str:
        """Address and port, as `allow_hosts` takes them."""
        return f"{self._name}:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    def url(self, path: str = "", name: str = "") -> str:
        """The address of a path; under another host name if one is given."""
        return f"{'https' if self._tls else 'http'}://{name or self._name}:{self._port}{path}"

    def settings(self, **changes: Any) -> FetchSettings:
        """How to fetch from here: allowed, at once, no second try."""
        given: dict[str, Any] = {"allow_hosts": (self.host,), "per_host_seconds": 0.0, "retries": 0, "timeout": 10.0}
        return FetchSettings(**(given | changes))

    def page(
        self,
        path: str,
        body: str | bytes,
        content_type: str = "text/html; charset=utf-8",
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> None:
        named = {"Content-Type": content_type, "ETag": etag, "Last-Modified": last_modified, **(headers or {})}
        body = body.encode() if isinstance(body, str) else body
        self.script(path, Answer(status, body, {name: value for name, value in named.items() if value}))

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.script(path, Answer(status, b"moved", {"Location": to}))

    def raw(self, path: str, behaviour: Raw) -> None:
        """Let a coroutine write whatever it wants; the connection is closed after it."""
        self.script(path, behaviour)

    def script(self, path: str, *answers: Answer | Raw) -> None:
        self._routes[path] = list(answers)

    def remove(self, path: str) -> None:
        """From now on it is not there."""
        del self._routes[path]

    def count(self, path: str) -> int:
        """How often a path was asked for, whatever the query."""
        return sum(request.path.partition("?")[0] == path for request in self.seen)

    def down(self) -> None:
        """Stop listening and break off what is under way; `up` listens again, at the same port."""
        self._run(self._stop())

    def up(self) -> None:
        self._run(self._start())

    def _run(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._connected, self._name, self._port, ssl=self._tls)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._answer(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort() if self._server is None else writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection stays open."""
        begin = await reader.readexactly(1)
        if begin == _TLS:
            writer.write(_wire(Answer(400, b"no TLS here")))
            return False
        head = (begin + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        request = Request(method, path, headers)
        self.seen.append(request)
        self.open_now += 1
        self.most_at_once = max(self.most_at_once, self.open_now)
        try:
            route = self._routes.get(path) or self._routes.get(path.partition("?")[0]) or [Answer(404, b"not here")]
            answer = route.pop(0) if len(route) > 1 else route[0]
            if not isinstance(answer, Answer):
                await answer(request, writer)
                return False
            writer.write(_wire(_known(request, answer)))
            await writer.drain()
            return True
        finally:
            self.open_now -= 1


def _known(request: Request, answer: Answer) -> Answer:
    """Answer 304 to whoever has this version."""
    etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    asked = request.headers.get("if-none-match")
    same = asked == etag if asked else modified is not None and request.headers.get("if-modified-since") == modified
    return (
        Answer(304, b"", answer.headers) if answer.status == HTTPStatus.OK and (etag or modified) and same else answer
    )


def _wire(answer: Answer) -> bytes:
    headers = dict(answer.headers)
    if answer.status != HTTPStatus.NOT_MODIFIED:
        headers.setdefault("Content-Length", str(len(answer.body)))
    lines = [f"HTTP/1.1 {answer.status} Said", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body
