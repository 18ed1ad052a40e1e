"""The first word on a server that the bot has been added to."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.markup import plain

if TYPE_CHECKING:
    from bot.client import FootnoteBot

log = logging.getLogger(__name__)


class WelcomeCog(commands.Cog):
    """Introduces the bot, once and in one short message."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._greeted: set[int] = set()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say what the bot does and how to ask it, where it may speak."""
        channel = first_channel(guild)
        if self.bot.closing or guild.id in self._greeted:
            return
        self._greeted.add(guild.id)
        if channel is None:
            log.info("Joined server %s, where there is no channel to say so in.", guild.id)
            return
        prompts = self.bot.catalogues.for_locale(str(guild.preferred_locale))
        with self.bot.working():
            examples = await self.bot.examples.some()
            said = [prompts.text("welcome.text")]
            if examples:
                said.append(prompts.text("welcome.example", question=plain(examples[0])))
            said.append(prompts.text("welcome.more"))
            try:
                await channel.send("\n".join(said), suppress_embeds=True)
            except discord.HTTPException as error:
                log.info("Joined server %s, and may not say so: %s", guild.id, error)


def first_channel(guild: discord.Guild) -> discord.TextChannel | None:
    """Return where a newcomer speaks: where the server greets its members, else wherever it may write."""
    ordered = sorted(guild.text_channels, key=lambda channel: (channel.position, channel.id))
    for channel in [guild.system_channel, *ordered]:
        if channel is not None:
            allowed = channel.permissions_for(guild.me)
            if allowed.view_channel and allowed.send_messages and not channel.is_news():
                return channel
    return None
