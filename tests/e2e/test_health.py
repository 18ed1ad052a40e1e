"""Whoever runs the bot can ask over a socket whether it lives and is ready, and for its figures."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
from collections.abc import AsyncIterator
from types import SimpleNamespace

import aiohttp
import pytest
from simcord import Env

from bot.client import FootnoteBot
from bot.connect import serve
from bot.health import Readiness, health_app, heartbeat_is_recent, readiness_of, watched_from_outside
from bot.logs import start_log
from bot.metrics import Metrics
from bot.web import WebUnavailable, serving
from tests.bot.test_metrics import value
from tests.e2e.conftest import QUESTION, World
from tests.e2e.test_discord_connection import TOKEN, Server, client, server

__all__ = ["client", "server"]


async def _get(address: str, path: str, method: str = "GET") -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.request(method, address + path) as response:
        return response.status, await response.text()


@pytest.mark.parametrize("missing", [None, "discord", "heartbeat", "index"])
async def test_the_bot_is_ready_only_when_nothing_is_missing(missing: str | None) -> None:
    state = Readiness(**{name: name != missing for name in ("discord", "heartbeat", "index")})
    async with serving(health_app(lambda: state, Metrics()), "127.0.0.1", 0) as address:
        status, text = await _get(address, "/readyz")

        assert 503 if missing else status == 200
        assert f'"{missing}": false' in text or missing is None
        assert (200, '{"status": "ok"}') == await _get(address, "/healthz")


async def test_nothing_can_be_sent_and_nothing_else_is_served() -> None:
    async with serving(health_app(lambda: Readiness(True, True, True), Metrics()), "127.0.0.1", 0) as address:
        assert [405, 405, 404, 404] == [
            (await _get(address, path, method))[0]
            for path, method in (("/metrics", "POST"), ("/healthz", "DELETE"), ("/", "GET"), ("/../metrics/x", "GET"))
        ]


async def test_without_a_port_nothing_is_served() -> None:
    async with watched_from_outside(lambda: Readiness(True, True, True), Metrics(), "127.0.0.1", None) as address:
        assert address is None


def test_a_heartbeat_that_discord_has_not_answered_for_long_is_not_recent() -> None:
    keeper = SimpleNamespace(interval=40.0, _last_ack=1000.0)
    bot = SimpleNamespace(ws=SimpleNamespace(_keep_alive=keeper))

    assert heartbeat_is_recent(bot, lambda: 1090.0)  # type: ignore[arg-type]
    assert not heartbeat_is_recent(bot, lambda: 1110.0)  # type: ignore[arg-type]


async def test_a_bot_that_is_connected_and_has_an_index_is_ready_until_it_stops(
    server: Server, client: FootnoteBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.asynccontextmanager
    async def health() -> AsyncIterator[None]:
        async with watched_from_outside(lambda: readiness_of(client), client.metrics, "127.0.0.1", 0) as address:
            addresses.append(str(address))
            yield

    addresses: list[str] = []
    serving_bot = asyncio.create_task(serve(client, TOKEN, beside=[health()]))
    await asyncio.wait_for(server.ready.wait(), 20)
    await asyncio.wait_for(client.wait_until_ready(), 20)
    (address,) = addresses
    status, text = await _get(address, "/readyz")

    # Its home is empty, and it says so.
    assert (503, '{"status": "not ready", "discord": true, "heartbeat": true, "index": false}') == (status, text)

    held = SimpleNamespace(articles=1, passages=2, built_at="2026-01-31T12:00:00+00:00", generation="one")
    monkeypatch.setattr(FootnoteBot, "searched", held)

    assert 200 == (await _get(address, "/readyz"))[0]
    assert "footnote_discord_ready 1.0" in (await _get(address, "/metrics"))[1]

    client.closing = True

    assert 503 == (await _get(address, "/readyz"))[0]
    await client.close()
    await asyncio.wait_for(serving_bot, 20)
    with pytest.raises(aiohttp.ClientConnectorError):
        await _get(address, "/healthz")


async def test_a_taken_port_ends_the_start_in_a_sentence_and_leaves_nothing_open(
    server: Server, client: FootnoteBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watched_from_outside(lambda: readiness_of(client), client.metrics, "127.0.0.1", 0) as address:
        port = int(str(address).rpartition(":")[2])
        health = watched_from_outside(lambda: readiness_of(client), client.metrics, "127.0.0.1", port)

        with pytest.raises(WebUnavailable, match=str(port)):
            await serve(client, TOKEN, beside=[health])
    assert (0, True) == (server.attempts, client.is_closed())


@pytest.mark.simcord(settle_timeout=20)
async def test_an_ask_leaves_its_stages_among_the_figures(world: World, simcord_env: Env) -> None:
    metrics = world.bot.metrics
    stages = ("handle", "ask", "queue", "retrieve", "answer", "send")
    before = {stage: value(metrics, "stage_seconds_count", stage=stage) or 0 for stage in stages}
    await world.ask(QUESTION)

    assert {stage: count + 1 for stage, count in before.items()} == {
        stage: value(metrics, "stage_seconds_count", stage=stage) for stage in before
    }


@pytest.mark.simcord(settle_timeout=20)
async def test_the_log_and_the_ledger_name_an_ask_by_the_same_id(world: World, simcord_env: Env) -> None:
    stream = io.StringIO()
    handler = start_log("json", stream=stream)
    try:
        await world.ask(QUESTION)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.captureWarnings(False)
    (line,) = [told for told in map(json.loads, stream.getvalue().splitlines()) if told["logger"] == "bot.desk"]
    ask = await world.bot.ledger.run(lambda ledger: ledger.asks.get(line["ask"]))

    assert ask
    assert QUESTION == ask.question
    assert line["message"].startswith("answered (command, ")
    assert QUESTION not in stream.getvalue()
