"""The buttons that lead from a quote to its passage, and from a passage to the ones around it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import discord

from bot.buttons import QuoteId
from bot.cogs.views import answer_press
from bot.message import Rendered
from bot.prompts import Prompts
from bot.reading import read
from bot.render_passage import render_passage

if TYPE_CHECKING:
    from bot.client import FootnoteBot


async def show_passage(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Show the passage that a quote stands in to whoever pressed its button."""
    await answer_press(interaction, lambda prompts: _passage(interaction.client, custom_id, prompts))


async def walk(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Show the next passage, or the one before, where its button stands."""
    await answer_press(interaction, lambda prompts: _passage(interaction.client, custom_id, prompts), in_place=True)


async def _passage(bot: FootnoteBot, custom_id: str, prompts: Prompts) -> Rendered | str:
    """Return the passage, or why there is none to show."""
    wanted = QuoteId.read(custom_id)
    if wanted is None:
        return prompts.text("passage.forged")
    reading = await bot.asker.look(lambda index: read(wanted, index))
    if reading is None:
        return prompts.text("passage.gone")
    return render_passage(reading, prompts, today=date.today(), sought=wanted)
