"""What a rebuild shows while it runs and when it is done."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from index.builder import Report
from index.progress import Progress
from index.source_states import HELD, KEPT, SourceReport

if TYPE_CHECKING:
    from rich.progress import TaskID

_STAGES = {
    "read": "Reading articles",
    "split": "Cutting passages",
    "embed": "Embedding passages",
    "write": "Writing the index",
    "validate": "Validating",
}

# Seconds between two plain lines of one stage: a log should not fill with them.
_EVERY = 10.0


def reading_text(sources: Sequence[str]) -> str:
    """Return the line that says which sources are being read; the bot reads it, see `bot.rebuilding`."""
    others = len(sources) - 1
    said = f"{_STAGES['read']} of {sources[0]}"
    return f"{said} and {others} other source{'s' if others > 1 else ''}" if others else said


class Bars:
    """Progress bars on standard error, with rate and time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bars = RichProgress(
            TextColumn("{task.description:20}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task: TaskID | None = None

    def begin(self, stage: str, total: int | None) -> None:
        """Start the stage's bar."""
        self._task = self._bars.add_task(_STAGES[stage], total=total, rate="")
        self._bars.start()

    def reading(self, sources: Sequence[str]) -> None:
        """Say what is being read."""
        if self._task is not None:
            self._bars.update(self._task, description=reading_text(sources))

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bars.advance(self._task, steps)
            speed = self._bars.tasks[-1].speed
            self._bars.update(self._task, rate=f"{speed:.0f}/s" if speed else "")

    def end(self) -> None:
        """Stop the bar."""
        if self._task is not None:
            # A stage that does not count its steps is one.
            done = self._bars.tasks[-1].completed or 1
            self._bars.update(self._task, total=done, completed=done)
        self._bars.stop()

    def leave(self) -> None:
        """Give the terminal back, in the middle of a stage too."""
        self._bars.stop()


class Lines:
    """A line when a stage begins and now and then while it runs, on standard error: for logs and pipes."""

    def __init__(self) -> None:
        self._stage, self._done, self._started, self._said = "", 0, 0.0, 0.0
        self._total: int | None = None

    def begin(self, stage: str, total: int | None) -> None:
        """Say that the stage begins."""
        self._stage, self._total, self._done = _STAGES[stage], total, 0
        self._started = self._said = time.monotonic()
        print(f"{self._stage}{'' if total is None else f': {total}'}", file=sys.stderr)

    def reading(self, sources: Sequence[str]) -> None:
        """Say what is being read."""
        print(reading_text(sources), file=sys.stderr)

    def advance(self, steps: int = 1) -> None:
        """Say how far it is, if it has not been said for a while."""
        self._done += steps
        now = time.monotonic()
        if self._done and now - self._said >= _EVERY:
            self._said = now
            rate = self._done / (now - self._started)
            left = f", {(self._total - self._done) / rate:.0f} s left" if self._total else ""
            print(f"{self._stage}: {self._done}, {rate:.0f}/s{left}", file=sys.stderr)

    def end(self) -> None:
        """Say nothing: the next stage does."""


@contextmanager
def progress_for_this_terminal() -> Iterator[Progress]:
    """Show bars where somebody watches, plain lines where not."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    bars = Bars()
    try:
        yield bars
    finally:
        bars.leave()


def report_json(report: Report, dry_run: bool) -> dict[str, Any]:
    """Return a report as plain values."""
    return {**asdict(report), "seconds": round(report.seconds, 3), "dry_run": dry_run}


def report_text(report: Report, dry_run: bool) -> str:
    """Return a report as sentences."""
    changes = [
        f"{count} {word}"
        for count, word in (
            (report.added, "new"),
            (report.changed, "changed"),
            (report.removed, "gone"),
            (report.unchanged, "unchanged"),
        )
        if count
    ]
    lines = [f"Articles: {', '.join(changes) or 'none'}."]
    if dry_run:
        if report.anew:
            lines.append("Every passage would be embedded anew.")
        lines.append("Nothing was changed: this was a dry run.")
    elif report.published:
        lines.append(
            f"Passages: {report.passages}, of which {report.embedded} were embedded now. "
            f"The new index {report.generation} serves ({report.seconds:.1f} s)."
        )
    else:
        lines.append(f"Nothing has changed: the index {report.generation} serves on ({report.seconds:.1f} s).")
    lines += [source_text(source) for source in report.sources]
    if report.problems:
        lines.append(f"Skipped: {len(report.problems)}. All others are in the index.")
    return "\n".join(lines)


def source_text(source: SourceReport) -> str:
    """Return the line that says what became of a source."""
    count = f"{source.articles} article{'s' if source.articles != 1 else ''}"
    if source.state == KEPT:
        return f"Source {source.name}: not asked, {count} as before."
    if source.failure:
        # That nothing of one that is held was changed is said.
        kept = source.articles and source.state != HELD
        stay = f" Its {count} stay{'s' if source.articles == 1 else ''} as before." if kept else ""
        return f"Source {source.name}: {source.state.upper()}. {source.failure}{stay}"
    gone = f", {source.gone} gone" if source.gone else ""
    return f"Source {source.name}: {count}, {source.unchanged} unchanged{gone} ({source.seconds:.1f} s)."
