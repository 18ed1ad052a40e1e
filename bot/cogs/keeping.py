"""How long things are kept: what is old is deleted, and what is of a server that the bot has left."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.cogs.regularly import Regularly
from bot.ledger import LedgerFailure

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ledger

log = logging.getLogger(__name__)

# Seconds between two looks for what is too old, and until the first, by when the bot is at its work.
BETWEEN = 6 * 3_600.0
FIRST = 60.0
# Seconds that deleting may take; nobody waits for it.
PATIENCE = 120.0


class KeepingCog(commands.Cog):
    """Deletes what is kept no longer."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._job = Regularly(self.expire, "Deleting what is too old", first=FIRST, between=BETWEEN)

    async def cog_load(self) -> None:
        """Begin to look now and then for what is too old."""
        if self.bot.retention_days:
            self._job.start()

    async def cog_unload(self) -> None:
        """Look no more."""
        await self._job.stop()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Note which servers the bot is on; delete what is kept of those that it has been removed from meanwhile."""
        # Servers that Discord cannot reach just now are among them.
        present, application = [guild.id for guild in self.bot.guilds], self.bot.application_id or 0

        def compare(ledger: Ledger) -> list[int]:
            for guild in present:
                ledger.guilds.joined(guild, application)
            return ledger.guilds.left(present, application)

        nowhere: list[int] = []
        for guild in await self.bot.ledger.attempt(compare, nowhere, patience=PATIENCE):
            await self._forget(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note that the bot is on another server."""
        application = self.bot.application_id or 0
        await self.bot.ledger.attempt(lambda ledger: ledger.guilds.joined(guild.id, application), otherwise=False)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Delete what is kept of a server that the bot has been removed from."""
        await self._forget(guild.id)

    async def expire(self) -> int:
        """Delete what is too old, and return how many entries that were.

        Raises:
            LedgerFailure: They cannot be deleted.
        """
        before = datetime.now(UTC) - timedelta(days=self.bot.retention_days)
        count = await self.bot.ledger.run(lambda ledger: ledger.members.expire(before), patience=PATIENCE)
        if count:
            log.info("Deleted %d entries that were older than %d days.", count, self.bot.retention_days)
        return count

    async def _forget(self, guild: int) -> None:
        self.bot.desk.forget()
        try:
            count = await self.bot.ledger.run(lambda ledger: ledger.guilds.forget(guild), patience=PATIENCE)
        except LedgerFailure as error:
            # The next start finds that the bot is not on it any more.
            log.warning("What is kept of server %d could not be deleted: %s", guild, error)
        else:
            log.info("Left server %d; %d asks and all that was set there are deleted.", guild, count)
