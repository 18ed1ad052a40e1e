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

from index.errors import BuildRunning, IndexFailure
from index.generations.durable import flush, write_durably
from index.generations.home import BUILDING, current_folder, generations_folder
from index.generations.manifest import Manifest, read_manifest


@contextmanager
def building(home: Path) -> Iterator[Path]:
    """Hold the home for one build and give it an empty folder to build in; clear away what killed builds left.

    Raises:
        BuildRunning: Another process builds here; says which and for how long.
    """
    from filelock import FileLock, Timeout

    folder = generations_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    owner = home / "build.pid"
    with ExitStack() as stack:
        try:
            stack.enter_context(FileLock(home / "build.lock", timeout=0))
        except Timeout as error:
            raise BuildRunning(_running(owner), "Wait for it to end, or stop that process.") from error
        owner.write_text(f"{os.getpid()} {time.time():.0f}", encoding="utf-8")
        stack.callback(owner.unlink, missing_ok=True)
        _clear_unfinished(folder)
        workshop = folder / f"{BUILDING}{os.getpid()}"
        workshop.mkdir()
        stack.callback(shutil.rmtree, workshop, ignore_errors=True)
        yield workshop


def publish(home: Path, workshop: Path, manifest: Manifest) -> Path:
    """Make a finished build the generation that serves; before the last step of this the old one does.

    Returns:
        The new generation's folder.
    """
    write_durably(workshop / "manifest.json", json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
    for path in workshop.rglob("*"):
        flush(path)
    folder = generations_folder(home) / manifest.id
    workshop.rename(folder)
    flush(folder.parent)
    write_durably(home / "CURRENT", f"{manifest.id}\n")
    return folder


def prune(home: Path) -> None:
    """Remove every generation but the current one and the one before it.

    The one before stays for readers that have it open and for the operator to go back to. If the current one cannot be
    told or read, nothing is removed: one of the others may be needed.
    """
    try:
        current = current_folder(home)
        keep = {current.name, read_manifest(current).previous}
    except IndexFailure:
        return
    for folder in generations_folder(home).iterdir():
        if folder.is_dir() and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def new_id() -> str:
    """Return an id for a new generation: when it is built, and a few letters so that no two are the same."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"


def _clear_unfinished(folder: Path) -> None:
    """Remove what killed builds left."""
    for left in folder.glob(f"{BUILDING}*"):
        shutil.rmtree(left, ignore_errors=True)


def _running(owner: Path) -> str:
    try:
        process, started = owner.read_text(encoding="utf-8").split()
        age = max(0, round(time.time() - float(started)))
    except (OSError, ValueError):
        return "Another build is running here."
    return f"Another build is running here: process {process}, for {age} s."
