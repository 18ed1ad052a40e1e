"""Who asks, and where: read from a message or an interaction."""

from __future__ import annotations

from typing import Any

import discord

from bot.desk import Visit


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
