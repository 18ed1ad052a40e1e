"""Read what `export_generation` wrote: a stream from anywhere, of which nothing is believed.

Only plain files that the checksums name are taken, each compared with its checksum as it is written. Headers are read
one by one rather than by `tarfile`, which would follow extended headers of any size, links, devices and sparse files.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.errors import ImportRefused
from index.generations.checksums import CHECKSUMS, DIGEST, new_digest, parse_checksums
from index.generations.room import require_room

# No generation has as many files, nor as long a list of them.
MOST_FILES = 10_000
MOST_CHECKSUMS = MOST_FILES * (2 * DIGEST + 256)

_BLOCK = 1 << 20
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)


@dataclass(frozen=True, slots=True)
class _Header:
    name: str
    size: int


def unpack(stream: BinaryIO, folder: Path, first: str, look: Callable[[Path], None]) -> None:
    """Unpack an export into an empty folder.

    Args:
        stream: Of the export, from its beginning; read once, to its end.
        folder: Where to.
        first: The file that comes after the checksums.
        look: Called with the path of that file when it is there, to refuse what does not fit before the rest comes.

    Raises:
        ImportRefused: It is no export, or not whole.
        HomeUnusable: There is no room for it.
    """
    header = _next(stream)
    if header is None or header.name != CHECKSUMS or header.size > MOST_CHECKSUMS:
        raise _refused("it is not one: it does not begin with checksums. If it is compressed, decompress it first")
    text = _exactly(stream, header.size)
    _exactly(stream, -header.size % tarfile.BLOCKSIZE)
    try:
        expected = parse_checksums(text.decode("utf-8"))
    except ValueError as error:
        raise _refused(f"its checksums cannot be read: {error}") from error
    if len(expected) > MOST_FILES:
        raise _refused(f"it claims to have {len(expected):,} files")
    while header := _next(stream):
        digest = expected.pop(header.name, None)
        if digest is None:
            raise _refused(f"it holds {header.name[:100]!r}, which its checksums do not name, or twice")
        path = folder / header.name
        require_room(folder, header.size, f"The import of {header.name}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            found = _copy(stream, path, header.size)
        except (FileExistsError, NotADirectoryError) as error:
            raise _refused(f"it holds {header.name!r} as a file and as a folder") from error
        if found != digest:
            raise _refused(f"{header.name!r} is not as it was exported")
        if header.name == first:
            look(path)
    if expected:
        raise _refused(f"{min(expected)!r} is missing")
    (folder / CHECKSUMS).write_bytes(text)


def _next(stream: BinaryIO) -> _Header | None:
    """Return the next member's header, None at the end."""
    block = _exactly(stream, tarfile.BLOCKSIZE)
    if not any(block):
        if any(_exactly(stream, tarfile.BLOCKSIZE)):
            raise _refused("it goes on after its end")
        return None
    try:
        found = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.HeaderError, ValueError) as error:
        raise _refused(f"a header cannot be read: {error}") from error
    if found.type not in _PLAIN or found.size < 0:
        raise _refused(f"it holds {found.name[:100]!r}, which is no plain file")
    return _Header(found.name, found.size)


def _copy(stream: BinaryIO, path: Path, size: int) -> str:
    digest = new_digest()
    left = size
    with path.open("xb") as file:
        while left:
            block = _exactly(stream, min(_BLOCK, left))
            digest.update(block)
            file.write(block)
            left -= len(block)
    _exactly(stream, -size % tarfile.BLOCKSIZE)
    return digest.hexdigest()


def _exactly(stream: BinaryIO, count: int) -> bytes:
    parts = []
    while count:
        block = stream.read(count)
        if not block:
            raise _refused("it ends before its time")
        parts.append(block)
        count -= len(block)
    return b"".join(parts)


def _refused(reason: str) -> ImportRefused:
    return ImportRefused(f"The export was not imported: {reason}.", "The index before still serves. Export it again.")
