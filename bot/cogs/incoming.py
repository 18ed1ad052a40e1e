"""Forms that were sent, and presses that discord.py would leave without an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.cogs.forms import fields_of
from bot.cogs.handlers import FORMS
from bot.cogs.views import refuse

if TYPE_CHECKING:
    from bot.client import FootnoteBot


class IncomingCog(commands.Cog):
    """Hands forms to whoever they are for, also those that were opened before a restart."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[FootnoteBot]) -> None:
        """Take a form; tell whoever used what is not there, or no longer, that it leads nowhere."""
        data: Mapping[str, Any] = interaction.data or {}
        custom_id = str(data.get("custom_id"))
        if interaction.type is discord.InteractionType.modal_submit:
            take = next((take for beginning, take in FORMS.items() if custom_id.startswith(beginning)), refuse)
            await take(interaction, custom_id, dict(fields_of(data.get("components", ()))))
        elif interaction.type is discord.InteractionType.component and not _stands(custom_id, interaction.message):
            await refuse(interaction)


def _stands(custom_id: str, message: discord.Message | None) -> bool:
    """Return whether a button or a menu stands under a message: only then discord.py has it taken."""
    items = discord.ui.View.from_message(message, timeout=None).children if message else []
    return any(getattr(item, "custom_id", None) == custom_id for item in items)
