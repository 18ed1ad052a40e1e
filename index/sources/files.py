"""Files and folders on this machine."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field

from index.errors import ArticleProblem
from index.formats import find_articles
from index.formats.found import Found, printable
from index.sources.options import Several, SourceOptions, SourcePath
from index.sources.protocol import Origin, Read, Reading, Visit

# Seconds that files are read at a time, on a thread, while other sources wait for the network.
_AT_A_TIME = 0.05


class Files:
    """Articles in files and folders: all of them at every visit."""

    name = ""
    kind = "files"
    complete = True
    max_minutes = math.inf

    def __init__(self, locations: Sequence[str | Path], shrink: float = 0.0) -> None:
        """Take note of what to read.

        Args:
            locations: Files, and folders with all the folders in them.
            shrink: See `Source`.
        """
        self.locations = [Path(location) for location in locations]
        self.shrink = shrink

    @property
    def where(self) -> str:
        """The locations."""
        return printable(", ".join(map(str, self.locations)))

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read every file.

        Raises:
            SourceFailure: A location does not exist or may not be read; before anything is read.
            DuplicateArticle: An article gives an id that another has.
        """
        found = find_articles(self.locations)
        while some := await asyncio.to_thread(_some, found):
            for each in some:
                yield each if isinstance(each, ArticleProblem) else _reading(each)


def _some(found: Iterator[Found | ArticleProblem]) -> list[Found | ArticleProblem]:
    some: list[Found | ArticleProblem] = []
    end = time.monotonic() + _AT_A_TIME
    for each in found:
        some.append(each)
        if time.monotonic() > end:
            break
    return some


def _reading(found: Found) -> Read:
    return Read(found.article, found.where, found.id_given, Origin(found.article.id))


class FilesOptions(SourceOptions):
    """Options of a `files` source."""

    path: Annotated[list[SourcePath], Several] = Field(
        min_length=1, description="A file or folder, or a list of them; relative to this file."
    )
    watch: bool = Field(
        False, description="Read it as soon as it has changed, where the bot or `footnote index schedule` runs."
    )


class ConfiguredFiles(Files):
    """Articles in files and folders, with a name."""

    Options = FilesOptions

    def __init__(self, options: FilesOptions) -> None:
        super().__init__(options.path, options.shrink)
