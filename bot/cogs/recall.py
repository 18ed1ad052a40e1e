"""Which answer a button stands under: looked up in the ledger, for whoever may see it where the button was pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.buttons import read_ask_button
from bot.ledger import Ask, LedgerFailure
from bot.refusal import Refused

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ledger


async def recall_ask(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> Ask:
    """Return the ask that a button is about.

    Whatever is wrong, the same is said: an id that was made up tells nothing of what others have asked.

    Raises:
        Refused: It is not known, was asked elsewhere, or its answer is only for somebody else; or the ledger is broken.
    """
    named = read_ask_button(custom_id)

    def look(ledger: Ledger) -> Ask | None:
        ask = ledger.asks.get(named[0]) if named else None
        if ask is None or not stands_here(ask, interaction):
            return None
        return ask if not ask.private or ledger.asks.is_by(ask, interaction.user.id) else None

    try:
        ask = await interaction.client.ledger.run(look)
    except LedgerFailure:
        raise Refused("press.unavailable") from None
    if ask is None:
        raise Refused("press.unknown")
    return ask


def stands_here(ask: Ask, interaction: discord.Interaction[FootnoteBot]) -> bool:
    """Return whether an ask was made where a button was pressed: in the same channel, or in a thread of it."""
    channel = interaction.channel
    here = {interaction.channel_id, channel.parent_id if isinstance(channel, discord.Thread) else None}
    return ask.guild == interaction.guild_id and ask.channel in here
