"""A question asked again: the same words, today's articles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.ask import read_question
from bot.cogs.delivery import InteractionReply
from bot.cogs.recall import recall_ask
from bot.cogs.sharing import with_share_button
from bot.cogs.views import answer_press
from bot.cogs.visits import visit_of
from bot.prompts import Prompts
from bot.render import render_answer

if TYPE_CHECKING:
    from bot.client import FootnoteBot


async def ask_again(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Answer a question anew, below the old answer, and for the eyes that the old one is for."""
    await answer_press(interaction, lambda prompts: _answer(interaction, custom_id, prompts), shows_itself=True)


async def _answer(interaction: discord.Interaction[FootnoteBot], custom_id: str, prompts: Prompts) -> None:
    bot = interaction.client
    ask = await recall_ask(interaction, custom_id)
    # A follow-up is asked as it was understood: what was said before it may be forgotten.
    asked = read_question(ask.understood or ask.question, where=ask.filter, language=prompts.language)
    asked = replace(asked, member=str(interaction.user.id), server=str(interaction.guild_id or ""))
    note = prompts.text("press.asked_again", day=prompts.day(ask.at.date()))
    private = ask.private or (interaction.message is not None and interaction.message.flags.ephemeral)
    visit = visit_of(interaction, "again", private=private)
    reply = InteractionReply(interaction, private=private, below=True)
    served = await bot.asking.answer(asked, visit, prompts, reply.show)
    message = render_answer(served.answer, prompts, served.ask_id, note, links=bot.links)
    sent = await reply.show(with_share_button(message, served.ask_id, prompts) if private else message)
    await bot.asking.shown(served, visit, sent.id)
