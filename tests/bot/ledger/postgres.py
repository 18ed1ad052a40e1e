"""A PostgreSQL server for tests: no port, no password, gone with the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any


class PostgresMissing(Exception):
    """It is not installed, or may not be run."""


class Postgres:
    """A server that listens on a socket in a folder of its own."""

    def __init__(self) -> None:
        """Start it.

        Raises:
            PostgresMissing: There is none, or nobody who may run it: it refuses to be run by root.
        """
        self._bin = _programs()
        self._user = _somebody() if os.geteuid() == 0 else None
        # A socket's path may not be long, so not among pytest's own.
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync")
        self.start()

    def start(self) -> None:
        """Start it, again after `stop`."""
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=30 -c shared_buffers=16MB"
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        self._run("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop")

    def close(self) -> None:
        """Stop it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder)

    def emptied(self) -> str:
        """Empty the one database there is, and return its URL."""
        import psycopg

        # A database for each test would be hundreds of files to make and to delete.
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def _run(self, program: str, *arguments: str) -> None:
        options: dict[str, Any] = {}
        if self._user:
            options = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        # Not to a pipe: the server would hold it open for as long as it runs.
        with (self.folder / "said").open("w+b") as said:
            done = subprocess.run(
                [self._bin / program, *arguments], cwd=self.folder, stdout=said, stderr=said, timeout=60, **options
            )
            said.seek(0)
            assert done.returncode == 0, said.read().decode("utf-8", "replace")


def _programs() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not folders:
        raise PostgresMissing("PostgreSQL is not installed (Debian: apt install postgresql).")
    return folders[0]


def _somebody() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissing("PostgreSQL cannot be run by root, and there is no user such as nobody.")
