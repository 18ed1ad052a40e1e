"""Who asks, and where: read from a message or an interaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.cogs.regularly import passes
from bot.desk import Visit

if TYPE_CHECKING:
    from bot.client import FootnoteBot


def visit_of(what: discord.Interaction[Any] | discord.Message, surface: str, *, private: bool = False) -> Visit:
    """Return the visit that a message or an interaction is; for `surface` and `private` see `Visit`."""
    person = what.author if isinstance(what, discord.Message) else what.user
    guild, channel, parent = place_of(what)
    return Visit(
        guild=guild,
        channel=channel,
        parent=parent,
        member=person.id,
        roles=frozenset(role.id for role in person.roles) if isinstance(person, discord.Member) else frozenset(),
        surface=surface,
        private=private,
    )


def place_of(what: discord.Interaction[Any] | discord.Message) -> tuple[int | None, int, int | None]:
    """Return ids of the server, the channel or thread, and, of a thread, the channel that it is in."""
    # Of a server that the app is not on, but somebody who installed it for themselves, only the id is known.
    guild = (what.guild.id if what.guild else None) if isinstance(what, discord.Message) else what.guild_id
    channel = what.channel
    return guild, channel.id if channel else 0, channel.parent_id if isinstance(channel, discord.Thread) else None


async def parent_of(bot: FootnoteBot, guild: int | None, channel: int) -> int | None:
    """Return the channel that a thread is in; None if it is no thread, or none that the bot can see.

    Raises:
        discord.HTTPException: Discord does not tell just now.
    """
    there = bot.get_guild(guild) if guild is not None else None
    found: object = there.get_channel_or_thread(channel) if there else None
    if there and not found:
        # A thread that is archived is not known by itself.
        try:
            found = await bot.fetch_channel(channel)
        except discord.HTTPException as error:
            if passes(error):
                raise
    return found.parent_id if isinstance(found, discord.Thread) else None
