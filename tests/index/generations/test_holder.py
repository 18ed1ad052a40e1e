"""One build at a time over machines that share a home, also where the lock of the system does not reach the others."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from index import BuildRunning
from index.generations import holder
from index.generations.durable import write_durably
from index.generations.holder import HOLDER, Holder, held, read_holder, require_held
from index.generations.home import generations_folder, served
from index.generations.operations import prune_home, rollback
from index.generations.retention import Retention, published
from tests.index.generations.conftest import Two
from tests.index.homes import SETTINGS, rebuild, write

# A build on another machine: as this one calls itself differently, its own lock means nothing here.
ELSEWHERE = """
import socket, sys, time
socket.gethostname = lambda: "elsewhere"
from pathlib import Path
from index.generations import holder
holder.BEAT = 0.1
with holder.held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(120)
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(holder, "BEAT", 0.1)
    monkeypatch.setattr(holder, "PATIENCE", 3.0)
    monkeypatch.setattr(holder, "SETTLE", 0.05)
    return tmp_path / "build.holder"


def test_who_holds_a_home_is_there_while_it_is_held_and_its_beat_goes_up(path: Path) -> None:
    with held(path):
        first = read_holder(path)
        end = time.monotonic() + 30
        while read_holder(path) == first and time.monotonic() < end:
            time.sleep(0.02)
        later = read_holder(path)
        assert first and later
        assert (os.getpid(), True) == (later.process, later.beat > first.beat)
        require_held(path)

    assert not path.exists()
    assert [] == list(path.parent.iterdir())


def test_another_machine_that_builds_is_left_alone_and_a_killed_one_is_not_waited_for_for_ever(path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", ELSEWHERE, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout and "held\n" == other.stdout.readline()
        with pytest.raises(BuildRunning, match=rf"process {other.pid} on elsewhere"), held(path):
            pytest.fail("two hold it")
        assert read_holder(path), "and the other still does"
    finally:
        other.kill()
        other.wait()
    with held(path):
        found = read_holder(path)
        assert found and os.getpid() == found.process


def test_a_dead_holder_of_this_machine_is_not_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holder, "PATIENCE", 600.0)
    path.write_text(json.dumps({"host": Holder().host, "process": 1, "name": "gone", "beat": 7}))
    with held(path):
        require_held(path)


def test_a_machine_that_slept_publishes_nothing_over_what_another_has_finished(path: Path) -> None:
    with held(path):
        path.unlink()

        with pytest.raises(BuildRunning, match="begun here meanwhile, and ended"):
            require_held(path)


def test_a_name_that_cannot_be_read_for_a_moment_does_not_end_the_beat(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(path):
        with monkeypatch.context() as patch:
            patch.setattr(holder, "read_holder", lambda _: None)
            time.sleep(0.3)
        before = read_holder(path)
        end = time.monotonic() + 30
        while read_holder(path) == before and time.monotonic() < end:
            time.sleep(0.02)
        assert read_holder(path) != before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"host": 3, "x": 1}'])
def test_a_file_that_says_nothing_holds_nobody_back(path: Path, text: str) -> None:
    path.write_text(text)
    with held(path):
        require_held(path)


def test_a_machine_that_slept_publishes_nothing_over_what_another_has_begun(path: Path) -> None:
    with held(path):
        taken = json.dumps({"host": "elsewhere", "process": 5, "name": "other", "beat": 1})
        path.write_text(taken)

        with pytest.raises(BuildRunning, match="process 5 on elsewhere"):
            require_held(path)
        time.sleep(0.3)
        assert taken == path.read_text(), "nor does it go on beating"
    assert path.exists(), "nor take the other's name away"


def taken(home: Path) -> None:
    """Have another machine hold a home."""
    (home / HOLDER).write_text(json.dumps({"host": "elsewhere", "process": 5, "name": "other", "beat": 1}))


def slept(patch: pytest.MonkeyPatch, module: str, name: str, home: Path) -> None:
    """Have another machine take a home just after that function of that module is done: this one was asleep."""
    function = getattr(importlib.import_module(module), name)

    def and_slept(*arguments: Any, **options: Any) -> Any:
        done = function(*arguments, **options)
        taken(home)
        return done

    patch.setattr(f"{module}.{name}", and_slept)


def test_a_machine_that_slept_in_a_rollback_changes_nothing(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    slept(monkeypatch, "index.generations.operations", "require_whole", two.home)

    with pytest.raises(BuildRunning, match="process 5 on elsewhere"):
        rollback(two.home, SETTINGS)
    assert (two.second, two.first) == served(two.home)


def test_a_machine_that_slept_in_a_prune_removes_nothing(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    slept(monkeypatch, "index.generations.retention", "_kept", two.home)

    with pytest.raises(BuildRunning, match="process 5 on elsewhere"):
        prune_home(two.home, Retention(keep=1))
    assert (two.second, two.first) == served(two.home)
    assert {two.first, two.second} == {path.name for path in generations_folder(two.home).iterdir()}


def test_a_machine_that_slept_between_two_removals_leaves_the_second(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb"):
        shutil.copytree(generations_folder(two.home) / two.first, generations_folder(two.home) / name)
    write_durably(two.home / "CURRENT", "\n".join([two.second, *(path.name for path in published(two.home))]))
    slept(monkeypatch, "index.generations.retention", "remove_unread", two.home)

    with pytest.raises(BuildRunning):
        prune_home(two.home, Retention(keep=1))
    assert 3 == len(list(published(two.home)))


def test_a_machine_that_slept_while_what_it_built_reached_the_disk_publishes_nothing(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(two.articles, "comet", "The comet will be seen in June.")
    slept(monkeypatch, "index.generations.publishing", "flush", two.home)

    with pytest.raises(BuildRunning):
        rebuild(two.articles, two.home)
    assert (two.second, two.first) == served(two.home)


def test_a_build_whose_folder_another_machine_has_cleared_away_says_so(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cleared(folder: Path) -> None:
        shutil.rmtree(folder)
        taken(two.home)

    write(two.articles, "comet", "The comet will be seen in June.")
    monkeypatch.setattr("index.validate.validate", cleared)

    with pytest.raises(BuildRunning, match="process 5 on elsewhere"):
        rebuild(two.articles, two.home)


def test_a_build_that_slept_keeps_nothing_beside_what_another_has_published(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.builder.keep_beside", lambda *_: pytest.fail("it would go with the other's"))
    slept(monkeypatch, "index.builder", "compare", two.home)

    with pytest.raises(BuildRunning):
        rebuild(two.articles, two.home)
