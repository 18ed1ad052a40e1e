"""An answer arrives also where Discord does not take it as it was to be given, or the log says that it did not."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from tests.e2e.conftest import FOUND, World, embed_of, quotes_of


def where(world: World) -> list[str]:
    """Return the requests by which messages were sent or edited, last ones last."""
    return [f"{r.method} {r.path}" for r in world.env.http_requests if r.path.endswith(("/messages", "@original"))]


@pytest.mark.parametrize(("status", "code"), [(404, 10008), (403, 50013), (400, 50035), (500, 0)])
async def test_where_what_was_promised_cannot_be_edited_the_answer_follows_up(
    world: World, status: int, code: int
) -> None:
    world.env.inject_error("PATCH", "/webhooks/*/messages/@original", status=status, code=code, times=None)
    await world.ask()

    assert any(FOUND in quote for quote in quotes_of(embed_of(world.channel.last_message)))


async def test_where_an_interaction_is_gone_the_answer_is_written_into_the_channel(world: World) -> None:
    world.env.inject_error("*", "/webhooks/*", status=404, code=10015, times=None)
    await world.ask()

    assert any(FOUND in quote for quote in quotes_of(embed_of(world.channel.last_message)))
    assert where(world)[-1].startswith("POST /channels/")


async def test_after_fourteen_minutes_nothing_is_tried_with_the_interaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cogs.delivery.TOKEN_LASTS", timedelta(seconds=-1))
    before = len(where(world))
    await world.ask()

    assert any(FOUND in quote for quote in quotes_of(embed_of(world.channel.last_message)))
    assert ["POST"] == [request.partition(" ")[0] for request in where(world)[before:]]


async def test_an_answer_for_its_asker_alone_comes_to_nobody_else_whatever_fails(world: World) -> None:
    answered = (await world.ask()).response
    ask_again = await world.alice.click(answered, label="Ask again")
    assert ask_again.followups
    await world.bot.ledger.run(lambda ledger: _make_private(ledger, answered))
    world.env.inject_error("*", "/webhooks/*", status=404, code=10015, times=None)
    last = world.channel.last_message.id
    await world.alice.click(answered, label="Ask again")

    assert last == world.channel.last_message.id
    assert any(FOUND in quote for quote in quotes_of(embed_of(world.alice.user.dm_channel.last_message)))


@pytest.mark.simcord(check_errors=False)
async def test_an_answer_that_cannot_be_given_in_any_way_is_told_of_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.env.inject_error("*", "/webhooks/*", status=404, code=10015, times=None)
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    await world.ask()

    assert any("is lost" in record.message and record.levelno == logging.ERROR for record in caplog.records)


def _make_private(ledger: object, answered: object) -> None:
    from dataclasses import replace

    from bot.ledger import Ledger
    from tests.e2e.test_discord_reading import ask_id_of

    assert isinstance(ledger, Ledger)
    ask = ledger.asks.get(ask_id_of(answered))
    assert ask
    ledger.asks.record(replace(ask, private=True))
