"""The machine: Python, disk, ports."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.doctor.model import Finding, ok, problem, warning

if TYPE_CHECKING:
    from bot.settings import Settings

OLDEST = (3, 11)

# Bytes. A rebuild writes a whole generation beside the one that serves; the sample articles' takes some megabytes.
_LITTLE = 1_000_000_000
_TOO_LITTLE = 100_000_000


def look_at_python() -> Iterator[Finding]:
    """Yield whether Python is new enough."""
    told = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST:
        yield problem("Python", told, f"Install Python {OLDEST[0]}.{OLDEST[1]} or newer.")
    else:
        yield ok("Python", told)


def look_at_disk(home: Path) -> Iterator[Finding]:
    """Yield whether there is room where the index is, and whether it may be written there."""
    there = _nearest(home)
    free = shutil.disk_usage(there).free
    told = f"{free / 1e9:.1f} GB free at {there}"
    if not os.access(there, os.W_OK | os.X_OK):
        yield problem(
            "disk",
            f"{there} may not be written.",
            "Let the user that runs the bot write there, or name another folder (FOOTNOTE_HOME or --home).",
        )
    elif free < _TOO_LITTLE:
        yield problem("disk", told, "Make room: no index can be rebuilt, and the ledger stops recording.")
    elif free < _LITTLE:
        yield warning("disk", told, "Make room: a rebuild writes a whole index beside the one that serves.")
    else:
        yield ok("disk", told)


def look_at_ports(settings: Settings) -> Iterator[Finding]:
    """Yield whether what is to be served can be."""
    wanted = [
        ("health", settings.health.host, settings.health.port),
        ("pages", settings.pages.host, settings.pages.port if settings.pages.enabled else None),
    ]
    for table, host, port in wanted:
        if not port:
            continue
        told = f"{host} port {port} ({table})"
        reason = _why_taken(host, port)
        if reason is None:
            yield ok("port", f"{told} is free")
        else:
            yield warning(
                "port",
                f"{told} cannot be had: {reason}.",
                f"If it is not this bot itself that runs already, set another port under [{table}].",
            )


def _why_taken(host: str, port: int) -> str | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            if os.name == "posix":
                # What has just been closed is free; asyncio sees it the same way.
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return None


def _nearest(folder: Path) -> Path:
    """Return a folder, or the nearest above it that there is."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
