"""The generations of a home as the operator sees them, and how two of them differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import GenerationBroken, IndexFailure, NoGeneration
from index.generations.home import generations_folder, served, size_of
from index.generations.lease import is_read
from index.generations.manifest import REBUILD, read_manifest
from index.generations.retention import age_of, published
from index.model import Article

if TYPE_CHECKING:
    from index.archive import Archive


@dataclass(frozen=True, slots=True)
class Listed:
    """One generation.

    Attributes:
        role: "current", "previous" for the others that can be gone back to, "leftover" for what is to be removed.
        read: Somebody reads it.
        problem: Why it cannot be told what it holds; empty if it can.
    """

    id: str
    role: str
    read: bool
    bytes_on_disk: int
    built_at: str = ""
    age_seconds: int = 0
    articles: int = 0
    passages: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """How one generation differs from another, by the articles in it; each in order of their ids."""

    before: str
    after: str
    added: tuple[Article, ...]
    changed: tuple[Article, ...]
    removed: tuple[Article, ...]
    unchanged: int


def list_generations(home: Path) -> list[Listed]:
    """Return every generation of a home, the one that serves first, then in the order to go back to."""
    order = served(home)
    return [_listed(folder, order) for folder in _in_order(home, order)]


def find_generation(home: Path, name: str | None = None) -> Path:
    """Return the folder of a generation by its id, or by how its id begins or ends; the one that serves without one.

    Raises:
        NoGeneration: There is none of that id, or several.
        GenerationBroken: It is not told which one serves.
    """
    order = served(home)
    if name is None:
        folders = {folder.name: folder for folder in published(home)}
        if order and order[0] in folders:
            return folders[order[0]]
        if order or folders:
            raise current_damaged(home)
        raise NoGeneration(f"There is no index in {home} yet.", REBUILD)
    there = [folder.name for folder in _in_order(home, order)]
    found = [one for one in there if one == name] or [
        one for one in there if one.startswith(name) or one.endswith(name)
    ]
    if len(found) == 1:
        return generations_folder(home) / found[0]
    if found:
        raise NoGeneration(f"Several generations in {home} are called {name}: {', '.join(found)}.", "Give more of it.")
    raise NoGeneration(
        f"There is no generation {name} in {home}.",
        f"There are: {', '.join(there)}." if there else REBUILD,
    )


def current_damaged(home: Path) -> GenerationBroken:
    """Return what to say where `CURRENT` names no generation that is there."""
    return GenerationBroken(f"{home / 'CURRENT'} is damaged: it does not name an index that is there.", REBUILD)


def _in_order(home: Path, order: Sequence[str]) -> list[Path]:
    """Return the folders of all generations: those that have served in the order of `CURRENT`, then the others."""
    there = {folder.name: folder for folder in published(home)}
    return [there[name] for name in (*order, *sorted(set(there) - set(order))) if name in there]


def compare(home: Path, before: str | None = None, after: str | None = None) -> Difference:
    """Tell how a generation differs from another.

    Args:
        home: Whose generations.
        before: The id of the first; if not given, of the one that served before.
        after: The id of the second; if not given, of the one that serves.

    Raises:
        NoGeneration: There is none of that id, or none before.
        GenerationBroken: One of them cannot be read.
    """
    if before is None:
        before = next(iter(served(home)[1:]), None)
        if before is None:
            raise NoGeneration(f"In {home} there is no generation but the one that serves.", "Give the ids of two.")
    first, second = find_generation(home, before), find_generation(home, after)
    with closing(_archive(first)) as old, closing(_archive(second)) as new:
        # By what they hash to: of a large index, the texts of both do not fit into memory.
        held, holds = old.hashes(), new.hashes()
        changed = [name for name in sorted(held.keys() & holds.keys()) if held[name] != holds[name]]
        return Difference(
            before=first.name,
            after=second.name,
            added=_read(new, sorted(holds.keys() - held.keys())),
            changed=_read(new, changed),
            removed=_read(old, sorted(held.keys() - holds.keys())),
            unchanged=len(held.keys() & holds.keys()) - len(changed),
        )


def _archive(folder: Path) -> Archive:
    from index.archive import Archive

    return Archive(folder / "articles.db")


def _read(archive: Archive, names: Iterable[str]) -> tuple[Article, ...]:
    return tuple(article for name in names if (article := archive.article(name)) is not None)


def _listed(folder: Path, order: tuple[str, ...]) -> Listed:
    place = order.index(folder.name) if folder.name in order else -1
    role = "current" if place == 0 else "previous" if place > 0 else "leftover"
    read, size = is_read(folder), size_of(folder)
    try:
        manifest = read_manifest(folder)
        age = round(age_of(folder).total_seconds())
    except (IndexFailure, ValueError) as error:
        return Listed(folder.name, role, read, size, problem=str(error))
    return Listed(folder.name, role, read, size, manifest.built_at, age, manifest.articles, manifest.passages)
