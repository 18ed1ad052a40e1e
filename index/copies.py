"""The part of a generation that tells which articles are syndicated copies of which."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from index.arrays import map_array
from index.duplicates import Likeness, originals
from index.errors import GenerationBroken
from index.generations.home import current_folder
from index.model import Article

_SIGNATURES = "signatures.npy"
_LINKS = "links.json"


class Copies:
    """Which article is a copy of which.

    Attributes:
        originals: The id of the article that each copy is a copy of, by the copy's id.
    """

    def __init__(self, folder: Path) -> None:
        """Open the part that `write_copies` left in `folder`.

        Raises:
            GenerationBroken: It cannot be read.
        """
        self.originals: dict[str, str] = _read(folder)["originals"]
        self._copies: dict[str, list[str]] = defaultdict(list)
        for copy, original in self.originals.items():
            self._copies[original].append(copy)

    def of(self, article_id: str) -> tuple[str, ...]:
        """Return the ids of the other articles that say the same: the original first, then its copies by id."""
        original = self.originals.get(article_id, article_id)
        return tuple(name for name in (original, *sorted(self._copies.get(original, ()))) if name != article_id)


def read_copies(home: Path) -> dict[str, str]:
    """Return the id of the article that each copy is a copy of, by the copy's id, in the generation that serves.

    Raises:
        NoGeneration: Nothing has been built yet.
        GenerationBroken: It cannot be read.
    """
    return Copies(current_folder(home) / "copies").originals


def write_copies(folder: Path, likeness: Likeness, articles: Mapping[str, Article]) -> None:
    """Write the part of a new generation; `folder` must not exist yet."""
    folder.mkdir()
    names = sorted(likeness.signatures)
    signatures = [likeness.signatures[name] for name in names]
    np.save(folder / _SIGNATURES, np.array(signatures, dtype=np.uint32))
    links = {
        "signed": names,
        "pairs": sorted(likeness.pairs),
        "originals": dict(sorted(originals(likeness.pairs, articles).items())),
    }
    (folder / _LINKS).write_text(json.dumps(links, ensure_ascii=True), "utf-8")


def read_likeness(folder: Path) -> Likeness:
    """Return what a generation's part knows, to build the next one on.

    Raises:
        GenerationBroken: It cannot be read.
    """
    links = _read(folder)
    try:
        signatures = map_array(folder / _SIGNATURES)
    except (OSError, ValueError) as error:
        raise _broken(folder, error) from error
    pairs = frozenset((one, other) for one, other in links["pairs"])
    return Likeness(dict(zip(links["signed"], signatures, strict=True)), pairs)


def _read(folder: Path) -> dict[str, Any]:
    try:
        links: dict[str, Any] = json.loads((folder / _LINKS).read_text("utf-8"))
        if not isinstance(links, dict) or not {"signed", "pairs", "originals"} <= links.keys():
            raise ValueError("not as a build writes it")
    except (OSError, ValueError) as error:
        raise _broken(folder, error) from error
    return links


def _broken(folder: Path, error: Exception) -> GenerationBroken:
    return GenerationBroken(f"The copies in {folder} cannot be read: {error}.", "Build the index again with --full.")
