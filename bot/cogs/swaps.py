"""What follows when another index comes into force: nothing is kept any more of the articles that are gone with it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.cogs.regularly import Regularly
from bot.ledger import LedgerFailure
from index import IndexFailure, Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.client import FootnoteBot

log = logging.getLogger(__name__)

# Seconds after which it is looked once more: an answer that was under way at the swap has been put on record by then.
ONCE_MORE = 150.0
# Seconds that blanking quotes may take; nobody waits for it.
PATIENCE = 120.0


class SwapsCog(commands.Cog):
    """Forgets what came from articles that are gone."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._end: Callable[[], None] | None = None
        self._looking: set[asyncio.Task[None]] = set()
        # Looks that are still to come, of which one is at once.
        self._left = 0
        self._job = Regularly(self._look_once_more, "Forgetting what is gone", first=ONCE_MORE, between=ONCE_MORE)

    async def cog_load(self) -> None:
        """Hear of every index that comes into force; the one that is by now may have come while nobody listened."""
        self._end = self.bot.asker.tell_of_swaps(self._swapped)
        self._job.start()
        if self.bot.searched:
            self._swapped(self.bot.searched)

    async def cog_unload(self) -> None:
        """Hear of it no more."""
        if self._end:
            self._end()
        await self._job.stop()
        await asyncio.gather(*self._looking, return_exceptions=True)

    async def look(self) -> int:
        """Blank what is on record of articles that are gone, and return how many quotes those were.

        Raises:
            LedgerFailure: It cannot be read or written.
            IndexFailure: There is no index.
        """
        ids = await asyncio.to_thread(self._present)
        count = await self.bot.ledger.run(lambda ledger: ledger.quotes.blank_gone(ids), patience=PATIENCE)
        if count:
            log.info("Blanked %d quotes in the ledger, of articles that are gone.", count)
        return count

    def _swapped(self, _: Summary) -> None:
        # Answers from memory are from the index before.
        self.bot.desk.forget()
        self._left = 2
        task = asyncio.create_task(self._look_at_once())
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    def _present(self) -> frozenset[str]:
        with self.bot.asker.serving.use() as held:
            return held.index.article_ids()

    async def _look_at_once(self) -> None:
        try:
            await self._look_once_more()
        except (LedgerFailure, IndexFailure) as error:
            log.warning("What is on record of articles that are gone is blanked later: %s", error)

    async def _look_once_more(self) -> None:
        if self._left:
            await self.look()
            self._left -= 1
