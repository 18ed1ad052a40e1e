"""Files and folders on this machine."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import Field

from index.errors import ArticleProblem
from index.formats import find_articles
from index.formats.files import file_of, part_in, part_of
from index.formats.found import Withdrawn, printable
from index.sources.options import LocalOptions, Several, SourcePath
from index.sources.protocol import Origin, Read, Reading, Unchanged, Visit

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
        readings = read_locations(self.locations, visit.known)
        while some := await asyncio.to_thread(_some, readings):
            for each in some:
                yield each


def read_locations(locations: Sequence[str | Path], known: Mapping[str, Origin]) -> Iterator[Reading]:
    """Read every file. What was read before of files and folders that cannot be read now, or not wholly, stays.

    Args:
        locations: See `Files`.
        known: See `Visit`.

    Raises:
        SourceFailure: See `Files.read`.
        DuplicateArticle: See there.
    """
    missing = dict(known)
    taken: set[str] = set()
    ids: set[str] = set()
    broken: dict[str, str] = {}
    for found in find_articles(locations):
        if isinstance(found, Withdrawn):
            missing.pop(found.key or "", None)
            yield ArticleProblem(found.where, found.reason)
        elif isinstance(found, ArticleProblem):
            if found.key is not None:
                broken.setdefault(found.key, found.where)
            yield found
        else:
            # Names that differ in how their letters are made up are one.
            key = part_of(found.key, found.article.id) if found.key in taken else found.key
            taken.add(key)
            ids.add(found.article.id)
            missing.pop(key, None)
            yield Read(found.article, found.where, found.id_given, Origin(key))
    if broken:
        # What has moved from a broken file to another is there.
        yield from still_there({key: missing[key] for key in missing if part_in(key) not in ids}, broken)


def still_there(missing: Mapping[str, Origin], broken: Mapping[str, str]) -> Iterator[Unchanged]:
    """Yield what nobody can say is gone, as what it was in is broken.

    Args:
        missing: What is kept of the articles that were not found again, by key.
        broken: Files and folders that could not be read, or not wholly, by key; and where a message says that they are.
    """
    for key, origin in missing.items():
        # A problem with the article itself keeps it without a word from here.
        within = (file_of(key), *map(str, PurePosixPath(file_of(key)).parents))
        place = next((each for each in within if each in broken), None)
        if place is not None and key not in broken:
            yield Unchanged(key, origin.without_version(), broken[place])


def _some(readings: Iterator[Reading]) -> list[Reading]:
    some: list[Reading] = []
    end = time.monotonic() + _AT_A_TIME
    for each in readings:
        some.append(each)
        if time.monotonic() > end:
            break
    return some


class FilesOptions(LocalOptions):
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
