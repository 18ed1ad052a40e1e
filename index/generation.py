"""Generations: complete, immutable indexes, each in a folder of its own, one of them current.

<home>/CURRENT                   the id of the generation that serves, replaced atomically
<home>/build.lock                held while a build runs
<home>/generations/<id>/         manifest.json  articles.db  dense/  lexical/  tokens/
<home>/generations/building-…/   a build under way, or what a killed one left behind
"""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import BuildRunning, GenerationBroken, GenerationMismatch, IndexFailure, NoGeneration
from index.model import LATE_INTERACTION, Summary
from index.settings import LAYOUT_VERSION, IndexSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

REBUILD = "Run: footnote index rebuild"

_BUILDING = "building-"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself.

    Attributes:
        settings: The index settings it was built with, by name.
        fingerprint: Of those settings.
        weights: Fingerprint of the embedding model's weights.
        previous: The generation it replaced; empty for the first.
        sources: Publisher's name to number of articles.
        locations: The files and folders it was built from, absolute.
        reader: How sentences are scored.
        languages: ISO 639-1 code to number of articles.
        layout: The `LAYOUT_VERSION` it was built by.
    """

    id: str
    built_at: str
    settings: dict[str, Any]
    fingerprint: str
    weights: str
    previous: str
    articles: int
    passages: int
    oldest: str | None
    newest: str | None
    undated: int
    sources: dict[str, int]
    locations: list[str]
    reader: str = LATE_INTERACTION
    languages: dict[str, int] = field(default_factory=dict)
    layout: int = 1

    def summary(self) -> Summary:
        """Return what it holds, for people."""
        return Summary(
            generation=self.id,
            articles=self.articles,
            passages=self.passages,
            oldest=date.fromisoformat(self.oldest) if self.oldest else None,
            newest=date.fromisoformat(self.newest) if self.newest else None,
            undated=self.undated,
            sources=self.sources,
            model=str(self.settings["model"]),
            built_at=self.built_at,
            reader=self.reader,
            languages=self.languages,
            weights=self.weights,
        )

    def require(self, settings: IndexSettings) -> None:
        """Refuse to be searched with other settings than it was built with.

        Raises:
            GenerationMismatch: They differ, the message names the first difference; or another version built it.
        """
        if self.fingerprint == settings.fingerprint():
            return
        if self.layout != LAYOUT_VERSION:
            age = "an older" if self.layout < LAYOUT_VERSION else "a newer"
            raise GenerationMismatch(
                f"The index was built by {age} version of Footnote, which laid it out differently "
                f"({self.layout}, now {LAYOUT_VERSION}). It has to be built anew.",
                REBUILD,
            )
        for name, value in asdict(settings).items():
            if self.settings.get(name) != value:
                raise GenerationMismatch(
                    f"The index was built with {name} = {self.settings.get(name)!r}, but {value!r} is configured.",
                    f"Set it back, or build the index anew. {REBUILD}",
                )
        raise GenerationMismatch("The index was built by another version of Footnote.", REBUILD)


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


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest.

    Raises:
        GenerationBroken: It is not there or not readable.
    """
    try:
        return Manifest(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise GenerationBroken(f"The manifest of {folder} cannot be read: {error}.", REBUILD) from error


def generation_status(home: Path) -> GenerationStatus:
    """Describe the generation that serves, without opening its parts.

    Raises:
        NoGeneration: Nothing has been built yet.
        GenerationBroken: It is incomplete.
    """
    folder = current_folder(home)
    manifest = read_manifest(folder)
    built = datetime.fromisoformat(manifest.built_at)
    others = sorted((f.name for f in _complete(home) if f != folder), reverse=True)
    return GenerationStatus(
        summary=manifest.summary(),
        path=folder,
        bytes_on_disk={part.name: _size(part) for part in sorted(folder.iterdir())},
        older=tuple(others),
        age_seconds=max(0.0, (datetime.now(UTC) - built).total_seconds()),
    )


@contextmanager
def building(home: Path) -> Iterator[Path]:
    """Hold the home for one build and give it an empty folder to build in; clear away what killed builds left.

    Raises:
        BuildRunning: Another process builds here; says which and for how long.
    """
    from filelock import FileLock, Timeout

    folder = generations_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    owner = home / "build.pid"
    with ExitStack() as stack:
        try:
            stack.enter_context(FileLock(home / "build.lock", timeout=0))
        except Timeout as error:
            raise BuildRunning(_running(owner), "Wait for it to end, or stop that process.") from error
        owner.write_text(f"{os.getpid()} {time.time():.0f}", encoding="utf-8")
        stack.callback(owner.unlink, missing_ok=True)
        _clear_unfinished(folder)
        workshop = folder / f"{_BUILDING}{os.getpid()}"
        workshop.mkdir()
        stack.callback(shutil.rmtree, workshop, ignore_errors=True)
        yield workshop


def publish(home: Path, workshop: Path, manifest: Manifest) -> Path:
    """Make a finished build the generation that serves; before the last step of this the old one does.

    Returns:
        The new generation's folder.
    """
    _write_durably(workshop / "manifest.json", json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
    for path in workshop.rglob("*"):
        _flush(path)
    folder = generations_folder(home) / manifest.id
    workshop.rename(folder)
    _flush(folder.parent)
    _write_durably(home / "CURRENT", f"{manifest.id}\n")
    return folder


def prune(home: Path) -> None:
    """Remove every generation but the current one and the one before it.

    The one before stays for readers that have it open and for the operator to go back to. If the current one cannot be
    told or read, nothing is removed: one of the others may be needed.
    """
    try:
        current = current_folder(home)
        keep = {current.name, read_manifest(current).previous}
    except IndexFailure:
        return
    for folder in generations_folder(home).iterdir():
        if folder.is_dir() and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def new_id() -> str:
    """Return an id for a new generation: when it is built, and a few letters so that no two are the same."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"


def _clear_unfinished(folder: Path) -> None:
    """Remove what killed builds left."""
    for left in folder.glob(f"{_BUILDING}*"):
        shutil.rmtree(left, ignore_errors=True)


def _complete(home: Path) -> Iterator[Path]:
    for folder in generations_folder(home).iterdir():
        if not folder.name.startswith(_BUILDING) and (folder / "manifest.json").is_file():
            yield folder


def _running(owner: Path) -> str:
    try:
        process, started = owner.read_text(encoding="utf-8").split()
        age = max(0, round(time.time() - float(started)))
    except (OSError, ValueError):
        return "Another build is running here."
    return f"Another build is running here: process {process}, for {age} s."


def _size(path: Path) -> int:
    return sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) if path.is_dir() else path.stat().st_size


def _write_durably(path: Path, text: str) -> None:
    """Replace a file in one step, and have it on the disk before this returns."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    """Have a file or folder on the disk before this returns."""
    if path.is_dir() and os.name != "posix":
        return  # elsewhere a folder cannot be flushed
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
