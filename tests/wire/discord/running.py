"""The bot, running against a Discord on this machine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from types import ModuleType
from typing import Any

import discord.client
import discord.http
import discord.webhook.async_
import pytest

import bot.client
import bot.connect
import bot.hearing
import bot.steady
from bot.ask import Asker, AsyncAsker
from bot.catalogues import load_catalogues
from bot.client import FootnoteBot
from bot.connect import serve
from bot.model import Answer, Question
from bot.wire import connect_to
from tests.wire.discord.server import Discord

CATALOGUES = load_catalogues()

# How much shorter the pauses are that discord.py makes between its own attempts.
HASTE = 20


class LentAsker(AsyncAsker):
    """The real one, over an index that is not its own to close.

    Attributes:
        hold: Answers wait for it.
        asked: The questions that have come in.
    """

    def __init__(self, asker: Asker, queue_limit: int = 64) -> None:
        super().__init__(asker, queue_limit)
        self.hold = asyncio.Event()
        self.hold.set()
        self.asked: list[Question] = []

    async def ask(self, question: Question, progress: Callable[[Answer], None] | None = None) -> Answer:
        self.asked.append(question)
        await self.hold.wait()
        return await super().ask(question, progress)

    async def close(self) -> None:
        await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)


async def soon(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds of the bot, which tells nobody when it does."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class Running:
    """A Discord and the bot on it, with a server, a channel, and Alice."""

    def __init__(self, discord: Discord, bot: FootnoteBot, asker: LentAsker) -> None:
        self.discord, self.bot, self.asker = discord, bot, asker
        self.guild = discord.add_guild("Harbour")
        self.channel = discord.add_channel(self.guild, "news")
        self.alice = discord.add_person("alice", self.guild)
        self.gateway = discord.gateway
        self._stop = asyncio.Event()
        self.serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the bot and wait until its session has begun."""
        connect_to(self.discord.api, self.discord.gateway_address)
        self.serving = asyncio.create_task(serve(self.bot, self.discord.token, self._stop))
        before = self.gateway.identified
        started = asyncio.create_task(self.gateway.until(lambda: self.gateway.identified > before))
        await asyncio.wait({self.serving, started}, return_when=asyncio.FIRST_COMPLETED)
        if self.serving.done():
            started.cancel()
            self.serving.result()
        await started

    async def stop(self) -> None:
        self._stop.set()
        if self.serving:
            await asyncio.wait_for(self.serving, 30)

    async def settled(self) -> None:
        """Wait until nothing more comes of what has been done."""
        before = -1
        while before != len(self.discord.requests) or self.bot._running:
            before = len(self.discord.requests)
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def running(
    asker: Asker, *, discord: Discord | None = None, heartbeat: float = 0.0, **options: Any
) -> AsyncIterator[Running]:
    """Run the bot for as long as the context lasts.

    Args:
        asker: Answers.
        discord: One that has been started; one of its own if not given.
        heartbeat: Seconds between heartbeats, and a fifth of those after which silence means that all is over.
        options: Of the bot.
    """
    server = discord or Discord()
    if discord is None:
        await server.start()
    lent = LentAsker(asker)
    there = Running(server, FootnoteBot(lent, CATALOGUES, **options), lent)
    there.bot._connection.guild_ready_timeout = 0.05
    if heartbeat:
        server.gateway.interval, there.bot._connection.heartbeat_timeout = heartbeat, 5 * heartbeat
    try:
        await there.start()
        yield there
    finally:
        lent.hold.set()
        await there.stop()
        await server.stop()
        connect_to()


def hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the pauses between attempts; everything else takes the time that it takes."""
    for module in (discord.http, discord.webhook.async_, discord.client):
        monkeypatch.setattr(module, "asyncio", _Hasty("asyncio"))
    monkeypatch.setattr(bot.connect, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(bot.hearing, "PAUSE", bot.hearing.PAUSE / HASTE)
    monkeypatch.setattr(bot.steady, "PAUSES", [pause / HASTE for pause in bot.steady.PAUSES])


class _Hasty(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(seconds: float, result: Any = None) -> Any:
        return await asyncio.sleep(seconds / HASTE, result)
