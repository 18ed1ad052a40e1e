"""The button by which a member shows an answer that only they see to everybody."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import discord

from bot.cogs.asking import made_public
from bot.cogs.standing import view_without
from bot.cogs.views import answer_press
from bot.markup import bare, plain
from bot.message import LONGEST_LABEL, MOST_ROWS, Button, Rendered
from bot.prompts import Prompts

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ask, Ledger

SHARE = "fn:a:share:"
_SHARE = re.compile(rf"{SHARE}([a-z2-7]{{12}})")
# Room for a member's name, in characters.
LONGEST_NAME = 60


def with_share_button(message: Rendered, ask_id: str, prompts: Prompts) -> Rendered:
    """Return an answer that only its asker sees with the button that shows it to everybody."""
    rows = [button.row for button in message.buttons] + ([message.menu.row] if message.menu else [])
    label = bare(prompts.text("share.button"), LONGEST_LABEL)
    button = Button(label, SHARE + ask_id, row=min(max(rows, default=-1) + 1, MOST_ROWS - 1))
    return replace(message, buttons=(*message.buttons, button))


async def share(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Show an answer to everybody, once, if it is its asker who wants that."""
    await answer_press(interaction, lambda prompts: _share(interaction, custom_id, prompts), shows_itself=True)


async def _share(interaction: discord.Interaction[FootnoteBot], custom_id: str, prompts: Prompts) -> str | None:
    """Show the answer to everybody; return why not if it cannot be."""
    ledger, message = interaction.client.ledger, interaction.message
    found = _SHARE.fullmatch(custom_id)
    if found is None or message is None or not message.embeds:
        return prompts.text("share.forged")
    ask_id = found[1]

    def own(ledger: Ledger) -> Ask | None:
        ask = ledger.asks.get(ask_id)
        return ask if ask and ledger.asks.is_by(ask, interaction.user.id) else None

    ask = await ledger.run(own)
    here = (interaction.guild_id, interaction.channel_id)
    # What is shown is what this message holds: it must be ours, the one for this ask, and seen by its asker alone.
    if (
        ask is None
        or (ask.guild, ask.channel) != here
        or interaction.client.user is None
        or message.author.id != interaction.client.user.id
        or not message.flags.ephemeral
        or (ask.private and ask.message != message.id)
    ):
        return prompts.text("share.forged")
    # Marked first, so that of two presses only one is taken.
    if not await ledger.run(lambda ledger: ledger.asks.share(ask_id, message.id)):
        return prompts.text("share.done")
    said = prompts.text("share.by", member=plain(interaction.user.display_name, LONGEST_NAME))
    view = view_without(message, SHARE)
    try:
        sent = await interaction.followup.send(said, embeds=message.embeds, view=view, wait=True)
    except Exception:
        # Nobody else has seen it, so it is as private as before.
        await ledger.attempt(lambda ledger: ledger.asks.record(ask), None)
        raise
    note = partial(made_public, guild=interaction.guild_id, member=interaction.user.id)
    await ledger.attempt(lambda ledger: note(ledger, ask_id, message.id, sent.id), None)
    await interaction.edit_original_response(view=view)
    return None
