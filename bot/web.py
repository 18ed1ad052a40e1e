"""A web application on a socket for as long as it is needed: what the health checks and the article pages stand on."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

# Seconds that requests under way are given when the server closes.
PATIENCE = 2.0


class WebUnavailable(Exception):
    """Nothing can be served at an address; the message says where, why and what to do."""


@contextlib.asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Serve an application within this context, on the loop that runs.

    Requests are not logged: their paths and queries are whatever a visitor sends.

    Args:
        app: What answers; it can be served once.
        host: The address to listen on, such as 127.0.0.1 or ::1.
        port: The port to listen on; 0 takes any that is free.

    Yields:
        Its address without a slash at the end, such as http://127.0.0.1:8080.

    Raises:
        WebUnavailable: The address is taken, not allowed, or not one of this machine.
    """
    from aiohttp import web

    runner = web.AppRunner(app, access_log=None, shutdown_timeout=PATIENCE)
    try:
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            reason = error.strerror or str(error)
            raise WebUnavailable(
                f"Nothing can be served at {host} port {port}: {reason}. "
                "Choose another host or port in footnote.toml, or stop the program that has it."
            ) from None
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
