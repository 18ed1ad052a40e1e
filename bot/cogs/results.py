"""What else was found for a question: paged through, and each passage shown whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import discord

from bot.buttons import read_ask_button
from bot.cogs.passages import passage_of
from bot.cogs.recall import recall_ask
from bot.cogs.views import answer_press
from bot.cogs.visits import visit_of
from bot.message import Rendered
from bot.model import Question
from bot.prompts import Prompts
from bot.reading import further
from bot.render_results import render_results

if TYPE_CHECKING:
    from bot.client import FootnoteBot


async def show_results(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Show the first page to whoever wants more."""
    await answer_press(interaction, lambda prompts: _page(interaction, custom_id, prompts))


async def turn_page(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Show another page in the place of this one."""
    await answer_press(interaction, lambda prompts: _page(interaction, custom_id, prompts), in_place=True)


async def show_chosen(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Show the passage that was chosen from a page."""
    data: Any = interaction.data or {}
    values = data.get("values") or [""]

    async def reply(prompts: Prompts) -> Rendered | str:
        await recall_ask(interaction, custom_id)
        return await passage_of(interaction, str(values[0]), prompts)

    await answer_press(interaction, reply)


async def _page(interaction: discord.Interaction[FootnoteBot], custom_id: str, prompts: Prompts) -> Rendered:
    bot = interaction.client
    ask = await recall_ask(interaction, custom_id)
    named = read_ask_button(custom_id)
    page = named[1] if named else 0
    asked = Question(ask.understood or ask.question, filter=ask.filter)
    asked = await bot.desk.read(asked, visit_of(interaction, "again"))
    quoted = {cited.passage_id for cited in ask.citations}
    results = await bot.asker.look(lambda index: further(asked.text, asked.filter, quoted, page, index))
    return render_results(ask.question, ask.id, results, date.today(), prompts, bot.links)
