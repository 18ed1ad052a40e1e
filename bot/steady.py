"""Requests to Discord that a broken connection does not lose, and that are never carried out twice.

discord.py waits for rate limits and tries again when Discord fails; a connection that breaks it takes for final. Most
requests can be repeated without harm: what is set anew is the same as before, a message has a nonce by which Discord
knows it again, and an interaction that was acknowledged already is acknowledged. Only what might be said twice is left
alone, unless it certainly never left.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

log = logging.getLogger(__name__)

# Seconds before each further attempt. The first come soon: an interaction has to be acknowledged within three seconds.
PAUSES = (0.1, 0.3, 0.8, 2.0, 4.0, 8.0)
# Seconds that one attempt may take; discord.py's own is five minutes.
TIMEOUT = aiohttp.ClientTimeout(total=60.0, sock_connect=10.0, sock_read=30.0)

_MESSAGES = "/channels/{channel_id}/messages"
_CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"
_ALREADY_ACKNOWLEDGED = 40060
# POST requests that change nothing when they come a second time.
_REPEATABLE = {_MESSAGES, _CALLBACK, "/channels/{channel_id}/typing", "/users/@me/channels"}

Request = Callable[..., Awaitable[Any]]


def make_steady(client: discord.Client) -> None:
    """Have a client's requests outlive broken connections; call it in the task that the client runs in."""
    request: Request = client.http.request
    if not isinstance(request, _Steady):
        setattr(client.http, "request", _Steady(request))  # noqa: B010  # it is a method in discord.py's eyes
    # Nobody else's is replaced: a simulated Discord has one of its own.
    if type(async_context.get()) is AsyncWebhookAdapter:
        async_context.set(SteadyWebhooks())


class _Steady:
    """What a client requests with its token."""

    def __init__(self, request: Request) -> None:
        self._request = request

    async def __call__(self, route: Route, **given: Any) -> Any:
        body = given.get("json")
        if route.method == "POST" and route.path == _MESSAGES and isinstance(body, dict):
            # Discord gives back the message that it has, if it has one by this nonce already.
            given["json"] = {"nonce": secrets.token_hex(12), "enforce_nonce": True, **body}
        repeatable = (route.method != "POST" or route.path in _REPEATABLE) and not given.get("files")
        given.setdefault("timeout", TIMEOUT)
        return await _steadily(lambda: self._request(route, **given), route, repeatable)


class SteadyWebhooks(AsyncWebhookAdapter):
    """What is requested with an interaction's own token."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    async def request(self, route: Route, session: aiohttp.ClientSession, **given: Any) -> Any:
        """Request something; see `AsyncWebhookAdapter.request`."""
        ask = super().request
        repeatable = (route.method != "POST" or route.path in _REPEATABLE) and not given.get("files")
        answer = await _steadily(lambda: ask(route, session, **given), route, repeatable)
        if route.path == _CALLBACK and not (isinstance(answer, dict) and "interaction" in answer):
            # Acknowledged by an attempt whose answer was lost, or by a server that has nothing to say about it.
            return {"interaction": {"id": route.webhook_id, "type": 0}}
        return answer


async def _steadily(ask: Callable[[], Awaitable[Any]], route: Route, repeatable: bool) -> Any:
    """Ask until there is an answer, or until there have been enough attempts."""
    attempt = 0
    while True:
        try:
            return await ask()
        except discord.HTTPException as error:
            if attempt and route.path == _CALLBACK and error.code == _ALREADY_ACKNOWLEDGED:
                return None
            raise
        except (OSError, aiohttp.ClientError) as error:
            # A TimeoutError is an OSError.
            never_left = isinstance(error, aiohttp.ClientConnectorError)
            if attempt == len(PAUSES) or not (repeatable or never_left):
                raise
            log.info("%s %s is tried again: %s", route.method, route.path, type(error).__name__)
        await asyncio.sleep(PAUSES[attempt])
        attempt += 1
