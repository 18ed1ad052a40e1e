"""`footnote doctor` tells where the bot is told to do what it cannot: channels, the ledger's key, articles' pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.doctor.discord import INVITED_WITH
from bot.ledger import Ledger
from tests.e2e.test_doctor import OWNER, Doctor, Rest, configured, doctor, rest

__all__ = ["configured", "doctor", "rest"]

GUILD, CHANNEL, ROLE = OWNER + 1, OWNER + 100, OWNER + 50
SEND, EMBED, BELOW = 1 << 11, 1 << 14, 1 << 38


def channel(*overwrites: tuple[int, int, int], kind: int = 0) -> dict[str, Any]:
    """Return a channel with who is allowed and denied what in it."""
    written = [{"id": str(whose), "allow": str(allow), "deny": str(deny)} for whose, allow, deny in overwrites]
    return {"guild_id": str(GUILD), "name": "news", "type": kind, "permission_overwrites": written}


@pytest.fixture
def told(rest: Rest, tmp_path: Path) -> Rest:
    """A server that has told the bot to answer in one channel alone."""
    with Ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        ledger.settings.set(GUILD, None, "answer_in", [CHANNEL])
    rest.others = {
        f"/api/v10/guilds/{GUILD}/roles": [
            {"id": str(GUILD), "permissions": "0"},
            {"id": str(ROLE), "permissions": str(INVITED_WITH)},
        ],
        f"/api/v10/guilds/{GUILD}/members/{OWNER}": {"roles": [str(ROLE)]},
    }
    return rest


@pytest.mark.parametrize(
    ("seen", "lacks"),
    [
        (channel(), None),
        (channel((GUILD, 0, SEND), (ROLE, SEND, 0)), None),
        (channel((ROLE, 0, SEND), (OWNER, SEND, 0)), None),
        (channel((GUILD, 0, 1 << 10)), "lacks View Channel."),
        (channel((GUILD, EMBED, 0), (ROLE, 0, EMBED | SEND)), "lacks Send Messages, Embed Links."),
        (channel((OWNER, 0, SEND), kind=15), None),
        (channel((OWNER, 0, BELOW), kind=15), "lacks Send Messages in Threads."),
    ],
)
def test_a_channel_whose_own_permissions_keep_the_bot_from_answering_is_told(
    doctor: Doctor, told: Rest, seen: dict[str, Any], lacks: str | None
) -> None:
    told.others[f"/api/v10/channels/{CHANNEL}"] = seen
    status, found = doctor()

    if lacks is None:
        assert (0, ("ok", "In 1 of 1 where it is told to answer, the bot may")) == (status, found["channels"])
    else:
        assert (1, "problem") == (status, found[f"channel news ({CHANNEL})"][0])
        assert lacks in found[f"channel news ({CHANNEL})"][1]


def test_a_channel_that_is_gone_is_told(doctor: Doctor, told: Rest) -> None:
    status, found = doctor()

    assert (1, "problem") == (status, found[f"channel {CHANNEL}"][0])
    assert "does not find it" in found[f"channel {CHANNEL}"][1]


def test_channels_to_answer_in_unasked_need_the_intent(doctor: Doctor, rest: Rest) -> None:
    rest.flags = 1 << 19
    unasked = {"FOOTNOTE_SERVER__AUTO_ANSWER": f"[{CHANNEL}]"}
    lacking = doctor("--offline", **unasked)[1]
    granted = doctor("--offline", **unasked, FOOTNOTE_DISCORD__MESSAGE_CONTENT="true")[1]

    assert "warning" == lacking["auto_answer"][0]
    assert "message_content = true" in lacking["auto_answer"][1]
    assert "auto_answer" not in granted


def test_a_token_that_travels_openly_is_told(doctor: Doctor) -> None:
    open_way = doctor("--offline", FOOTNOTE_DISCORD__API="http://discord.example")[1]
    near = doctor("--offline", FOOTNOTE_DISCORD__API="http://10.0.0.5:8080")[1]

    assert "warning" == open_way["token"][0]
    assert "ok" == near["token"][0]


def test_a_key_that_is_gone_or_another_one_is_told_and_none_is_made(doctor: Doctor, tmp_path: Path) -> None:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", hash_key=b"k" * 64) as ledger:
        ledger.open()
    key = tmp_path / "ledger.key"
    gone = doctor("--offline", FOOTNOTE_LEDGER__HASH_MEMBERS="true")
    made = key.exists()
    key.write_bytes(b"x" * 64)
    other = doctor("--offline")
    key.write_bytes(b"k" * 64)
    right = doctor("--offline")

    assert not made
    for (status, found), said in ((gone, "a key that is not in"), (other, "another key than")):
        assert (1, "problem") == (status, found["ledger key"][0])
        assert said in found["ledger key"][1]
    assert (0, "ok") == (right[0], right[1]["ledger key"][0])


@pytest.mark.parametrize(
    ("pages", "level", "said"),
    [
        ({}, "warning", "nobody reaches but this machine"),
        ({"URL": "https://localhost/reads"}, "warning", "nobody reaches but this machine"),
        ({"HOST": "0.0.0.0"}, "problem", "leads nowhere"),
        ({"URL": "http://reads.example"}, "warning", "Put a proxy with TLS"),
        ({"URL": "https://reads.example", "PORT": "0"}, "warning", "Set pages.port"),
        ({"URL": "https://reads.example"}, "ok", "Links begin with https://reads.example"),
        ({"URL": "http://192.168.1.20:8080"}, "ok", "Links begin with http://192.168.1.20:8080"),
    ],
)
def test_links_to_articles_that_lead_nowhere_for_readers_are_told(
    doctor: Doctor, pages: dict[str, str], level: str, said: str
) -> None:
    _, found = doctor(
        "--offline",
        FOOTNOTE_PAGES__ENABLED="true",
        **{f"FOOTNOTE_PAGES__{name}": value for name, value in pages.items()},
    )

    assert level == found["pages"][0]
    assert said in found["pages"][1]
