"""What only a process of its own shows: what is loaded, what is printed where, how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = [
    "chromadb",
    "discord",
    "jinja2",
    "numpy",
    "pydantic",
    "rich",
    "sentence_transformers",
    "tantivy",
    "torch",
    "trafilatura",
]


@pytest.mark.parametrize("module", ["bot.cli", "bot.ask", "bot.render", "index"])
def test_importing_a_front_door_loads_no_heavy_library(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"

    assert (
        "[]" == subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    )


def test_help_is_there_for_every_command() -> None:
    for command in (
        [],
        ["ask"],
        ["eval"],
        ["bot"],
        ["doctor"],
        ["demo"],
        ["init"],
        ["config"],
        ["index"],
        ["index", "rebuild"],
        ["index", "status"],
    ):
        done = subprocess.run([sys.executable, "-m", "bot", *command, "--help"], capture_output=True, text=True)

        assert (0, "") == (done.returncode, done.stderr)
        assert "Usage:" in done.stdout


def test_the_script_and_the_command_rebuild_alike(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("The lighthouse was painted white in 1911.")
    arguments = [folder, "--home", tmp_path / "home", "--json"]
    script = subprocess.run([sys.executable, "-m", "index.rebuild", *arguments], capture_output=True, text=True)
    command = subprocess.run(
        [sys.executable, "-m", "bot", "index", "rebuild", *arguments], capture_output=True, text=True
    )

    assert (0, 0) == (script.returncode, command.returncode), script.stderr + command.stderr
    assert (True, False) == tuple(json.loads(done.stdout)["published"] for done in (script, command))


def test_the_script_without_a_source_says_what_to_give(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "index.rebuild"], cwd=tmp_path, capture_output=True, text=True)

    assert (2, "") == (done.returncode, done.stdout)
    assert "footnote.toml" in done.stderr


def test_an_interrupted_build_stops_cleanly_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folder, home = tmp_path / "articles", tmp_path / "home"
    folder.mkdir()
    for i in range(400):
        (folder / f"{i}.txt").write_text(f"Report number {i} tells of many things. " * 60)
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "index", "rebuild", folder, "--home", home], stderr=subprocess.PIPE, text=True
    ) as build:
        assert build.stderr is not None
        for line in build.stderr:
            if line.startswith("Embedding"):
                build.send_signal(signal.SIGINT)
                break
        rest = build.stderr.read()

    assert 130 == build.returncode
    assert "The index is as it was before" in rest
    assert "Traceback" not in rest
    assert [] == list((home / "generations").iterdir())


def test_a_reader_that_closes_the_pipe_early_causes_no_traceback(seed_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": "1", "question": "Where was the astrolabe found?"}\n' * 200)
    reader, writer = os.pipe()
    batch = subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--batch", file, "--home", seed_home],
        stdout=writer, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(writer)
    assert os.read(reader, 10)
    os.close(reader)
    _, errors = batch.communicate(timeout=120)

    assert 1 == batch.returncode
    assert "Traceback" not in errors
