"""Which generations are kept beside the one that serves, for going back to, and which are removed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index.errors import IndexFailure
from index.generations.durable import write_durably
from index.generations.holder import HOLDER, require_held
from index.generations.home import BUILDING, current_folder, generations_folder, served
from index.generations.lease import REMOVING, remove_unread
from index.generations.manifest import read_manifest


@dataclass(frozen=True, slots=True)
class Retention:
    """How long generations are kept.

    Attributes:
        keep: How many, the one that serves included.
        days: Those built longer ago than this are removed even so, but never the one that serves; 0 for no limit.
        deleted_days: Those that hold an article which has been deleted since are removed after this many days; with 0
            by the very rebuild that finds it gone.
    """

    keep: int = 2
    days: int = 0
    deleted_days: int = 0


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed.

    Attributes:
        removed: Ids of the generations that are gone.
        doomed: Ids of those that somebody reads; they go as soon as nobody does.
    """

    removed: tuple[str, ...]
    doomed: tuple[str, ...]


def prune(home: Path, retention: Retention | None = None, *, dry_run: bool = False) -> Pruned:
    """Remove the generations that are kept no longer; hold the home for it.

    If the current one cannot be told or read, nothing is removed: one of the others may be needed.

    Args:
        home: Whose generations.
        retention: Which are kept.
        dry_run: Tell what would be removed only.

    Raises:
        BuildRunning: Another machine holds the home by now; what is left stays.
    """
    retention = retention or Retention()
    if not current_is_sound(home):
        return Pruned((), ())
    order = served(home)
    kept = _kept(home, order, retention)
    unwanted = [folder for folder in published(home) if folder.name not in kept]
    if dry_run:
        return Pruned(tuple(folder.name for folder in unwanted), ())
    if list(order) != kept:
        # First out of the list, then off the disk: what is listed is whole.
        write_order(home, kept)
    gone = {}
    for folder in unwanted:
        require_held(home / HOLDER)  # removing the one before may have taken a while
        gone[folder.name] = remove_unread(folder)
    return Pruned(
        tuple(name for name, removed in gone.items() if removed),
        tuple(name for name, removed in gone.items() if not removed),
    )


def published(home: Path) -> Iterator[Path]:
    """Yield the folder of every generation in a home, by id, listed or not."""
    try:
        folders = sorted(generations_folder(home).iterdir())
    except OSError:
        return
    for folder in folders:
        if folder.is_dir() and not folder.name.startswith((BUILDING, REMOVING)):
            yield folder


def clear_unfinished(home: Path) -> None:
    """Remove what killed builds and removals left; hold the home for it."""
    for mark in (BUILDING, REMOVING):
        for left in generations_folder(home).glob(f"{mark}*"):
            shutil.rmtree(left, ignore_errors=True)
    for name in ("CURRENT", "origins", "sources.json"):
        for left in home.glob(f".{name}.*"):
            left.unlink(missing_ok=True)
    if not current_is_sound(home):
        return  # one of the others may be needed
    listed = served(home)
    for folder in published(home):
        if folder.name not in listed:
            remove_unread(folder)  # published but for the last step, or read until its reader was killed
    for doom in generations_folder(home).glob("*.doomed"):
        if doom.stem in listed or not doom.with_suffix("").exists():
            doom.unlink(missing_ok=True)


def current_is_sound(home: Path) -> bool:
    """Whether it can be told which generation serves, and that says what it is."""
    try:
        read_manifest(current_folder(home))
    except IndexFailure:
        return False
    return True


def write_order(home: Path, order: list[str]) -> None:
    """Say which generation serves from now on, and which served before it; see `served`. Hold the home for it.

    Raises:
        BuildRunning: Another machine has taken it meanwhile; see `index.generations.holder`.
    """
    require_held(home / HOLDER)
    write_durably(home / "CURRENT", "".join(f"{name}\n" for name in order))


def _kept(home: Path, order: tuple[str, ...], retention: Retention) -> list[str]:
    """Return the ids that are kept, of those that served."""
    folder = generations_folder(home)
    kept = [order[0]]
    for name in order[1 : max(1, retention.keep)]:
        try:
            age = age_of(folder / name)
        except IndexFailure:
            continue  # nobody can go back to what cannot be read
        if not retention.days or age <= timedelta(days=retention.days):
            kept.append(name)
    return [name for i, name in enumerate(kept) if i == 0 or not _deletion_is_due(folder, kept[: i + 1], retention)]


def age_of(folder: Path) -> timedelta:
    """Return how long ago a generation was built; nothing if that lies in the future, where a clock was set back."""
    built = datetime.fromisoformat(read_manifest(folder).built_at)
    return max(timedelta(), datetime.now(UTC) - built)


def _deletion_is_due(folder: Path, order: list[str], retention: Retention) -> bool:
    """Whether the last of `order` holds an article that has been deleted since, and for long enough."""
    from index.archive import article_ids

    try:
        *newer, name = order
        held = article_ids(folder / name)
        for successor in reversed(newer):
            # Missing from the one that serves, too: what came back was not deleted.
            if held - article_ids(folder / successor) and held - article_ids(folder / order[0]):
                return age_of(folder / successor) >= timedelta(days=retention.deleted_days)
    except IndexFailure:
        return True  # what cannot be read may hold it, and is no good for going back
    return False
