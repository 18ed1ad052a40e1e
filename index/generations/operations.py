"""What an operator does with generations beside building: go back to one, and remove those not kept."""

from __future__ import annotations

import shutil
import socket
from dataclasses import replace
from pathlib import Path

from index.errors import GenerationBroken, HomeUnusable, NoGeneration
from index.generations.checksums import require_whole
from index.generations.holder import HOLDER, read_holder
from index.generations.home import generations_folder, served
from index.generations.lease import Lease, remove_unread
from index.generations.listing import current_damaged, find_generation
from index.generations.manifest import read_manifest
from index.generations.publishing import LOCK, holding
from index.generations.retention import Pruned, Retention, clear_unfinished, prune, published, write_order
from index.settings import IndexSettings

# Bytes that holding a home and writing the order of its generations take, with blocks to spare.
_A_FEW_FILES = 64 << 10


def rollback(home: Path, settings: IndexSettings, name: str | None = None) -> str:
    """Let a generation that is kept serve again; running bots follow, and nothing is removed.

    Args:
        home: Whose generations.
        settings: The ones it has to have been built with.
        name: Its id; the one that served last before, if not given.

    Returns:
        The id of the one that serves now.

    Raises:
        NoGeneration: There is none of that id, or none that served before.
        GenerationBroken: It is damaged.
        GenerationMismatch: It was built with other settings.
        BuildRunning: Another process holds the home.
    """
    with holding(home):
        order = served(home)
        there = [folder.name for folder in published(home)]
        if there and not set(order) & set(there):
            raise current_damaged(home)
        if name is None and len(order) == 1:
            raise NoGeneration(
                "There is no generation to go back to.",
                "Kept are as many as [index] keep says, and none that holds an article which has been deleted since "
                "([index] keep_deleted_days).",
            )
        folder = find_generation(home, name or next(iter(order[1:]), None))
        if folder.name not in order:
            raise GenerationBroken(
                f"The index {folder.name} was never published, or is to be removed.", "Take another."
            )
        lease = Lease(folder)
        try:
            require_whole(folder)
            read_manifest(folder).require(settings)
            if folder.name != order[0]:
                write_order(home, [folder.name, *(other for other in order if other != folder.name)])
        finally:
            lease.close()
    return folder.name


def prune_home(home: Path, retention: Retention, *, dry_run: bool = False) -> Pruned:
    """Remove the generations of a home that are kept no longer; see `prune`.

    Raises:
        BuildRunning: Another process holds the home.
    """
    if dry_run:
        return prune(home, retention, dry_run=True)
    freed: tuple[str, ...] = ()
    try:
        with holding(home):
            return prune(home, retention)
    except HomeUnusable:
        if not _is_full(home):
            raise
        freed = _make_room(home, retention)
    with holding(home):
        pruned = prune(home, retention)
    return replace(pruned, removed=(*freed, *pruned.removed))


def _is_full(home: Path) -> bool:
    """Whether the disk takes not even the name of who holds the home, and nobody on another machine does."""
    holder = read_holder(home / HOLDER)
    return shutil.disk_usage(home).free < _A_FEW_FILES and (holder is None or holder.host == socket.gethostname())


def _make_room(home: Path, retention: Retention) -> tuple[str, ...]:
    """Remove what would be removed, and only then say so: there is no room for the order of those that are left.

    If this is killed, or another machine takes the home as soon as there is room, the order names what is gone until
    the next build or pruning.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(home / LOCK, timeout=0):
            clear_unfinished(home)
            unwanted = prune(home, retention, dry_run=True).removed
            return tuple(name for name in unwanted if remove_unread(generations_folder(home) / name))
    except Timeout:
        return ()
