"""The wheel alone, in an empty folder, is a working Footnote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def footnote(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a fresh environment that holds the built wheel, and borrows only the dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, REPOSITORY], folder)
    environment = folder / "environment"
    run([sys.executable, "-m", "venv", environment], folder)
    python = environment / "bin" / "python"
    run([python, "-m", "pip", "install", "--quiet", "--no-deps", *folder.glob("footnote-*.whl")], folder)
    # A path in a .pth file is searched last and its own .pth files are not read: what is installed in editable mode
    # there stays out of reach.
    own = Path(run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder).strip())
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    where = run([python, "-c", "import bot.cli, index; print(bot.__file__, index.__file__)"], folder)
    assert str(REPOSITORY) not in where
    return environment / "bin" / "footnote"


def run(command: list[object], folder: Path, *, expect: int = 0) -> str:
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("FOOTNOTE", "DISCORD", "PYTHON"))
    }
    done = subprocess.run([str(part) for part in command], cwd=folder, env=clean, capture_output=True, text=True)

    assert expect == done.returncode, done.stdout + done.stderr
    return done.stdout


def test_a_newcomer_gets_from_nothing_to_a_cited_answer(footnote: Path, tmp_path: Path) -> None:
    assert run([footnote, "--version"], tmp_path).startswith("footnote 0.")
    run([footnote, "ask", "Anything?"], tmp_path, expect=1)
    run([footnote, "init"], tmp_path)
    run([footnote, "index", "rebuild"], tmp_path)
    answer = json.loads(run([footnote, "ask", "Where was the stolen astrolabe found?", "--json"], tmp_path))

    assert "answered" == answer["status"]
    assert "cello case" in answer["citations"][0]["quote"]
    assert {"footnote.toml", ".footnote"} == {item.name for item in tmp_path.iterdir()}


def test_the_ledger_and_its_migrations_ship_with_it(footnote: Path, tmp_path: Path) -> None:
    kept = json.loads(run([footnote, "privacy", "export", "1", "--home", "home"], tmp_path))

    assert [] == kept["asks"]
    assert (tmp_path / "home" / "ledger.db").exists()


def test_the_texts_of_the_bot_ship_with_it(footnote: Path, tmp_path: Path) -> None:
    python = footnote.with_name("python")

    assert (
        "ok"
        == run([python, "-c", "from bot.prompts import load_prompts; load_prompts(); print('ok')"], tmp_path).strip()
    )
