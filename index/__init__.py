"""Articles in, a searchable index out.

This is the index's front door: the bot imports nothing behind it. Importing it costs nothing: each name is fetched from
its module when it is first asked for, and the libraries that embed and search when an index is opened or built.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.archive import open_archive, read_article_ids, read_articles
    from index.builder import Report, build
    from index.chunk import split_sentences
    from index.copies import read_copies
    from index.embed import Embedder
    from index.errors import (
        ArticleProblem,
        BuildFailed,
        BuildRunning,
        DuplicateArticle,
        GenerationBroken,
        GenerationMismatch,
        HomeUnusable,
        ImportRefused,
        IndexFailure,
        ModelAltered,
        ModelUnavailable,
        NoGeneration,
        SourceFailure,
    )
    from index.formats import read_files
    from index.generations import GenerationStatus, Retention, current_id, generation_status
    from index.generations.checksums import differences
    from index.generations.exporting import export_generation
    from index.generations.importing import import_generation
    from index.generations.listing import compare, find_generation, list_generations
    from index.generations.operations import prune_home, rollback
    from index.language import LATIN, language_by_script, language_of
    from index.model import Article, Filter, Hit, Passage, Sentence, Summary
    from index.progress import Progress
    from index.rerank import Reranker
    from index.retrieve import Index
    from index.settings import IndexSettings
    from index.support import Support
    from index.versions import Version

__all__ = [
    "LATIN",
    "Article",
    "ArticleProblem",
    "BuildFailed",
    "BuildRunning",
    "DuplicateArticle",
    "Embedder",
    "Filter",
    "GenerationBroken",
    "GenerationMismatch",
    "GenerationStatus",
    "Hit",
    "HomeUnusable",
    "ImportRefused",
    "Index",
    "IndexFailure",
    "IndexSettings",
    "ModelAltered",
    "ModelUnavailable",
    "NoGeneration",
    "Passage",
    "Progress",
    "Report",
    "Reranker",
    "Retention",
    "Sentence",
    "SourceFailure",
    "Summary",
    "Support",
    "Version",
    "build",
    "compare",
    "current_id",
    "differences",
    "export_generation",
    "find_generation",
    "generation_status",
    "import_generation",
    "language_by_script",
    "language_of",
    "list_generations",
    "open_archive",
    "open_index",
    "open_model",
    "prune_home",
    "read_article_ids",
    "read_articles",
    "read_copies",
    "read_files",
    "rollback",
    "split_sentences",
]

_MODULES = {
    "archive": ("open_archive", "read_article_ids", "read_articles"),
    "builder": ("Report", "build"),
    "chunk": ("split_sentences",),
    "copies": ("read_copies",),
    "embed": ("Embedder",),
    "language": ("LATIN", "language_by_script", "language_of"),
    "generations": ("GenerationStatus", "Retention", "current_id", "generation_status"),
    "generations.checksums": ("differences",),
    "generations.exporting": ("export_generation",),
    "generations.importing": ("import_generation",),
    "generations.listing": ("compare", "find_generation", "list_generations"),
    "generations.operations": ("prune_home", "rollback"),
    "model": ("Article", "Filter", "Hit", "Passage", "Sentence", "Summary"),
    "progress": ("Progress",),
    "formats": ("read_files",),
    "rerank": ("Reranker",),
    "retrieve": ("Index",),
    "settings": ("IndexSettings",),
    "support": ("Support",),
    "versions": ("Version",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Fetch a name of the front door from its module."""
    if name not in __all__:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    return getattr(import_module(f"index.{_MODULE_OF.get(name, 'errors')}"), name)


def open_model(settings: IndexSettings) -> Embedder:
    """Load the model that indexes are searched with, checked where a checksum is known; see `index.embed.Embedder`."""
    from index.embed import Embedder

    return Embedder(settings)


def open_index(
    home: Path, settings: IndexSettings, embedder: Embedder | None = None, reranker: Reranker | None = None
) -> Index:
    """Open the generation that serves in `home`; see `index.opening.open_index`."""
    from index.opening import open_index as open_now

    return open_now(home, settings, embedder, reranker)
