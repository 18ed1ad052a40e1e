"""Articles in, a searchable index out.

This is the index's front door: the bot imports nothing behind it. Importing it is cheap; the libraries that embed and
search are loaded when an index is opened or built.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.builder import Report, build
from index.errors import (
    ArticleProblem,
    BuildFailed,
    BuildRunning,
    DuplicateArticle,
    GenerationBroken,
    GenerationMismatch,
    IndexFailure,
    ModelAltered,
    ModelUnavailable,
    NoGeneration,
    SourceFailure,
)
from index.generation import GenerationStatus, current_id, generation_status
from index.model import Article, Filter, Hit, Passage, Sentence, Summary
from index.progress import Progress
from index.settings import IndexSettings

if TYPE_CHECKING:
    from index.embed import Embedder
    from index.retrieve import Index as Index

__all__ = [
    "Article",
    "ArticleProblem",
    "BuildFailed",
    "BuildRunning",
    "DuplicateArticle",
    "Filter",
    "GenerationBroken",
    "GenerationMismatch",
    "GenerationStatus",
    "Hit",
    "IndexFailure",
    "IndexSettings",
    "ModelAltered",
    "ModelUnavailable",
    "NoGeneration",
    "Passage",
    "Progress",
    "Report",
    "Sentence",
    "SourceFailure",
    "Summary",
    "build",
    "current_id",
    "generation_status",
    "open_index",
]


def open_index(home: Path, settings: IndexSettings, embedder: Embedder | None = None) -> Index:
    """Open the generation that serves in `home`; see `index.retrieve.open_index`."""
    from index.retrieve import open_index as open_now

    return open_now(home, settings, embedder)
