"""The bot in a browser: the very same bot, on a Discord that is simulated on this machine."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import discord

from bot.ask import AsyncAsker
from bot.catalogues import Catalogues
from bot.client import FootnoteBot
from bot.embeds import embed_of
from bot.render import render_help
from index import Summary

if TYPE_CHECKING:
    from simcord import ChannelHandle, Env, MemberActor, Preview

# The publisher of the sample articles: where it is, the sample questions can be answered.
SAMPLE_PUBLISHER = "The Harbour Post"

# Seconds that the page waits for an answer; a slow machine with a long queue needs more than the simulation's own five.
PATIENCE = 120.0
# How many ports are tried, from the one that was asked for, before any free one is taken.
PORTS_TRIED = 20
LAST_PORT = 65_535


class DemoUnavailable(Exception):
    """The demo cannot run; the message says why and what to do."""


async def run_demo(
    asker: AsyncAsker,
    catalogues: Catalogues,
    *,
    port: int,
    on_ready: Callable[[str], None],
    beside: Callable[[FootnoteBot], Sequence[AbstractAsyncContextManager[object]]] = lambda _: (),
) -> None:
    """Serve the demo until it is cancelled or ended in the page.

    Args:
        asker: Opened or not; it is closed at the end.
        catalogues: The bot's texts.
        port: Where the page is served on this machine; if it is taken, the next free one. 0 takes any.
        on_ready: Called once with the page's address. Whoever has the address can use the page.
        beside: Returns what else runs for as long as the bot does.

    Raises:
        DemoUnavailable: What the demo needs is not installed, or the port may not be opened.
        IndexFailure: There is no index to answer from.
    """
    try:
        await _serve(FootnoteBot(asker, catalogues), port, on_ready, beside)
    finally:
        await asker.close()


async def _serve(
    bot: FootnoteBot,
    port: int,
    on_ready: Callable[[str], None],
    beside: Callable[[FootnoteBot], Sequence[AbstractAsyncContextManager[object]]],
) -> None:
    try:
        import simcord
    except ImportError as error:
        raise _not_installed(error) from error
    # What fails inside the bot is told in the page and in the log.
    async with simcord.run(bot, settle_timeout=PATIENCE, check_errors=False) as env, AsyncExitStack() as stack:
        for context in beside(bot):
            await stack.enter_async_context(context)
        channel, visitor = await _furnish(env, bot)
        page = await _open_page(stack, env, channel, visitor, port)
        await _welcome(env, channel, visitor, bot, await bot.asker.open())
        on_ready(page.url)
        await page.wait_closed()


async def _furnish(env: Env, bot: FootnoteBot) -> tuple[ChannelHandle, MemberActor]:
    """Make a server with one channel and one member, as of now."""
    # Set, not advanced: what the bot does every minute would be done for each minute of the months in between.
    env.backend.clock.advance(max(0.0, (datetime.now(UTC) - env.now()).total_seconds()))
    await cast(discord.ClientUser, bot.user).edit(username="Footnote")
    server = env.create_guild("Footnote demo")
    channel = server.create_text_channel("articles", topic=f"/ask – {bot.prompts.text('command.ask')}")
    return channel, server.add_member(env.create_user("you"))


async def _welcome(env: Env, channel: ChannelHandle, visitor: MemberActor, bot: FootnoteBot, summary: Summary) -> None:
    """Put into the channel what can be asked, and one answer where the sample articles are there to give it."""
    room = bot.get_partial_messageable(channel.id)
    if SAMPLE_PUBLISHER not in summary.sources:
        await room.send(embed=embed_of(render_help(summary, bot.prompts)))
        await env.settle()
        return
    await room.send(bot.prompts.welcome())
    await visitor.slash(channel, "ask", question=bot.prompts.sample_questions()[0])


async def _open_page(
    stack: AsyncExitStack, env: Env, channel: ChannelHandle, visitor: MemberActor, port: int
) -> Preview:
    """Open the page on the first free port from `port` on."""
    from simcord import SetupError

    candidates = [*range(port, min(port + PORTS_TRIED, LAST_PORT + 1)), 0] if port else [0]
    for candidate in candidates:
        try:
            return await stack.enter_async_context(
                env.preview(channel, viewers=[visitor], layout="channel", port=candidate)
            )
        except SetupError as error:
            if not isinstance(error.__cause__, OSError):
                raise _not_installed(error) from error
            if error.__cause__.errno != errno.EADDRINUSE:
                reason = os.strerror(error.__cause__.errno or 0)
                raise DemoUnavailable(
                    f"Port {candidate} cannot be opened: {reason}. Choose another with --port."
                ) from error
    raise DemoUnavailable("No port is free on this machine.")


def _not_installed(error: Exception) -> DemoUnavailable:
    return DemoUnavailable(f'The demo needs more than the bot does ({error}). Install it: pip install "footnote[demo]"')
