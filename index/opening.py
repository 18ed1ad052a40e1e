"""Open the generation that serves."""

from __future__ import annotations

from pathlib import Path

from index.embed import Embedder
from index.errors import GenerationBroken
from index.generations import current_folder, current_id, read_manifest
from index.generations.room import refusal_of
from index.rerank import Reranker
from index.retrieve import Index
from index.settings import IndexSettings


def open_index(
    home: Path, settings: IndexSettings, embedder: Embedder | None = None, reranker: Reranker | None = None
) -> Index:
    """Open the generation that serves in `home`, warm: the first search is as fast as the next.

    Args:
        home: The folder that holds the generations.
        settings: The ones it was built with.
        embedder: The model of `settings`, if it is loaded already.
        reranker: Looks at the best hits once more, if given.

    Raises:
        NoGeneration: Nothing has been built yet.
        GenerationMismatch: It was built with other settings or another model.
        GenerationBroken: A part of it cannot be read.
        HomeUnusable: The home is on a disk that can be read only: Chroma does not open there.
        ModelUnavailable: The embedding model or the reranker cannot be loaded.
    """
    while True:
        name = current_id(home)
        try:
            folder = current_folder(home)
            read_manifest(folder).require(settings)  # before the model is loaded, which takes seconds
            embedder = embedder or Embedder(settings)
            return _open_warm(folder, settings, embedder, reranker)
        except GenerationBroken as error:
            if current_id(home) == name:
                raise refusal_of(error, home) or error from error
            # Another has replaced it in between, and it may have been removed.


def _open_warm(folder: Path, settings: IndexSettings, embedder: Embedder, reranker: Reranker | None) -> Index:
    index = Index(folder, settings, embedder, reranker)
    try:
        # Chroma reads its files at the first search only: whoever gets an open index can count on it.
        index.warm()
    except BaseException:
        index.close()
        raise
    return index
