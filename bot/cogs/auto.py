"""Answers without being asked, in forums and channels that the server has named.

Only sure ones are given, each once, and only if nobody else has answered; to anything else the bot is silent.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.ask import LONGEST_QUESTION, QuestionRefused, read_question
from bot.cogs.addressed import by_person, find_channel, surface_of, turns_to_others, words_of
from bot.cogs.replies import may_embed
from bot.cogs.views import view_of
from bot.cogs.visits import visit_of
from bot.embeds import embed_of, embeds_of
from bot.model import Status
from bot.question import asks
from bot.render import render_answer

if TYPE_CHECKING:
    from bot.client import FootnoteBot

log = logging.getLogger(__name__)

# Messages after a question among which an answer of somebody else is looked for.
LOOKED_AT = 50


class AutoCog(commands.Cog):
    """Answers what nobody asked the bot, where the server wants that."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Say in the log what cannot be read."""
        if not self.bot.intents.message_content:
            log.info(
                "Messages are read where they mention the bot, reply to it or are sent to it directly. Channels that "
                "it is to answer in by itself, and threads, need more: set message_content = true under [discord] in "
                "footnote.toml, and switch the Message Content Intent on at "
                "https://discord.com/developers/applications, under Bot. Of forum posts it reads the titles without it."
            )

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a question that is not addressed to the bot, if it may and can; else say nothing."""
        if self.bot.closing or message.guild is None or not by_person(message) or surface_of(message, self.bot):
            return
        policy = await self.bot.desk.policy(visit_of(message, "auto"))
        if not policy.auto_answer:
            return
        await find_channel(message, self.bot)
        visit = visit_of(message, "auto")
        if not policy.answers_unasked_in(visit.channel, visit.parent):
            return
        text = _question(message, self.bot)
        if text is None:
            return
        with self.bot.working():
            if not await self.bot.asking.take(message):
                return
            try:
                await self._answer(message, text)
            except discord.HTTPException as error:
                # It may not speak here, or the question is gone.
                log.info("No answer by itself in channel %s: %s", message.channel.id, error)
            except Exception as error:
                # Nobody has asked the bot, so nobody is told.
                log.info("No answer by itself in channel %s: %s: %s", message.channel.id, type(error).__name__, error)

    async def _answer(self, message: discord.Message, text: str) -> None:
        prompts = self.bot.texts_for(message)
        visit = visit_of(message, "auto")
        try:
            asked = read_question(text[:LONGEST_QUESTION], language=prompts.language)
        except QuestionRefused:
            return
        served = await self.bot.asking.answer_at_once(asked, visit)
        # Talk, and what there is in the index as a whole, is nothing that people ask each other.
        if served.answer.status is not Status.ANSWERED or served.answer.reply:
            return
        if not may_embed(message) or await _answered_by_somebody(message):
            return
        reply = render_answer(served.answer, prompts, served.ask_id, links=self.bot.links)
        sent = await message.channel.send(
            prompts.text("auto.why"), embeds=embeds_of(reply), view=view_of(reply), reference=message.to_reference()
        )
        if not await self.bot.asking.shown(served, visit, sent.id, message.id):
            await sent.edit(view=None)
        for part in reply.below:
            await message.channel.send(embed=embed_of(part))


def _question(message: discord.Message, bot: FootnoteBot) -> str | None:
    """Return what a message asks everybody; None if it is no question, or for somebody else."""
    if turns_to_others(message):
        return None
    said, channel = words_of(message, bot.user), message.channel
    if isinstance(channel, discord.Thread) and isinstance(channel.parent, discord.ForumChannel):
        if message.id != channel.id:
            return None  # Not the post itself, but what people say to it.
        if asks(channel.name) or not said:
            return channel.name
        return said if asks(said) else f"{channel.name}. {said}"
    return said if asks(said) else None


async def _answered_by_somebody(message: discord.Message) -> bool:
    """Return whether somebody else seems to have answered already; also if that cannot be found out."""
    post = isinstance(message.channel, discord.Thread)
    try:
        async for later in message.channel.history(limit=LOOKED_AT, after=message, oldest_first=True):
            if not by_person(later) or later.author.id == message.author.id:
                continue
            to = later.reference.message_id if later.reference else None
            if to == message.id or (to is None and (post or not asks(later.content))):
                return True
    except discord.Forbidden:
        log.warning(
            "Channel %s: the permission Read Message History is needed to see whether somebody has answered already, "
            "so nothing is answered there by itself.",
            message.channel.id,
        )
        return True
    return False
