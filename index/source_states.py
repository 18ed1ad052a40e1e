"""How each configured source fared: `<home>/sources.json`, for whoever asks why an article is old."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from index.generations.durable import write_durably
from index.generations.room import refusal_of

_log = logging.getLogger(__name__)

State = Literal["read", "failed", "held", "kept"]
READ: Final = "read"
FAILED: Final = "failed"
HELD: Final = "held"
KEPT: Final = "kept"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What became of one configured source in a rebuild.

    Attributes:
        state: "read"; "failed": it could not be read, or not to its end; "held": it has suddenly so few articles that
            it was not believed; "kept": it was not asked. What was not read is what it was.
        articles: It has in the index now.
        unchanged: Of them, those that are as they were.
        gone: Articles it no longer has.
        failure: Why it failed or is held, with the remedy.
        seconds: Its reading took.
    """

    name: str
    kind: str
    state: State
    articles: int
    unchanged: int = 0
    gone: int = 0
    failure: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is known of one source.

    Attributes:
        articles: It has in the index.
        state: What became of it when it was last asked; "kept" if it never was.
        tried_at: When it was last asked; UTC, ISO 8601.
        read_at: When it was last read.
        failure: Why it failed or is held, with the remedy.
        since: Since when it has failed, or been held, each time it was asked.
    """

    name: str
    kind: str
    articles: int = 0
    state: State = "kept"
    tried_at: str | None = None
    read_at: str | None = None
    failure: str | None = None
    since: str | None = None

    @property
    def in_trouble(self) -> bool:
        """Whether it failed or is held."""
        return self.state in (FAILED, HELD)


def read_states(home: Path) -> dict[str, SourceState]:
    """Return what is known of the sources by name; nothing where it is not known or cannot be read."""
    try:
        entries = json.loads((home / "sources.json").read_text(encoding="utf-8"))["sources"]
        return {entry["name"]: _known(entry) for entry in entries}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}


def write_states(home: Path, reports: Iterable[SourceReport]) -> None:
    """Note how a rebuild's sources fared; those that it does not name are no longer configured, and forgotten."""
    before = read_states(home)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    states = [_after(report, before.get(report.name), now) for report in reports]
    file = home / "sources.json"
    try:
        if states or file.exists():
            write_durably(file, json.dumps({"sources": [asdict(state) for state in states]}, indent=1))
    except OSError as error:
        # What was built is published, or told, all the same.
        folder = "It is a folder: remove it." if isinstance(error, IsADirectoryError) else None
        _log.warning(
            "How the sources fared cannot be noted in %s; the status tells how they fared before. %s",
            file,
            folder or refusal_of(error, home) or error.strerror,
        )


def states_of(home: Path, configured: Iterable[tuple[str, str]]) -> list[SourceState]:
    """Return what is known of the configured sources, given by name and kind, in their order."""
    known = read_states(home)
    return [known.get(name) or SourceState(name, kind) for name, kind in configured]


def _known(entry: Mapping[str, Any]) -> SourceState:
    """Return a state as it was noted.

    Raises:
        TypeError: Somebody has written another thing into it.
        ValueError: So they have.
    """
    state = SourceState(**entry)
    texts = (state.tried_at, state.read_at, state.failure, state.since)
    if not all(
        isinstance(text, str) for text in (state.name, state.kind, *(text for text in texts if text is not None))
    ):
        raise TypeError("a text is none")
    if type(state.articles) is not int or state.state not in get_args(State):
        raise ValueError("a number or a state is none")
    for moment in (state.tried_at, state.read_at, state.since):
        if moment is not None and datetime.fromisoformat(moment).tzinfo is None:
            raise ValueError("a time has no zone")
    return state


def _after(report: SourceReport, before: SourceState | None, now: str) -> SourceState:
    known: dict[str, Any] = {"name": report.name, "kind": report.kind, "articles": report.articles}
    if report.state == KEPT:
        if before is None:
            return SourceState(**known)
        return SourceState(**(asdict(before) | known))
    if report.state == READ:
        return SourceState(**known, state=READ, tried_at=now, read_at=now)
    # Clocks jump: what began later than now began now.
    since = min(before.since, now) if before is not None and before.since else now
    return SourceState(
        **known,
        state=report.state,
        tried_at=now,
        read_at=before.read_at if before is not None else None,
        failure=report.failure,
        since=since,
    )
