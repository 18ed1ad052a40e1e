"""Where a home keeps its generations, and which of them serves.

<home>/CURRENT                   the id of the generation that serves, replaced atomically
<home>/build.lock                held while a build runs
<home>/generations/<id>/         manifest.json  articles.db  dense/  lexical/  tokens/
<home>/generations/building-…/   a build under way, or what a killed one left behind
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.errors import GenerationBroken, NoGeneration
from index.generations.manifest import REBUILD, read_manifest
from index.model import Summary

BUILDING = "building-"


@dataclass(frozen=True, slots=True)
class GenerationStatus:
    """The current generation as the operator sees it.

    Attributes:
        bytes_on_disk: Bytes of each of its parts.
        older: Ids of the generations kept beside it, newest first.
        age_seconds: Since it was built.
    """

    summary: Summary
    path: Path
    bytes_on_disk: dict[str, int]
    older: tuple[str, ...]
    age_seconds: float


def generations_folder(home: Path) -> Path:
    """Return where a home keeps its generations."""
    return home / "generations"


def current_id(home: Path) -> str | None:
    """Return the id of the generation that serves, or None before the first build."""
    try:
        return (home / "CURRENT").read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def current_folder(home: Path) -> Path:
    """Return the folder of the generation that serves.

    Raises:
        NoGeneration: Nothing has been built yet.
        GenerationBroken: `CURRENT` names a generation that is not there.
    """
    name = current_id(home)
    if name is None:
        raise NoGeneration(f"There is no index in {home} yet.", REBUILD)
    folder = generations_folder(home) / name
    if not (folder / "manifest.json").is_file():
        raise GenerationBroken(f"The index {name} in {home} is gone or incomplete.", REBUILD)
    return folder


def generation_status(home: Path) -> GenerationStatus:
    """Describe the generation that serves, without opening its parts.

    Raises:
        NoGeneration: Nothing has been built yet.
        GenerationBroken: It is incomplete.
    """
    folder = current_folder(home)
    manifest = read_manifest(folder)
    built = datetime.fromisoformat(manifest.built_at)
    others = sorted((f.name for f in complete(home) if f != folder), reverse=True)
    return GenerationStatus(
        summary=manifest.summary(),
        path=folder,
        bytes_on_disk={part.name: _size(part) for part in sorted(folder.iterdir())},
        older=tuple(others),
        age_seconds=max(0.0, (datetime.now(UTC) - built).total_seconds()),
    )


def complete(home: Path) -> Iterator[Path]:
    """Yield the folder of every generation that was published here."""
    for folder in generations_folder(home).iterdir():
        if not folder.name.startswith(BUILDING) and (folder / "manifest.json").is_file():
            yield folder


def _size(path: Path) -> int:
    return sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) if path.is_dir() else path.stat().st_size
