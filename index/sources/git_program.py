"""The program git, kept to fetching: no hooks, no helpers, no questions, no other transports, limits on everything."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import SourceFailure
from index.formats.found import printable

# Since 2.37 git connects to the address that it is told (http.curloptResolve): the one that was checked.
_OLDEST = (2, 37)

_LOOK_EVERY = 0.2  # seconds, at how large a download has become

# Whatever a repository, a user or a system configures, this goes before it.
_ALWAYS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.alternateRefsCommand": "",
    "credential.helper": "",
    "http.followRedirects": "false",  # nor alternates elsewhere, which are found only where redirects are followed
    "http.proxy": "",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "30",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    # An object larger than this is not held in memory.
    "core.bigFileThreshold": "8m",
    "core.deltaBaseCacheLimit": "32m",
    "pack.threads": "1",
}


class GitFailed(Exception):
    """Git says no; the message is its last line."""


@dataclass(slots=True)
class Git:
    """Runs git.

    Attributes:
        protocol: The only transport that may be used: "https", "http" or "file".
        config: Settings of this one use.
        seconds: That one command may take.
    """

    protocol: str
    config: Mapping[str, str] = field(default_factory=dict, repr=False)
    seconds: float = 300.0

    async def run(self, *arguments: str, most: int, growing: tuple[Path, int] | None = None) -> bytes:
        """Return what a command prints.

        Args:
            arguments: The command.
            most: Bytes that it may print.
            growing: A folder, and the bytes that it may come to hold.

        Raises:
            GitFailed: It fails.
            SourceFailure: Git is not there; it takes too long, prints or fetches too much.
        """
        process = await asyncio.create_subprocess_exec(
            program(), *arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.environment(), start_new_session=True,
        )  # fmt: skip
        watch = asyncio.create_task(_watch(process, growing)) if growing else None
        try:
            async with asyncio.timeout(self.seconds):
                printed, complaint = await asyncio.gather(
                    _read(process, process.stdout, most), _read(process, process.stderr, 1_000_000)
                )
                await process.wait()
        except TimeoutError:
            raise SourceFailure(
                f"Git took more than {self.seconds:.0f} seconds.", "Try again later, or raise the source's timeout."
            ) from None
        finally:
            _kill(process)
            if watch:
                watch.cancel()
        if watch and watch.done() and not watch.cancelled():
            raise SourceFailure("The repository is larger than is fetched.", "Take a smaller one.")
        if process.returncode:
            raise GitFailed(_last_line(complaint))
        return printed

    def blob(self, repository: Path, name: str, most: int) -> bytes:
        """Return the beginning of an object of a repository that was fetched, at most so many bytes.

        Raises:
            OSError, subprocess.SubprocessError: It cannot be read.
        """
        command = [program(), "--git-dir", str(repository), "cat-file", "blob", name]
        with subprocess.Popen(  # noqa: S603 -- git, and an object's hash that git has given
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.environment()
        ) as process:
            try:
                data = process.stdout.read(most) if process.stdout else b""
                if len(data) < most and process.wait(self.seconds):
                    raise subprocess.SubprocessError
            finally:
                process.kill()
        return data

    def environment(self) -> dict[str, str]:
        """Return the environment: nothing of ours but where programs and certificates are."""
        settings = {**_ALWAYS, **self.config}
        kept = ("PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "SYSTEMROOT", "TMPDIR")
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "HOME": os.devnull,
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "GIT_ALLOW_PROTOCOL": self.protocol,
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_CONFIG_COUNT": str(len(settings)),
            **{f"GIT_CONFIG_KEY_{number}": name for number, name in enumerate(settings)},
            **{f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(settings.values())},
        }


def program() -> str:
    """Return where git is.

    Raises:
        SourceFailure: It is not installed.
    """
    found = shutil.which("git")
    if not found:
        raise SourceFailure("The program git is not installed.", "Install it (Debian: apt install git).")
    return found


async def check_version(git: Git) -> None:
    """Check that git connects where it is told.

    Raises:
        SourceFailure: It is too old.
    """
    said = (await git.run("--version", most=1_000)).decode("ascii", "replace")
    numbers = re.search(r"(\d+)\.(\d+)", said)
    if not numbers or (int(numbers[1]), int(numbers[2])) < _OLDEST:
        raise SourceFailure(f"Git is too old ({printable(said.strip())}).", "Install git 2.37 or a later one.")


def pinned(host: str, port: int, addresses: Sequence[str]) -> dict[str, str]:
    """Return the settings that let git connect to these addresses of a host and to no others."""
    numbers = ",".join(f"[{address}]" if ":" in address else address for address in addresses)
    return {"http.curloptResolve": f"{host}:{port}:{numbers}"}


def authorized(url: str, token: str) -> dict[str, str]:
    """Return the settings that show a token to one repository's server; it stands on no command line."""
    shown = base64.b64encode(f"x-access-token:{token}".encode()).decode("ascii")
    return {f"http.{url}.extraHeader": f"Authorization: Basic {shown}"}


def tree_entries(listed: bytes) -> Iterator[tuple[str, str, int]]:
    """Yield path, hash and size of each file in what `git ls-tree -r -z -l` prints; links and submodules are none."""
    for line in listed.split(b"\0"):
        about, tab, path = line.partition(b"\t")
        parts = about.split()
        if tab and len(parts) == 4 and parts[0] in (b"100644", b"100755") and parts[3].isdigit():  # noqa: PLR2004
            yield path.decode("utf-8", "backslashreplace"), parts[2].decode("ascii"), int(parts[3])


async def _read(process: asyncio.subprocess.Process, stream: asyncio.StreamReader | None, most: int) -> bytes:
    read = bytearray()
    while stream and (piece := await stream.read(65_536)):
        read += piece
        if len(read) > most:
            _kill(process)
            raise SourceFailure("The repository holds more files than are read.", "Take a smaller one.")
    return bytes(read)


async def _watch(process: asyncio.subprocess.Process, growing: tuple[Path, int]) -> None:
    """Stop a process when a folder has grown too large; go on until then, or until cancelled."""
    folder, most = growing
    while await asyncio.to_thread(_size, folder) <= most:  # noqa: ASYNC110 -- a folder tells nobody of its growth
        await asyncio.sleep(_LOOK_EVERY)
    _kill(process)


def _size(folder: Path) -> int:
    size = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # Git renames its files as it goes.
                size += (Path(parent) / name).stat().st_size
    return size


def _kill(process: asyncio.subprocess.Process) -> None:
    """End a process with all that it has started."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()


def _last_line(complaint: bytes) -> str:
    lines = [line for line in complaint.decode("utf-8", "replace").splitlines() if line.strip()]
    said = next((line for line in reversed(lines) if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "")
    return printable(said.removeprefix("fatal: ").strip())[:300].rstrip(".")
