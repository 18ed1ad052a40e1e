"""Asks to record, and a look at everything a ledger holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import MetaData, create_engine

from bot.conversation import Turn
from bot.ledger import Ask, Cited, Ledger, new_ask_id
from index import Filter

APPLICATION = 900_000_000_000_000_001
GUILD, CHANNEL, ALICE, BOB = 4_611_686_018_427_387_904, 501, 700_000_000_000_000_077, 700_000_000_000_000_088
WHEN = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
CITED = Cited(
    1, "harbour-1", "A “title”", "https://example.org/1", "The Harbour Post", date(2026, 1, 2), "p1", "Found it.", 5, 14
)
TURN = Turn.of("Who led the inquiry?", ["Ada Lovelace led it."], [("harbour-1", "A title")], date(2026, 1, 2))


def ask_with(**changes: Any) -> Ask:
    values: dict[str, Any] = {
        "id": new_ask_id(),
        "at": WHEN,
        "guild": GUILD,
        "channel": CHANNEL,
        "member": str(ALICE),
        "surface": "command",
        "private": False,
        "question": "Where was it found?",
        "understood": "",
        "language": "en",
        "status": "answered",
        "confidence": 0.75,
        "answerer": "extract",
        "generation": "20261124-1",
        "milliseconds": 12.5,
        "citations": (CITED,),
        "filter": Filter(date(2026, 1, 1), None, ("The Harbour Post",)),
    }
    return Ask(**{**values, **changes})


def fill(ledger: Ledger, member: int = ALICE, guild: int = GUILD) -> Ask:
    """Keep something of every kind there is for a member on a server."""
    ask = ask_with(member=str(member), guild=guild, status="nothing")
    ledger.asks.record(ask)
    ledger.ratings.rate(ask.id, member, False, "Not what I meant.")
    ledger.settings.set(guild, None, "strictness", "strict")
    ledger.turns.remember(f"{CHANNEL}:{member}", (TURN,), guild=guild, member=member)
    ledger.wishes.wish(ask.id, member, CHANNEL, direct=True)
    ledger.digests.subscribe(guild, guild + 1, member)
    ledger.replies.take(member + 1, guild=guild, channel=CHANNEL, member=member)
    ledger.replies.answered(member + 1, member + 2, ask.id)
    ledger.guilds.joined(guild, APPLICATION)
    return ask


def cells(url: str) -> list[str]:
    """Return every value in every table, as text."""
    engine = create_engine(url)
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        rows = [row for table in found.sorted_tables for row in connection.execute(table.select())]
    engine.dispose()
    return [str(value) for row in rows for value in row]
