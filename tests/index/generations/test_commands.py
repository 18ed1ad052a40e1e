"""The commands tell programs what they did, and by their exit status whether it went well."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from index.generations.home import current_folder
from tests.index.generations.conftest import Two


def run(two: Two, *arguments: str) -> tuple[int, Any]:
    done = CliRunner().invoke(app, ["index", *arguments, "--home", str(two.home), "--json"])
    return done.exit_code, json.loads(done.stdout) if done.stdout else done.stderr


def test_each_command_tells_what_it_did(two: Two) -> None:
    status, rows = run(two, "list")
    assert (0, ["current", "previous"]) == (status, [row["role"] for row in rows])
    assert (0, [{"generation": two.second, "whole": True, "problems": []}]) == run(two, "verify")
    assert ["flood"] == [article["id"] for article in run(two, "diff")[1]["added"]]
    assert (0, {"generation": two.first, "before": two.second}) == run(two, "rollback")
    assert (0, {"removed": [two.second], "doomed": [], "dry_run": True}) == run(
        two, "prune", "--keep", "1", "--dry-run"
    )
    assert two.first == run(two, "export", str(two.home.parent / "out.tar"))[1]["generation"]
    status, taken = run(two, "import", str(two.home.parent / "out.tar"))
    assert (0, two.first) == (status, taken["generation"])


def test_what_went_wrong_is_told_by_the_exit_status(two: Two) -> None:
    (current_folder(two.home) / "articles.db").write_bytes(b"damaged")

    assert 1 == run(two, "verify")[0]
    assert 1 == run(two, "rollback", "nosuch")[0]
    assert 1 == run(two, "import", str(two.home / "CURRENT"))[0]
    assert 2 == run(two, "prune", "--keep", "0")[0]
    assert 2 == run(two, "export")[0]
    assert 2 == run(two, "verify", "--all", two.first)[0]


def test_after_an_import_the_ledger_forgets_what_is_gone(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr("bot.cli_forgetting.forget_gone", lambda settings: told.append(settings.home))
    run(two, "export", str(two.home.parent / "out.tar"))

    assert 1 == run(two, "import", str(two.home.parent / "out.tar"))[0], "the ledger could not be reached"
    assert [two.home] == told
