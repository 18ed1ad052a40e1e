"""What members think of an answer, and whether they want to be told of a better one: kept in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord

from bot.buttons import Action, ask_button, read_ask_button
from bot.cogs.forms import KEPT, LONGEST_TITLE
from bot.cogs.recall import recall_ask
from bot.cogs.views import answer_press
from bot.ledger import LedgerFailure
from bot.markup import bare
from bot.prompts import Prompts
from bot.refusal import Refused

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ledger

# Discord's limit for what stands in an empty field.
LONGEST_HINT = 100
LONGEST_REASON = 1_000
_REASON = "reason"


async def take_helpful(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Keep that an answer was helpful."""
    await _rate(interaction, custom_id, "press.thanks", helpful=True)


async def ask_why(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Ask why an answer was not helpful.

    A form can only be the first that is said to a press, so which answer it is about is looked up when it comes back.
    """
    prompts = interaction.client.texts_for(interaction)
    named = read_ask_button(custom_id)
    if interaction.client.closing or named is None:
        name = "press.unknown" if named is None else "problem.closing"
        await interaction.response.send_message(prompts.text(name), ephemeral=True)
        return
    form = discord.ui.Modal(
        title=bare(prompts.text("press.why"), LONGEST_TITLE), custom_id=ask_button(Action.WHY, named[0]), timeout=KEPT
    )
    field: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
        custom_id=_REASON,
        style=discord.TextStyle.paragraph,
        placeholder=bare(prompts.text("press.why_hint"), LONGEST_HINT),
        required=False,
        max_length=LONGEST_REASON,
    )
    form.add_item(discord.ui.Label(text=bare(prompts.text("press.why_label"), LONGEST_TITLE), component=field))
    await interaction.response.send_modal(form)


async def take_reason(interaction: discord.Interaction[FootnoteBot], form: str, fields: Mapping[str, str]) -> None:
    """Keep why an answer was not helpful."""
    await _rate(interaction, form, "press.noted", helpful=False, reason=fields.get(_REASON, "")[:LONGEST_REASON])


async def take_wish(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Keep that somebody wants to be told once there is an answer, or take that back."""

    async def reply(prompts: Prompts) -> str:
        ask = await recall_ask(interaction, custom_id)
        member, channel = interaction.user.id, interaction.channel_id or 0
        # In a thread everybody who follows it is told; elsewhere a message in the channel would be lost on its member.
        direct = ask.private or not isinstance(interaction.channel, discord.Thread)

        def toggle(ledger: Ledger) -> bool:
            return not ledger.wishes.unwish(ask.id, member) and ledger.wishes.wish(ask.id, member, channel, direct)

        return prompts.text("press.wished" if await _written_down(interaction, toggle) else "press.unwished")

    await answer_press(interaction, reply)


async def _rate(
    interaction: discord.Interaction[FootnoteBot], custom_id: str, said: str, *, helpful: bool, reason: str = ""
) -> None:
    async def reply(prompts: Prompts) -> str:
        ask = await recall_ask(interaction, custom_id)
        member = interaction.user.id
        await _written_down(interaction, lambda ledger: ledger.ratings.rate(ask.id, member, helpful, reason))
        return prompts.text(said)

    await answer_press(interaction, reply)


async def _written_down(interaction: discord.Interaction[FootnoteBot], write: Any) -> bool:
    try:
        return bool(await interaction.client.ledger.run(write))
    except LedgerFailure:
        raise Refused("press.unavailable") from None
