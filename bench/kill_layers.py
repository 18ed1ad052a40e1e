"""The ways to kill an operation on an index, and to do it in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Of system calls, by what they do to files.
CLASSES = {
    "write": "write,writev,pwrite64,pwritev,copy_file_range,sendfile,ftruncate,fallocate,msync",
    "rename": "rename,renameat,renameat2,link,linkat",
    "fsync": "fsync,fdatasync,sync_file_range",
    "unlink": "unlink,unlinkat,rmdir",
    "mkdir": "mkdir,mkdirat",
}

# Python's audit events that change files, and which of their arguments are paths.
EVENTS = {
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.mkdir": (0,),
    "os.rmdir": (0,),
    "os.link": (1,),
    "os.truncate": (0,),
    "shutil.copyfile": (1,),
    "shutil.copytree": (1,),
    "shutil.rmtree": (0,),
    "sqlite3.connect": (0,),
}


@dataclass(frozen=True)
class Place:
    """Where one operation works: `home` is changed, the rest is looked at."""

    home: Path
    articles: Path
    export: Path


# Runs an operation in a place and kills it; returns whether it was killed before it had ended.
Killing = Callable[[Place], bool]


class Layers:
    """The ways to choose where an operation is killed; each yields what kills it there."""

    def __init__(self, points: int) -> None:
        self.points = points

    def spread(self, count: int) -> list[int]:
        """Return so many of the numbers from 1 to `count`, the first and the last among them."""
        if count <= self.points:
            return list(range(1, count + 1))
        return sorted({1 + round(i * (count - 1) / max(1, self.points - 1)) for i in range(self.points)})

    def calls(self, fresh: Callable[[], Place], work: Callable[[Place], None]) -> Iterator[Killing]:
        """Yield a kill for each call of Python's that changes a file."""
        place = fresh()
        tally = place.home.parent / "tally"
        tally_file = os.open(tally, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

        def counted() -> None:
            watch_calls(place.home.parent, lambda _: os.write(tally_file, b".") and None)
            work(place)

        _victim(counted)
        for number in self.spread(tally.stat().st_size):

            def killing(at: Place, number: int = number) -> bool:
                def doomed() -> None:
                    watch_calls(at.home.parent, lambda count: _kill_me() if count == number else None)
                    work(at)

                return _victim(doomed)

            yield killing

    def moments(self, fresh: Callable[[], Place], work: Callable[[Place], None]) -> Iterator[Killing]:
        """Yield kills from outside, spread over the time that the operation takes."""
        place = fresh()
        started = time.perf_counter()
        _victim(lambda: work(place))
        took = time.perf_counter() - started
        for number in range(self.points):
            after = took * (number + 0.5) / self.points

            def killing(at: Place, after: float = after) -> bool:
                return _victim(lambda: work(at), after=after)

            yield killing

    def syscalls(self, fresh: Callable[[], Place], work: Callable[[Place], None]) -> Iterator[Killing]:
        """Yield a kill for each system call of every class; of a thread the most are counted."""
        for calls in CLASSES.values():
            place = fresh()
            log = place.home.parent / "strace.log"
            _victim(lambda place=place: work(place), lambda child, c=calls, log=log: _trace(child, c, log))  # type: ignore[misc]
            time.sleep(0.1)
            threads = Counter(
                line.split(maxsplit=1)[0] for line in log.read_text(errors="replace").splitlines() if "(" in line
            )
            for number in self.spread(max(threads.values(), default=0)):

                def killing(at: Place, number: int = number, calls: str = calls) -> bool:
                    inject = ["-e", f"inject={calls}:signal=SIGKILL:when={number}"]
                    return _victim(lambda: work(at), lambda child: _trace(child, calls, Path(os.devnull), *inject))

                yield killing


def _trace(child: int, calls: str, log: Path, *options: str) -> None:
    """Attach strace to a process, and return when it has."""
    subprocess.Popen(
        [
            "strace",
            "-qq",
            "-f",
            "-p",
            str(child),
            "-o",
            str(log),
            "-e",
            f"trace={calls}",
            "-e",
            "signal=none",
            *options,
        ],
        stderr=subprocess.DEVNULL,
    )
    status = Path(f"/proc/{child}/status")
    for _ in range(1000):
        if "TracerPid:\t0\n" not in status.read_text():
            return
        time.sleep(0.01)
    raise RuntimeError("strace did not attach")


def in_child(work: Callable[[], object]) -> None:
    """Do something in a process of its own, which keeps Chroma's threads out of this one."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException as error:
            os.write(writing, f"{type(error).__name__}: {error}"[:4000].encode())
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        message = said.read().decode()
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(message or f"ended with {status}")


def _victim(work: Callable[[], object], ready: Callable[[int], None] | None = None, after: float | None = None) -> bool:
    """Run an operation in a process that is to be killed.

    Args:
        work: The operation.
        ready: Called with the process's id before the operation begins.
        after: Seconds after which it is killed from outside.

    Returns:
        Whether it was killed.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.close(writing)
        os.read(reading, 1)
        try:
            work()
        except BaseException:
            os._exit(3)
        os._exit(0)
    os.close(reading)
    if ready is not None:
        ready(child)
    os.write(writing, b"x")
    os.close(writing)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)  # a process that has ended is there until it is waited for
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("the operation failed by itself")
    return os.WIFSIGNALED(status)


def watch_calls(within: Path, act: Callable[[int], None]) -> None:
    """Call `act` with its number at every call of Python's that changes a file under a folder."""
    count = 0
    prefix = str(within)

    def seen() -> None:
        nonlocal count
        count += 1
        act(count)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments[:3]
            writes = bool(isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR))
            if writes and isinstance(path, str | bytes | os.PathLike) and os.fsdecode(path).startswith(prefix):
                seen()
        elif event in EVENTS and any(
            isinstance(arguments[i], str | bytes | os.PathLike) and prefix in os.fsdecode(arguments[i])  # type: ignore[type-var]
            for i in EVENTS[event]
        ):
            seen()

    sys.addaudithook(hook)
    synchronise = os.fsync

    def fsync(descriptor: int) -> None:
        seen()
        synchronise(descriptor)

    os.fsync = fsync


def _kill_me(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
