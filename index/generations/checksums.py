"""The checksums of a generation: a line a file, as `b2sum` writes and checks them.

They are written last before a generation is published. Nothing in it changes from then on, whoever reads it, so that a
single flipped bit tells itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from index.errors import GenerationBroken

CHECKSUMS = "checksums"

# Bytes of each digest.
DIGEST = 32

_BLOCK = 1 << 20


def new_digest() -> hashlib.blake2b:
    """Return the digest that files are told apart by."""
    return hashlib.blake2b(digest_size=DIGEST)


def file_digest(path: Path) -> str:
    """Return the digest of a file's content."""
    digest = new_digest()
    with path.open("rb", buffering=0) as file:
        block = memoryview(bytearray(_BLOCK))
        while count := file.readinto(block):
            digest.update(block[:count])
    return digest.hexdigest()


def folder_digests(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the digest of each file named, relative to `folder`, on all cores."""
    wanted = sorted(names)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # hashing and reading let go of the interpreter
        return dict(zip(wanted, pool.map(lambda name: file_digest(folder / name), wanted), strict=True))


def files_of(folder: Path) -> Iterator[str]:
    """Yield every file in a generation but its checksums, relative to its folder; what is no file, too."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if name != CHECKSUMS and (path.is_symlink() or not path.is_dir()):
            yield name


def write_checksums(folder: Path) -> None:
    """Write the checksums of a finished generation into its folder."""
    text = render_checksums(folder_digests(folder, files_of(folder)))
    (folder / CHECKSUMS).write_text(text, encoding="utf-8")


def render_checksums(digests: Mapping[str, str]) -> str:
    """Return the text of a file of checksums."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def parse_checksums(text: str) -> dict[str, str]:
    """Return file name to digest.

    Raises:
        ValueError: The text is not one that `render_checksums` wrote.
    """
    digests = {}
    for line in text.splitlines():
        digest, _, name = line.partition("  ")
        path = PurePosixPath(name)
        outside = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
        if name in ("", CHECKSUMS) or outside or path.as_posix() != name:
            raise ValueError(f"it names {name!r}, which is no file of a generation")
        digests[name] = digest
    if text != render_checksums(digests) or any(len(digest) != 2 * DIGEST for digest in digests.values()):
        raise ValueError("it is not as it was written")
    return digests


def read_checksums(folder: Path) -> dict[str, str]:
    """Return the checksums that were kept of a generation.

    Raises:
        GenerationBroken: There are none, or they cannot be read.
    """
    try:
        return parse_checksums((folder / CHECKSUMS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GenerationBroken(
            f"The checksums of {folder} cannot be read: {error}.", "Build the index again."
        ) from error


def differences(folder: Path) -> list[str]:
    """Return what differs in a generation from when it was published, a sentence each; none if nothing does."""
    try:
        kept = read_checksums(folder)
    except GenerationBroken as error:
        return [str(error)]
    there = set(files_of(folder))
    found = [f"{name} is missing." for name in sorted(set(kept) - there)]
    found += [f"{name} does not belong there." for name in sorted(there - set(kept))]
    both = sorted(there & set(kept))
    odd = [name for name in both if (folder / name).is_symlink() or not (folder / name).is_file()]
    found += [f"{name} is not a plain file." for name in odd]
    try:
        now = folder_digests(folder, set(both) - set(odd))
    except OSError as error:
        return [*found, f"{error.filename} cannot be read: {error.strerror}."]
    return found + [f"{name} is not as it was published." for name in sorted(now) if now[name] != kept[name]]


def require_whole(folder: Path) -> None:
    """Refuse a generation that is not as it was published.

    Raises:
        GenerationBroken: Names what differs.
    """
    found = differences(folder)
    if found:
        raise GenerationBroken(
            f"The index {folder.name} is damaged: {' '.join(found[:5])}",
            "Build the index again with --full, or go back: footnote index rollback",
        )
