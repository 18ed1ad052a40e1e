"""What is asked on Discord is on record, and whatever is wrong with the record, the answer comes."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.client import FootnoteBot
from bot.ledger import AsyncLedger, LedgerFailure
from tests.e2e.conftest import CATALOGUES, FOUND, QUESTION, WatchedAsker, World, embed_of, quotes_of


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[AsyncLedger]:
    made = AsyncLedger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield made
    await made.close()


@pytest.fixture
def simcord_bot(asker: WatchedAsker, ledger: AsyncLedger) -> FootnoteBot:
    return FootnoteBot(asker, CATALOGUES, ledger=ledger)


async def test_an_ask_is_on_record_with_what_was_shown(world: World, ledger: AsyncLedger) -> None:
    result = await world.ask()
    (kept,) = (await ledger.run(lambda it: it.members.export(world.alice.id)))["asks"]
    ask = await ledger.run(lambda it: it.asks.get(kept["id"]))

    assert ask
    assert (QUESTION, "answered", "command", False) == (ask.question, ask.status, ask.surface, ask.private)
    assert (world.guild.id, world.channel.id) == (ask.guild, ask.channel)
    assert str(world.alice.id) == ask.member
    assert len(quotes_of(embed_of(result.response))) == len(ask.citations)
    assert FOUND in ask.citations[0].quote


async def test_small_talk_is_no_gap(world: World, ledger: AsyncLedger) -> None:
    await world.ask("Hello!")

    assert [] == await ledger.run(lambda it: it.asks.unanswered())


def _deleted(folder: Path) -> None:
    for file in folder.glob("ledger.db*"):
        file.unlink()


def _damaged(folder: Path) -> None:
    _deleted(folder)
    (folder / "ledger.db").write_bytes(b"junk" * 10_000)


def _a_folder(folder: Path) -> None:
    _deleted(folder)
    (folder / "ledger.db").mkdir()


@pytest.mark.parametrize("breakage", [_deleted, _damaged, _a_folder])
async def test_a_broken_ledger_costs_no_answer(world: World, tmp_path: Path, breakage: Callable[[Path], None]) -> None:
    await world.ask("What did the Sailmaker Bridge cost?")
    breakage(tmp_path)
    result = await world.ask()

    assert FOUND in quotes_of(embed_of(result.response))[0]


async def test_a_ledger_that_another_program_holds_costs_no_answer(
    world: World, ledger: AsyncLedger, tmp_path: Path
) -> None:
    await ledger.open()
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        result = await world.ask()

    assert FOUND in quotes_of(embed_of(result.response))[0]


async def test_a_ledger_that_cannot_be_opened_costs_no_answer(world: World, ledger: AsyncLedger) -> None:
    world.bot.desk._ledger = nowhere = AsyncLedger("sqlite:////proc/nowhere/ledger.db")
    result = await world.ask()
    with pytest.raises(LedgerFailure):
        await nowhere.run(lambda it: it.open())
    await nowhere.close()

    assert FOUND in quotes_of(embed_of(result.response))[0]
