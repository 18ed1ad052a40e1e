"""Take over a generation that was built elsewhere, without embedding anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from index.errors import GenerationBroken, GenerationMismatch, ImportRefused, IndexFailure
from index.generations.checksums import differences
from index.generations.holder import HOLDER, require_held
from index.generations.home import current_folder, generations_folder, served
from index.generations.lease import LEASE, remove_unread
from index.generations.manifest import MANIFEST, Manifest, read_manifest
from index.generations.publishing import building, publish_whole
from index.generations.retention import Retention, age_of, prune, write_order
from index.generations.unpacking import unpack
from index.settings import IndexSettings

if TYPE_CHECKING:
    from index.embed import Embedder

_EXPORT_AGAIN = "The index before still serves. Export it again."
_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Imported:
    """What serves now, and what served before it, if that is kept."""

    generation: str
    articles: int
    passages: int
    previous: str | None


def import_generation(
    home: Path,
    stream: BinaryIO,
    settings: IndexSettings,
    embedder: Embedder | None = None,
    retention: Retention | None = None,
) -> Imported:
    """Let a generation serve that `export_generation` wrote, here or elsewhere.

    It is unpacked aside, every file compared with its checksum, validated as a build is, and published in one step.

    Args:
        home: Where it is to serve.
        stream: Of the export.
        settings: The ones it has to have been built with.
        embedder: The model of `settings`, if it is loaded already; else it is loaded if its weights are not known.
        retention: Which generations are kept beside it, as after a build: what was deleted where it was built is gone
            here too. All of them, if not given, or if what served is newer: that is going back, which removes nothing.

    Raises:
        ImportRefused: It is no export, or damaged.
        GenerationMismatch: It was built with other settings, another version or other weights.
        BuildFailed: It did not pass validation.
        BuildRunning: Another process holds the home.
        HomeUnusable: The home cannot be written, or there is no room.
    """

    def fits(path: Path) -> None:
        manifest = _manifest(path.parent)
        manifest.require(settings)
        _require_weights(home, manifest, settings, embedder)

    with building(home) as workshop:
        before = next(iter(served(home)), None)
        unpack(stream, workshop, MANIFEST, fits)
        manifest = _manifest(workshop)
        if not _is_there(home, manifest.id):
            from index.validate import validate

            if not (workshop / LEASE).is_file():
                raise ImportRefused("The export was not imported: it has no file 'lease'.", _EXPORT_AGAIN)
            try:
                validate(workshop)
            except RecursionError as error:
                raise ImportRefused(
                    "The export was not imported: a file in it is nested without end.", _EXPORT_AGAIN
                ) from error
            _make_way(home, manifest.id)
            publish_whole(home, workshop, manifest.id)
        elif manifest.id != before:
            write_order(home, [manifest.id, *(name for name in served(home) if name != manifest.id)])
        if retention is not None and not _goes_back(home, before, manifest):
            prune(home, retention)
        previous = before if before != manifest.id and before in served(home) else None
    return Imported(manifest.id, manifest.articles, manifest.passages, previous)


def _manifest(folder: Path) -> Manifest:
    try:
        manifest = read_manifest(folder)
    except GenerationBroken as error:
        raise ImportRefused(f"The export was not imported: {error}", _EXPORT_AGAIN) from error
    if not (isinstance(manifest.id, str) and _ID.fullmatch(manifest.id)):
        raise ImportRefused(
            "The export was not imported: its manifest has no id such as 20261124T220130Z-0a1b2c.", _EXPORT_AGAIN
        )
    try:
        age_of(folder)
        sound = _has_its_kinds(manifest) and bool(manifest.summary())
    except (AttributeError, KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise ImportRefused("The export was not imported: its manifest is not as a build writes it.", _EXPORT_AGAIN)
    return manifest


def _has_its_kinds(manifest: Manifest) -> bool:
    """Whether every value is of the type that it is declared to be, by which others use it from then on."""
    texts = [*manifest.written_by.values(), *manifest.sources, *manifest.languages, *manifest.locations]
    texts += [manifest.fingerprint, manifest.weights, manifest.previous, manifest.reader]
    numbers = [*manifest.sources.values(), *manifest.languages.values()]
    numbers += [manifest.articles, manifest.passages, manifest.undated, manifest.layout]
    return (
        isinstance(manifest.settings, dict)
        and all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int) for number in numbers)
    )


def _require_weights(home: Path, manifest: Manifest, settings: IndexSettings, embedder: Embedder | None) -> None:
    """Refuse what was embedded with other weights than those that questions will be embedded with here."""
    try:
        here = read_manifest(current_folder(home))
        known = here.weights if here.fingerprint == settings.fingerprint() else None
    except IndexFailure:
        known = None
    if embedder is None and known == manifest.weights:
        return  # what serves was built with them, and the model need not be loaded
    from index.embed import Embedder

    if (embedder or Embedder(settings)).fingerprint != manifest.weights:
        raise GenerationMismatch(
            f"The export was embedded with other weights of {settings.model!r} than the ones that are installed here.",
            "Install the same model in both places, or build the index here: footnote index rebuild",
        )


def _is_there(home: Path, name: str) -> bool:
    """Whether this very generation is here already, whole."""
    return name in served(home) and not differences(generations_folder(home) / name)


def _make_way(home: Path, name: str) -> None:
    """Remove what is here of that name: it is damaged, or was to be removed."""
    require_held(home / HOLDER)
    if not remove_unread(generations_folder(home) / name):
        raise GenerationBroken(
            f"The index {name} is here already, damaged or to be removed, and somebody reads it.",
            "Stop the bot, and import it again.",
        )


def _goes_back(home: Path, before: str | None, manifest: Manifest) -> bool:
    """Whether what served before was built later."""
    if before is None:
        return False
    try:
        built_at = read_manifest(generations_folder(home) / before).built_at
    except IndexFailure:
        return False
    return datetime.fromisoformat(manifest.built_at) < datetime.fromisoformat(built_at)
