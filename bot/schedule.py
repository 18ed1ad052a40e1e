"""The index rebuilt by itself: at the times of `[schedule]`, and when a watched folder has changed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.rebuilding import AlreadyRebuilding, RebuildFailed, Rebuilding, Rebuilt
from index.timetable import Timetable

log = logging.getLogger(__name__)

# Seconds until the clock is looked at again: a machine that slept, or whose clock was set, is late by this at most.
_LOOK = 20.0
# Seconds until a folder that cannot be watched, or what has changed but could not be read, is tried again: what cannot
# be read twice as many each time, up to the most.
_AGAIN = 60.0
_AGAIN_AT_MOST = 3600.0
# Seconds after which changes are read though they have not ceased.
_LONGEST = 60.0


@dataclass(slots=True)
class _Again:
    """A watched source that could not be read: after how many seconds, and at which of the loop's times, it is."""

    after: float
    at: float


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
        self._again: dict[str, _Again] = {}
        # What was said of the last rebuild of sources that had changed, if it failed.
        self._failed = ""
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
                now = asyncio.get_running_loop().time()
                if changed := self._changed | {name for name, again in self._again.items() if again.at <= now}:
                    self._changed = set()
                    self._note(changed, await self._rebuild(sorted(changed)))
                    continue
                self._wake.clear()
                wait = min([_LOOK, *(again.at - now for again in self._again.values())])
                if self.due is not None:
                    wait = min(wait, (self.due - self._clock()).total_seconds())
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), max(0.0, wait))
        finally:
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)

    async def once(self) -> Rebuilt | None:
        """Rebuild now, as if it were due; return what was done, or None if it failed."""
        self._began()
        changed, self._changed = self._changed, set()
        rebuilt = await self._rebuild()
        self._note(changed if rebuilt is None else self._watched, rebuilt)
        return rebuilt

    def _note(self, names: Iterable[str], rebuilt: Rebuilt | None) -> None:
        """Have those of the watched sources read again later that could not be read: nobody will tell of them again.

        They may be half written yet, or were read, before they changed, by another process that rebuilds.
        """
        now = asyncio.get_running_loop().time()
        for name in names:
            if rebuilt is not None and name not in rebuilt.trouble:
                self._again.pop(name, None)
            else:
                after = min(2 * self._again[name].after, _AGAIN_AT_MOST) if name in self._again else _AGAIN
                self._again[name] = _Again(after, now + after)

    async def _rebuild(self, only: list[str] | None = None) -> Rebuilt | None:
        log.info("Rebuilding the index%s.", f" ({', '.join(only)} changed)" if only else "")
        try:
            rebuilt = await self._rebuilding.run(only=only or ())
        except AlreadyRebuilding:
            log.info("It is being rebuilt already.")
            return None
        except RebuildFailed as error:
            self._tell(f"The rebuild failed; the index is as it was before: {error}", only)
            return None
        except OSError as error:
            self._tell(f"The rebuild could not be started: {error}", only)
            return None
        if only:
            self._failed = ""
        trouble = f" In trouble, and as before: {', '.join(rebuilt.trouble)}." if rebuilt.trouble else ""
        log.info(
            "%s Articles: %d new, %d changed, %d gone, %d unchanged (%.1f s).%s",
            "The new index serves." if rebuilt.published else "Nothing has changed.",
            rebuilt.added, rebuilt.changed, rebuilt.removed, rebuilt.unchanged, rebuilt.seconds, trouble,
        )  # fmt: skip
        return rebuilt

    def _tell(self, said: str, only: Collection[str] | None) -> None:
        """Log why a rebuild failed; of one that is tried again for the same sources, only once."""
        if only and said == self._failed:
            log.info("It failed as it did before.")
            return
        if only:
            self._failed = said
        log.error("%s", said)

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

        failed = ""
        while True:
            try:
                async for _ in awatch(*paths, step=round(self._quiet * 1000), debounce=round(_LONGEST * 1000)):
                    failed = ""
                    self._changed.add(name)
                    self._wake.set()
            except (OSError, RuntimeError) as error:
                if str(error) != failed:
                    log.warning("%s cannot be watched, and is tried again: %s", name, error)
                failed = str(error)
            before = _there(paths)
            await asyncio.sleep(_AGAIN)
            # What happened meanwhile was not seen. What could not be read either is again by and by, see `_note`.
            if name not in self._again or before != _there(paths):
                self._changed.add(name)
                self._wake.set()


def _there(paths: Iterable[Path]) -> list[bool]:
    """Return which of these can be seen."""
    return [os.path.exists(path) for path in paths]  # noqa: PTH110  # that of Path fails where it may not look
