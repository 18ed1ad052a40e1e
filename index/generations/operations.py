"""What an operator does with generations beside building: go back to one, and remove those not kept."""

from __future__ import annotations

from pathlib import Path

from index.errors import GenerationBroken, NoGeneration
from index.generations.checksums import require_whole
from index.generations.home import served
from index.generations.lease import Lease
from index.generations.listing import find_generation
from index.generations.manifest import read_manifest
from index.generations.publishing import holding
from index.generations.retention import Pruned, Retention, prune, write_order
from index.settings import IndexSettings


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
    with holding(home):
        return prune(home, retention)
