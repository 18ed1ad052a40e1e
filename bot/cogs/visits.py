"""Who asks, and where: read from a message or an interaction."""

from __future__ import annotations

from typing import Any

import discord

from bot.desk import Visit


def visit_of(what: discord.Interaction[Any] | discord.Message, surface: str, *, private: bool = False) -> Visit:
    """Return the visit that a message or an interaction is; for `surface` and `private` see `Visit`."""
    person = what.author if isinstance(what, discord.Message) else what.user
    channel = what.channel
    return Visit(
        # Of a server that the app is not on, but somebody who installed it for themselves, only the id is known.
        guild=(what.guild.id if what.guild else None) if isinstance(what, discord.Message) else what.guild_id,
        channel=channel.id if channel else 0,
        parent=channel.parent_id if isinstance(channel, discord.Thread) else None,
        member=person.id,
        roles=frozenset(role.id for role in person.roles) if isinstance(person, discord.Member) else frozenset(),
        surface=surface,
        private=private,
    )
