"""What a rebuild tells, and how it ends when something is in its way."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration of the developer's own plays a part."""
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_HOME", "FOOTNOTE_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def test_where_every_article_is_broken_each_reason_is_told(tmp_path: Path) -> None:
    for number in range(7):
        (tmp_path / f"{number}.jsonl").write_text('{"title": "No text"}\n')
    result = CliRunner().invoke(app, ["index", "rebuild", str(tmp_path), "--home", "home"])

    assert 1 == result.exit_code
    assert "The index was left as it is." in result.stderr
    assert "Skipped " + str(tmp_path / "0.jsonl") + ':1: has no "text"' in result.stderr
    assert "… and 2 more." in result.stderr


def test_an_empty_folder_is_told_what_belongs_into_it(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = CliRunner().invoke(app, ["index", "rebuild", "empty", "--home", "home"])

    assert (1, "") == (result.exit_code, result.stdout)
    assert ".md" in result.stderr


def test_a_dry_run_says_what_would_change_and_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The lighthouse was painted white in 1911.")
    result = CliRunner().invoke(app, ["index", "rebuild", "a.txt", "--home", "home", "--dry-run", "--json"])
    report = json.loads(result.stdout)

    assert 0 == result.exit_code
    assert (1, False, True) == (report["added"], report["published"], report["dry_run"])
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("damaged", ["CURRENT", "generations/*/manifest.json"])
def test_an_index_that_is_damaged_is_not_replaced_by_the_sample_articles(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "a.txt").write_text("The lighthouse was painted white in 1911.")
    rebuild = ["index", "rebuild", "--home", "home"]
    CliRunner().invoke(app, [*rebuild, "a.txt"])
    (file,) = Path("home").glob(damaged)
    file.write_text("damaged")
    result = CliRunner().invoke(app, [*rebuild, "--json"])

    if damaged == "CURRENT":  # the generation itself still says what it was built from, and is built upon
        report = json.loads(result.stdout)
        assert (0, 1, True) == (report["added"], report["unchanged"], report["published"])
    else:
        assert (2, True) == (result.exit_code, "Name files or folders" in result.stderr)
        assert 0 == CliRunner().invoke(app, [*rebuild, "a.txt"]).exit_code


def test_a_source_is_meant_before_a_folder_of_its_name_and_what_is_neither_is_told(tmp_path: Path) -> None:
    Path("footnote.toml").write_text('[[sources]]\nname = "articles"\nkind = "files"\npath = "articles"\n')
    Path("articles").mkdir()
    for number in range(20):
        Path("articles", f"{number}.txt").write_text(f"Lighthouse number {number} was painted white.")
    rebuild = ["index", "rebuild", "--home", "home"]
    assert 0 == CliRunner().invoke(app, rebuild).exit_code
    for number in range(1, 20):
        Path("articles", f"{number}.txt").unlink()
    held = CliRunner().invoke(app, rebuild)
    advised = held.stdout.partition("footnote ")[2].splitlines()[0].split()
    done = CliRunner().invoke(app, [*advised, "--home", "home", "--json"])
    unknown = CliRunner().invoke(app, [*rebuild, "articels"])

    assert ["index", "rebuild", "articles", "--accept-shrink"] == advised
    assert (1, 0, 19) == (held.exit_code, done.exit_code, json.loads(done.stdout)["removed"])
    assert (2, "") == (unknown.exit_code, unknown.stdout)
    assert 'neither a source nor a file or folder "articels". Sources are: articles.' in unknown.stderr


@pytest.mark.parametrize("command", [["index", "rebuild"], ["index", "status"], ["ask", "x"]])
def test_a_home_that_is_no_folder_is_named_in_a_sentence(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "home").write_text("a file")
    done = subprocess.run(
        [sys.executable, "-m", "bot", *command, "--home", "home"], capture_output=True, text=True, cwd=tmp_path
    )

    assert 1 == done.returncode
    assert "home" in done.stderr
    assert "Not a directory" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_told_in_a_sentence(seed_home: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("only Linux has a disk that is always full")
    with full.open("w") as output:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "index", "status", "--home", seed_home],
            stdout=output, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    assert 1 == done.returncode
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("as_json", [True, False])
def test_output_is_utf_8_wherever_it_runs(seed_home: Path, as_json: bool) -> None:
    plain = {**os.environ, "LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    plain.pop("PYTHONIOENCODING", None)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "index", "status", "--home", seed_home, *(["--json"] if as_json else [])],
        capture_output=True, env=plain,
    )  # fmt: skip

    assert 0 == done.returncode, done.stderr
    assert "Küstenbote" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(("ids", "status", "said"), [(["a", "b"], 0, "2/2"), (["a", "a"], 1, 'have the id "a"')])
def test_on_a_terminal_a_rebuild_shows_bars_and_gives_the_cursor_back(
    tmp_path: Path, ids: list[str], status: int, said: str
) -> None:
    for number, name in enumerate(ids):
        article = {"id": name, "title": "Lamp", "text": "The lighthouse was painted white in 1911."}
        (tmp_path / f"{number}.jsonl").write_text(json.dumps(article))
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "bot", "index", "rebuild", tmp_path, "--home", tmp_path / "home", "--dry-run"],
        stdout=subprocess.PIPE, stderr=theirs, text=True, env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
    )  # fmt: skip
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)

    assert status == done.returncode
    assert "\x1b" not in done.stdout
    assert "Reading articles" in shown
    assert said in shown
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h") > 0
