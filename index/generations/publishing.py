"""A build: hold the home, build aside, publish in one step."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from index.errors import BuildFailed, BuildRunning, GenerationBroken, HomeUnusable, IndexFailure
from index.generations.checksums import write_checksums
from index.generations.durable import flush
from index.generations.holder import HOLDER, held, require_held
from index.generations.home import BUILDING, generations_folder
from index.generations.lease import LEASE
from index.generations.manifest import MANIFEST, Manifest
from index.generations.recovery import order_before
from index.generations.retention import clear_unfinished, write_order
from index.generations.room import refusal_of

LOCK = "build.lock"

# What comes of files that are missing, as they are once another machine has cleared them away.
_MISSING = (BuildFailed, GenerationBroken)


@contextmanager
def holding(home: Path) -> Iterator[None]:
    """Be the only one that changes which generations there are; clear away what killed builds left.

    Raises:
        BuildRunning: Another process does; says which and for how long. Or another machine has meanwhile, and what
            was under way here has been cleared away.
        HomeUnusable: The home cannot be written, or the machine refused to write what was done within.
    """
    from filelock import FileLock, Timeout

    owner = home / "build.pid"
    with ExitStack() as stack:
        try:
            generations_folder(home).mkdir(parents=True, exist_ok=True)
            stack.enter_context(FileLock(home / LOCK, timeout=0))
            stack.callback(owner.unlink, missing_ok=True)
            owner.write_text(f"{os.getpid()} {time.time():.0f}", encoding="utf-8")
            stack.enter_context(held(home / HOLDER))
        except Timeout as error:
            raise BuildRunning(_running(owner), "Wait for it to end, or stop that process.") from error
        except OSError as error:
            unwritable = HomeUnusable(
                f"The home {home} cannot be written: {error.strerror}.",
                "The index that serves goes on serving. Let this user write there, or name another home with --home.",
            )
            raise refusal_of(error, home) or unwritable from error
        clear_unfinished(home)
        try:
            yield
        except Exception as error:
            if not isinstance(error, IndexFailure) or isinstance(error, _MISSING):
                require_held(home / HOLDER)
            refusal = refusal_of(error, home)
            if refusal is None:
                raise
            raise refusal from error


@contextmanager
def building(home: Path) -> Iterator[Path]:
    """Hold the home for one build and give it an empty folder to build in.

    Raises:
        BuildRunning: See `holding`.
        HomeUnusable: See `holding`.
    """
    with holding(home), ExitStack() as stack:
        workshop = generations_folder(home) / f"{BUILDING}{os.getpid()}"
        workshop.mkdir()
        stack.callback(shutil.rmtree, workshop, ignore_errors=True)
        yield workshop


def publish(home: Path, workshop: Path, manifest: Manifest) -> Path:
    """Make a finished build the generation that serves; before the last step of this the old one does.

    Returns:
        The new generation's folder.
    """
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False)
    (workshop / MANIFEST).write_text(text, encoding="utf-8")
    (workshop / LEASE).touch()
    write_checksums(workshop)
    return publish_whole(home, workshop, manifest.id)


def publish_whole(home: Path, workshop: Path, name: str) -> Path:
    """Make a folder that is a whole generation, checksums and all, the one that serves.

    Raises:
        BuildRunning: Another machine has begun a build here meanwhile; see `index.generations.holder`.
    """
    require_held(home / HOLDER)
    for path in workshop.rglob("*"):
        flush(path)
    flush(workshop)
    folder = generations_folder(home) / name
    workshop.rename(folder)
    flush(folder.parent)
    write_order(home, [name, *(before for before in order_before(home) if before != name)])
    return folder


def new_id() -> str:
    """Return an id for a new generation: when it is built, and a few letters so that no two are the same."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"


def _running(owner: Path) -> str:
    try:
        process, started = owner.read_text(encoding="utf-8").split()
        age = max(0, round(time.time() - float(started)))
    except (OSError, ValueError):
        return "Another build is running here."
    return f"Another build is running here: process {process}, for {age} s."
