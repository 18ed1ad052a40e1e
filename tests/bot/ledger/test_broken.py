"""Whatever is wrong with the ledger: it says so once, nobody waits long, and it goes on by itself when it can."""

from __future__ import annotations

import asyncio
import logging
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.ledger import Ask, AsyncLedger, Ledger, LedgerFailure
from tests.bot.ledger.postgres import Postgres
from tests.bot.ledger.records import ask_with

Opened = Callable[[str], AsyncLedger]


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    """Makes ledgers that are closed at the end."""
    made: list[AsyncLedger] = []

    def make(url: str) -> AsyncLedger:
        made.append(AsyncLedger(url))
        return made[-1]

    yield make
    for ledger in made:
        await ledger.close()


async def record(ledger: AsyncLedger) -> Ask:
    ask = ask_with()
    await ledger.attempt(lambda it: it.asks.record(ask), None)
    return ask


async def knows(ledger: AsyncLedger, ask: Ask) -> bool:
    return await ledger.run(lambda it: it.asks.get(ask.id), patience=60) == ask


async def test_a_file_that_is_deleted_is_begun_anew(opened: Opened, tmp_path: Path) -> None:
    ledger = opened(f"sqlite:///{tmp_path / 'ledger.db'}")
    first, second = ask_with(), ask_with()
    await ledger.run(lambda it: it.asks.record(first), patience=60)
    for file in list(tmp_path.iterdir()):  # noqa: ASYNC240 - nobody else runs
        file.unlink()
    await ledger.run(lambda it: it.asks.record(second))

    assert (False, True) == (await knows(ledger, first), await knows(ledger, second))
    with Ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as other:
        assert second == other.asks.get(second.id)


@pytest.mark.parametrize("size", [5, 200_000])
async def test_a_damaged_file_is_told_and_left_as_it_is(opened: Opened, tmp_path: Path, size: int) -> None:
    (tmp_path / "ledger.db").write_bytes(b"junk!" * (size // 5))
    ledger = opened(f"sqlite:///{tmp_path / 'ledger.db'}")
    await record(ledger)
    with pytest.raises(LedgerFailure, match="Move it away"):
        await ledger.run(lambda it: it.open())

    assert b"junk!" * (size // 5) == (tmp_path / "ledger.db").read_bytes()


async def test_a_file_that_may_not_be_written_is_still_read(opened: Opened, tmp_path: Path) -> None:
    first = ask_with()
    with Ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as writable:
        writable.asks.record(first)
    ledger = opened(f"sqlite:///file:{tmp_path / 'ledger.db'}?mode=ro&uri=true")
    second = ask_with()
    with pytest.raises(LedgerFailure, match="may not be written"):
        await ledger.run(lambda it: it.asks.record(second), patience=60)

    assert (True, False) == (await knows(ledger, first), await knows(ledger, second))


async def test_a_place_where_nothing_can_be_written_is_told(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    ledger = opened("sqlite:////proc/nowhere/ledger.db")
    for _ in range(3):
        await record(ledger)
    with pytest.raises(LedgerFailure, match="cannot be opened"):
        await ledger.run(lambda it: it.open())

    assert 1 == sum(line.levelno == logging.WARNING for line in caplog.records), "once a minute is enough"
    assert 3 == ledger.failed


async def test_nobody_waits_for_a_ledger_that_another_program_holds(opened: Opened, tmp_path: Path) -> None:
    ledger = opened(f"sqlite:///{tmp_path / 'ledger.db'}")
    await ledger.open()
    holder = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    begun = time.monotonic()
    first = await record(ledger)
    waited = time.monotonic() - begun
    begun = time.monotonic()
    later = [await record(ledger) for _ in range(20)]
    waited_later = time.monotonic() - begun
    holder.execute("COMMIT")
    holder.close()

    assert waited < 2
    assert waited_later < 1, "once it hangs, nobody waits at all"
    assert await knows(ledger, later[-1]), "what waited is written when the ledger comes back"
    assert first.id


async def test_calls_that_wait_for_a_ledger_that_hangs_are_not_piled_up(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ledger.threaded.LIMIT", 20)
    ledger = opened(f"sqlite:///{tmp_path / 'ledger.db'}")
    await ledger.open()
    holder = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    calls = [asyncio.ensure_future(ledger.attempt(lambda it: it.asks.get("x"), None)) for _ in range(25)]
    await asyncio.sleep(0)
    with pytest.raises(LedgerFailure, match="too many"):
        await ledger.run(lambda it: it.asks.get("x"))
    holder.close()

    assert [None] * 25 == await asyncio.gather(*calls)


async def test_a_bug_in_a_call_costs_nothing_but_is_seen(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    ledger = opened("sqlite://")

    assert 7 == await ledger.attempt(lambda it: 1 // 0, 7)
    assert "ZeroDivisionError" in caplog.text
    with pytest.raises(ZeroDivisionError):
        await ledger.run(lambda it: 1 // 0)
    assert 8 == await ledger.attempt(lambda it: it.asks.shown("x", 2**80) or 1, 8)


async def test_postgresql_that_goes_and_comes_back_is_used_again(
    opened: Opened, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.ledger.database.PAUSE", 0.0)
    ledger = opened(postgres.emptied())
    first, lost, last = ask_with(), ask_with(), ask_with()
    await ledger.run(lambda it: it.asks.record(first), patience=60)
    postgres.stop()
    try:
        with pytest.raises(LedgerFailure, match=r"cannot be used: .*\[ledger\] url"):
            await ledger.run(lambda it: it.asks.record(lost), patience=60)
    finally:
        postgres.start()
    await ledger.run(lambda it: it.asks.record(last), patience=60)

    assert [True, False, True] == [await knows(ledger, ask) for ask in (first, lost, last)]


async def test_postgresql_that_never_answers_holds_up_nobody(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ledger = opened(f"postgresql://footnote:s3cret@127.0.0.1:{silent.getsockname()[1]}/ledger")
        begun = time.monotonic()
        for _ in range(5):
            await record(ledger)
        waited = time.monotonic() - begun
        with pytest.raises(LedgerFailure, match=r"did not answer|cannot be used"):
            await ledger.run(lambda it: it.open())

    assert waited < 2
    assert "s3cret" not in caplog.text
