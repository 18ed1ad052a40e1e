"""What goes wrong: a fault is one line in a test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from aiohttp import web

from tests.wire.discord.errors import Refused

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Action = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]


@dataclass(eq=False)
class Fault:
    """Something that befalls the next requests that fit.

    Attributes:
        where: Method and path, such as "PATCH /webhooks/*"; * stands for anything.
        times: How many requests it befalls.
        befell: How many it has befallen.
    """

    where: str
    action: Action
    times: int
    befell: int = 0


@dataclass
class Faults:
    """The faults that wait for a request, the oldest first."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, where: str, action: Action, times: int = 1) -> Fault:
        fault = Fault(where, action, times)
        self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        self.waiting.clear()

    async def run(self, request: web.Request, path: str, handler: Handler) -> web.StreamResponse:
        asked = f"{request.method} {path}"
        for fault in self.waiting:
            if fault.befell < fault.times and fnmatchcase(asked, fault.where):
                fault.befell += 1
                return await fault.action(request, handler)
        return await handler(request)


def fails(status: int, code: int = 0) -> Action:
    """Answer with an error of Discord's."""

    async def action(request: web.Request, handler: Handler) -> web.StreamResponse:
        raise Refused(status, code)

    return action


def page(status: int) -> Action:
    """Answer with a page that is no JSON, as what stands before Discord does when Discord is down."""

    async def action(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=status, text="<html><h1>Bad gateway</h1></html>", content_type="text/html")

    return action


def limits(retry_after: float, *, everywhere: bool = False, via: bool = True) -> Action:
    """Answer that there have been too many requests."""

    async def action(request: web.Request, handler: Handler) -> web.StreamResponse:
        headers = {"Retry-After": str(retry_after), "X-RateLimit-Scope": "global" if everywhere else "user"}
        if via:
            headers["Via"] = "1.1 loopback"
        if everywhere:
            headers["X-RateLimit-Global"] = "true"
        body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere}
        return json_response(body, 429, headers)

    return action


def slow(seconds: float) -> Action:
    """Do it, but late."""

    async def action(request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await handler(request)

    return action


def slow_reply(seconds: float) -> Action:
    """Do it at once, and say so late."""

    async def action(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        await asyncio.sleep(seconds)
        return response

    return action


def cut(*, done: bool = False) -> Action:
    """Cut the connection before the request is done, or when it is done and nobody has been told."""

    async def action(request: web.Request, handler: Handler) -> web.StreamResponse:
        if done:
            await handler(request)
        assert request.transport
        request.transport.abort()
        return web.Response(status=500)

    return action


def json_response(data: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer as Discord does: its content type names no charset."""
    import json

    return web.Response(body=json.dumps(data).encode(), status=status, content_type="application/json", headers=headers)
