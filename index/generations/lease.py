"""Leases: who reads a generation holds a shared lock in its folder, and what is read is not removed.

The lock is the kernel's (flock), so that one of a process that was killed is free at once and none is ever stale.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from index.errors import GenerationBroken

try:
    import fcntl
except ImportError:  # on Windows the system itself refuses to remove what is open
    fcntl = None  # type: ignore[assignment]

LEASE = "lease"
REMOVING = "removing-"

_DOOMED = ".doomed"

# What a file system says that has no locks.
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)


class Lease:
    """A generation that is read: it stays until `close`."""

    def __init__(self, folder: Path) -> None:
        """Take a lease.

        Raises:
            GenerationBroken: It is being removed, or gone.
        """
        self._folder = folder
        try:
            self._file = (folder / LEASE).open("rb")
        except OSError as error:
            raise _gone(folder) from error
        try:
            lock_shared(self._file.fileno())
        except OSError as error:
            self._file.close()
            raise GenerationBroken(f"{folder / LEASE} cannot be locked: {error.strerror}.", "Try again.") from error
        if not (folder / LEASE).exists():  # removed between the two
            self._file.close()
            raise _gone(folder)

    def close(self) -> None:
        """Let go; whoever was the last to read a generation that is doomed removes it."""
        if self._file.closed:
            return
        self._file.close()
        if doom_of(self._folder).exists():
            remove_unread(self._folder)


def doom_of(folder: Path) -> Path:
    """Return the file that says of a generation that it is to be removed as soon as nobody reads it."""
    return folder.with_name(folder.name + _DOOMED)


def is_read(folder: Path) -> bool:
    """Whether somebody reads this generation."""
    try:
        with (folder / LEASE).open("rb") as file:
            return not locked_alone(file.fileno())
    except OSError:
        return False


def remove_unread(folder: Path) -> bool:
    """Remove a generation, or note that it has to be if somebody reads it.

    Returns:
        Whether it is gone.
    """
    doom = doom_of(folder)
    aside = folder.with_name(f"{REMOVING}{folder.name}-{os.getpid()}")
    try:
        with (folder / LEASE).open("rb+") as file:
            if not locked_alone(file.fileno()):
                doom.touch()
                # Once more: the last reader may have let go just before it could see that.
                if not locked_alone(file.fileno()):
                    return False
            folder.rename(aside)
    except FileNotFoundError:
        # One without a lease was never whole.
        try:
            folder.rename(aside)
        except OSError:
            return not folder.exists()
    except OSError:
        return False
    shutil.rmtree(aside, ignore_errors=True)
    doom.unlink(missing_ok=True)
    return True


def lock_shared(descriptor: int) -> None:
    """Take part in a lock; it goes with the descriptor.

    Whoever removes something, or looks whether it is in use, has the lock alone for a moment only. On a file system
    without locks nobody can have one alone either, so that nothing is removed there.

    Args:
        descriptor: Of a file that can be read: a network's file system locks no other so.

    Raises:
        OSError: There are locks, and this one cannot be had.
    """
    if fcntl is None:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


def locked_alone(descriptor: int) -> bool:
    """Take a lock that nobody else has any part of, and say whether it was free; it goes with the descriptor."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _gone(folder: Path) -> GenerationBroken:
    return GenerationBroken(f"The index {folder.name} is gone: another has replaced it.", "Try again.")
