"""The buttons that lead from a quote to its passage, and from a passage to the ones around it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import discord

from bot.buttons import QuoteId, check
from bot.cogs.recall import stands_here
from bot.cogs.views import answer_press
from bot.cogs.visits import visit_of
from bot.corrections import changed_since
from bot.message import Rendered
from bot.prompts import Prompts
from bot.reading import Reading, find, read
from bot.render_passage import render_lost, render_passage

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ask, Cited, Ledger
    from index import Index, Version


async def show_passage(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Show the passage that a quote stands in to whoever pressed its button."""
    await answer_press(interaction, lambda prompts: passage_of(interaction, custom_id, prompts))


async def walk(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Show the next passage, or the one before, where its button stands."""
    await answer_press(interaction, lambda prompts: passage_of(interaction, custom_id, prompts), in_place=True)


async def passage_of(interaction: discord.Interaction[FootnoteBot], custom_id: str, prompts: Prompts) -> Rendered | str:
    """Return the passage that an id names, what is on record where it is gone, or why there is nothing to show."""
    bot = interaction.client
    wanted = QuoteId.read(custom_id)
    if wanted is None:
        return prompts.text("passage.forged")
    ask = await _answer_above(interaction)
    cited = _cited(ask, wanted)
    reading, versions = await bot.asker.look(lambda index: _look_up(wanted, cited, index))
    policy = await bot.desk.policy(visit_of(interaction, "again"))
    shown = {source.casefold() for source in policy.sources}
    source = reading.article.source if reading else cited.source if cited else None
    # What may not be quoted here is not shown either, whoever made up a button for it.
    if (reading is None and cited is None) or (shown and (source or "").casefold() not in shown):
        return prompts.text("passage.gone")
    at = ask.at if ask else interaction.message.created_at if interaction.message else None
    changed = changed_since(versions, at, ask.generation if ask else "") if at else None
    day = changed.date() if changed else None
    if reading is not None:
        return render_passage(reading, prompts, today=date.today(), sought=wanted, links=bot.links, changed=day)
    assert cited is not None  # noqa: S101  # one of them is there, which mypy does not see
    return render_lost(cited, prompts, removed=not versions, changed=day, links=bot.links)


def _look_up(wanted: QuoteId, cited: Cited | None, index: Index) -> tuple[Reading | None, Sequence[Version]]:
    """Return the passage that is wanted, or the one its quote stands in now, and the versions of the article."""
    reading = read(wanted, index)
    if reading is None and cited is not None:
        reading = find(cited.article_id, cited.quote, cited.start, index)
    name = reading.article.id if reading else cited.article_id if cited else None
    return reading, index.versions(name) if name is not None else ()


async def _answer_above(interaction: discord.Interaction[FootnoteBot]) -> Ask | None:
    """Return the ask whose answer the message with the button shows, if that is on record."""
    bot, message = interaction.client, interaction.message

    def look(ledger: Ledger) -> Ask | None:
        return ledger.asks.of_message(message.id) if message else None

    ask = await bot.ledger.attempt(look, None)
    return ask if ask is not None and stands_here(ask, interaction) else None


def _cited(ask: Ask | None, wanted: QuoteId) -> Cited | None:
    """Return the quote on record that a button was made for: its words are the same, unless they have been blanked."""
    of_button = (
        one
        for one in (ask.citations if ask else ())
        if one.passage_id == wanted.passage
        and (check(one.quote) == wanted.check or (not one.quote and one.start == wanted.start))
    )
    return next(of_button, None)
