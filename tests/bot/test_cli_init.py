"""`footnote init`, and choosing what to search: what a newcomer gets wrong is told with what would be right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration of the developer's own plays a part."""
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_HOME", "FOOTNOTE_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def footnote(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_folder_elsewhere_is_made_and_the_first_step_goes_there() -> None:
    assert "1. cd new/place" in footnote("init", "new/place").stdout
    assert "cd " not in footnote("init").stdout
    assert Path("new/place/footnote.toml").is_file()


@pytest.mark.parametrize("home", ["index here", 'a"b\\c', "données"])
def test_a_home_that_is_given_stands_in_the_file_wherever_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    footnote("init", "place", "--home", home)
    monkeypatch.chdir("place")
    rows = json.loads(footnote("config", "--json").stdout)

    assert {"value": str(tmp_path / home), "origin": "footnote.toml"} == rows["home"]


def test_a_folder_that_cannot_be_is_told_in_a_sentence() -> None:
    Path("taken").write_text("a file")
    for folder in ("taken", "taken/below"):
        result = footnote("init", folder)

        assert (1, "") == (result.exit_code, result.stdout)
        assert "taken" in result.stderr


def test_a_publisher_that_no_article_is_from_is_refused_with_those_there_are(seed_home: Path) -> None:
    result = footnote("ask", "astrolabe?", "--source", "Radio Var", "--home", seed_home)

    assert (2, "") == (result.exit_code, result.stdout)
    assert "'Radio Var'" in result.stderr
    assert "Radio Varr" in result.stderr


def test_days_are_read_as_people_write_them_the_last_of_a_month_for_until(seed_home: Path) -> None:
    narrowed = ("--since", "Nov 2025", "--until", "2025-11", "--json", "--home", seed_home)
    answer = json.loads(footnote("ask", "What did the flood do?", *narrowed).stdout)

    assert {"seeds/2025-11-18-elsk-flood-tollen.md", "seeds/2025-11-21-flood-death-toll-corrected.md"} == {
        passage["article_id"] for passage in answer["passages"]
    }


def test_a_batch_is_read_from_standard_input_as_utf_8_in_any_locale(seed_home: Path) -> None:
    line = json.dumps({"id": "ключ", "question": "Was fährt die Batteriefähre?"}, ensure_ascii=False) + "\n"
    broken = json.dumps({"id": "\ud800", "question": "x"}) + "\n"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--batch", "-", "--home", seed_home],
        input=(line + broken).encode(), capture_output=True,
        env={**os.environ, "LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    )  # fmt: skip
    first, second = (json.loads(answer) for answer in done.stdout.splitlines())

    assert (0, b"") == (done.returncode, done.stderr)
    assert ("ключ", "Was fährt die Batteriefähre?") == (first["id"], first["question"])
    assert "\ud800" == second["id"]
