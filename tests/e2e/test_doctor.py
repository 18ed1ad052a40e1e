"""`footnote doctor` looks at everything, says what to do about what is wrong, and shows no secret."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.doctor.discord import INVITED_WITH
from bot.ledger import Ledger

OWNER = 1456074443980800000
TOKEN = base64.urlsafe_b64encode(str(OWNER).encode()).decode().rstrip("=") + ".GaBcDe.abcdefghijklmnopqrstuvwxyz012345"


HARBOUR = f"server Harbour ({OWNER + 1})"


class Rest:
    """As much of Discord's REST API as the doctor asks for."""

    def __init__(self) -> None:
        self.address = ""
        self.status = 200
        self.flags = 0
        self.left = 990
        self.skew = timedelta()
        self.guilds = [self.guild(1, INVITED_WITH)]
        self.others: dict[str, Any] = {}
        self.asked: list[str] = []

    @staticmethod
    def guild(number: int, permissions: int, name: str = "Harbour") -> dict[str, Any]:
        return {"id": str(OWNER + number), "name": name, "permissions": str(permissions)}

    def answer(self, path: str, authorization: str) -> tuple[int, Any]:
        self.asked.append(path)
        if authorization != f"Bot {TOKEN}":
            return 401, {"message": f"401: Unauthorized {authorization}", "code": 0}
        if self.status != 200:
            return self.status, {"message": TOKEN}
        limits = {"total": 1000, "remaining": self.left, "reset_after": 3_600_000, "max_concurrency": 1}
        known = {
            "/api/v10/users/@me": {"id": str(OWNER), "username": "footnote\x1b[31m"},
            "/api/v10/oauth2/applications/@me": {"id": str(OWNER), "flags": self.flags},
            "/api/v10/gateway/bot": {"url": "wss://x", "shards": 1, "session_start_limit": limits},
            **self.others,
        }
        if not path.startswith("/api/v10/users/@me/guilds?"):
            return (200, known[path]) if path in known else (404, {"message": "404: Not Found"})
        start = path.rpartition("after=")[2]
        return 200, [guild for guild in self.guilds if int(guild["id"]) > int(start)][:200]


@pytest.fixture
def rest() -> Iterator[Rest]:
    rest = Rest()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = rest.answer(self.path, self.headers["Authorization"])
            data = json.dumps(body).encode()
            self.send_response_only(status)
            self.send_header("Date", format_datetime(datetime.now(UTC) + rest.skew, usegmt=True))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    rest.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield rest
    server.shutdown()
    server.server_close()


Found = dict[str, tuple[str, str]]
Doctor = Callable[..., tuple[int, Found]]


@pytest.fixture
def configured(rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("FOOTNOTE_DISCORD__API", rest.address)
    monkeypatch.setenv("FOOTNOTE_LEDGER__URL", f"sqlite:///{tmp_path / 'ledger.db'}")


@pytest.fixture
def doctor(configured: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """Run the command; return its exit status and, by what was looked at, how it is and what was said."""
    # Loading a model takes seconds; one test does.
    monkeypatch.setattr("bot.doctor.examination.look_at_index", lambda home, settings: [])

    def run(*arguments: str, **environment: str) -> tuple[int, Found]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        done = CliRunner().invoke(app, ["doctor", "--home", str(tmp_path), "--json", *arguments])
        told = json.loads(done.stdout)

        assert TOKEN not in done.output
        assert told["healthy"] == (done.exit_code == 0)
        assert all(check["remedy"] for check in told["checks"] if check["level"] != "ok"), "what to do is always said"
        return done.exit_code, {c["about"]: (c["level"], f"{c['told']} {c['remedy']}".strip()) for c in told["checks"]}

    return run


def test_a_bot_that_is_all_right_is_told_so_line_by_line(configured: None, seed_home: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["doctor", "--home", str(seed_home)])
    lines = done.stdout.splitlines()

    assert 0 == done.exit_code, done.output
    assert {"ok"} == {line.split()[0] for line in lines[:-2]}
    assert "0 problems, 0 warnings." == lines[-1]
    for about in ("Python", "disk", "model", "index", "ledger", "token", "Discord", "clock", "intents", "servers"):
        assert any(line.startswith(f"ok       {about}: ") for line in lines), about
    assert "checksum as pinned" in done.stdout
    assert (TOKEN in done.output, "\x1b[31m" in done.output) == (False, False)
    assert not (tmp_path / "ledger.db").exists(), "the doctor changes nothing"


def test_offline_nothing_is_sent(doctor: Doctor, rest: Rest) -> None:
    status, found = doctor("--offline")

    assert (0, []) == (status, rest.asked)
    assert "ok" == found["token"][0]
    assert "Discord" not in found


@pytest.mark.parametrize(
    ("change", "about", "level", "said"),
    [
        ({"status": 500}, "Discord", "problem", "HTTP 500"),
        ({"status": 429}, "Discord", "warning", "some minutes"),
        ({"flags": 1 << 15}, "intents", "warning", "server members"),
        ({"left": 3}, "connections", "warning", "3 of 1000"),
        ({"skew": timedelta(minutes=-4)}, "clock", "warning", "s fast. Let the system keep time"),
        ({"skew": timedelta(minutes=4)}, "clock", "warning", "s slow"),
        ({"guilds": []}, "servers", "warning", str(INVITED_WITH)),
        (
            {"guilds": [Rest.guild(1, INVITED_WITH & ~(1 << 14))]},
            f"server Harbour ({OWNER + 1})",
            "problem",
            "Embed Links",
        ),
        ({"guilds": [Rest.guild(1, INVITED_WITH & ~(1 << 35))]}, f"server Harbour ({OWNER + 1})", "warning", "Threads"),
        ({"guilds": [Rest.guild(1, 8, "A\x1b[2J\u202eB")]}, f"server A[2JB ({OWNER + 1})", "warning", "administrator"),
    ],
)
def test_what_is_wrong_on_discord_is_told_with_what_to_do(
    doctor: Doctor, rest: Rest, change: dict[str, Any], about: str, level: str, said: str
) -> None:
    for name, value in change.items():
        setattr(rest, name, value)
    status, found = doctor()

    assert level == found[about][0]
    assert said in found[about][1]
    assert (1 if level == "problem" else 0) == status


def test_message_content_that_is_asked_for_and_granted_is_all_right(doctor: Doctor, rest: Rest) -> None:
    rest.flags = 1 << 19
    status, found = doctor(FOOTNOTE_DISCORD__MESSAGE_CONTENT="true")

    assert (0, ("ok", "Message content is asked for and granted")) == (status, found["intents"])


def test_every_server_is_looked_at_however_many_there_are(doctor: Doctor, rest: Rest) -> None:
    rest.guilds = [Rest.guild(i, INVITED_WITH if i != 399 else 0) for i in range(1, 401)]
    status, found = doctor()

    assert 1 == status
    assert "problem" == found[f"server Harbour ({OWNER + 399})"][0]
    assert "On 399 of 400" in found["servers"][1]


@pytest.mark.parametrize(
    ("environment", "about", "level", "said"),
    [
        ({"DISCORD_TOKEN": TOKEN[:-1] + "X"}, "Discord", "problem", "not accepted"),
        ({"DISCORD_TOKEN": "Bot " + TOKEN}, "token", "problem", "a space"),
        ({"DISCORD_TOKEN": "mistaken"}, "token", "warning", "three parts"),
        ({"DISCORD_TOKEN": ""}, "token", "warning", "developers/applications"),
        ({"FOOTNOTE_DISCORD__API": "http://127.0.0.1:1"}, "Discord", "problem", "ClientConnectorError"),
        ({"FOOTNOTE_DISCORD__MESSAGE_CONTENT": "true"}, "intents", "problem", "Grant it at"),
        ({"FOOTNOTE_LEDGER__URL": "oracle://x/y"}, "ledger", "problem", "sqlite:///"),
        ({"FOOTNOTE_LEDGER__URL": "postgresql://me:hunter22@127.0.0.1:1/x"}, "ledger", "problem", "Answers go on"),
        ({"FOOTNOTE_GENERATE__MODEL": "nonsense"}, "language model", "problem", "provider:model"),
        ({"FOOTNOTE_INDEX__PASSAGE_TOKENS": "0"}, "configuration", "problem", "index.passage_tokens"),
        ({"FOOTNOTE_TRACES__ENDPOINT": "http://127.0.0.1:1"}, "traces", "warning", "Start the collector"),
    ],
)
def test_what_is_wrong_with_what_is_configured_is_told_with_what_to_do(
    doctor: Doctor, environment: dict[str, str], about: str, level: str, said: str
) -> None:
    status, found = doctor(**environment)

    assert level == found[about][0], found
    assert said in found[about][1]
    assert "hunter22" not in str(found)
    assert status == 1 or level == "warning"


def test_a_taken_port_is_told(doctor: Doctor) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, found = doctor("--offline", FOOTNOTE_HEALTH__PORT=str(taken.getsockname()[1]))

    assert (0, "warning") == (status, found["port"][0])
    assert "[health]" in found["port"][1]


def test_a_ledger_is_known_by_its_revision_and_left_as_it_is(doctor: Doctor, tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    with Ledger(f"sqlite:///{file}") as ledger:
        ledger.open()
    assert "tables of revision" in doctor("--offline")[1]["ledger"][1]

    import sqlite3

    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'r9999'")
    status, found = doctor("--offline")

    assert (1, "problem") == (status, found["ledger"][0])
    assert "r9999" in found["ledger"][1]


def test_a_home_without_an_index_is_told_with_the_command_that_builds_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.doctor import home
    from index import IndexSettings

    class Model:
        dimension = 384

    monkeypatch.setattr(home, "open_model", lambda settings: Model())
    model, index = home.look_at_index(tmp_path, IndexSettings())

    assert ("ok", "problem") == (model.level, index.level)
    assert "footnote index rebuild" in index.remedy
