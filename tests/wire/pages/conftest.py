"""The pages on a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest

from bot.links import DAY, Pages
from bot.pages.app import pages_app
from bot.web import serving
from index import Article
from tests.wire.pages.site import CATALOGUES, SECRET, Open, Site, find


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Open a site; everything is closed after the test."""
    async with aiohttp.ClientSession() as visitor, AsyncExitStack() as stack:

        async def open_site(
            secret: bytes | None = SECRET,
            days: int | None = None,
            look_up: Callable[[str], Awaitable[Article | None]] = find,
            clock: Callable[[], float] = lambda: 20_000.0 * DAY,
        ) -> Site:
            pages = Pages("", secret)
            app = pages_app(look_up, CATALOGUES, lambda: pages)
            address = await stack.enter_async_context(serving(app, "127.0.0.1", 0))
            pages = Pages(address, secret, days=days, clock=clock)
            return Site(address, pages, visitor)

        yield open_site


@pytest.fixture
async def site(opened: Open) -> Site:
    return await opened()
