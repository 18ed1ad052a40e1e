"""`/digest`: a channel is told of new articles, once a day at most."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.arrivals import Arrival, render_arrivals
from bot.cogs.regularly import Regularly, passes
from bot.cogs.views import answer_press
from bot.cogs.visits import parent_of
from bot.embeds import embed_of
from bot.ledger import LedgerFailure
from bot.ledger.digests import Digest
from bot.locale import described, named
from bot.problems import explain
from bot.prompts import Prompts

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from index import Index

log = logging.getLogger(__name__)

# Seconds between two looks for what is new, and until the first.
BETWEEN = 300.0
FIRST = 90.0
# What passes between two digests in one channel at least.
A_DAY = timedelta(hours=24)
# New articles that are looked up: a rebuild from other sources is no news in each of its thousands of articles.
MOST_LOOKED_UP = 500
# Discord's codes for a channel that is not there.
_UNKNOWN_CHANNEL = 10003


class DigestCog(commands.Cog):
    """Tells channels of new articles."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._group = _digest(bot)
        self._seen: str | None = None
        self._job = Regularly(self.look, "Telling channels of new articles", first=FIRST, between=BETWEEN)

    async def cog_load(self) -> None:
        """Put the commands into the tree, and begin to look for what is new."""
        self.bot.tree.add_command(self._group)
        self._job.start()

    async def cog_unload(self) -> None:
        """Take the commands out of the tree, and look no more."""
        self.bot.tree.remove_command(self._group.name)
        await self._job.stop()

    async def look(self, now: datetime | None = None) -> int:
        """Note what is new in the index, and tell the channels whose day is over; return how many were told.

        Args:
            now: The time it is; the machine's if None.

        Raises:
            LedgerFailure: The ledger cannot be read or written.
            IndexFailure: There is no index.
            Busy: There is too much to do already.
            TookTooLong: The index did not answer in time.
        """
        generation = await self.bot.asker.generation()
        if generation is None or self.bot.closing:
            return 0
        now = now or datetime.now(UTC)
        if generation != self._seen:
            await note_arrivals(self.bot, now)
            self._seen = generation
        digests = await self.bot.ledger.run(lambda ledger: ledger.digests.all())
        told = 0
        for digest in digests:
            if now - digest.until >= A_DAY:
                with self.bot.working():
                    told += await self._tell(digest, generation, now)
        return told

    async def _tell(self, digest: Digest, generation: str, now: datetime) -> bool:
        guild = self.bot.get_guild(digest.guild)
        if guild is None:
            return False  # not reached just now, or left
        ids = await self.bot.asker.look(lambda index: index.article_ids())
        new = await self.bot.ledger.run(lambda ledger: ledger.digests.new_since(digest.until, ids))
        parent = await parent_of(self.bot, digest.guild, digest.channel)
        policy = await self.bot.desk.policies.of(digest.guild, digest.channel, parent)
        found = await self.bot.asker.look(lambda index: _read(index, sorted(new)[:MOST_LOOKED_UP]))
        arrivals = [one for one in found if not policy.barred([one.source or ""])]
        if not arrivals:
            return False
        language = str(guild.preferred_locale) if policy.language == "auto" else policy.language
        prompts = self.bot.catalogues.for_locale(language)
        message = render_arrivals(arrivals, digest.until.date(), prompts, self._address)
        # Noted before it is done: whatever happens in between, nothing is told twice.
        await self.bot.ledger.run(lambda ledger: ledger.digests.sent(digest.channel, generation, now))
        try:
            room = self.bot.get_partial_messageable(digest.channel, guild_id=digest.guild)
            await room.send(embed=embed_of(message), nonce=_nonce(digest))
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            if passes(error):
                log.warning("Channel %d is told of new articles later: %s", digest.channel, error)
                before = (digest.channel, digest.generation, digest.until)
                await self.bot.ledger.run(lambda ledger: ledger.digests.sent(*before))
            elif isinstance(error, discord.HTTPException) and error.code == _UNKNOWN_CHANNEL:
                log.info("Channel %d is gone, and its digest with it.", digest.channel)
                await self.bot.ledger.run(lambda ledger: ledger.digests.unsubscribe(digest.channel))
            else:
                log.warning("Channel %d cannot be told of new articles: %s", digest.channel, error)
            return False
        return True

    def _address(self, arrival: Arrival, room: int) -> str | None:
        return self.bot.links.to(arrival.article_id, arrival.url, "", [], room)


def _nonce(digest: Digest) -> str:
    """Return that by which Discord knows that it has a digest's message already, if this is not the first attempt."""
    return hashlib.blake2b(f"{digest.channel} {digest.until.isoformat()}".encode(), digest_size=12).hexdigest()


async def note_arrivals(bot: FootnoteBot, now: datetime) -> None:
    """Note which articles the index holds: those that are not known yet have arrived now."""
    ids = await bot.asker.look(lambda index: index.article_ids())
    await bot.ledger.run(lambda ledger: ledger.digests.arrived(ids, now))


def _read(index: Index, ids: Sequence[str]) -> list[Arrival]:
    found = [article for name in ids if (article := index.article(name))]
    return [Arrival(one.id, one.title, one.url, one.source, one.published) for one in found]


def _digest(bot: FootnoteBot) -> app_commands.Group:
    group = app_commands.Group(
        name=named("digest", "name.digest"),
        description=described("command.digest", bot.prompts),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @group.command(name=named("on", "name.digest_on"), description=described("command.digest_on", bot.prompts))
    async def on(interaction: discord.Interaction[FootnoteBot]) -> None:
        await answer_press(interaction, lambda prompts: _subscribe(interaction, prompts))

    @group.command(name=named("off", "name.digest_off"), description=described("command.digest_off", bot.prompts))
    async def off(interaction: discord.Interaction[FootnoteBot]) -> None:
        await answer_press(interaction, lambda prompts: _unsubscribe(interaction, prompts))

    return group


async def _subscribe(interaction: discord.Interaction[FootnoteBot], prompts: Prompts) -> str:
    bot, guild, channel = interaction.client, interaction.guild_id, interaction.channel_id
    if guild is None or channel is None or not interaction.permissions.manage_guild:
        return prompts.text("gaps.not_allowed")
    mine = interaction.app_permissions
    may_send = mine.send_messages_in_threads if isinstance(interaction.channel, discord.Thread) else mine.send_messages
    if not (mine.view_channel and may_send and mine.embed_links):
        return prompts.text("digest.cannot")
    by = interaction.user.id
    try:
        # What is there already is no news.
        await note_arrivals(bot, datetime.now(UTC))
        new = await bot.ledger.run(lambda ledger: ledger.digests.subscribe(guild, channel, by))
    except LedgerFailure as error:
        explain(error, prompts)  # for the log
        return prompts.text("privacy.failed")
    return prompts.text("digest.on" if new else "digest.on_already")


async def _unsubscribe(interaction: discord.Interaction[FootnoteBot], prompts: Prompts) -> str:
    channel = interaction.channel_id
    if channel is None or not interaction.permissions.manage_guild:
        return prompts.text("gaps.not_allowed")
    try:
        ended = await interaction.client.ledger.run(lambda ledger: ledger.digests.unsubscribe(channel))
    except LedgerFailure as error:
        explain(error, prompts)  # for the log
        return prompts.text("privacy.failed")
    return prompts.text("digest.off" if ended else "digest.off_already")
