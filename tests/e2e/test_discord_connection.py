"""How the bot connects, goes on trying, and stops: real sockets, against a small Discord of our own."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
import yarl
from aiohttp import WSMsgType, web

import bot.connect
from bot.ask import Asker, AsyncAsker
from bot.catalogues import load_catalogues
from bot.client import FootnoteBot
from bot.connect import DiscordFailure, serve
from index import IndexSettings

TOKEN = "mfa.a-secret-token"
USER = {"id": "1", "username": "footnote", "discriminator": "0000", "avatar": None, "bot": True}


def _json(data: Any, status: int = 200) -> web.Response:
    """Answer as Discord does: its content type names no charset, and discord.py looks for just that."""
    return web.Response(body=json.dumps(data).encode(), status=status, content_type="application/json")


class Server:
    """Lets one token in, and keeps it connected; may fail the first handshakes with the gateway."""

    def __init__(self) -> None:
        self.failures = 0
        self.attempts = 0
        self.ready = asyncio.Event()
        self.app = web.Application()
        self.app.router.add_get("/api/users/@me", self.me)
        self.app.router.add_get("/api/oauth2/applications/@me", self.application)
        self.app.router.add_put("/api/applications/1/commands", self.commands)
        self.app.router.add_get("/gateway/", self.gateway)

    async def me(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != f"Bot {TOKEN}":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        return _json(USER)

    async def application(self, request: web.Request) -> web.Response:
        return _json(
            {
                "id": "1",
                "name": "f",
                "icon": None,
                "bot_require_code_grant": False,
                "description": "",
                "verify_key": "",
                "flags": 0,
                "owner": USER,
                "bot_public": True,
            }
        )

    async def commands(self, request: web.Request) -> web.Response:
        return _json([])

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        self.attempts += 1
        if self.attempts <= self.failures:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41_250}, "s": None, "t": None})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            operation = json.loads(message.data)["op"]
            if operation == 2:
                ready: dict[str, Any] = {
                    "v": 10,
                    "user": USER,
                    "guilds": [],
                    "session_id": "s",
                    "resume_gateway_url": "ws://127.0.0.1",
                    "application": {"id": "1", "flags": 0},
                }
                await socket.send_json({"op": 0, "d": ready, "s": 1, "t": "READY"})
                self.ready.set()
            elif operation == 1:
                await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
        return socket


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    server = Server()
    runner = web.AppRunner(server.app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    monkeypatch.setattr(discord.http.Route, "BASE", f"http://127.0.0.1:{port}/api")
    monkeypatch.setattr(
        discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"ws://127.0.0.1:{port}/gateway/")
    )
    monkeypatch.setattr(bot.connect, "FIRST_DELAY", 0.01)
    yield server
    await runner.cleanup()


@pytest.fixture
def client(tmp_path: Any) -> FootnoteBot:
    return FootnoteBot(AsyncAsker(Asker(tmp_path, IndexSettings())), load_catalogues())


@pytest.mark.parametrize("token", ["wrong-token", "wrong…token", "wrong\ntoken"])
async def test_a_bad_token_is_told_in_a_sentence_and_never_repeated(
    server: Server, client: FootnoteBot, caplog: pytest.LogCaptureFixture, token: str
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(DiscordFailure, match="does not accept the token") as caught:
        await serve(client, token)

    assert token not in str(caught.value)
    assert token not in caplog.text
    assert 0 == server.attempts


async def test_a_failed_first_handshake_is_tried_again_and_sigterm_ends_the_bot(
    server: Server, client: FootnoteBot
) -> None:
    server.failures = 2
    serving = asyncio.create_task(serve(client, TOKEN))
    await asyncio.wait_for(server.ready.wait(), 20)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(serving, 20)

    assert 3 == server.attempts
    assert client.closing
    assert client.is_closed()


async def test_a_running_question_is_finished_before_the_bot_stops(server: Server, client: FootnoteBot) -> None:
    serving = asyncio.create_task(serve(client, TOKEN))
    await asyncio.wait_for(server.ready.wait(), 20)
    with client.working():
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.2)

        assert client.closing
        assert not client.is_closed()
    await asyncio.wait_for(serving, 20)

    assert client.is_closed()
