"""An application is served while its context lasts, and an address that cannot be had is told in a sentence."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web

from bot.web import WebUnavailable, serving


def _app() -> web.Application:
    async def hello(_: web.Request) -> web.Response:
        return web.Response(text="hello")

    app = web.Application()
    app.router.add_get("/", hello)
    return app


async def _read(address: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return await response.text()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_an_application_is_served_while_its_context_lasts(host: str) -> None:
    async with serving(_app(), host, 0) as address:
        assert address.startswith(f"http://{host}:")
        assert "hello" == await _read(address)

    with pytest.raises(aiohttp.ClientConnectorError):
        await _read(address)


async def test_a_taken_port_is_told_with_what_to_do() -> None:
    async with serving(_app(), "127.0.0.1", 0) as address:
        port = int(address.rpartition(":")[2])

        with pytest.raises(WebUnavailable, match=rf"127\.0\.0\.1 port {port}.*another host or port"):
            async with serving(_app(), "127.0.0.1", port):
                pass


async def test_a_foreign_address_is_told_with_what_to_do() -> None:
    with pytest.raises(WebUnavailable, match=r"192\.0\.2\.1 port 0"):
        async with serving(_app(), "192.0.2.1", 0):
            pass
