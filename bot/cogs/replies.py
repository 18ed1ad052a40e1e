"""Replies to messages on Discord: one that says it writes, one that grows, one below a message that is gone."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import discord

from bot.cogs.views import view_of
from bot.embeds import embeds_of
from bot.message import Rendered
from bot.stages import stage

log = logging.getLogger(__name__)

# Discord's own code: the bot may not read what has been written, so it may not reply to it either.
NO_HISTORY = 160002


class Reply:
    """The one message that answers another; written below it if that one has been deleted meanwhile.

    If it cannot be edited, because somebody has deleted it or Discord fails, it is written once more.
    """

    def __init__(self, message: discord.Message) -> None:
        self._message = message
        self._sent: discord.Message | None = None
        # What goes on below it.
        self._rest: list[Reply] = []

    async def show(self, reply: str | Rendered) -> discord.Message:
        """Send the reply, or put this in the place of what was sent."""
        with stage("send"):
            try:
                await self._edit(reply)
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                log.warning("A reply could not be edited, so it is written anew: %s", error)
                self._sent = None
            if self._sent is None:
                self._sent = await send(self._message, reply)
            sent = self._sent
        await self._show_rest(() if isinstance(reply, str) else reply.below)
        return sent

    async def _show_rest(self, rest: Sequence[Rendered]) -> None:
        while len(self._rest) < len(rest):
            self._rest.append(Reply(self._message))
        for part, below in zip(rest, self._rest, strict=False):
            await below.show(part)
        for below in self._rest[len(rest) :]:
            if below._sent is not None:
                with contextlib.suppress(discord.HTTPException):
                    await below._sent.delete()
        del self._rest[len(rest) :]

    async def _edit(self, reply: str | Rendered) -> None:
        if self._sent is not None and isinstance(reply, str):
            await self._sent.edit(content=reply, embeds=[], view=None)
        elif self._sent is not None and not isinstance(reply, str):
            await self._sent.edit(embeds=embeds_of(reply), view=view_of(reply))


async def send(message: discord.Message, reply: str | Rendered) -> discord.Message:
    """Reply to a message, or write below it if it has been deleted meanwhile or may not be replied to."""
    reference = message.to_reference(fail_if_not_exists=False)
    try:
        return await _write(message, reply, reference)
    except discord.Forbidden as error:
        if error.code != NO_HISTORY:
            raise
        return await _write(message, reply, None)


async def _write(
    message: discord.Message, reply: str | Rendered, reference: discord.MessageReference | None
) -> discord.Message:
    given: dict[str, Any] = {"reference": reference} if reference else {}
    if isinstance(reply, str):
        return await message.channel.send(reply, **given)
    return await message.channel.send(embeds=embeds_of(reply), view=view_of(reply), **given)


@contextlib.asynccontextmanager
async def typing(channel: discord.abc.Messageable) -> AsyncIterator[None]:
    """Show that an answer is being written; if that cannot be shown, it is written all the same."""
    async with contextlib.AsyncExitStack() as stack:
        with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, OSError):
            await stack.enter_async_context(channel.typing())
        yield


def may_embed(message: discord.Message) -> bool:
    """Return whether an answer may be shown where a message stands; where nobody can know, sending it will tell."""
    me = message.guild.me if message.guild else None
    # Of a channel that discord.py has not seen yet, it knows no permissions and says there are none.
    if me is None or isinstance(message.channel, discord.PartialMessageable):
        return True
    try:
        return message.channel.permissions_for(me).embed_links
    except discord.ClientException:  # a thread whose channel has not been seen yet
        return True
