"""What is kept in the ledger is found in it again, in every kind of database."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.ledger import Ledger, LedgerFailure, new_ask_id
from tests.bot.ledger.records import ALICE, BOB, CHANNEL, GUILD, TURN, WHEN, ask_with


def test_an_ask_is_read_as_it_was_recorded(ledger: Ledger) -> None:
    ask = ask_with()
    ledger.asks.record(ask)
    ledger.asks.shown(ask.id, 9)

    assert replace(ask, message=9) == ledger.asks.get(ask.id) == ledger.asks.of_message(9)
    edited = ask_with(at=ask.at + timedelta(minutes=1), message=9)
    ledger.asks.record(edited)
    assert edited == ledger.asks.of_message(9)
    assert [ask.id, edited.id] == [one.id for one in ledger.asks.all_of_message(9)]
    assert None is ledger.asks.get(new_ask_id())
    assert ledger.asks.is_by(ask, ALICE) and not ledger.asks.is_by(ask, BOB)


def test_whatever_is_asked_can_be_kept(ledger: Ledger) -> None:
    for text in ("a\0b", "\ud800 half", "'; DROP TABLE asks; --", "%s %(a)s :a ?", "名" * 2_000, "\x1b[2J"):
        ask = ask_with(question=text)
        ledger.asks.record(ask)
        kept = ledger.asks.get(ask.id)

        assert kept and text.replace("\0", "").replace("\ud800", "?") == kept.question


def test_recent_questions_are_the_members_own_and_the_newest_first(ledger: Ledger) -> None:
    for minute, (text, member, guild) in enumerate(
        [
            ("one", ALICE, GUILD),
            ("two", ALICE, GUILD),
            ("her", BOB, GUILD),
            ("there", ALICE, None),
            ("one", ALICE, GUILD),
        ]
    ):
        at = WHEN + timedelta(minutes=minute)
        ledger.asks.record(ask_with(question=text, member=str(member), guild=guild, at=at))

    assert ["one", "two"] == ledger.asks.recent(ALICE, GUILD, 5)
    assert ["one"] == ledger.asks.recent(ALICE, GUILD, 1)
    assert ["there"] == ledger.asks.recent(ALICE, None, 5)


def test_unanswered_is_what_was_not_answered_there_since(ledger: Ledger) -> None:
    for status, guild, day in [
        ("answered", 1, 3),
        ("nothing", 1, 1),
        ("nothing", 1, 3),
        ("related", 1, 4),
        ("nothing", 2, 3),
    ]:
        ledger.asks.record(
            ask_with(status=status, guild=guild, at=WHEN + timedelta(days=day), question=f"{status} {day}")
        )

    assert ["nothing 3", "related 4"] == [one.question for one in ledger.asks.unanswered(WHEN + timedelta(days=2), 1)]
    assert 4 == len(ledger.asks.unanswered())


def test_a_member_has_one_opinion_of_an_answer(ledger: Ledger) -> None:
    ask = ask_with()
    ledger.asks.record(ask)
    assert ledger.ratings.rate(ask.id, ALICE, True)
    assert ledger.ratings.rate(ask.id, ALICE, False, "It was the other one.")
    assert ledger.ratings.rate(ask.id, BOB, True)
    assert not ledger.ratings.rate(new_ask_id(), BOB, True)

    told = [(one.member, one.helpful, one.reason, one.ask) for one in ledger.ratings.all()]
    assert [(str(ALICE), False, "It was the other one.", ask), (str(BOB), True, "", ask)] == told
    assert [] == ledger.ratings.all(since=datetime.now(UTC) + timedelta(seconds=1))


def test_a_setting_is_of_a_guild_or_of_one_of_its_channels(ledger: Ledger) -> None:
    ledger.settings.set(GUILD, None, "language", "de")
    ledger.settings.set(GUILD, CHANNEL, "language", "fr")
    ledger.settings.set(GUILD, CHANNEL, "roles", [1, 2])
    ledger.settings.set(GUILD, CHANNEL, "roles", None)
    ledger.settings.set(GUILD, None, "generate", False)

    assert {"language": "de", "generate": False} == ledger.settings.of(GUILD, None)
    assert {"language": "fr"} == ledger.settings.of(GUILD, CHANNEL)
    assert {} == ledger.settings.of(GUILD + 1, CHANNEL)


def test_a_conversation_is_gone_on_with_until_it_lapses(ledger: Ledger) -> None:
    ledger.turns.remember("1:2", (TURN,) * 9)

    assert (TURN,) * 4 == ledger.turns.recall("1:2", within=60)
    assert () == ledger.turns.recall("1:2", within=-1)
    assert () == ledger.turns.recall("1:3")


def test_whoever_wants_to_be_told_is_told_once(ledger: Ledger) -> None:
    ask = ask_with(status="nothing")
    ledger.asks.record(ask)
    assert ledger.wishes.wish(ask.id, ALICE, CHANNEL, direct=True)
    assert ledger.wishes.wish(ask.id, ALICE, CHANNEL, direct=True)
    assert ledger.wishes.wish(ask.id, BOB, CHANNEL, direct=False)
    assert not ledger.wishes.wish(new_ask_id(), BOB, CHANNEL, direct=False)
    alice, bob = ledger.wishes.open()
    ledger.wishes.tried([bob.id], "later")

    assert (ALICE, None) == (alice.address, bob.address)
    assert [True, False] == [ledger.wishes.told(alice.id, "answers23456") for _ in range(2)]
    assert [(bob.id, "later")] == [(one.id, one.tried) for one in ledger.wishes.open()]


def test_whoever_opts_out_is_told_nothing_until_the_next_wish(ledger: Ledger) -> None:
    first, second = ask_with(status="nothing"), ask_with(status="nothing")
    for ask in (first, second):
        ledger.asks.record(ask)
    ledger.wishes.wish(first.id, ALICE, CHANNEL, direct=True)
    assert 1 == ledger.wishes.opt_out(ALICE)
    assert [] == ledger.wishes.open()
    ledger.wishes.wish(second.id, ALICE, CHANNEL, direct=True)

    assert [second] == [wish.ask for wish in ledger.wishes.open()]


def test_only_what_arrives_after_the_first_index_is_new(ledger: Ledger) -> None:
    begin = datetime.now(UTC) - timedelta(seconds=1)
    assert 0 == ledger.digests.arrived(["a", "b" * 5_000])
    assert 1 == ledger.digests.arrived(["a", "c"])
    assert {"c"} == ledger.digests.new_since(begin, ["a", "c"])
    assert set() == ledger.digests.new_since(datetime.now(UTC), ["a", "c"])


def test_a_channel_subscribes_once(ledger: Ledger) -> None:
    assert [True, False] == [ledger.digests.subscribe(GUILD, CHANNEL, ALICE) for _ in range(2)]
    ledger.digests.sent(CHANNEL, "newer", WHEN)
    (kept,) = ledger.digests.all()

    assert ("newer", WHEN, GUILD) == (kept.generation, kept.until, kept.guild)
    assert [True, False] == [ledger.digests.unsubscribe(CHANNEL) for _ in range(2)]


def test_a_ledger_that_is_closed_and_opened_knows_what_it_knew(url: str) -> None:
    ask = ask_with()
    with Ledger(url) as ledger:
        ledger.asks.record(ask)
    with Ledger(url) as ledger:
        assert ask == ledger.asks.get(ask.id)


@pytest.mark.parametrize("url", ["", "mysql://u:secret@h/d", "nonsense", "sqlite:/x", "postgresql://u:secret@h:port/d"])
def test_a_url_that_cannot_be_used_is_told_without_its_password(url: str) -> None:
    with pytest.raises(LedgerFailure, match="Write it as") as caught:
        Ledger(url)
    assert "secret" not in str(caught.value)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    with Ledger(f"sqlite:///{tmp_path / 'deep' / 'ledger.db'}") as ledger:
        ledger.asks.record(ask_with())

        assert {0o600} == {file.stat().st_mode & 0o777 for file in (tmp_path / "deep").iterdir()}


def test_knowing_of_the_ledger_loads_no_database_library() -> None:
    code = "import sys, bot.ledger, bot.desk; print([n for n in ('sqlalchemy', 'alembic') if n in sys.modules])"

    assert b"[]\n" == subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
