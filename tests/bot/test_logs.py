"""The log tells which ask a line belongs to, is JSON where that is wanted, and never holds a secret."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp
import discord
import httpx
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.ask import AsyncAsker
from bot.ledger import new_ask_id
from bot.logs import MASK, Redaction, secrets_of, start_log
from bot.serving import Serving
from bot.settings import DiscordSection, GenerateSection, Settings
from bot.stages import asking, current_ask_id
from bot.web import serving
from index import IndexSettings

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
KEY = 'a/key+of=some"provider'
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5" * 4

Log = Callable[[str], io.StringIO]


@pytest.fixture
def log() -> Iterator[Log]:
    handlers: list[logging.Handler] = []
    root = logging.getLogger()
    before = root.level

    def start(style: str) -> io.StringIO:
        stream = io.StringIO()
        handlers.append(start_log(style, {TOKEN, KEY}, logging.DEBUG, stream))
        # Everything that these libraries would ever say.
        for name in ("discord", "httpx", "httpcore", "aiohttp"):
            logging.getLogger(name).setLevel(logging.DEBUG)
        return stream

    yield start
    for handler in handlers:
        root.removeHandler(handler)
    root.setLevel(before)
    logging.captureWarnings(False)
    for name in ("discord", "httpx", "httpcore", "aiohttp"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_every_line_of_an_ask_carries_its_id(log: Log) -> None:
    stream = log("text")
    logger = logging.getLogger("bot.test")
    with asking("abc234"):
        logger.info("within")
    logger.info("without")
    within, without = stream.getvalue().splitlines()

    assert within.endswith("INFO bot.test [abc234]: within")
    assert without.endswith("INFO bot.test: without")


async def test_the_id_goes_along_to_the_thread_that_answers_and_two_asks_at_once_keep_theirs() -> None:
    class Slow:
        serving = Serving(Path(), IndexSettings())

        def open(self) -> str:
            return current_ask_id()

        def close(self) -> None: ...

    asker = AsyncAsker(Slow())  # type: ignore[arg-type]

    async def ask(ask_id: str) -> str:
        with asking(ask_id):
            await asyncio.sleep(0)
            return str(await asker.open())

    ids = [new_ask_id() for _ in range(20)]

    assert ids == await asyncio.gather(*map(ask, ids))
    await asker.close()


def test_a_line_of_json_is_one_object_with_the_exception_inside(log: Log) -> None:
    stream = log("json")
    with asking("abc234"):
        try:
            raise ValueError("line one\nline two")
        except ValueError:
            logging.getLogger("bot.test").exception("It failed: %s", "“ä”\n")
    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)

    assert ("ERROR", "bot.test", "It failed: “ä”\n", "abc234", "ValueError") == tuple(
        told[name] for name in ("level", "logger", "message", "ask", "error")
    )
    assert "line one\nline two" in told["traceback"]


@pytest.mark.parametrize("style", ["text", "json"])
async def test_what_discord_py_and_httpx_log_at_their_most_talkative_holds_no_secret(log: Log, style: str) -> None:
    async def fail(request: web.Request) -> web.Response:
        body = {"message": f"no {request.headers['Authorization']}", "code": 0}
        return web.json_response(body, status=400, headers={"X-Key": KEY.replace('"', "")})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fail)
    stream = log(style)
    async with serving(app, "127.0.0.1", 0) as address:
        await _talk_as_discord_py(address)
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            await client.get(f"{address}/v1/{TOKEN}", params={"key": KEY})
    logging.getLogger("bot.test").warning("password of %s", "postgresql://footnote:hunter22@localhost/db")
    told = stream.getvalue()

    assert MASK in told
    assert "/webhooks/1/" in told
    assert "postgresql://footnote:" in told
    for secret in (TOKEN, KEY, json.dumps(KEY)[1:-1], INTERACTION, "hunter22", "key%2Bof"):
        assert secret not in told


async def _talk_as_discord_py(address: str) -> None:
    """Have the real client of Discord's REST API make requests that carry secrets, and log how they fail."""
    client = discord.Client(intents=discord.Intents.none())
    async with client:
        route = discord.http.Route
        base, route.BASE = route.BASE, address
        try:
            try:
                await client.http.static_login(TOKEN)
            except discord.HTTPException:
                logging.getLogger("bot.test").exception("Not let in")
            client.http.token = TOKEN
            try:
                await client.http.request(route("GET", f"/webhooks/1/{INTERACTION}/messages/@original"))
            except discord.HTTPException:
                logging.getLogger("bot.test").exception("No message")
            try:
                async with aiohttp.ClientSession() as session:
                    await session.get(f"http://127.0.0.1:1/interactions/1/{INTERACTION}/callback")
            except aiohttp.ClientError:
                logging.getLogger("bot.test").exception("http://127.0.0.1:1/interactions/1/%s/callback", INTERACTION)
        finally:
            route.BASE = base


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        "sk-proj-abcdefghijklmnop1234",
        "sk-ant-api03-abcdefghijklmnop",
        "Bearer abcdefghij.1234567890",
        "https://somebody:pass-word@host/path",
    ],
)
def test_what_looks_like_a_secret_is_masked_though_nobody_configured_it(secret: str) -> None:
    masked = Redaction()(f"before {secret} after")

    assert MASK in masked
    assert secret not in masked
    assert (masked.startswith("before "), masked.endswith(" after")) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "Ready as footnote#0000 in 3 servers.",
        "http://127.0.0.1:8080/readyz answered 200 at 12:30:45",
        "the bot understood a bearer of bad news",
        "user@example.org wrote to https://example.org/a:b/c@d",
        "2026-01-31 12:00:00,000 INFO discord.gateway: Shard ID None has connected to Gateway (Session ID: abc).",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert text == Redaction()(text)


@given(st.text(min_size=8, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_no_secret_survives_whatever_stands_around_it(secret: str, before: str, after: str) -> None:
    assert secret not in Redaction([secret])(before + secret + after).replace(MASK, "\0")


def test_every_secret_of_the_configuration_and_every_key_beside_it_is_known() -> None:
    settings = Settings(
        discord=DiscordSection(token=SecretStr(TOKEN)), generate=GenerateSection(api_key=SecretStr("key-of-a-provider"))
    )
    environment = {"OPENAI_API_KEY": "another-key", "MY_SECRET": "short", "HOME": "/home/footnote"}

    assert {TOKEN, "key-of-a-provider", "another-key"} == secrets_of(settings, environment)
