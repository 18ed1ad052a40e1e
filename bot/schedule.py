"""The index rebuilt by itself: at the times of `[schedule]`, and when a watched folder has changed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.rebuilding import AlreadyRebuilding, RebuildFailed, Rebuilding, Rebuilt
from index.timetable import Timetable

log = logging.getLogger(__name__)

# Seconds until the clock is looked at again: a machine that slept, or whose clock was set, is late by this at most.
_LOOK = 20.0
# Seconds until a folder that cannot be watched, or what has changed but could not be read, is tried again.
_AGAIN = 60.0
# Seconds after which changes are read though they have not ceased.
_LONGEST = 60.0


class Schedule:
    """Rebuilds an index for as long as it is entered; one rebuild at a time.

    Attributes:
        due: When the next one is; None if only folders are watched.
    """

    def __init__(
        self,
        rebuilding: Rebuilding,
        home: Path,
        timetable: Timetable | None,
        watched: Mapping[str, list[Path]] | None = None,
        quiet: float = 2.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Make it; nothing is rebuilt yet.

        Args:
            rebuilding: How.
            home: Where it is remembered when the last rebuild began, so that a restart neither skips nor repeats one.
            timetable: When; never if None.
            watched: Files and folders by the name of the source that reads them.
            quiet: Seconds without a change until a watched source is read.
            clock: Tells the time.
        """
        self._rebuilding = rebuilding
        self._file = home / "schedule.json"
        self._timetable = timetable
        self._watched = dict(watched or {})
        self._quiet = quiet
        self._clock = clock
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        # Where no rebuild is known, times of cron count from here, and the first of `every` is due at once.
        self._made = clock() if timetable and timetable.cron else None
        self.due: datetime | None = None
        self._look()

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self.run())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def run(self) -> None:
        """Rebuild again and again, until this is cancelled."""
        watching = [asyncio.create_task(self._watch(name, paths)) for name, paths in self._watched.items()]
        try:
            while True:
                self._look()
                if self.due is not None and self.due <= self._clock():
                    await self.once()
                    continue
                if self._changed:
                    changed, self._changed = sorted(self._changed), set()
                    if await self._rebuild(changed) is None:
                        # Nobody will tell of it once more. The rebuild of another process may have read it before.
                        self._changed |= set(changed)
                        await asyncio.sleep(_AGAIN)
                    continue
                self._wake.clear()
                wait = (self.due - self._clock()).total_seconds() if self.due is not None else _LOOK
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), max(0.0, min(wait, _LOOK)))
        finally:
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)

    async def once(self) -> Rebuilt | None:
        """Rebuild now, as if it were due; return what was done, or None if it failed."""
        self._began()
        changed, self._changed = self._changed, set()
        rebuilt = await self._rebuild()
        if rebuilt is None:
            self._changed |= changed
        return rebuilt

    async def _rebuild(self, only: list[str] | None = None) -> Rebuilt | None:
        log.info("Rebuilding the index%s.", f" ({', '.join(only)} changed)" if only else "")
        try:
            rebuilt = await self._rebuilding.run(only=only or ())
        except AlreadyRebuilding:
            log.info("It is being rebuilt already.")
            return None
        except RebuildFailed as error:
            log.error("The rebuild failed; the index is as it was before: %s", error)  # noqa: TRY400  # it says why
            return None
        except OSError as error:
            log.error("The rebuild could not be started: %s", error)  # noqa: TRY400
            return None
        trouble = f" In trouble, and as before: {', '.join(rebuilt.trouble)}." if rebuilt.trouble else ""
        log.info(
            "%s Articles: %d new, %d changed, %d gone, %d unchanged (%.1f s).%s",
            "The new index serves." if rebuilt.published else "Nothing has changed.",
            rebuilt.added, rebuilt.changed, rebuilt.removed, rebuilt.unchanged, rebuilt.seconds, trouble,
        )  # fmt: skip
        return rebuilt

    def _look(self) -> None:
        self.due = self._timetable.due(self._clock(), self._last()) if self._timetable else None

    def _last(self) -> datetime | None:
        try:
            last = datetime.fromisoformat(json.loads(self._file.read_text(encoding="utf-8"))["began"])
        except (OSError, ValueError, KeyError, TypeError):
            return self._made
        if not last.tzinfo:
            return self._made
        if last > self._clock():
            # The clock was ahead then. From a time to come nothing would ever be due.
            self._began()
            return self._clock()
        return last

    def _began(self) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            aside = self._file.with_name(f".{self._file.name}")
            aside.write_text(json.dumps({"began": self._clock().isoformat(timespec="seconds")}), encoding="utf-8")
            aside.replace(self._file)
        except OSError as error:
            log.warning("When the rebuild began cannot be noted in %s: %s", self._file, error)

    async def _watch(self, name: str, paths: list[Path]) -> None:
        from watchfiles import awatch

        while True:
            try:
                async for _ in awatch(*paths, step=round(self._quiet * 1000), debounce=round(_LONGEST * 1000)):
                    self._changed.add(name)
                    self._wake.set()
            except (OSError, RuntimeError) as error:
                log.warning("%s cannot be watched, and is tried again: %s", name, error)
            await asyncio.sleep(_AGAIN)
            # What happened meanwhile was not seen.
            self._changed.add(name)
            self._wake.set()
