"""Whether there is room for a generation, and what it means when the machine refuses to write one."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from index.errors import HomeUnusable
from index.generations.home import size_of

# Bytes of a generation for each character of its articles: 25 of tokens, the rest vectors, words and texts; measured.
BYTES_PER_CHARACTER = 40

# Bytes that stay free on the disk.
RESERVE = 32 << 20

_SERVES = "The index that serves goes on serving."
_MAKE_ROOM = "Make room; footnote index prune --keep 1 removes the generations that do not serve."
_FULL = ("no space left on device", "database or disk is full", "disk quota exceeded")
_READ_ONLY = ("read-only file system", "readonly database")
_TOO_LARGE = ("file too large",)
# What numpy and SQLite say of a write that failed, without why.
_FAILED = ("requested and", "disk i/o error")


def require_room(home: Path, needed: int, what: str) -> None:
    """Refuse to begin what the disk has no room for.

    Args:
        home: Where.
        needed: Bytes, about.
        what: Needs them, to begin a sentence with.

    Raises:
        HomeUnusable: There are fewer bytes free.
    """
    free = shutil.disk_usage(home).free
    if needed + RESERVE > free:
        raise HomeUnusable(
            f"{what} needs about {_megabytes(needed + RESERVE)} in {home}, and {_megabytes(free)} are free.",
            f"{_SERVES} {_MAKE_ROOM}",
        )


def room_needed(characters: Iterable[int], previous: Path | None) -> int:
    """Return about how many bytes a generation will take.

    Args:
        characters: Of each article's text.
        previous: The generation before, if most is taken over from it: it is about as large.
    """
    return max(sum(characters) * BYTES_PER_CHARACTER, size_of(previous) if previous else 0)


def refusal_of(error: BaseException, home: Path) -> HomeUnusable | None:
    """Return what an exception says of the disk, whatever library raised it; None if it says nothing of it."""
    for cause in _chain(error):
        if isinstance(cause, HomeUnusable):
            return None
        refusal = _refusal(cause, home)
        if refusal is not None:
            what, remedy = refusal
            return HomeUnusable(what, f"{_SERVES} {remedy}")
    return None


def _refusal(cause: BaseException, home: Path) -> tuple[str, str] | None:
    """Return what happened and what to do, if this exception tells that the machine refused to write."""
    code = cause.errno if isinstance(cause, OSError) else None
    said = str(cause).lower()

    def tells(phrases: tuple[str, ...]) -> bool:
        return any(phrase in said for phrase in phrases)

    failed = tells(_FAILED)
    refusal = None
    if code in (errno.ENOSPC, errno.EDQUOT) or tells(_FULL) or (failed and shutil.disk_usage(home).free < RESERVE):
        refusal = f"There is no room left on the disk of {home}.", _MAKE_ROOM
    elif code == errno.EFBIG or tells(_TOO_LARGE) or (failed and _largest_file_is_limited()):
        refusal = (
            f"The system lets this process write no file as large as the index in {home} needs.",
            "Raise the limit (ulimit -f, or LimitFSIZE= of a systemd unit).",
        )
    elif failed:
        refusal = f"The disk of {home} did not take what was written.", "Check that disk."
    elif code == errno.EROFS or tells(_READ_ONLY):
        refusal = f"The home {home} is on a disk that can be read only.", "Mount it writable."
    elif isinstance(cause, PermissionError) and str(cause.filename or "").startswith(str(home)):
        refusal = f"{cause.filename} cannot be written: {cause.strerror}.", "Let this user write there."
    return refusal


def _largest_file_is_limited() -> bool:
    try:
        import resource
    except ImportError:  # not on Windows, which has no such limit
        return False
    return resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
