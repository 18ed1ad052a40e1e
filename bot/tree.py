"""The commands: none is taken while the bot stops, and none fails without a word."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.problems import explain

if TYPE_CHECKING:
    from bot.client import FootnoteBot

log = logging.getLogger(__name__)


class CommandTree(app_commands.CommandTree["FootnoteBot"]):
    """The commands; none is taken while the bot shuts down, and none fails without a word."""

    async def interaction_check(self, interaction: discord.Interaction[FootnoteBot], /) -> bool:
        """Turn commands away while the bot shuts down."""
        bot = interaction.client
        if bot.closing and interaction.type is discord.InteractionType.application_command:
            await interaction.response.send_message(bot.texts_for(interaction).text("problem.closing"), ephemeral=True)
        return not bot.closing

    async def on_error(
        self, interaction: discord.Interaction[FootnoteBot], error: app_commands.AppCommandError, /
    ) -> None:
        """Tell whoever gave a command that it failed."""
        prompts = interaction.client.texts_for(interaction)
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            # Somebody's Discord still shows what another version has registered.
            log.warning("%s", error)
            sentence = prompts.text("problem.outdated")
        else:
            sentence = explain(getattr(error, "original", error), prompts)
        if interaction.type is discord.InteractionType.autocomplete:
            return
        # The interaction may be what is broken: then the log has to do.
        with contextlib.suppress(discord.HTTPException):
            if interaction.response.is_done():
                await interaction.followup.send(sentence, ephemeral=True)
            else:
                await interaction.response.send_message(sentence, ephemeral=True)
