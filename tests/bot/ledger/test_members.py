"""What is kept of a member or a server can be shown, deleted, hashed, and ends by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.ledger import Ledger, LedgerFailure
from bot.ledger.place import KEY_FILE, hash_key, url_of
from bot.settings import Settings
from tests.bot.ledger.records import ALICE, APPLICATION, BOB, CHANNEL, GUILD, TURN, ask_with, cells, fill

KEY = b"k" * 32


def settings(home: Path, **ledger: object) -> Settings:
    return Settings(home=home, ledger=ledger)  # type: ignore[arg-type]


def test_all_that_is_kept_of_a_member_can_be_shown(ledger: Ledger) -> None:
    ask, other = fill(ledger), fill(ledger, BOB, GUILD + 7)
    shown = json.dumps(ledger.members.export(ALICE))

    for kept in (ask.id, ask.question, "Not what I meant.", "Who led the inquiry?", "wishes", str(CHANNEL)):
        assert kept in shown
    assert other.id not in shown and str(BOB) not in shown


def test_nothing_is_left_of_a_member_who_wants_to_be_forgotten(url: str, ledger: Ledger) -> None:
    ask, other = fill(ledger), fill(ledger, BOB, GUILD + 7)
    ledger.ratings.rate(other.id, ALICE, True)
    ledger.wishes.opt_out(ALICE)
    assert 0 < ledger.members.forget(ALICE)
    left = cells(url)

    assert not [cell for cell in left if str(ALICE) in cell or ask.id in cell]
    assert other == ledger.asks.get(other.id)
    assert 2 == len(ledger.digests.all()), "a digest is its channel's"
    assert 0 == ledger.members.forget(ALICE)


def test_what_a_member_asked_is_found_in_everybodys_conversations_and_in_others(url: str) -> None:
    for key in (None, KEY):
        with Ledger(url, hash_key=key) as ledger:
            mine, theirs = replace(TURN, member=str(ALICE)), replace(TURN, question="Bob's?", member=str(BOB))
            ledger.turns.remember("9001", (mine, theirs), guild=GUILD)
            ledger.turns.remember(f"{CHANNEL}:{BOB}", (mine, theirs), guild=GUILD, member=BOB)
            shown = ledger.members.export(ALICE)["conversations"]

            assert [[TURN.question]] * 2 == [[turn["question"] for turn in row["turns"]] for row in shown]
            assert 2 == ledger.members.forget(ALICE)
            assert (theirs,) == ledger.turns.recall("9001") == ledger.turns.recall(f"{CHANNEL}:{BOB}")
            assert [] == ledger.members.export(ALICE)["conversations"]
            ledger.members.forget(BOB)
            assert () == ledger.turns.recall("9001")


def test_what_was_deleted_is_not_in_the_file_either(tmp_path: Path) -> None:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        ledger.asks.record(ask_with(question="A very peculiar question?", member=str(ALICE)))
        ledger.members.forget(ALICE)

        for file in tmp_path.iterdir():
            assert b"peculiar" not in file.read_bytes(), file.name


def test_what_was_told_by_direct_message_is_answered_where_it_was_asked_and_goes_with_the_server(
    ledger: Ledger,
) -> None:
    ask, told = fill(ledger), ask_with(guild=None)
    (wish,) = ledger.wishes.open()
    ledger.wishes.told(wish.id, told.id)
    ledger.asks.record(told)

    assert [ask.question] == [question for question, at in ledger.asks.answered(ask.at, GUILD) if at > ask.at]
    assert 2 == ledger.guilds.forget(GUILD)
    assert None is ledger.asks.get(told.id)


def test_asks_are_exported_by_pages(ledger: Ledger) -> None:
    kept = [ask_with(question=f"{n}?") for n in range(5)]
    for ask in kept:
        ledger.asks.record(ask)
    first = ledger.members.asks_of(ALICE, limit=2)
    rest = ledger.members.asks_of(ALICE, first[-1].id)

    assert sorted(kept, key=lambda ask: ask.id) == first + rest
    assert 5 == len(ledger.members.export(ALICE)["asks"])


def test_nothing_is_left_of_a_server_that_the_bot_has_left(url: str, ledger: Ledger) -> None:
    ask, other = fill(ledger), fill(ledger, BOB, 77_000_000_000_000)
    assert [GUILD] == ledger.guilds.left([77_000_000_000_000], APPLICATION)
    assert 1 == ledger.guilds.forget(GUILD)
    left = cells(url)

    assert not [cell for cell in left if str(GUILD) in cell or ask.id in cell]
    assert other == ledger.asks.get(other.id)
    assert [] == ledger.guilds.left([77_000_000_000_000], APPLICATION)


def test_what_another_application_was_on_or_none_at_all_says_nothing_about_leaving(ledger: Ledger) -> None:
    fill(ledger)

    assert [] == ledger.guilds.left([77_000_000_000_000], APPLICATION + 1)
    assert [] == ledger.guilds.left([], APPLICATION)
    assert [GUILD] == ledger.guilds.left([77_000_000_000_000], APPLICATION)


def test_what_is_old_ends_and_what_is_set_stays(ledger: Ledger) -> None:
    old, new = ask_with(at=datetime.now(UTC) - timedelta(days=91)), ask_with(at=datetime.now(UTC))
    for ask in (old, new):
        ledger.asks.record(ask)
        ledger.ratings.rate(ask.id, BOB, True)
    ledger.settings.set(GUILD, None, "language", "de")
    ledger.digests.subscribe(GUILD, CHANNEL, ALICE)
    ledger.members.expire(datetime.now(UTC) - timedelta(days=90))

    assert (None, new) == (ledger.asks.get(old.id), ledger.asks.get(new.id))
    assert [new.id] == [rating.ask.id for rating in ledger.ratings.all()]
    assert {"language": "de"} == ledger.settings.of(GUILD, None)
    assert 1 == len(ledger.digests.all())


def test_hashed_members_stand_nowhere_and_are_found_all_the_same(url: str) -> None:
    with Ledger(url, hash_key=KEY) as ledger:
        ask = fill(ledger)
        (wish,) = ledger.wishes.open()
        kept = ledger.asks.get(ask.id)

        assert kept and ledger.asks.is_by(kept, ALICE) and not ledger.asks.is_by(kept, BOB)
        assert [ask.question] == ledger.asks.recent(ALICE, GUILD, 5)
        assert (TURN,) == ledger.turns.recall(f"{CHANNEL}:{ALICE}")
        assert 1 == len(ledger.members.export(ALICE)["asks"])
        # To be sent a direct message, one has to have an address; until it has been sent.
        assert [str(ALICE)] == [cell for cell in cells(url) if str(ALICE) in cell]
        ledger.wishes.told(wish.id, ask.id)
        assert [] == [cell for cell in cells(url) if str(ALICE) in cell]
        assert 0 < ledger.members.forget(ALICE)
        assert None is ledger.asks.get(ask.id)


@pytest.mark.parametrize("other", [b"x" * 32, None])
def test_a_key_that_is_not_the_one_members_were_hashed_with_is_told(url: str, other: bytes | None) -> None:
    with Ledger(url, hash_key=KEY) as ledger:
        fill(ledger)
        assert [GUILD] == list(ledger.settings.everything())
    with Ledger(url, hash_key=other) as ledger, pytest.raises(LedgerFailure, match="Put the ledger"):
        ledger.members.forget(ALICE)
    with Ledger(url, hash_key=KEY) as ledger:
        assert 0 < ledger.members.forget(ALICE)


def test_members_who_were_kept_before_are_hashed_as_well(url: str) -> None:
    with Ledger(url) as ledger:
        ask = fill(ledger)
        (wish,) = ledger.wishes.open()
        ledger.wishes.told(wish.id, ask.id)
    with Ledger(url, hash_key=KEY) as ledger:
        ledger.open()
        assert [] == [cell for cell in cells(url) if str(ALICE) in cell]
        assert [ask.id] == [one["id"] for one in ledger.members.export(ALICE)["asks"]]


def test_a_key_is_made_once_and_kept_for_good(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert None is hash_key(settings(home))
    made = hash_key(settings(home, hash_members=True))

    assert made and len(made) == 64
    assert made == hash_key(settings(home, hash_members=True)) == hash_key(settings(home))
    assert 0o600 == (home / KEY_FILE).stat().st_mode & 0o777
    (home / KEY_FILE).write_bytes(b"short")
    with pytest.raises(LedgerFailure, match="too short"):
        hash_key(settings(home))


def test_the_ledger_is_in_the_home_unless_it_is_elsewhere(tmp_path: Path) -> None:
    assert f"sqlite:///{tmp_path}/ledger.db" == url_of(settings(tmp_path))
    assert "postgresql://a:hunter2@b/c" == url_of(settings(tmp_path, url="postgresql://a:hunter2@b/c"))
    assert "hunter2" not in repr(settings(tmp_path, url="postgresql://a:hunter2@b/c"))
