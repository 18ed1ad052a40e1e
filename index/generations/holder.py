"""Who builds in a home, told to other machines that share it: `<home>/build.holder`, renewed as long as it is held.

`build.lock` is locked by the system, which frees it when its holder dies; but not every network's file system carries
that lock from one machine to another. So whoever has it also writes who they are, and a beat that goes up. Another that
finds a holder of another machine watches the beat: if it goes up, somebody builds there; if it has not for a while, the
holder is dead. No clock is compared with another's. A holder that was asleep for so long finds another's name in its
place, and changes nothing more. See docs/adr.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from index.errors import BuildRunning

# Seconds between two beats; without one for how long a holder is taken for dead; and how long a name has to stand that
# was put in a dead one's place, as two may do so at once.
BEAT = 5.0
PATIENCE = 30.0
SETTLE = 1.0

HOLDER = "build.holder"
_ELSEWHERE = "Wait for it to end, or stop that process."


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a home."""

    host: str = field(default_factory=socket.gethostname)
    process: int = field(default_factory=os.getpid)
    name: str = field(default_factory=lambda: os.urandom(8).hex())
    beat: int = 0


class Hold:
    """A home that is held."""

    def __init__(self, path: Path, holder: Holder) -> None:
        self._path = path
        self._holder = holder
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="build holder", daemon=True)
        self._thread.start()

    def release(self) -> None:
        """Let go of the home."""
        self._stopped.set()
        self._thread.join()
        found = read_holder(self._path)
        if found is not None and found.name == self._holder.name:
            self._path.unlink(missing_ok=True)

    def _renew(self) -> None:
        while not self._stopped.wait(BEAT):
            found = read_holder(self._path)
            if found is None and self._path.exists():
                continue  # a network that stutters: one beat less
            if found is None or found.name != self._holder.name:
                return
            self._holder = replace(self._holder, beat=self._holder.beat + 1)
            with suppress(OSError):  # a full disk is told of by whatever else is written
                _write(self._path, self._holder)


@contextmanager
def held(path: Path) -> Iterator[Hold]:
    """Hold a home against other machines, the lock on it being held.

    Raises:
        BuildRunning: Another machine builds in it.
    """
    holder = Holder()
    found = None if _create(path, holder) else read_holder(path)
    if found is None or found.host == holder.host:
        # A holder of this machine is dead, or cannot be told: the lock was free.
        if found is not None or read_holder(path) != holder:
            _write(path, holder)
    else:
        _wait_until_dead(path, found)
        _write(path, holder)
        time.sleep(SETTLE)
    require_held(path, holder)
    for left in path.parent.glob(f".{path.name}.*"):  # by one that was killed as it wrote
        left.unlink(missing_ok=True)
    hold = Hold(path, holder)
    try:
        yield hold
    finally:
        hold.release()


def require_held(path: Path, holder: Holder | None = None) -> None:
    """Make sure that no other process holds the home by now.

    Args:
        path: Of the file that says who does.
        holder: Who is to; this process if not given.

    Raises:
        BuildRunning: Another does, or did: this machine was asleep for so long that it was taken for dead.
    """
    found = read_holder(path)
    if found is None:
        if not path.exists():
            raise BuildRunning(
                f"{path.name} is gone: another build has begun here meanwhile, and ended. This one has "
                "stopped, and changes nothing more.",
                "Run it again.",
            )
        return
    ours = found.name == holder.name if holder else (found.host, found.process) == (socket.gethostname(), os.getpid())
    if not ours:
        raise BuildRunning(
            f"Another build has begun here meanwhile: process {found.process} on {found.host}. This one has "
            "stopped, and changes nothing more.",
            "Run it again when that has ended.",
        )


def read_holder(path: Path) -> Holder | None:
    """Return who holds a home, or None if nobody does or it cannot be told."""
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _wait_until_dead(path: Path, found: Holder) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(min(BEAT / 5, PATIENCE))
        now = read_holder(path)
        if now is None:
            return
        if now != found:
            raise BuildRunning(f"Another build is running here: process {now.process} on {now.host}.", _ELSEWHERE)


def _create(path: Path, holder: Holder) -> bool:
    """Write who holds the home if nobody does, in one step that no other machine can take as well."""
    aside = path.with_name(f".{path.name}.{holder.name}")
    try:
        aside.write_text(json.dumps(asdict(holder)), encoding="utf-8")
        os.link(aside, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without links; a full disk is told of by what follows.
        if path.exists():
            return False
        _write(path, holder)
        time.sleep(SETTLE)
    finally:
        aside.unlink(missing_ok=True)
    return True


def _write(path: Path, holder: Holder) -> None:
    aside = path.with_name(f".{path.name}.{holder.name}")
    try:
        aside.write_text(json.dumps(asdict(holder)), encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
