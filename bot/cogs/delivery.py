"""What is said to an interaction: where it was promised, and if that cannot be, by another way."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import aiohttp
import discord

from bot.cogs.views import view_of
from bot.embeds import embeds_of
from bot.message import Rendered
from bot.stages import stage

log = logging.getLogger(__name__)

# For how long an interaction can be answered: Discord takes 15 minutes, of which the last one may pass on the way.
TOKEN_LASTS = timedelta(minutes=14)
# Discord's own code.
ALREADY_ACKNOWLEDGED = 40060


async def acknowledge(interaction: discord.Interaction[Any], *, private: bool) -> None:
    """Say that there will be an answer; if Discord does not take that any more, there will be one all the same.

    Args:
        interaction: Not acknowledged yet.
        private: Nobody but the asker may see the answer.

    Raises:
        discord.HTTPException: It has been acknowledged already, so somebody else answers it.
    """
    try:
        await interaction.response.defer(thinking=True, ephemeral=private)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        if isinstance(error, discord.HTTPException) and error.code == ALREADY_ACKNOWLEDGED:
            raise
        log.warning("An interaction could not be acknowledged (%s), so its answer is given by another way.", error)


class InteractionReply:
    """The one answer to an interaction that has been acknowledged.

    It stands where the bot "is thinking"; if that message is gone or can no longer be edited, it comes as a follow-up,
    and if that is not to be either, as a message in the channel, or in a direct message if it is for the asker alone.
    """

    def __init__(self, interaction: discord.Interaction[Any], *, private: bool, below: bool = False) -> None:
        """Make it.

        Args:
            interaction: Acknowledged.
            private: Nobody but the asker may see the answer.
            below: It is to stand below the message that was acted on, not in its place.
        """
        self._interaction = interaction
        self._private = private
        self._below = below
        # Where it has come to stand, if not where it was promised.
        self._instead: discord.Message | None = None
        # What goes on below it.
        self._rest: list[InteractionReply] = []

    async def show(self, reply: str | Rendered) -> discord.Message:
        """Put this in the place of what has been said so far.

        Raises:
            discord.HTTPException: It cannot be said in any way.
        """
        with stage("send"):
            for way in (self._edit, self._follow_up, self._write):
                try:
                    shown = await way(reply)
                except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                    failure = error
                    log.warning("An answer could not be given by %s: %s", way.__name__.strip("_"), error)
                else:
                    await self._show_rest(() if isinstance(reply, str) else reply.below)
                    return shown
            log.error("An answer is lost: Discord took it in no way.")
            raise failure

    async def _show_rest(self, rest: Sequence[Rendered]) -> None:
        while len(self._rest) < len(rest):
            self._rest.append(InteractionReply(self._interaction, private=self._private, below=True))
        for part, reply in zip(rest, self._rest, strict=False):
            await reply.show(part)
        for reply in self._rest[len(rest) :]:
            await reply.take_back()
        del self._rest[len(rest) :]

    async def take_back(self) -> None:
        """Remove what was said below, if it can be."""
        if self._instead is not None:
            with contextlib.suppress(discord.HTTPException):
                await self._instead.delete()

    async def _edit(self, reply: str | Rendered) -> discord.Message:
        content, embeds, view = _parts(reply)
        if self._instead is not None:
            return await self._instead.edit(content=content, embeds=embeds, view=view)
        self._still_taken()
        if self._below:
            return await self._follow_up(reply)
        return await self._interaction.edit_original_response(content=content, embeds=embeds, view=view)

    async def _follow_up(self, reply: str | Rendered) -> discord.Message:
        self._still_taken()
        return await self._anew(reply, self._interaction.followup)

    async def _write(self, reply: str | Rendered) -> discord.Message:
        if self._private:
            return await self._anew(reply, self._interaction.user)
        if not isinstance(self._interaction.channel, discord.abc.Messageable):
            raise _NoSuchWay("the channel is not known")
        return await self._anew(reply, self._interaction.channel)

    async def _anew(self, reply: str | Rendered, to: discord.Webhook | discord.abc.Messageable) -> discord.Message:
        content, embeds, view = _parts(reply)
        given: dict[str, Any] = {
            name: part for name, part in {"content": content, "embeds": embeds, "view": view}.items() if part
        }
        if isinstance(to, discord.Webhook):
            self._instead = await to.send(**given, ephemeral=self._private, wait=True)
        else:
            self._instead = await to.send(**given)
        return self._instead

    def _still_taken(self) -> None:
        if discord.utils.utcnow() - self._interaction.created_at > TOKEN_LASTS:
            raise _NoSuchWay("the interaction is too old")


class _NoSuchWay(discord.DiscordException):
    """There is no use in trying it."""


def _parts(reply: str | Rendered) -> tuple[str | None, list[discord.Embed], discord.ui.View | None]:
    if isinstance(reply, str):
        return reply, [], None
    return None, embeds_of(reply), view_of(reply)
