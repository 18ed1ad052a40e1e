"""Whether the bot lives and is ready, and its figures, at a port that whatever runs it can ask. Off unless configured.

Three pages: `/healthz` says that the process lives, `/readyz` whether it can answer on Discord, `/metrics` the figures.
None of them names a server, a person or a word of a question; whom they are shown to is the operator's choice.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot.web import serving

if TYPE_CHECKING:
    from collections.abc import Callable

    import discord

    from bot.client import FootnoteBot
    from bot.metrics import Metrics

# Heartbeats that may go unanswered: one is on its way most of the time, and Discord may be slow once.
_MISSED = 2.5

_UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the bot can answer.

    Attributes:
        discord: It is connected and has been let in.
        heartbeat: Discord answered lately.
        index: A generation is loaded.
    """

    discord: bool
    heartbeat: bool
    index: bool

    @property
    def ready(self) -> bool:
        """Everything is as it should be."""
        return self.discord and self.heartbeat and self.index


def readiness_of(bot: FootnoteBot) -> Readiness:
    """Return how the bot is."""
    connected = bot.is_ready() and not bot.closing
    return Readiness(discord=connected, heartbeat=heartbeat_is_recent(bot), index=bot.searched is not None)


def heartbeat_is_recent(bot: discord.Client, now: Callable[[], float] = time.perf_counter) -> bool:
    """Return whether Discord has answered one of the last heartbeats.

    Args:
        bot: Connected or not.
        now: The clock that discord.py reads, in seconds.
    """
    # There is no public name for when; `latency` keeps its last value for as long as nothing is answered.
    keeper = getattr(bot.ws, "_keep_alive", None)
    if keeper is None or keeper.interval is None:
        return False
    return bool(now() - keeper._last_ack < keeper.interval * _MISSED)


def health_app(readiness: Callable[[], Readiness], metrics: Metrics) -> web.Application:
    """Return the pages.

    Args:
        readiness: Looks how the bot is, each time.
        metrics: Its figures.
    """

    async def healthz(_: web.Request) -> web.Response:
        # Whoever gets this answer has heard from the loop that everything runs on.
        return web.json_response({"status": "ok"})

    async def readyz(_: web.Request) -> web.Response:
        state = readiness()
        told = {"discord": state.discord, "heartbeat": state.heartbeat, "index": state.index}
        status = {"status": "ready" if state.ready else "not ready"}
        return web.json_response(status | told, status=200 if state.ready else _UNAVAILABLE)

    async def figures(_: web.Request) -> web.Response:
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return web.Response(body=metrics.text(), headers=headers)

    app = web.Application(client_max_size=0)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", figures)
    return app


@contextlib.asynccontextmanager
async def watched_from_outside(
    readiness: Callable[[], Readiness], metrics: Metrics, host: str, port: int | None
) -> AsyncIterator[str | None]:
    """Serve the pages within this context.

    Yields:
        Their address; None, and nothing is served, if there is no port.

    Raises:
        WebUnavailable: The address is taken, not allowed, or not one of this machine.
    """
    if port is None:
        yield None
        return
    async with serving(health_app(readiness, metrics), host, port) as address:
        yield address
