"""A calibration is a line that confidence is read along; only the file that fits the index is obeyed."""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.ask import Asker, read_question
from bot.calibration import (
    FARTHEST,
    FILE,
    FORMAT,
    STEEPEST,
    Calibration,
    Calibrations,
    NotACalibration,
    fingerprint,
    read_calibration,
    remove_calibration,
    write_calibration,
)
from bot.cli import app
from bot.model import Status
from index import IndexSettings, generation_status

MADE = Calibration("f" * 16, "g", "2026-05-01T10:00:00+00:00", 20, 300, 1.0, -2.0)
QUESTION = read_question("Where was the stolen astrolabe found?")

probabilities = st.floats(0, 1)
lines = st.builds(
    lambda scale, shift: replace(MADE, scale=scale, shift=shift),
    st.floats(0.01, STEEPEST),
    st.floats(-FARTHEST, FARTHEST),
)


@given(lines, probabilities, probabilities)
def test_what_was_surer_is_never_less_sure_afterwards(line: Calibration, one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert 0 < line.read(low) <= line.read(high) < 1


def test_a_file_reads_as_it_was_written(tmp_path: Path) -> None:
    write_calibration(tmp_path, MADE)

    assert MADE == read_calibration(tmp_path, MADE.fingerprint)
    assert [FILE] == [file.name for file in tmp_path.iterdir()]
    assert remove_calibration(tmp_path)
    assert not remove_calibration(tmp_path)
    assert read_calibration(tmp_path, MADE.fingerprint) is None


GOOD = {"format": FORMAT, **asdict(MADE)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "[" * 5_000,
        json.dumps({**GOOD, "format": "another"}),
        json.dumps({**GOOD, "scale": 0}),
        json.dumps({**GOOD, "scale": -1.0}),
        json.dumps({**GOOD, "scale": 99}),
        json.dumps({**GOOD, "scale": float("nan")}),
        json.dumps({**GOOD, "scale": True}),
        json.dumps({**GOOD, "shift": float("inf")}),
        json.dumps({**GOOD, "shift": 10**400}),
        json.dumps({**GOOD, "shift": "-2"}),
        json.dumps({name: value for name, value in GOOD.items() if name != "shift"}),
        json.dumps({**GOOD, "more": "x" * 20_000}),
        json.dumps({**GOOD, "fingerprint": "another"}),
    ],
)
def test_a_file_that_is_broken_or_foreign_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")

    with pytest.raises(NotACalibration, match="footnote calibrate"):
        read_calibration(tmp_path, MADE.fingerprint)


@pytest.fixture
def home(seed_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_HOME", "FOOTNOTE_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return Path(shutil.copytree(seed_home, tmp_path / "home"))


def test_answers_follow_the_file_while_they_are_given_and_ignore_one_that_does_not_fit(
    seed_asker: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Of a home of its own, so that no other test meets the file.
    monkeypatch.setattr(seed_asker, "_calibrations", Calibrations(tmp_path, IndexSettings()))
    before = seed_asker.ask(QUESTION)
    fits = fingerprint(IndexSettings(), seed_asker.summary())
    write_calibration(tmp_path, replace(MADE, fingerprint=fits, shift=-FARTHEST))
    calibrated = seed_asker.ask(QUESTION)
    write_calibration(tmp_path, replace(MADE, shift=-FARTHEST))
    with caplog.at_level(logging.WARNING):
        foreign = [seed_asker.ask(QUESTION), seed_asker.ask(QUESTION)]

    assert Status.ANSWERED is before.status
    assert Status.NOTHING is calibrated.status
    assert calibrated.confidence < before.confidence
    assert [before.confidence] * 2 == [answer.confidence for answer in foreign]
    assert 1 == len(caplog.records), "once, not with each question"


def test_status_says_whether_a_calibration_is_in_force(home: Path) -> None:
    def status(*more: str) -> str:
        result = CliRunner().invoke(app, ["index", "status", "--home", str(home), *more])
        assert 0 == result.exit_code
        return result.stdout

    by_default = status()
    (home / FILE).write_text("{}", "utf-8")
    broken = json.loads(status("--json"))["confidence"]
    fits = fingerprint(IndexSettings(), generation_status(home).summary)
    write_calibration(home, replace(MADE, fingerprint=fits))

    assert "the default" in by_default
    assert not broken["calibrated"]
    assert "footnote calibrate" in broken["ignored"]
    assert "calibrated on 2026-05-01 with 300 questions on 20 articles" in status()
    assert json.loads(status("--json"))["confidence"]["shift"] == MADE.shift


def test_the_command_tries_says_what_it_found_and_leaves_the_default_where_it_fits(home: Path) -> None:
    def calibrate(*more: str) -> dict[str, object]:
        result = CliRunner().invoke(app, ["calibrate", "--home", str(home), "--json", *more])
        assert 0 == result.exit_code, result.output
        found: dict[str, object] = json.loads(result.stdout)
        return found

    write_calibration(home, MADE)
    found = calibrate("--questions", "8", "--dry-run")

    assert "too_few" == found["verdict"]
    assert not found["written"]
    assert found["warnings"]
    assert (home / FILE).exists(), "a dry run changes nothing"
    assert {"reset": True} == calibrate("--reset")
    assert not (home / FILE).exists()
    assert {"reset": False} == calibrate("--reset")
