"""A language model's provider on this machine: it speaks the OpenAI protocol, as well or as badly as a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.settings import GenerateSection

KEY = "sk-wire-0123456789-very-secret"

Handler = Callable[[web.Request, dict[str, Any]], Awaitable[web.StreamResponse]]


class Provider:
    """Serves one handler; remembers what it was asked.

    Attributes:
        handler: Answers the next requests.
        requests: The bodies so far.
        asked: Set by the first request.
        keys: The Authorization headers so far.
    """

    def __init__(self) -> None:
        self.handler: Handler = says("NONE")
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.asked = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.address = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        (host, port) = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{port}/v1"

    async def stop(self) -> None:
        assert self._runner
        await self._runner.cleanup()

    def settings(self, **changes: Any) -> GenerateSection:
        given: dict[str, Any] = {
            "model": "openai:wire-model",
            "base_url": self.address,
            "api_key": SecretStr(KEY),
            "timeout": 20,
            **changes,
        }
        return GenerateSection(**given)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.asked.set()
        self.keys.append(request.headers.get("Authorization", ""))
        return await self.handler(request, body)


def says(*pieces: str, usage: tuple[int, int] | None = None, finish: str = "stop", pause: float = 0.0) -> Handler:
    """Stream these pieces."""

    async def handler(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        response = await _begin(request)
        for piece in pieces:
            await response.write(event({"content": piece}))
            await asyncio.sleep(pause)
        await response.write(event({}, finish=finish, usage=usage))
        await response.write(b"data: [DONE]\n\n")
        return response

    return handler


def sends(*raw: bytes, stall: bool = False) -> Handler:
    """Send these bytes as the stream, then end the connection, or say nothing more."""

    async def handler(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        response = await _begin(request)
        for part in raw:
            await response.write(part)
        if stall:
            await asyncio.sleep(60)
        return response

    return handler


def fails(status: int, text: str = "{}", content_type: str = "application/json", **headers: str) -> Handler:
    """Answer with an error, or with a page that is no stream."""

    async def handler(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        return web.Response(status=status, text=text, content_type=content_type, headers=headers)

    return handler


def in_turn(*handlers: Handler) -> Handler:
    """Use each handler once, the last one for all that follows."""
    left = list(handlers)

    async def handler(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        return await (left.pop(0) if len(left) > 1 else left[0])(request, body)

    return handler


def event(delta: dict[str, Any], finish: str | None = None, usage: tuple[int, int] | None = None) -> bytes:
    """One event of the stream."""
    chunk: dict[str, Any] = {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "wire-model",
        "choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}],
    }
    if usage:
        read, written = usage
        chunk["usage"] = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


async def _begin(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    return response
