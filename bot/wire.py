"""Which server the bot connects to: Discord's own, or any other that speaks the same protocol."""

from __future__ import annotations

import logging

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

log = logging.getLogger(__name__)

# Discord's own, as discord.py has them.
API = Route.BASE
GATEWAY = DiscordWebSocket.DEFAULT_GATEWAY


def connect_to(api: str = "", gateway: str = "") -> None:
    """Have every bot of this process connect to a server.

    Args:
        api: What every path of the REST API follows, such as "http://127.0.0.1:8080/api/v10"; without a path of its own
            it is "/api/v10", as Discord's; empty for Discord's own.
        gateway: The gateway's address, without a query; empty for Discord's own, or, where `api` is given, for the one
            that the API names (see `find_gateway`).
    """
    Route.BASE = rest_of(api)
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway) if gateway else GATEWAY
    if api or gateway:
        log.info("Discord is at %s, its gateway at %s.", Route.BASE, gateway or "the address that it names")


def rest_of(api: str) -> str:
    """Return what every path of the REST API follows; see `connect_to`."""
    base = api.rstrip("/")
    if base and not yarl.URL(base).path.strip("/"):
        base += yarl.URL(API).path
    return base or API


async def find_gateway(client: discord.Client) -> None:
    """Ask a server other than Discord's own for its gateway, unless that is known.

    Raises:
        discord.GatewayNotFound: It does not tell.
    """
    if API == Route.BASE or GATEWAY != DiscordWebSocket.DEFAULT_GATEWAY:
        return
    _, address, _ = await client.http.get_bot_gateway()
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
