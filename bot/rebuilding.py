"""A rebuild of the index from within the bot: a process of its own, so that answers go on meanwhile. One at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

# Secrets that a rebuild has no need of.
_SECRET = re.compile(r"TOKEN$|KEY$|^FOOTNOTE_LEDGER__", re.I)

# What `footnote index rebuild` says at the beginning of a stage and now and then while it runs.
_STAGES = {
    "Reading articles": "read",
    "Cutting passages": "split",
    "Embedding passages": "embed",
    "Writing the index": "write",
    "Validating": "validate",
}
_LINE = re.compile(
    rf"(?P<stage>{'|'.join(_STAGES)})(?: of (?P<source>.+?)(?: and (?P<others>\d+) other sources?)?"
    r"|: \d+(?:, \d+/s(?:, (?P<left>\d+) s left)?)?)?"
)

# How much less than others a rebuild gets of a processor that is wanted (nice): answers go before it.
_NICENESS = 10

# Lines of its errors that are kept for the log.
_MOST_LINES = 50
# Seconds that it is given to end when it is told to.
_GRACE = 5.0


class AlreadyRebuilding(Exception):
    """A rebuild is under way."""


class RebuildFailed(Exception):
    """It failed; the message is what it said, for the log."""


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a rebuild is.

    Attributes:
        name: "read", "split", "embed", "write" or "validate".
        seconds_left: Of the stage, if that can be told.
        source: The configured source that is being read.
        others: How many other sources are, or have still to be.
    """

    name: str
    seconds_left: int | None = None
    source: str = ""
    others: int = 0


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did, in articles.

    Attributes:
        trouble: Names of the configured sources that failed or are held; all others are in the index.
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    skipped: int
    seconds: float
    published: bool
    trouble: tuple[str, ...] = ()


def rebuild_command(home: Path) -> list[str]:
    """Return the command that rebuilds the index of a home as it is configured."""
    return [sys.executable, "-m", "bot", "index", "rebuild", "--json", "--home", str(home)]


class Rebuilding:
    """Rebuilds of one index.

    Attributes:
        stage: How far the one that is under way is; None while there is none.
    """

    def __init__(self, command: Sequence[str], keep: Collection[str] = ()) -> None:
        """Take note of how.

        Args:
            command: See `rebuild_command`.
            keep: Environment variables that sources take their secrets from; all other secrets are kept from it.
        """
        self._command = command
        self._keep = frozenset(keep) - {"DISCORD_TOKEN"}
        self.stage: Stage | None = None

    async def run(self, progress: Callable[[Stage], None] | None = None, only: Sequence[str] = ()) -> Rebuilt:
        """Rebuild the index. If this is cancelled, the process ends, and the index is as it was before.

        Args:
            progress: Called with how far it is, whenever it says so.
            only: Names of configured sources that are read; all if there are none.

        Raises:
            AlreadyRebuilding: One is under way.
            RebuildFailed: It failed.
        """
        if self.stage:
            raise AlreadyRebuilding
        self.stage = Stage("read")
        try:
            return await self._run(progress, only)
        finally:
            self.stage = None

    async def _run(self, progress: Callable[[Stage], None] | None, only: Sequence[str]) -> Rebuilt:
        environment = {
            name: value for name, value in os.environ.items() if name in self._keep or not _SECRET.search(name)
        }
        process = await asyncio.create_subprocess_exec(
            *self._command,
            *only,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
        )
        _make_way(process.pid)
        said: list[str] = []
        try:
            assert process.stdout is not None and process.stderr is not None  # noqa: S101  # for mypy: both are pipes
            output, _ = await asyncio.gather(process.stdout.read(), self._listen(process.stderr, said, progress))
            await process.wait()
        finally:
            if process.returncode is None:
                await _end(process)
        try:
            # With 1 and a report it was done all but for some source, or for an article that had to be skipped.
            if process.returncode not in (0, 1):
                raise ValueError
            report = json.loads(output)
            if process.returncode:
                if "sources" not in report:
                    raise ValueError
                log.warning("The rebuild is done, but: %s", "\n".join(said))
            return Rebuilt(
                added=int(report["added"]),
                changed=int(report["changed"]),
                removed=int(report["removed"]),
                unchanged=int(report["unchanged"]),
                skipped=len(report["problems"]),
                seconds=float(report["seconds"]),
                published=bool(report["published"]),
                trouble=tuple(str(source["name"]) for source in report.get("sources", ()) if source.get("failure")),
            )
        except (ValueError, KeyError, TypeError):
            raise RebuildFailed("\n".join(said) or f"exit status {process.returncode}") from None

    async def _listen(
        self, stream: asyncio.StreamReader, said: list[str], progress: Callable[[Stage], None] | None
    ) -> None:
        async for raw in _lines(stream):
            line = raw.decode("utf-8", "replace").strip()
            found = _LINE.fullmatch(line)
            if not found:
                said.append(line)
                del said[:-_MOST_LINES]
                continue
            name = _STAGES[found["stage"]]
            self.stage = Stage(
                name,
                int(found["left"]) if found["left"] else None,
                # How many articles there are so far is said without the source.
                found["source"] or (self.stage.source if self.stage and self.stage.name == name else ""),
                int(found["others"]) if found["others"] else 0,
            )
            if progress:
                progress(self.stage)


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # a line longer than the stream holds, which is dropped
            continue
        if not line:
            return
        yield line


def _make_way(process: int) -> None:
    """Let everything else go before a process."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process, _NICENESS)


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _GRACE)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
