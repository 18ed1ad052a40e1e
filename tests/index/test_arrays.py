"""An array in a file grows row by row, takes blocks over from others, and is what numpy would have saved."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays import ArrayFile


def write(path: Path, count: int, width: int = 3) -> np.ndarray:
    rows = np.arange(count * width, dtype=np.int32).reshape(count, width)
    with ArrayFile(path, np.int32, (width,)) as file:
        for row in rows:
            file.append(row[np.newaxis])
    return rows


@pytest.mark.parametrize("count", [0, 1, 12_345])
def test_what_was_added_is_what_numpy_reads(tmp_path: Path, count: int) -> None:
    rows = write(tmp_path / "a.npy", count)

    assert rows.tolist() == np.load(tmp_path / "a.npy", mmap_mode="r").tolist()


@pytest.mark.parametrize("shared", [True, False])
def test_blocks_are_taken_over_between_rows_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: bool
) -> None:
    if not shared:

        def refuse(*_: object) -> int:
            raise OSError(errno.EXDEV, "other file system")

        monkeypatch.setattr(os, "copy_file_range", refuse, raising=False)
    rows = write(tmp_path / "a.npy", 1000)
    with ArrayFile(tmp_path / "b.npy", np.int32, (3,)) as file:
        file.append(rows[:1])
        file.copy(tmp_path / "a.npy", 10, 990)
        file.append(rows[:2])
        found = file.read(0, 2)

    assert [rows[0].tolist(), rows[10].tolist()] == found.tolist()
    assert np.concatenate([rows[:1], rows[10:990], rows[:2]]).tolist() == np.load(tmp_path / "b.npy").tolist()


def test_a_full_disk_is_not_taken_for_one_that_cannot_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "copy_file_range", full, raising=False)
    write(tmp_path / "a.npy", 10)
    with ArrayFile(tmp_path / "b.npy", np.int32, (3,)) as file, pytest.raises(OSError, match="no space"):
        file.copy(tmp_path / "a.npy", 0, 10)


@pytest.mark.parametrize("other", [(np.int32, (2,)), (np.int64, (3,)), (np.int32, (3,))])
def test_rows_of_another_kind_or_past_the_end_are_refused(tmp_path: Path, other: tuple[type, tuple[int, ...]]) -> None:
    write(tmp_path / "a.npy", 10)
    with ArrayFile(tmp_path / "b.npy", *other) as file, pytest.raises(ValueError, match="other values"):
        file.copy(tmp_path / "a.npy", 5, 11)


def test_a_file_that_was_cut_off_is_noticed(tmp_path: Path) -> None:
    write(tmp_path / "a.npy", 1000)
    os.truncate(tmp_path / "a.npy", 600)
    with ArrayFile(tmp_path / "b.npy", np.int32, (3,)) as file, pytest.raises(ValueError, match="too early"):
        file.copy(tmp_path / "a.npy", 0, 1000)


@given(st.lists(st.lists(st.integers(-5, 5), max_size=3), max_size=5))
def test_any_sequence_of_additions_is_one_array(additions: list[list[int]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        with ArrayFile(Path(folder) / "a.npy", np.int8) as file:
            for values in additions:
                file.append(np.array(values, dtype=np.int8))

        assert [value for values in additions for value in values] == np.load(Path(folder) / "a.npy").tolist()
