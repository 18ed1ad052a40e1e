"""One build at a time over machines that share a home, also where the lock of the system does not reach the others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import BuildRunning
from index.generations import holder
from index.generations.holder import Holder, held, read_holder, require_held

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
