"""What the next generation is built upon where `CURRENT` does not tell: the newest that can be read."""

from __future__ import annotations

from pathlib import Path

from index.errors import GenerationBroken, IndexFailure, NoGeneration
from index.generations.home import current_folder, served
from index.generations.lease import doom_of
from index.generations.manifest import REBUILD, read_manifest
from index.generations.retention import current_is_sound, published


def base_folder(home: Path) -> Path:
    """Return the folder of the generation that serves; if that cannot be told or read, of the newest that can.

    Raises:
        NoGeneration: Nothing has been built yet.
        GenerationBroken: None of those that are there can be read.
    """
    if current_is_sound(home):
        return current_folder(home)
    for folder in _readable(home):
        return folder
    if any(published(home)):
        raise GenerationBroken(f"None of the indexes in {home} can be read.", REBUILD)
    raise NoGeneration(f"There is no index in {home} yet.", REBUILD)


def order_before(home: Path) -> list[str]:
    """Return the ids that served, see `served`; where `CURRENT` is damaged, those it does not name any more as well.

    What is not listed is removed by the next build.
    """
    order = list(served(home))
    if current_is_sound(home):
        return order
    there = {folder.name for folder in published(home)}
    return list(dict.fromkeys([name for name in order if name in there] + [each.name for each in _readable(home)]))


def _readable(home: Path) -> list[Path]:
    """Return the generations that say what they are and need not go, the newest first; only their ids tell which."""
    found = []
    for folder in sorted(published(home), reverse=True):
        try:
            read_manifest(folder)
        except IndexFailure:
            continue
        if not doom_of(folder).exists():
            found.append(folder)
    return found
