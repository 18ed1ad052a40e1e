"""What a generation says of itself: `manifest.json` in its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import GenerationBroken, GenerationMismatch
from index.model import LATE_INTERACTION, Summary
from index.settings import LAYOUT_VERSION, IndexSettings

REBUILD = "Run: footnote index rebuild"
MANIFEST = "manifest.json"

# Digits that no number of a release has.
_TOO_LONG = 10


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
        written_by: Library to the version that wrote its part.
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
    written_by: dict[str, str] = field(default_factory=dict)

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
            self._require_chroma()
            return
        if self.layout != LAYOUT_VERSION:
            age = "an older" if self.layout < LAYOUT_VERSION else "a newer"
            raise GenerationMismatch(
                f"The index was built by {age} version of Footnote, which laid it out differently "
                f"({self.layout}, now {LAYOUT_VERSION}). It has to be built anew.",
                REBUILD,
            )
        for name, value in settings.decisive().items():
            if self.settings.get(name) != value:
                raise GenerationMismatch(
                    f"The index was built with {name} = {self.settings.get(name)!r}, but {value!r} is configured.",
                    f"Set it back, or build the index anew. {REBUILD}",
                )
        raise GenerationMismatch("The index was built by another version of Footnote.", REBUILD)

    def _require_chroma(self) -> None:
        """Refuse what a later Chroma wrote: it would be read as if nothing had changed since."""
        from importlib.metadata import version

        wrote, installed = self.written_by.get("chromadb", ""), version("chromadb")
        if _release(wrote) > _release(installed):
            raise GenerationMismatch(
                f"The index was written by Chroma {wrote}, and {installed} is installed, which may not read it right.",
                f"Install it: pip install 'chromadb>={wrote}', or build the index anew. {REBUILD} --full",
            )


def read_manifest(folder: Path) -> Manifest:
    """Read a generation's manifest.

    Raises:
        GenerationBroken: It is not there or not readable.
    """
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise GenerationBroken(f"The manifest of {folder} cannot be read: {error}.", REBUILD) from error


def _release(version: str) -> tuple[int, ...]:
    """Return the numbers of a release that tell what its files look like."""
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal() and len(part) < _TOO_LONG)


def library_versions() -> dict[str, str]:
    """Return the versions of the libraries whose files are part of a generation."""
    from importlib.metadata import version

    return {name: version(name) for name in ("chromadb", "tantivy", "numpy")}
