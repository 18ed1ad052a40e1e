"""Threads on answers: questions in them go on from what was said there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal

import discord

from bot.markup import bare
from bot.prompts import Prompts

if TYPE_CHECKING:
    from bot.client import FootnoteBot

log = logging.getLogger(__name__)

# Discord's limit is 100 characters.
LONGEST_NAME = 90
# Minutes of silence after which Discord puts a thread away.
ARCHIVED_AFTER: Literal[1440] = 1440


async def open_thread(bot: FootnoteBot, channel: object, message: int, question: str, prompts: Prompts) -> str | None:
    """Open a thread on an answer; its id is that of the message, so what was said is known in it.

    Args:
        bot: The bot.
        channel: Where the answer stands.
        message: The answer's id.
        question: What was asked, for the thread's name.
        prompts: The bot's texts, in the asker's language.

    Returns:
        Why there can be none, for the asker; None if there is one.
    """
    if not isinstance(channel, discord.TextChannel):
        return prompts.text("thread.not_here")
    allowed = channel.permissions_for(channel.guild.me)
    if not (allowed.create_public_threads and allowed.send_messages_in_threads):
        return prompts.text("thread.forbidden")
    name = bare(question, LONGEST_NAME) or prompts.text("answer.untitled")
    try:
        thread = await channel.get_partial_message(message).create_thread(
            name=name, auto_archive_duration=ARCHIVED_AFTER
        )
        how = "thread.write" if bot.intents.message_content else "thread.mention"
        await thread.send(prompts.text(how))
    except discord.HTTPException as error:
        log.warning("Cannot open a thread in channel %s: %s", channel.id, error)
        return prompts.text("thread.forbidden")
    return None
