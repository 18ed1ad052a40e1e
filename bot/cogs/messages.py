"""Questions by message: by a mention, by a reply to the bot, in a thread of its own, and in direct messages."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord.ext import commands

from bot.ask import read_question
from bot.cogs.addressed import by_person, find_channel, surface_of, words_of
from bot.cogs.replies import Reply, may_embed, send, typing
from bot.cogs.threads import open_thread
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
        if not by_person(message):
            return
        surface = surface_of(message, self.bot)
        if surface is None:
            return
        with self.bot.working():
            if not await self.bot.asking.take(message):
                return
            try:
                await self._reply(message, surface)
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                # Not allowed to speak here, or the message or its channel is gone: nobody is left to tell.
                log.warning("Cannot reply in channel %s: %s", message.channel.id, error)

    async def _reply(self, message: discord.Message, surface: str) -> None:
        asking, prompts = self.bot.asking, self.bot.texts_for(message)
        if self.bot.closing:
            await send(message, prompts.text("problem.closing"))
            return
        if not may_embed(message):
            await send(message, prompts.text("problem.no_embeds"))
            return
        text = words_of(message, self.bot.user)
        if not text:
            await send(message, prompts.text("help.empty"))
            return
        reply = Reply(message)
        async with typing(message.channel):
            await find_channel(message, self.bot)
            visit = visit_of(message, surface)
            replied = message.reference.message_id if message.reference else None
            try:
                asked = read_question(text, language=prompts.language)
                asked = replace(asked, turns=await asking.turns(visit, replied))
                served = await asking.answer(asked, visit, prompts, reply.show)
            except Exception as error:
                await reply.show(explain(error, prompts))
                return
            sent = await reply.show(render_answer(served.answer, prompts, served.ask_id, links=self.bot.links))
        if not await asking.shown(served, visit, sent.id, message.id):
            await sent.edit(view=None)  # The question has been deleted meanwhile.
        # Nobody goes on from a greeting.
        if not served.answer.reply and (await self.bot.desk.policy(visit)).threads == "open":
            await open_thread(self.bot, message.channel, sent.id, asked.text, prompts)
