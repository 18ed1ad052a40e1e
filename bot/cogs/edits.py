"""What becomes of an answer whose question is changed or deleted."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.ask import QuestionRefused, read_question
from bot.cogs.addressed import words_of
from bot.cogs.delivery import InteractionReply
from bot.cogs.standing import view_with
from bot.cogs.views import answer_press
from bot.cogs.visits import visit_of
from bot.markup import bare
from bot.message import LONGEST_LABEL, Button
from bot.prompts import Prompts
from bot.render import render_answer

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ask, Ledger
    from bot.ledger.replies import Replied

log = logging.getLogger(__name__)

EDITED = "fn:a:edited:"
_EDITED = re.compile(rf"{EDITED}([a-z2-7]{{12}})")


class EditsCog(commands.Cog):
    """Offers to ask an edited question again, and takes the buttons from the answer to a deleted one."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Offer to ask a question again that says something else now."""
        message = payload.message
        # Discord also tells of an edit when it has looked up a link.
        if self.bot.closing or message.edited_at is None or message.author.bot:
            return

        def known(ledger: Ledger) -> tuple[Replied, Ask] | None:
            replied = ledger.replies.of(message.id)
            ask = ledger.asks.get(replied.ask_id) if replied and replied.answer else None
            return (replied, ask) if replied and ask else None

        found = await self.bot.ledger.attempt(known, None)
        if found is None:
            return
        replied, ask = found
        try:
            asked = read_question(words_of(message, self.bot.user))
        except QuestionRefused:
            return  # There is nothing to ask.
        if asked.text == ask.question or replied.answer is None:
            return
        prompts = self.bot.catalogues.for_locale(ask.language)
        button = Button(bare(prompts.text("edited.button"), LONGEST_LABEL), EDITED + ask.id)
        room = self.bot.get_partial_messageable(replied.channel, guild_id=payload.guild_id)
        with contextlib.suppress(discord.HTTPException):  # The answer may be gone.
            answer = await room.fetch_message(replied.answer)
            view = view_with(answer, button)
            if view:
                await answer.edit(view=view)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take the buttons from the answer to a deleted question."""
        await self._deleted([payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Take the buttons from the answers to deleted questions."""
        await self._deleted(sorted(payload.message_ids))

    async def _deleted(self, questions: Sequence[int]) -> None:
        none: list[Replied] = []
        for replied in await self.bot.ledger.attempt(lambda ledger: ledger.replies.drop(questions), none):
            if replied.answer is None or replied.answer in questions:
                continue
            room = self.bot.get_partial_messageable(replied.channel)
            try:
                await room.get_partial_message(replied.answer).edit(view=None)
            except discord.HTTPException as error:
                log.info("The buttons of answer %s stay: %s", replied.answer, error)


async def ask_edited(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Ask an edited question again, if it is its author who wants that; the answer takes the place of the old one."""
    await answer_press(interaction, lambda prompts: _ask_edited(interaction, custom_id, prompts), shows_itself=True)


async def _ask_edited(interaction: discord.Interaction[FootnoteBot], custom_id: str, prompts: Prompts) -> str | None:
    """Answer anew; return why not if it cannot be."""
    bot, message = interaction.client, interaction.message
    found = _EDITED.fullmatch(custom_id)
    question = message.reference.message_id if message and message.reference else None
    if found is None or message is None or question is None:
        return prompts.text("edited.forged")

    def known(ledger: Ledger) -> tuple[Ask, bool] | None:
        ask, replied = ledger.asks.get(found[1]), ledger.replies.of(question)
        ours = ask and replied and replied.answer == message.id and replied.ask_id == ask.id
        return (ask, ledger.asks.is_by(ask, interaction.user.id)) if ask and ours else None

    asked_before = await bot.ledger.run(known)
    if asked_before is None or asked_before[0].guild != interaction.guild_id:
        return prompts.text("edited.forged")
    if not asked_before[1]:
        return prompts.text("edited.not_yours")
    try:
        original = await message.channel.fetch_message(question)
    except discord.NotFound:
        return prompts.text("edited.gone")
    visit = visit_of(interaction, "again")
    # What was said before it, without itself.
    turns = (await bot.asking.turns(visit, message.id))[:-1]
    asked = replace(read_question(words_of(original, bot.user), language=prompts.language), turns=turns)
    reply = InteractionReply(interaction, private=False)
    served = await bot.asking.answer(asked, visit, prompts, reply.show)
    sent = await reply.show(render_answer(served.answer, prompts, served.ask_id, links=bot.links))
    await bot.asking.shown(served, visit, sent.id, question)
    return None
