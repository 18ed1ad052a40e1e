"""Whether a message is meant for the bot, and what it says."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from bot.client import FootnoteBot

log = logging.getLogger(__name__)


def by_person(message: discord.Message) -> bool:
    """Return whether somebody wrote a message: no bot, no webhook, and not Discord itself."""
    written = message.type in {discord.MessageType.default, discord.MessageType.reply}
    return written and not message.author.bot and not message.webhook_id


def surface_of(message: discord.Message, bot: FootnoteBot) -> str | None:
    """Return how a message is addressed to the bot (see `bot.desk.Visit`); None if it is not."""
    me = bot.user
    if me is None:
        return None
    if isinstance(message.channel, discord.DMChannel):
        return "direct"
    if any(person.id == me.id for person in message.mentions):
        return "mention"
    if message.role_mentions and own_role(message) in message.role_mentions:
        return "mention"
    replied = message.reference.resolved if message.reference else None
    if isinstance(replied, discord.Message) and replied.author.id == me.id:
        return "reply"
    # In a thread that the bot has opened people talk to it, unless they turn to each other.
    own = isinstance(message.channel, discord.Thread) and message.channel.owner_id == me.id
    return "thread" if own and message.content and not turns_to_others(message) else None


def turns_to_others(message: discord.Message) -> bool:
    """Return whether a message answers or names other people."""
    return bool(message.reference or message.mentions or message.role_mentions or message.mention_everyone)


def own_role(message: discord.Message) -> discord.Role | None:
    """Return the role that Discord made for the bot on a server: it has its name, so people mention it as well."""
    return message.guild.self_role if message.guild else None


def words_of(message: discord.Message, me: discord.abc.User | None) -> str:
    """Return what a message says, without the mention of the bot and with other people's names written out."""
    text = message.content
    for person in message.mentions:
        name = " " if me is not None and person.id == me.id else person.display_name
        text = text.replace(f"<@{person.id}>", name).replace(f"<@!{person.id}>", name)
    if message.role_mentions and (role := own_role(message)):
        text = text.replace(f"<@&{role.id}>", " ")
    return text.strip()


def all_words_of(message: discord.Message, me: discord.abc.User | None) -> str:
    """Return what a message says, also if it only forwards another one, or is the card of a link or of another bot."""
    forwarded = [snapshot.content for snapshot in message.message_snapshots]
    cards = [f"{embed.title or ''}\n{embed.description or ''}" for embed in message.embeds]
    found = (text.strip() for text in (words_of(message, me), *forwarded, *cards))
    return next(filter(None, found), "")


async def find_channel(message: discord.Message, bot: FootnoteBot) -> None:
    """Look up the channel of a message, where it is a thread that discord.py has not been told of."""
    if message.guild is None or not isinstance(message.channel, discord.PartialMessageable):
        return
    try:
        found = await bot.fetch_channel(message.channel.id)
    except discord.HTTPException as error:
        log.info("The channel %s cannot be looked up: %s", message.channel.id, error)
        return
    if isinstance(found, discord.Thread | discord.TextChannel | discord.VoiceChannel | discord.StageChannel):
        message.channel = found
