"""The file that says how the sources fared, where the machine does not take it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from index.source_states import SourceReport, write_states


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_folder_in_the_place_of_the_states_is_to_be_removed(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    (home / "sources.json").mkdir(parents=True)
    write_states(home, [SourceReport("blog", "shelf", "read", 3)])

    assert "It is a folder: remove it." in caplog.text


@pytest.mark.parametrize(
    ("code", "remedy"),
    [(errno.ENOSPC, "Make room"), (errno.EROFS, "Mount it writable"), (errno.EACCES, "Let this user write there")],
)
def test_states_that_the_machine_does_not_take_are_told_with_what_helps(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, code: int, remedy: str
) -> None:
    def refuse(path: Path, _: str) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr("index.source_states.write_durably", refuse)
    write_states(home, [SourceReport("blog", "shelf", "read", 3)])

    assert remedy in caplog.text
    assert "emove it" not in caplog.text


def test_where_it_cannot_even_be_looked_whether_states_are_there_nothing_is_stopped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_states(tmp_path / ("long" * 100), [])

    assert "File name too long" in caplog.text
