"""Files that lie in a store and come with a version: each is fetched when that has changed, and read by its format."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from index.errors import ArticleProblem
from index.formats import is_readable, read_file
from index.formats.files import SourceFile
from index.formats.found import Found, Unreadable, printable
from index.sources.links import now
from index.sources.protocol import Origin, Read, Reading, Unchanged, Visit

LARGEST_STORED = 100_000_000
"""Bytes of the largest file that is fetched."""

# Between the path of a file and the id of one of the several articles in it.
_PART = "#"


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
        known.setdefault(key.partition(_PART)[0], []).append(key)
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        for file in sorted(files, key=lambda file: file.path):
            if not is_readable(file.path) or any(part.startswith(".") for part in PurePosixPath(file.path).parts):
                continue
            keys = known.get(_name(file), [])
            if file.version and keys and all(visit.known[key].etag == file.version for key in keys):
                for key in keys:
                    yield Unchanged(key, visit.known[key])
                continue
            readings = await asyncio.to_thread(_read, file, Path(folder), root, place, get)
            for reading in readings:
                yield reading
            if any(isinstance(each, ArticleProblem) for each in readings):
                # Which article it was that cannot be read now, nobody knows: those that were in the file stay.
                missed = set(keys) - {_key_of(each) for each in readings}
                for key in sorted(missed):
                    yield Unchanged(key, visit.known[key].without_version())


def _name(file: Stored) -> str:
    """Return a file's path as the beginning of its keys, where the sign that parts them is not its own."""
    return printable(file.path).replace(_PART, "%23")


def _read(file: Stored, folder: Path, root: str, place: str, get: Callable[[Stored], bytes]) -> Sequence[Reading]:
    key = _name(file)
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
    found = list(read_file(SourceFile(copy, printable(f"{root}/{file.path}"), where)))
    articles = [each for each in found if isinstance(each, Found)]
    single = len(articles) == 1 and articles[0].article.id == printable(f"{root}/{file.path}")
    fetched = now()
    return [
        Read(
            each.article,
            each.where,
            each.id_given,
            Origin(_key(key, each, single=single), file.version, fetched_at=fetched),
        )
        if isinstance(each, Found)
        else (each if articles or told else replace(each, key=key))
        for told, each in enumerate(found)
    ]


def _key_of(reading: Reading) -> str | None:
    return reading.origin.key if isinstance(reading, Read) else getattr(reading, "key", None)


def _key(name: str, found: Found, *, single: bool) -> str:
    return name if single else f"{name}{_PART}{found.article.id}"
