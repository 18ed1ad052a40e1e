"""Locks on file systems that lock otherwise, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index import GenerationBroken, HomeUnusable
from index.generations.exporting import export_generation
from tests.index.generations.conftest import Two

fcntl = pytest.importorskip("fcntl")
pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="it is not told which file is locked")

Refuse = Callable[[str, int], None]


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Have the system refuse to share locks on files of that name, for a reason."""
    flock = fcntl.flock

    def refuse(name: str, code: int) -> None:
        def locked(descriptor: int, how: int) -> None:
            if how & fcntl.LOCK_SH and name in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
                raise OSError(code, os.strerror(code))
            flock(descriptor, how)

        monkeypatch.setattr("fcntl.flock", locked)

    return refuse


def test_an_export_is_locked_also_where_only_files_that_can_be_read_are(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NFS has flock do what POSIX locks do: a part of a lock needs a file that is open for reading."""
    flock, shared = fcntl.flock, []

    def as_nfs(descriptor: int, how: int) -> None:
        if how & fcntl.LOCK_SH:
            if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
                raise OSError(errno.EBADF, "Bad file descriptor")
            shared.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        flock(descriptor, how)

    monkeypatch.setattr("fcntl.flock", as_nfs)
    export_generation(two.home, tmp_path / "out.tar")

    assert [".part"] == [path.suffix for path in shared if "out.tar" in path.name]


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_where_there_are_no_locks_an_export_is_written_without(
    two: Two, tmp_path: Path, refuse: Refuse, code: int
) -> None:
    refuse("", code)
    export_generation(two.home, tmp_path / "out.tar")

    assert (tmp_path / "out.tar").is_file()


def test_a_lock_that_cannot_be_had_is_told_and_leaves_nothing(two: Two, tmp_path: Path, refuse: Refuse) -> None:
    refuse(".part", errno.EIO)
    with pytest.raises(HomeUnusable, match="cannot be written: Input/output error"):
        export_generation(two.home, tmp_path / "out.tar")
    refuse("lease", errno.EIO)
    with pytest.raises(GenerationBroken, match=r"lease cannot be locked: Input/output error\. Try again"):
        export_generation(two.home, tmp_path / "out.tar")

    assert [] == list(tmp_path.glob("*out.tar*"))
