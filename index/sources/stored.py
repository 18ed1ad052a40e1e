"""Files that lie in a store and come with a version: each is fetched when that has changed, and read by its format."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from index.errors import ArticleProblem
from index.formats import is_readable, read_file
from index.formats.files import SourceFile, file_of, key_of
from index.formats.found import Found, Unreadable, Withdrawn, printable
from index.sources.files import still_there
from index.sources.links import now
from index.sources.protocol import Origin, Read, Reading, Unchanged, Visit

LARGEST_STORED = 100_000_000
"""Bytes of the largest file that is fetched."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as its store lists it.

    Attributes:
        path: Its name in the store, with slashes.
        version: Another one means that it has changed; empty if the store does not tell.
        size: In bytes, as the store says.
    """

    path: str
    version: str
    size: int


async def read_stored(
    visit: Visit, files: Iterable[Stored], root: str, place: str, get: Callable[[Stored], bytes]
) -> AsyncIterator[Reading]:
    """Read the files of a store that are of a format that is read and not hidden, in the order of their names.

    Args:
        visit: The visit.
        files: What there is.
        root: What the store is called in the ids of articles that have none of their own.
        place: What messages call it, before a file's path.
        get: Fetches a file, on a thread; raises `Unreadable`. It may return a byte more than `LARGEST_STORED`.
    """
    known: dict[str, list[str]] = {}
    for key in visit.known:
        known.setdefault(file_of(key), []).append(key)
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        for file in sorted(files, key=lambda file: file.path):
            if not is_readable(file.path) or any(part.startswith(".") for part in PurePosixPath(file.path).parts):
                continue
            keys = known.get(key_of(printable(file.path)), [])
            if file.version and keys and all(visit.known[key].etag == file.version for key in keys):
                for key in keys:
                    yield Unchanged(key, visit.known[key])
                continue
            readings = await asyncio.to_thread(_read, file, Path(folder), root, place, get)
            for reading in readings:
                yield ArticleProblem(reading.where, reading.reason) if isinstance(reading, Withdrawn) else reading
            read = {each.origin.key for each in readings if isinstance(each, Read)}
            read |= {each.key for each in readings if isinstance(each, Withdrawn) and each.key}
            problems = [each for each in readings if isinstance(each, ArticleProblem) and each.key not in read]
            broken = {problem.key: problem.where for problem in reversed(problems) if problem.key}
            for reading in still_there({key: visit.known[key] for key in keys if key not in read}, broken):
                yield reading


def _read(file: Stored, folder: Path, root: str, place: str, get: Callable[[Stored], bytes]) -> Sequence[Reading]:
    key = key_of(printable(file.path))
    where = printable(f"{place}/{file.path}")
    too_large = ArticleProblem(where, f"is larger than {LARGEST_STORED // 1_000_000} MB. Split it.", key)
    if file.size > LARGEST_STORED:
        return [too_large]
    try:
        data = get(file)
    except Unreadable as unreadable:
        return [ArticleProblem(where, unreadable.reason, key)]
    if len(data) > LARGEST_STORED:
        return [too_large]
    # Its own name could be anything; it is read under one that is not.
    copy = folder / "copy"
    copy.write_bytes(data)
    read = SourceFile(copy, printable(f"{root}/{file.path}"), where)
    found = list(read_file(read))
    # A file with something wrong in it is read, and told of, again at the next visit.
    whole = all(isinstance(each, Found) for each in found)
    version, fetched = file.version if whole else None, now()
    readings: list[Reading] = []
    for each in found:
        # What is kept between visits says nothing of what the store is called.
        own = f"{key}{(each.key or read.key).removeprefix(read.key)}"
        if isinstance(each, Found):
            origin = Origin(own, version, fetched_at=fetched)
            readings.append(Read(each.article, each.where, each.id_given, origin))
        else:
            readings.append(replace(each, key=own))
    return readings
