"""What becomes of the connection to Discord, for the figures and the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from discord.ext import commands

if TYPE_CHECKING:
    from bot.client import FootnoteBot

log = logging.getLogger(__name__)


class ConnectionCog(commands.Cog):
    """Counts how often the connection is made, lost and taken up again."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        """Let the figures tell of this bot."""
        self.bot.metrics.watch_bot(self.bot)

    @commands.Cog.listener()
    async def on_connect(self) -> None:
        """Count a connection that was made."""
        self.bot.metrics.gateway("connect")

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Count a connection that was lost; discord.py makes another by itself."""
        self.bot.metrics.gateway("disconnect")
        if not self.bot.closing:
            log.warning("The connection to Discord is lost; it is made again.")

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Count that everything has been told anew."""
        self.bot.metrics.gateway("ready")

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Count a connection that was taken up where it was lost."""
        self.bot.metrics.gateway("resumed")
        log.info("The connection to Discord is back; nothing was missed.")
