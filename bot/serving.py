"""The generation in force: opened aside when another one is published, put in its place, and closed when let go of.

    serving.watch()                        # from now on a thread of its own follows what is published
    with serving.use() as held:            # the generation in force
        ...
        with serving.use(held) as same:    # a later step of the same answer, also after a swap

Whoever uses a generation keeps it open. A swap takes effect with the next use, and the old generation is closed when
the last one has let go of it. Opening one embeds nothing: the model, which both share, is used by one thread alone.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index import GenerationBroken, IndexFailure, IndexSettings, Summary, current_id, open_index

if TYPE_CHECKING:
    from index import Embedder, Index, Reranker

log = logging.getLogger(__name__)

# Seconds between two looks at which generation is published: reading some thirty bytes.
EVERY = 1.0
# Seconds after which one that could not be opened is tried again, if no other is published before.
RETRY = 60.0
# Seconds that closing waits for the thread that follows: opening a very large generation takes as many.
PATIENCE = 30.0


class Held:
    """An open generation.

    Attributes:
        index: It.
        users: How many use it just now.
        closed: It is closed, and cannot be used any more.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.users = 0
        self.closed = False

    @property
    def generation(self) -> str:
        """Its id."""
        return self.index.summary.generation


class Serving:
    """Hands out the generation in force in a home. Safe to use from several threads.

    Attributes:
        swaps: How many times another generation has taken the place of one.
        failed: The id of the published generation that cannot be opened; None if there is none such.
        listeners: Called with the summary of each generation that comes into force, on the thread that has opened it.
    """

    def __init__(
        self,
        home: Path,
        settings: IndexSettings,
        reranker: Reranker | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        """Take note of where the generations are; nothing is opened yet.

        Args:
            home: The folder that holds them.
            settings: Those they were built with.
            reranker: Looks at the best passages once more.
            embedder: The model of `settings`, if it is loaded already.
        """
        self._home = home
        self._settings = settings
        self._reranker = reranker
        self._embedder = embedder
        self.swaps = 0
        self.failed: str | None = None
        self.listeners: list[Callable[[Summary], None]] = []
        self._held: Held | None = None
        # Those that others have taken the place of and that are still used, or wait to be closed.
        self._replaced: list[Held] = []
        self._counting = threading.Lock()
        self._opening = threading.Lock()
        self._wake = threading.Event()
        self._watcher: threading.Thread | None = None
        self._stop = threading.Event()
        self._retry_at = 0.0
        self._told: str | None = None

    @property
    def summary(self) -> Summary | None:
        """What the generation in force holds; None while none is open."""
        held = self._held
        return held.index.summary if held else None

    @property
    def open_generations(self) -> int:
        """How many are open: the one in force, and those before it that are still used."""
        return len(self._replaced) + (self._held is not None)

    @contextlib.contextmanager
    def use(self, on: Held | None = None) -> Iterator[Held]:
        """Keep a generation open within this context.

        Args:
            on: One that is used already, for a further step of what is done with it; the one in force if None, which is
                opened first where none is open.

        Raises:
            IndexFailure: There is none that could be opened.
        """
        held = self._take(on)
        try:
            yield held
        finally:
            with self._counting:
                held.users -= 1
            self._tidy()

    def follow(self, *, again: bool = False) -> Summary:
        """Have the generation in force that is published, and return what it holds.

        Where that one cannot be opened, the one before goes on serving, and the log says so once.

        Args:
            again: Try one that could not be opened, however short a while ago that was.

        Raises:
            IndexFailure: None is open, and none could be opened.
        """
        with self._opening:
            before, published = self._held, current_id(self._home)
            if before is not None and not self._is_due(published) and not (again and published == self.failed):
                return before.index.summary
            try:
                after = self._opened()
            except IndexFailure as error:
                self._note(published, error)
                if before is None:
                    raise
                return before.index.summary
            self._put(after)
        for listener in tuple(self.listeners):
            try:
                listener(after.summary)
            except Exception:
                log.exception("What follows from the index %s could not be done", after.summary.generation)
        return after.summary

    def watch(self) -> None:
        """Follow what is published on a thread of its own from now on: whoever uses a generation never waits for it."""
        if self._watcher is None:
            self._stop = threading.Event()
            self._watcher = threading.Thread(target=self._watch, args=[self._stop], name="serving", daemon=True)
            self._watcher.start()

    def close(self) -> None:
        """Follow no more, and let go of everything that is open."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            self._stop.set()
            self._wake.set()
            watcher.join(PATIENCE)
        with self._counting:
            left = [*self._replaced, *([self._held] if self._held else [])]
            self._held, self._replaced = None, []
        for held in left:
            _close(held)

    def _take(self, on: Held | None) -> Held:
        if on is None and (self._held is None or self._watcher is None):
            self.follow()
        with self._counting:
            held = on or self._held
            if held is None or held.closed:
                # Nobody waits for a further step of what has let go of its generation.
                raise GenerationBroken("The index has been closed.")
            held.users += 1
            return held

    def _is_due(self, published: str | None) -> bool:
        """Return whether the published generation is to be opened now."""
        if published is None or (self._held is not None and published == self._held.generation):
            self.failed = None
            return False
        return published != self.failed or time.monotonic() >= self._retry_at

    def _opened(self) -> Index:
        try:
            return open_index(self._home, self._settings, self._embedder, self._reranker)
        except (IndexFailure, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            # A damaged file meets half a dozen libraries, and what Rust panics with is no Exception.
            said = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(".")
            remedy = "Build it again with --full."
            raise GenerationBroken(f"The index in {self._home} cannot be opened: {said}.", remedy) from error

    def _put(self, index: Index) -> None:
        with self._counting:
            before, self._held = self._held, Held(index)
            self._embedder, self.failed, self._told = index.embedder, None, None
            if before is not None:
                self._replaced.append(before)
                self.swaps += 1
        if before is not None:
            log.info("The index %s serves now, in the place of %s.", index.summary.generation, before.generation)
        self._tidy()

    def _note(self, published: str | None, error: IndexFailure) -> None:
        self.failed, self._retry_at = published, time.monotonic() + RETRY
        serving = self._held
        # Better yesterday's answers than none; once is enough to hear of it. Without any, whoever asks is told.
        if serving is not None and published != self._told:
            log.warning(
                "The new index %s cannot be opened, and %s goes on answering: %s It is tried again every minute; where "
                "the settings or the model have changed, start the bot again.",
                published,
                serving.generation,
                error,
            )
        self._told = published

    def _tidy(self) -> None:
        """Close what nobody uses any more, on the thread that follows if there is one: an ask waits for nothing."""
        if not self._replaced:
            return
        if self._watcher is None or threading.current_thread() is self._watcher:
            self._close_unused()
        else:
            self._wake.set()

    def _close_unused(self) -> None:
        with self._counting:
            unused = [held for held in self._replaced if not held.users]
            self._replaced = [held for held in self._replaced if held.users]
        for held in unused:
            _close(held)

    def _watch(self, stop: threading.Event) -> None:
        said = ""
        while not stop.is_set():
            try:
                self._close_unused()
                if self._is_due(current_id(self._home)):
                    self.follow()
                said = ""
            except IndexFailure:
                pass  # of which whoever asks is told
            except Exception as error:
                if said != str(error):
                    log.exception("What index is published cannot be told, the one before goes on answering")
                said = str(error)
            self._wake.wait(EVERY)
            self._wake.clear()


def _close(held: Held) -> None:
    held.closed = True
    try:
        held.index.close()
    except Exception:
        log.exception("The index %s could not be closed", held.generation)
