"""What servers have set, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app

GUILD = ("--guild", "123456789012345678")


def settings(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["settings", *arguments, "--home", str(home)])


def in_force(home: Path, *where: str) -> dict[str, tuple[object, str]]:
    rows = json.loads(settings(home, "list", "--json", *GUILD, *where).stdout)
    return {key: (row["value"], row["origin"]) for key, row in rows.items()}


def test_what_is_set_is_listed_with_its_origin_and_falls_back_when_it_is_unset(tmp_path: Path) -> None:
    done = [
        settings(tmp_path, "set", "strictness", "strict", *GUILD),
        settings(tmp_path, "set", "strictness", "eager", *GUILD, "--channel", "11"),
        settings(tmp_path, "set", "answer_in", "11", "<#12>", *GUILD),
    ]
    server, channel = in_force(tmp_path), in_force(tmp_path, "--channel", "11")
    settings(tmp_path, "unset", "strictness", *GUILD, "--channel", "11")

    assert [0, 0, 0] == [result.exit_code for result in done]
    assert (("strict", "server"), ("eager", "channel")) == (server["strictness"], channel["strictness"])
    assert ([11, 12], "server") == server["answer_in"] == channel["answer_in"]
    assert ("auto", "default") == server["language"]
    assert ("strict", "server") == in_force(tmp_path, "--channel", "11")["strictness"]
    assert "answer_in      = 11, 12" in settings(tmp_path, "list", *GUILD).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set", "strictness", "harsh", *GUILD), "strict, balanced, eager"),
        (("set", "mood", "good", *GUILD), "There are: answer_in, "),
        (("set", "answer_in", "11", *GUILD, "--channel", "11"), "whole server only"),
        (("set", "generate", "on", "--guild", "me"), "not a Discord id"),
        (("set", "generate", "on", "--guild", "9" * 20), "not a Discord id"),
        (("unset", "mood", *GUILD), "There are: answer_in, "),
    ],
)
def test_what_cannot_be_set_is_refused_with_what_can(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    result = settings(tmp_path, *arguments)

    assert 2 == result.exit_code
    assert said in result.stderr
