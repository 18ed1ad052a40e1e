"""Equal questions: asked at once they are answered once, and asked again soon they are answered from memory."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from functools import partial

from bot.model import Answer

# What can be told of an answer under way: how it has come along, or how many questions come before it.
Progress = Callable[[Answer | int], None]

# Answers kept: about 15 kB each.
MOST = 256


class AnswerCache:
    """The answers given last, by what decides them; the one not wanted for longest is forgotten first. Pure."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, Answer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: Hashable) -> Answer | None:
        """Return the answer that is kept under a key."""
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def put(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer."""
        self._known[key] = answer
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    def clear(self) -> None:
        """Forget them all."""
        self._known.clear()


class _Running:
    """An answer under way, and everybody who waits for it."""

    def __init__(self, answer: Callable[[Progress], Awaitable[Answer]]) -> None:
        self.waiting = 0
        self.progress: list[Progress] = []
        self.task = asyncio.ensure_future(answer(self._tell))

    def _tell(self, so_far: Answer | int) -> None:
        for progress in list(self.progress):
            progress(so_far)


class InFlight:
    """The answers that are under way."""

    def __init__(self) -> None:
        self._running: dict[Hashable, _Running] = {}

    def __len__(self) -> int:
        return len(self._running)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._running

    async def answer(
        self,
        key: Hashable,
        answer: Callable[[Progress], Awaitable[Answer]],
        progress: Progress | None = None,
    ) -> Answer:
        """Wait for the answer that is under way under a key; begin with it if none is.

        It goes on for as long as anybody waits for it; what goes wrong with it goes wrong for everybody.

        Args:
            key: What decides the answer.
            answer: Begins it; handed what everybody who waits is told by.
            progress: Called with what is told of it.
        """
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = _Running(answer)
            running.task.add_done_callback(partial(self._end, key, running))
        running.waiting += 1
        if progress:
            running.progress.append(progress)
        try:
            return await asyncio.shield(running.task)
        finally:
            running.waiting -= 1
            if progress:
                running.progress.remove(progress)
            if not running.waiting and not running.task.done():
                # Whoever asks the same from now on begins anew.
                self._end(key, running, running.task)
                running.task.cancel()

    def _end(self, key: Hashable, running: _Running, _: asyncio.Future[Answer]) -> None:
        if self._running.get(key) is running:
            del self._running[key]
