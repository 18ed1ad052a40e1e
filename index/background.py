"""Work that goes on beside the embedding of passages, in order, on a thread of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType


class Background:
    """Runs calls one after another while the caller goes on; few wait at a time, so that memory stays bounded."""

    def __init__(self, waiting: int = 1) -> None:
        """Begin.

        Args:
            waiting: How many calls may wait for the one that runs.
        """
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="index-writer")
        self._calls: deque[Future[None]] = deque()
        self._most = waiting + 1
        self._failed = False

    def __enter__(self) -> Background:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the call that runs; those that still wait after a failure are forgotten."""
        self._failed = self._failed or error is not None
        self._executor.shutdown(wait=True, cancel_futures=error is not None)

    def run(self, call: Callable[[], None]) -> None:
        """Have a call run after those before it; wait while too many wait.

        Raises:
            Exception: What an earlier call raised. Nothing is run after it.
        """
        while self._calls and (len(self._calls) >= self._most or self._calls[0].done()):
            self._calls.popleft().result()
        self._calls.append(self._executor.submit(self._run, call))

    def finish(self) -> None:
        """Wait until all calls have run.

        Raises:
            Exception: What one of them raised.
        """
        while self._calls:
            self._calls.popleft().result()

    def _run(self, call: Callable[[], None]) -> None:
        if self._failed:
            return
        try:
            call()
        except BaseException:
            self._failed = True
            raise
