"""A generation as one file: a plain tar, its checksums first, that `import_generation` reads as a stream."""

from __future__ import annotations

import glob
import os
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.errors import GenerationBroken, HomeUnusable
from index.generations.checksums import CHECKSUMS, new_digest, read_checksums
from index.generations.lease import Lease, lock_shared, locked_alone
from index.generations.listing import find_generation
from index.generations.manifest import MANIFEST

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    generation: str
    files: int
    bytes: int


def export_generation(home: Path, target: Path | BinaryIO, name: str | None = None) -> Exported:
    """Write a generation to one file, or to a stream that is open.

    Every file is compared with its checksum on the way. A file appears under its name when it is whole only; a stream
    that breaks off is refused by whoever imports it.

    Args:
        home: Whose generation.
        target: Where to; a file that is there is replaced.
        name: The id of the generation; the one that serves, if not given.

    Raises:
        NoGeneration: There is none of that id.
        GenerationBroken: It is damaged.
        HomeUnusable: The file cannot be written.
    """
    folder = find_generation(home, name)
    lease = Lease(folder)
    try:
        if not isinstance(target, Path):
            return _write(folder, target)
        try:
            with _whole(target) as stream:
                return _write(folder, stream)
        except OSError as error:
            raise HomeUnusable(f"{target} cannot be written: {error.strerror}.", "Name another file.") from error
    finally:
        lease.close()


def _write(folder: Path, stream: BinaryIO) -> Exported:
    kept = read_checksums(folder)
    # What says whether it fits comes first, so that whoever imports it learns that before the rest arrives.
    names = sorted(kept, key=lambda name: (name != MANIFEST, name))
    written = _add(folder / CHECKSUMS, CHECKSUMS, stream)[1]
    for name in names:
        digest, size = _add(folder / name, name, stream)
        written += size
        if digest != kept[name]:
            raise GenerationBroken(
                f"The index {folder.name} is damaged: {name} is not as it was published.",
                "Export another generation (footnote index list), or build the index again with --full.",
            )
    stream.write(bytes(2 * tarfile.BLOCKSIZE))
    stream.flush()
    return Exported(folder.name, len(names) + 1, written)


def _add(path: Path, name: str, stream: BinaryIO) -> tuple[str, int]:
    """Write one member; the same file is the same bytes on every machine."""
    digest = new_digest()
    with ExitStack() as opened:
        with _blamed(path):
            file = opened.enter_context(path.open("rb"))
            header = tarfile.TarInfo(name)
            left = header.size = os.fstat(file.fileno()).st_size
        stream.write(header.tobuf(tarfile.GNU_FORMAT, "utf-8", "strict"))
        while left:
            with _blamed(path):
                block = file.read(min(_BLOCK, left))
            if not block:
                break
            digest.update(block)
            stream.write(block)
            left -= len(block)
    if left:
        raise GenerationBroken(f"{path} became shorter while it was read.", "Build the index again with --full.")
    stream.write(bytes(-header.size % tarfile.BLOCKSIZE))
    return digest.hexdigest(), header.size


@contextmanager
def _blamed(path: Path) -> Iterator[None]:
    """Tell of what cannot be read that it is the generation's, not the file that is written."""
    try:
        yield
    except FileNotFoundError as error:
        raise GenerationBroken(f"{path} is missing.", "Build the index again with --full.") from error
    except OSError as error:
        raise GenerationBroken(
            f"{path} cannot be read: {error.strerror}.",
            "Export another generation (footnote index list), or build the index again with --full.",
        ) from error


@contextmanager
def _whole(target: Path) -> Iterator[BinaryIO]:
    """Write a file aside and give it its name when it is whole and on the disk; of several at once the last one stays.

    Raises:
        HomeUnusable: What has that name is no file.
    """
    if target.exists() and not target.is_file():
        raise HomeUnusable(f"{target} is no file.", "Name a file, or - for standard output.")
    target = target.resolve()  # where it is a link, what it leads to is replaced
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        _remove_dead(left)
    aside, stream = _open_aside(target)
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def _open_aside(target: Path) -> tuple[Path, BinaryIO]:
    """Create the file that is written first, locked so that no other export takes it for a dead one's."""
    while True:
        aside = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
        stream = aside.open("x+b")  # only what can be read can be locked everywhere; see `lock_shared`
        try:
            lock_shared(stream.fileno())
        except OSError:
            stream.close()
            aside.unlink(missing_ok=True)
            raise
        if aside.exists():
            return aside, stream
        stream.close()  # removed between the two


def _remove_dead(left: Path) -> None:
    """Remove what an export that was killed has left."""
    with suppress(OSError), left.open("rb+") as file:
        if locked_alone(file.fileno()):
            left.unlink()
