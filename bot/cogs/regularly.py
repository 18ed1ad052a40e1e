"""What the bot does by itself now and then."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import aiohttp
import discord
from discord.ext import tasks

from bot.ask import Busy, TookTooLong
from bot.ledger import LedgerFailure
from index import IndexFailure

log = logging.getLogger(__name__)

# What passes by itself, or is told by what is tried next.
_PASSING = (LedgerFailure, IndexFailure, Busy, TookTooLong, discord.DiscordException, aiohttp.ClientError, OSError)

# How Discord says that direct messages are opened too fast; the status is that of what can never be done.
_TOO_FAST = 40003


def passes(error: Exception) -> bool:
    """Return whether what could not be sent may be sent later: Discord has not said that it takes it never."""
    if isinstance(error, discord.HTTPException):
        too_many = HTTPStatus.TOO_MANY_REQUESTS
        return error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status == too_many or error.code == _TOO_FAST
    return True


class Regularly:
    """Does something again and again; what fails is tried again the next time."""

    def __init__(self, do: Callable[[], Awaitable[object]], name: str, *, first: float, between: float) -> None:
        """Make it; nothing is done yet.

        Args:
            do: What is done.
            name: What it is called in the log.
            first: Seconds until it is done first, by when the bot is at its work.
            between: Seconds between two times.
        """
        self._do = do
        self._name = name
        self._between = between
        self._loop = tasks.loop(seconds=first)(self._step)

    def start(self) -> None:
        """Begin."""
        self._loop.start()

    async def stop(self) -> None:
        """End, also in the middle of it."""
        self._loop.cancel()
        if task := self._loop.get_task():
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _step(self) -> None:
        if self._loop.current_loop == 0:  # A loop begins at once.
            return
        try:
            await self._do()
        except _PASSING as error:
            log.warning("%s: failed and is tried again later: %s", self._name, error)
        except Exception:
            log.exception("%s: failed and is tried again later", self._name)
        self._loop.change_interval(seconds=self._between)
