"""Where a home keeps its generations, and which of them serves.

<home>/CURRENT                   the id of the generation that serves and, a line each, of those that served before it,
                                 the last first; replaced atomically
<home>/build.lock                held by whoever builds, imports, rolls back or prunes
<home>/generations/<id>/         manifest.json  articles.db  passages/  dense/  lexical/  tokens/  lease  checksums
<home>/generations/<id>.doomed   to be removed as soon as nobody reads it
<home>/generations/building-…/   a build under way, or what a killed one left behind; removing-…/ likewise
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.errors import GenerationBroken, NoGeneration
from index.generations.manifest import MANIFEST, REBUILD, read_manifest
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


def served(home: Path) -> tuple[str, ...]:
    """Return the ids of the generation that serves and of those before it that are kept, the last first.

    This order, and no clock, says which is newer.

    Raises:
        GenerationBroken: This process may not read it.
    """
    try:
        return tuple(dict.fromkeys((home / "CURRENT").read_text(encoding="utf-8", errors="replace").split()))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise GenerationBroken(
            f"{home / 'CURRENT'} cannot be read: {error.strerror}.", "Let this user read and write the home."
        ) from error


def current_id(home: Path) -> str | None:
    """Return the id of the generation that serves, or None before the first build."""
    return next(iter(served(home)), None)


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
    if Path(name).name != name or not (folder / MANIFEST).is_file():
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
    return GenerationStatus(
        summary=manifest.summary(),
        path=folder,
        bytes_on_disk={part.name: size_of(part) for part in sorted(folder.iterdir())},
        older=tuple(name for name in served(home)[1:] if (folder.parent / name / MANIFEST).is_file()),
        age_seconds=max(0.0, (datetime.now(UTC) - built).total_seconds()),
    )


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files under a folder."""
    return sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) if path.is_dir() else path.stat().st_size
