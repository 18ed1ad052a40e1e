"""The buttons that lead from a quote to its passage, and from a passage to the ones around it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import discord

from bot.buttons import QuoteId, check
from bot.cogs.recall import stands_here
from bot.cogs.views import answer_press
from bot.cogs.visits import visit_of
from bot.message import Rendered
from bot.prompts import Prompts
from bot.reading import Reading, find, read
from bot.render_passage import render_passage

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ask, Ledger


async def show_passage(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Show the passage that a quote stands in to whoever pressed its button."""
    await answer_press(interaction, lambda prompts: passage_of(interaction, custom_id, prompts))


async def walk(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Show the next passage, or the one before, where its button stands."""
    await answer_press(interaction, lambda prompts: passage_of(interaction, custom_id, prompts), in_place=True)


async def passage_of(interaction: discord.Interaction[FootnoteBot], custom_id: str, prompts: Prompts) -> Rendered | str:
    """Return the passage that an id names, or why there is none to show."""
    bot = interaction.client
    wanted = QuoteId.read(custom_id)
    if wanted is None:
        return prompts.text("passage.forged")
    reading = await bot.asker.look(lambda index: read(wanted, index)) or await _found_again(interaction, wanted)
    policy = await bot.desk.policy(visit_of(interaction, "again"))
    shown = {source.casefold() for source in policy.sources}
    # What may not be quoted here is not shown either, whoever made up a button for it.
    if reading is None or (shown and (reading.article.source or "").casefold() not in shown):
        return prompts.text("passage.gone")
    return render_passage(reading, prompts, today=date.today(), sought=wanted, links=bot.links)


async def _found_again(interaction: discord.Interaction[FootnoteBot], wanted: QuoteId) -> Reading | None:
    """Return where the quote of a passage that is gone stands now, if the answer it stood in is on record."""
    bot, message = interaction.client, interaction.message

    def look(ledger: Ledger) -> Ask | None:
        return ledger.asks.of_message(message.id) if message else None

    ask = await bot.ledger.attempt(look, None)
    if ask is None or not stands_here(ask, interaction):
        return None
    # Its words are the ones that the button was made for.
    of_button = [c for c in ask.citations if c.passage_id == wanted.passage and check(c.quote) == wanted.check]
    if not of_button:
        return None
    cited = of_button[0]
    return await bot.asker.look(lambda index: find(cited.article_id, cited.quote, cited.start, index))
