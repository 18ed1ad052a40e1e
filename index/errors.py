"""Everything that can go wrong in the index, as one tree.

    IndexFailure                what happened, where, and what to do about it
    ├── ConfigProblem           a configured value cannot be used
    ├── SourceFailure           a source as a whole cannot be read (no such folder, not readable)
    │   └── FetchFailure        an address gave nothing that can be used; its kinds are drawn in index/fetch/failures.py
    ├── DuplicateArticle        two articles claim one id
    ├── ModelUnavailable        the embedding model, or the reranker, cannot be loaded
    │   └── ModelAltered        its file is not the one that was pinned
    ├── NoGeneration            nothing has been built yet
    ├── GenerationMismatch      the index was built with another model or other settings
    ├── GenerationBroken        a generation's parts disagree or cannot be read
    ├── BuildRunning            another build holds the home
    ├── HomeUnusable            the home cannot be written, or its disk is full
    ├── ImportRefused           a file is no export of a generation, or a damaged one
    └── BuildFailed             a new generation did not pass validation and was not published

A single unreadable article is not an exception: it is an `ArticleProblem`, reported and skipped.
"""

from __future__ import annotations

from dataclasses import dataclass


class IndexFailure(Exception):
    """Base of the tree.

    Attributes:
        remedy: What the operator can do, as a sentence; empty if there is nothing to add.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message} {self.remedy}" if self.remedy else message


class ConfigProblem(IndexFailure):
    """A configured value cannot be used; the message says which, where it is from, and what is allowed."""


class SourceFailure(IndexFailure):
    """A source as a whole cannot be read."""


class DuplicateArticle(IndexFailure):
    """Two articles claim one id; the message names where both come from."""


class ModelUnavailable(IndexFailure):
    """The embedding model, or the reranker, cannot be loaded."""


class ModelAltered(ModelUnavailable):
    """The model's file differs from the one that was pinned."""


class NoGeneration(IndexFailure):
    """Nothing has been built yet in this home."""


class GenerationMismatch(IndexFailure):
    """The index was built with another model or other settings than those in force."""


class GenerationBroken(IndexFailure):
    """A generation's parts disagree or cannot be read."""


class BuildRunning(IndexFailure):
    """Another build holds the home; the message has its process id and age."""


class HomeUnusable(IndexFailure):
    """The home cannot be written, or there is no room on its disk."""


class ImportRefused(IndexFailure):
    """A file is no export of a generation, or a damaged one."""


class BuildFailed(IndexFailure):
    """A new generation did not pass validation and was not published."""


@dataclass(frozen=True, slots=True)
class ArticleProblem:
    """An article that was skipped.

    Attributes:
        where: The file, with the line or address where there is one.
        reason: What is wrong with it, as a sentence that says what to do.
        key: What its source calls it, where an article of that name that was read before is to stay as it was. Of files
            it may be what a file or folder is called that cannot be read, or not wholly.
    """

    where: str
    reason: str
    key: str | None = None


def reason_of(error: Exception) -> str:
    """Return a foreign exception's first line, to stand in a sentence of ours."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
