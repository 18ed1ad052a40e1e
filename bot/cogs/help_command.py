"""`/help`: what the bot does and how it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.embeds import embed_of
from bot.locale import described, named
from bot.render import render_help

if TYPE_CHECKING:
    from bot.client import FootnoteBot


class HelpCog(commands.Cog):
    """Shows help to whoever asks for it."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._command = _help_command(bot)

    async def cog_load(self) -> None:
        """Put the command into the tree."""
        self.bot.tree.add_command(self._command)

    async def cog_unload(self) -> None:
        """Take the command out of the tree."""
        self.bot.tree.remove_command(self._command.name)


def _help_command(bot: FootnoteBot) -> app_commands.Command[HelpCog, ..., None]:
    @app_commands.command(name=named("help", "name.help"), description=described("command.help", bot.prompts))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def show_help(interaction: discord.Interaction[Any]) -> None:
        prompts = bot.texts_for(interaction)
        with bot.working():
            await interaction.response.defer(thinking=True, ephemeral=True)
            message = render_help(bot.searched, prompts, await bot.examples.some())
            await interaction.edit_original_response(embed=embed_of(message))

    return show_help
