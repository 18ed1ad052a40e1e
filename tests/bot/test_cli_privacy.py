"""What is stored of somebody can be shown and deleted from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.ledger import Ledger
from tests.bot.ledger.records import ALICE, BOB, GUILD, ask_with, fill

RUNNER = CliRunner()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        fill(ledger)
        ledger.asks.record(ask_with(member=str(BOB), guild=None))
    return tmp_path


def run(home: Path, *arguments: str, expect: int = 0) -> str:
    result = RUNNER.invoke(app, ["privacy", *arguments, "--home", str(home)])

    assert expect == result.exit_code, result.output
    return result.output


def test_the_operator_shows_and_deletes_what_is_stored_of_a_member(home: Path) -> None:
    shown = json.loads(run(home, "export", str(ALICE)))
    assert [str(ALICE)] == [ask["member"] for ask in shown["asks"]]
    assert "Deleted entries: 6\n" == run(home, "forget", str(ALICE))
    assert [] == json.loads(run(home, "export", str(ALICE)))["asks"]
    assert 1 == len(json.loads(run(home, "export", str(BOB)))["asks"])


def test_the_operator_deletes_what_is_stored_of_a_server(home: Path) -> None:
    assert "Deleted asks: 1\n" == run(home, "forget", "--server", str(GUILD))
    assert [] == json.loads(run(home, "export", str(ALICE)))["asks"]


def test_the_operator_deletes_what_is_old(home: Path) -> None:
    run(home, "expire", "--days", "36500")
    assert 1 == len(json.loads(run(home, "export", str(ALICE)))["asks"])


@pytest.mark.parametrize(
    "arguments", [["export", "alice"], ["export", "²"], ["forget"], ["forget", "1", "--server", "2"]]
)
def test_what_is_no_id_is_refused(home: Path, arguments: list[str]) -> None:
    run(home, *arguments, expect=2)


def test_a_ledger_that_cannot_be_read_is_told(home: Path) -> None:
    (home / "ledger.db").write_bytes(b"junk" * 2_000)
    for file in home.glob("ledger.db-*"):
        file.unlink()

    assert "is damaged" in run(home, "export", "1", expect=1)
