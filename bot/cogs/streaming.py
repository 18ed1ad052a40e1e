"""An answer that grows on Discord: one message, edited while claims are verified, as often as Discord likes it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

import aiohttp
import discord

log = logging.getLogger(__name__)

# Seconds between two edits of one message; Discord lets through about five in five seconds for a whole channel.
BETWEEN_EDITS = 1.25


_State = TypeVar("_State")


class Growing(Generic[_State]):
    """Shows the newest state of an answer; what comes faster than it may be shown is skipped.

    Use it as a context: when it is left, nothing is being shown any more, and the whole answer can be.
    """

    def __init__(self, show: Callable[[_State], Awaitable[object]]) -> None:
        """Make it.

        Args:
            show: Puts an answer so far where it is to stand.
        """
        self._show = show
        self._newest: _State | None = None
        self._task: asyncio.Task[None] | None = None
        self._pausing = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is None:
            return
        self._newest = None
        # An edit under way is let finish: cancelled, it could still arrive, after the last one.
        if self._pausing:
            self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    def __call__(self, answer: _State) -> None:
        """Take in a newer state."""
        self._newest = answer
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._newest is not None:
            answer, self._newest = self._newest, None
            try:
                await self._show(answer)
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                # The whole answer will be tried in any case.
                log.info("A part of an answer could not be shown: %s", error)
            self._pausing = True
            await asyncio.sleep(BETWEEN_EDITS)
            self._pausing = False
