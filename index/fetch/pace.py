"""Whose turn it is: requests to a host one after another and some time apart, to all of them only so many at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from index.fetch.failures import NotAllowed

# Seconds between requests that a robots.txt can ask for; whoever asks for more is not read in a night.
LONGEST_DELAY = 30.0

# Addresses of a host in a row that could not be connected to or took too long; no more are tried then.
_FAILURES = 3


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    delay: float = 0.0
    ready: float = 0.0
    failures: int = 0


class Pace:
    """The turns of one `Fetcher`. Times are the event loop's, in seconds."""

    def __init__(self, seconds: float, parallel: int) -> None:
        """Set the pace.

        Args:
            seconds: Between the beginnings of two requests to a host, which then do not overlap; 0 for no such rule.
            parallel: The most requests at once.
        """
        self._seconds = seconds
        self._slots = asyncio.Semaphore(parallel)
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for a host's turn, and hold it."""
        host = self._hosts[name]
        async with AsyncExitStack() as held:
            if self._seconds or host.delay:
                await held.enter_async_context(host.lock)
            loop = asyncio.get_running_loop()
            while (wait := host.ready - loop.time()) > 0:  # noqa: ASYNC110 - it may be postponed meanwhile
                await asyncio.sleep(wait)
            await held.enter_async_context(self._slots)
            before = host.ready
            host.ready = max(before, loop.time() + max(self._seconds, host.delay))
            try:
                yield
            except NotAllowed:
                # Nothing was asked; a page of links to where nobody may go must not take a night.
                host.ready = before
                raise

    def slow_down(self, name: str, seconds: float) -> None:
        """Heed a host that asks for that much time between requests, within reason."""
        if seconds > 0:  # NaN is not
            self._hosts[name].delay = min(seconds, LONGEST_DELAY)

    def postpone(self, name: str, seconds: float) -> None:
        """Ask a host nothing for so long."""
        host = self._hosts[name]
        host.ready = max(host.ready, asyncio.get_running_loop().time() + seconds)

    def seconds_until(self, name: str) -> float:
        """Return how long a host has asked to be left alone from now on; 0 or less if it has not."""
        return self._hosts[name].ready - asyncio.get_running_loop().time()

    def count(self, name: str, *, reached: bool) -> None:
        """Take note of whether a host could be reached."""
        host = self._hosts[name]
        host.failures = 0 if reached else host.failures + 1

    def is_given_up(self, name: str) -> bool:
        """Tell whether a host could not be reached so often in a row that it is not tried again."""
        return self._hosts[name].failures >= _FAILURES
