"""An asker on an event loop: nothing blocks it, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from bot.model import Answer, Citation, Question
from bot.stages import stage, took

if TYPE_CHECKING:
    from bot.ask import Asker
    from bot.generate import Generator
    from bot.serving import Held, Serving
    from index import Hit, Index, Summary, Support

# Seconds that somebody waits for an answer at most. One takes a fraction of a second; a database that is locked by
# another program would hold it up for much longer.
PATIENCE = 60.0

_Result = TypeVar("_Result")


class Busy(Exception):
    """More questions wait than may wait."""


class TookTooLong(Exception):
    """An answer did not come in time; whatever holds it up, the asker is told."""


class AsyncAsker:
    """An asker for the event loop: everything runs on one worker thread, and only so much may wait for it."""

    def __init__(self, asker: Asker, queue_limit: int = 64, generator: Generator | None = None) -> None:
        """Wrap an asker, which nobody else may use from now on.

        Args:
            asker: Opened or not.
            queue_limit: The most calls that may wait or run at once.
            generator: Words the answers, if given. It runs beside the worker thread, so that a language model that
                stalls holds up nobody else's question.
        """
        self._asker = asker
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="asker")
        self._limit = queue_limit
        self._generator = generator
        self._waiting = 0
        self._done = 0

    @property
    def generates(self) -> bool:
        """Whether a language model words the answers."""
        return self._generator is not None

    @property
    def waiting(self) -> int:
        """How many calls wait or run."""
        return self._waiting

    @property
    def done(self) -> int:
        """How many calls have run so far: they do so in the order in which they came."""
        return self._done

    @property
    def serving(self) -> Serving:
        """What hands out the generation in force."""
        return self._asker.serving

    @property
    def summary(self) -> Summary | None:
        """What the generation in force holds; None while none is open."""
        return self.serving.summary

    async def generation(self) -> str | None:
        """Return the id of the generation in force, or while none is open, of the one to be opened; None without."""
        held = self.summary
        return held.generation if held else await asyncio.to_thread(self._asker.published)

    async def open(self) -> Summary:
        """Have the generation in force that is published; it is followed from then on. See `Asker.open`."""
        if self.summary is None:
            return await self._run(self._asker.open)
        # Beside the worker thread, so that answers go on.
        return await asyncio.to_thread(self._asker.open)

    def tell_of_swaps(self, tell: Callable[[Summary], None]) -> Callable[[], None]:
        """Have this event loop told of every generation that comes into force, and return what ends that.

        Args:
            tell: Called with what it holds.
        """
        loop = asyncio.get_running_loop()

        def told(summary: Summary) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has been closed
                loop.call_soon_threadsafe(tell, summary)

        self.serving.listeners.append(told)
        return lambda: self.serving.listeners.remove(told)

    async def ask(self, question: Question, progress: Callable[[Answer], None] | None = None) -> Answer:
        """Answer a question.

        Args:
            question: What is asked.
            progress: Called with what a generated answer holds so far, each time that a claim has been verified.

        Raises:
            Busy: Too many are waiting.
            TookTooLong: It took more than `PATIENCE`.
            IndexFailure: There is no index to answer from.
        """
        # Beside the worker thread as well.
        asked = await self._generator.rewrite(question) if self._generator and question.turns else question
        if self._generator is None or not question.generate:
            return await self._run(lambda: self._asker.ask(asked), PATIENCE)
        async with self.using() as held:
            answer = await self._run(lambda: self._asker.ask(asked, held), PATIENCE)
            with stage("generate"):
                return await self._generator.generate(answer, Steps(self, held), progress)

    @contextlib.asynccontextmanager
    async def using(self) -> AsyncIterator[Held]:
        """Keep the generation in force open within this context, for what takes several steps on it.

        Raises:
            Busy: Too many are waiting for the first one to be opened.
            TookTooLong: It was not opened in time.
            IndexFailure: There is none.
        """
        if self.summary is None:
            await self._run(self._asker.open, PATIENCE)
        with self.serving.use() as held:
            yield held

    async def support(self, claim: str, passage_ids: Sequence[str], on: Held) -> list[Support]:
        """See `Asker.support`."""
        return await self._run(lambda: self._asker.support(claim, passage_ids, on), PATIENCE)

    async def verify(self, citations: Sequence[Citation], hits: Sequence[Hit], on: Held) -> tuple[Citation, ...]:
        """See `Asker.verify`."""
        return await self._run(lambda: self._asker.verify(citations, hits, on), PATIENCE)

    async def look(self, read: Callable[[Index], _Result], on: Held | None = None) -> _Result:
        """See `Asker.look`."""
        return await self._run(lambda: self._asker.look(read, on), PATIENCE)

    async def close(self) -> None:
        """Wait for what runs, drop what waits, and let go of the index."""
        await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)
        # Off the loop: it waits for the thread that follows what is published.
        await asyncio.to_thread(self._asker.close)

    async def _run(self, call: Callable[[], _Result], patience: float | None = None) -> _Result:
        self.serving.watch()
        if self._waiting >= self._limit:
            raise Busy(f"{self._waiting} questions are waiting already. Ask again in a moment.")
        self._waiting += 1
        # What belongs to the ask that runs goes along to the worker thread.
        context = contextvars.copy_context()
        queued = time.perf_counter()

        def begin() -> _Result:
            took("queue", time.perf_counter() - queued)
            return call()

        running = asyncio.get_running_loop().run_in_executor(self._worker, context.run, begin)
        # It holds its place until it is done, whether or not anybody still waits for it.
        running.add_done_callback(self._leave)
        try:
            return await asyncio.wait_for(asyncio.shield(running), patience)
        except TimeoutError:
            raise TookTooLong(f"No answer came within {patience:.0f} s.") from None

    def _leave(self, _: asyncio.Future[_Result]) -> None:
        self._waiting -= 1
        self._done += 1


class Steps:
    """What claims are checked against: the generation that the answer was found in, whatever serves by then."""

    def __init__(self, asker: AsyncAsker, on: Held) -> None:
        self._asker = asker
        self._on = on

    async def support(self, claim: str, passage_ids: Sequence[str]) -> list[Support]:
        """See `Asker.support`."""
        return await self._asker.support(claim, passage_ids, self._on)

    async def verify(self, citations: Sequence[Citation], hits: Sequence[Hit]) -> tuple[Citation, ...]:
        """See `Asker.verify`."""
        return await self._asker.verify(citations, hits, self._on)
