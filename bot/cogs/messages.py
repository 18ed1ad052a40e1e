"""Questions by message: by a mention, by a reply to the bot, and in direct messages."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.ask import read_question
from bot.cogs.asking import place_of, server_of
from bot.cogs.replies import Reply, may_embed, send, typing
from bot.cogs.visits import visit_of
from bot.problems import explain
from bot.render import render_answer

if TYPE_CHECKING:
    from bot.client import FootnoteBot

log = logging.getLogger(__name__)


class MessagesCog(commands.Cog):
    """Answers messages that are meant for the bot."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot."""
        if not self._is_for_us(message):
            return
        with self.bot.working():
            try:
                await self._reply(message)
            except discord.HTTPException as error:
                # Not allowed to speak here, or the message or its channel is gone: nobody is left to tell.
                log.warning("Cannot reply in channel %s: %s", message.channel.id, error)

    async def _reply(self, message: discord.Message) -> None:
        asking, prompts = self.bot.asking, self.bot.texts_for(message)
        if self.bot.closing:
            await send(message, prompts.text("problem.closing"))
            return
        if not may_embed(message):
            await send(message, prompts.text("problem.no_embeds"))
            return
        text = self._words(message)
        if not text:
            await send(message, prompts.text("help.empty"))
            return
        reply = Reply(message)
        async with typing(message.channel):
            place = place_of(message.channel, message.author)
            replied = message.reference.message_id if message.reference else None
            turns = asking.turns_of(replied) if replied else asking.turns(place)
            try:
                asked = read_question(text, language=prompts.language)
                asked = replace(asked, turns=turns, member=str(message.author.id), server=server_of(message.guild))
                served = await asking.answer(asked, visit_of(message, self._surface(message)), prompts, reply.show)
            except Exception as error:
                await reply.show(explain(error, prompts))
            else:
                sent = await reply.show(render_answer(served.answer, prompts, served.ask_id, links=self.bot.links))
                asking.remember(served.answer, sent.id, place)

    def _is_for_us(self, message: discord.Message) -> bool:
        if message.author.bot or message.webhook_id or self.bot.user is None:
            return False
        if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
            return False
        replied = message.reference.resolved if message.reference else None
        return (
            isinstance(message.channel, discord.DMChannel)
            or self.bot.user in message.mentions
            or (isinstance(replied, discord.Message) and replied.author == self.bot.user)
        )

    def _surface(self, message: discord.Message) -> str:
        if isinstance(message.channel, discord.DMChannel):
            return "direct"
        return "mention" if self.bot.user in message.mentions else "reply"

    def _words(self, message: discord.Message) -> str:
        """Return what a message says, without the mention of the bot and with other people's names written out."""
        text = message.content
        for person in message.mentions:
            name = " " if person == self.bot.user else person.display_name
            text = text.replace(f"<@{person.id}>", name).replace(f"<@!{person.id}>", name)
        return text.strip()
