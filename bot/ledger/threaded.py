"""The ledger on an event loop: one thread runs it, and nobody waits long for it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from bot.ledger.model import LedgerFailure

if TYPE_CHECKING:
    from bot.ledger.ledger import Ledger

log = logging.getLogger(__name__)

# Seconds that somebody waits for the ledger: it takes milliseconds, unless something is wrong with it.
PATIENCE = 5.0
# Seconds that an answer waits for it, which is given in any case.
ANSWER_PATIENCE = 1.0
# The most calls that may wait; further ones are dropped, so that a ledger that hangs does not fill the memory.
LIMIT = 1_000
# Seconds between two lines in the log about a ledger that fails.
BETWEEN_WARNINGS = 60.0

_Result = TypeVar("_Result")


class AsyncLedger:
    """A ledger for the event loop: everything runs on one worker thread.

    Attributes:
        failed: How many calls failed, were given up on or dropped since it was made.
    """

    def __init__(self, url: str = "sqlite://", *, hash_key: bytes | None = None) -> None:
        """Take note of where the ledger is; see `Ledger`.

        Raises:
            LedgerFailure: The URL cannot be read.
        """
        self._url = url
        self._key = hash_key
        self._ledger: Ledger | None = None
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._waiting = 0
        self._late = 0
        self._warned = float("-inf")
        self.failed = 0

    @property
    def hashing(self) -> bool:
        """Whether members are stored as hashes."""
        return self._key is not None

    async def open(self) -> None:
        """Open it now rather than at the first use; one that cannot be opened is tried again then."""
        await self.attempt(lambda ledger: ledger.open(), None, patience=PATIENCE)

    async def run(self, call: Callable[[Ledger], _Result], *, patience: float = PATIENCE) -> _Result:
        """Run a call on the ledger's thread.

        Args:
            call: Given the ledger.
            patience: Seconds to wait for it at most; the call itself goes on.

        Raises:
            LedgerFailure: The ledger cannot be used, or not in time.
        """
        if self._waiting >= LIMIT:
            raise LedgerFailure("The ledger does not answer, and too many calls wait for it already.")
        self._waiting += 1
        running = asyncio.get_running_loop().run_in_executor(self._worker, self._call, call)
        running.add_done_callback(self._done)
        try:
            return await asyncio.wait_for(asyncio.shield(running), patience)
        except TimeoutError:
            self._late += 1
            running.add_done_callback(self._caught_up)
            raise LedgerFailure(f"The ledger did not answer within {patience:g} s.") from None

    async def attempt(
        self, call: Callable[[Ledger], _Result], otherwise: _Result, *, patience: float = ANSWER_PATIENCE
    ) -> _Result:
        """Run a call; never fail, and never wait long: whatever is wrong with the ledger costs no answer.

        While the ledger hangs nobody waits for it at all, but what was to be written still is if it comes back.

        Args:
            call: Given the ledger.
            otherwise: Returned if it fails.
            patience: Seconds to wait for it at most.
        """
        try:
            return await self.run(call, patience=0 if self._late else patience)
        except LedgerFailure as error:
            self._warn(str(error))
        except Exception as error:
            self._warn(f"{type(error).__name__} in the ledger", error)
        return otherwise

    async def close(self) -> None:
        """Write what waits to be written, and let go of it; one that hangs is not waited for."""
        closing = asyncio.get_running_loop().run_in_executor(self._worker, self._close)
        await asyncio.wait({closing}, timeout=PATIENCE)
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _call(self, call: Callable[[Ledger], _Result]) -> _Result:
        if self._ledger is None:
            from bot.ledger.ledger import Ledger

            self._ledger = Ledger(self._url, hash_key=self._key)
        return call(self._ledger)

    def _close(self) -> None:
        if self._ledger is not None:
            self._ledger.close()

    def _done(self, running: asyncio.Future[_Result]) -> None:
        self._waiting -= 1

    def _caught_up(self, running: asyncio.Future[_Result]) -> None:
        self._late -= 1
        # Nobody waits for it any more, so nobody else would see why it failed.
        if not running.cancelled() and (error := running.exception()) is not None:
            self._warn(str(error))

    def _warn(self, reason: str, error: Exception | None = None) -> None:
        self.failed += 1
        now = time.monotonic()
        if now - self._warned >= BETWEEN_WARNINGS:
            self._warned = now
            log.warning("Nothing is recorded for now, answers go on: %s", reason, exc_info=error)
