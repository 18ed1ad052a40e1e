"""A rendered message as the embed that discord.py sends."""

from __future__ import annotations

import discord

from bot.message import Rendered


def embed_of(message: Rendered) -> discord.Embed:
    """Return a message as an embed; its buttons are not part of it."""
    embed = discord.Embed(title=message.title, description=message.description, color=message.color, url=message.url)
    if message.footer:
        embed.set_footer(text=message.footer)
    return embed


def embeds_of(message: Rendered) -> list[discord.Embed]:
    """Return a message as embeds, with as much of what goes on below it as the same message takes."""
    return [embed_of(part) for part in (message, *message.rest[: message.together])]
