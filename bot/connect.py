"""The bot connected to Discord: again and again until it is let in, and until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import re
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

import aiohttp
import discord

from bot.ask import Busy
from bot.client import FootnoteBot
from index import IndexFailure

log = logging.getLogger(__name__)

# Seconds between attempts to connect: the first, and the longest.
FIRST_DELAY = 1.0
LONGEST_DELAY = 60.0
# Seconds after which the thread that answers makes way for the one that speaks with Discord; Python's own are ten times
# as many, which adds up where hundreds ask at once and each has to be acknowledged within three seconds.
SWITCH = 0.0005


class DiscordFailure(Exception):
    """The bot cannot run on Discord; the message says why and what to do, and never holds the token."""


async def serve(
    bot: FootnoteBot,
    token: str,
    stop: asyncio.Event | None = None,
    *,
    beside: Sequence[AbstractAsyncContextManager[object]] = (),
    loaded: Callable[[], object] = lambda: None,
) -> None:
    """Run the bot until it is told to stop by SIGTERM or SIGINT; then let running questions finish.

    Args:
        bot: Not started yet.
        token: Its token.
        stop: Stops it as well, once it is set.
        beside: What else runs for as long as the bot does.
        loaded: Called once the index is.

    Raises:
        DiscordFailure: Discord does not let the bot in.
    """
    sys.setswitchinterval(SWITCH)
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Windows has no handlers on its loops; there, Ctrl-C ends the process.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    try:
        async with contextlib.AsyncExitStack() as stack:
            for context in beside:
                await stack.enter_async_context(context)
            await asyncio.gather(_open(bot, loaded), _run_until(stop, bot, token))
    finally:
        await bot.close()
        await bot.asker.close()
        await bot.ledger.close()


async def _open(bot: FootnoteBot, loaded: Callable[[], object]) -> None:
    """Load the index while Discord connects; without one the bot says so to whoever asks, until there is one."""
    try:
        await bot.asker.open()
        loaded()
    except (IndexFailure, Busy) as error:
        log.warning("No question can be answered yet: %s", error)


async def _run_until(stop: asyncio.Event, bot: FootnoteBot, token: str) -> None:
    connection = asyncio.create_task(_connect(bot, token))
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({connection, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not connection.done():
        log.info("Stopping.")
        await bot.drain()
        connection.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await connection


async def _connect(bot: FootnoteBot, token: str) -> None:
    refused = DiscordFailure(
        "Discord does not accept the token. Copy the bot's token again from "
        "https://discord.com/developers/applications (Bot, Reset Token) into DISCORD_TOKEN."
    )
    if not re.fullmatch(r"[!-~]+", token.strip()):
        # It could not even be sent.
        raise refused
    delay = FIRST_DELAY
    while True:
        try:
            async with bot:  # Makes it ready for another attempt, and closes it after this one.
                await bot.start(token)
        except discord.LoginFailure:
            raise refused from None
        except discord.PrivilegedIntentsRequired:
            raise DiscordFailure(
                "Discord refuses an intent that the bot asks for. Switch the Message Content Intent on at "
                "https://discord.com/developers/applications (Bot, Privileged Gateway Intents), or set "
                "message_content = false under [discord] in footnote.toml."
            ) from None
        except (OSError, aiohttp.ClientError, discord.DiscordException, AttributeError) as error:
            # discord.py raises AttributeError when the very first handshake with the gateway fails.
            if isinstance(error, AttributeError) and bot.ws is not None:
                raise
            reason = f"{type(error).__name__}: {error}"
            log.warning("No connection to Discord (%s). Next attempt in %.0f s.", reason, delay)
        else:
            return
        await asyncio.sleep(delay * random.uniform(0.8, 1.2))  # noqa: S311  # spreads load, guards nothing
        delay = min(delay * 2, LONGEST_DELAY)
        bot.clear()
        # A closed one is not replaced by discord.py itself.
        bot.http.connector = discord.utils.MISSING
