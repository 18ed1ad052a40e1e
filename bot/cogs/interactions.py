"""An answer to an interaction: to a command, a menu or a form; shown to everybody, or to the asker alone."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.cogs.delivery import InteractionReply, acknowledge
from bot.cogs.sharing import with_share_button
from bot.cogs.threads import open_thread
from bot.cogs.visits import visit_of
from bot.conversation import Turn
from bot.desk import unknown
from bot.model import Question
from bot.problems import explain
from bot.render import render_answer

if TYPE_CHECKING:
    from bot.client import FootnoteBot

log = logging.getLogger(__name__)


async def answer_interaction(
    interaction: discord.Interaction[FootnoteBot],
    asked: Question,
    *,
    surface: str,
    private: bool = False,
    thread: bool = False,
    before: tuple[Turn, ...] | None = None,
) -> None:
    """Answer an interaction that has not been acknowledged yet.

    Args:
        interaction: What asked.
        asked: The question.
        surface: See `bot.desk.Visit`.
        private: Only the asker sees the answer, and may share it.
        thread: Open a thread on the answer, for questions that go on from it.
        before: What was said before, where that is not what was said in the same place.
    """
    bot = interaction.client
    prompts = bot.texts_for(interaction)
    # From before the acknowledgement on: what has been promised is kept.
    with bot.working():
        # A publisher that is not known is most likely mistyped, which only the asker need know.
        doubtful = bool(bot.searched and unknown(asked.filter.sources, bot.searched))
        private = private or doubtful
        await acknowledge(interaction, private=private)
        visit = visit_of(interaction, surface, private=private)
        reply = InteractionReply(interaction, private=private)
        try:
            turns = await bot.asking.turns(visit) if before is None else before
            served = await bot.asking.answer(replace(asked, turns=turns), visit, prompts, reply.show)
        except Exception as error:
            await reply.show(explain(error, prompts))
            return
        message = render_answer(served.answer, prompts, served.ask_id, links=bot.links)
        sent = await reply.show(with_share_button(message, served.ask_id, prompts) if private else message)
        await bot.asking.shown(served, visit, sent.id)
        policy = await bot.desk.policy(visit)
        # Nobody goes on from a greeting.
        if (thread or (policy.threads == "open" and not served.answer.reply)) and not private:
            trouble = await open_thread(bot, interaction.channel, sent.id, asked.text, prompts)
            if trouble and thread:
                await interaction.followup.send(trouble, ephemeral=True)
