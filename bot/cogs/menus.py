"""What is found in the menu of a message: "Ask about this", and "Find sources for this"."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ask import LONGEST_QUESTION, QuestionRefused, read_question
from bot.cogs.addressed import all_words_of
from bot.cogs.forms import about_form
from bot.cogs.interactions import answer_interaction
from bot.locale import named
from bot.problems import explain
from bot.question import asks

if TYPE_CHECKING:
    from bot.client import FootnoteBot

ASK_ABOUT = "Ask about this"
FIND_SOURCES = "Find sources for this"


class MenusCog(commands.Cog):
    """Takes messages of other people as questions, or as what is asked about; only the asker sees what comes of it."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._menus = (_menu(ASK_ABOUT, "name.ask_about", _ask_about), _menu(FIND_SOURCES, "name.find", _find_sources))

    async def cog_load(self) -> None:
        """Put the entries into the tree."""
        for menu in self._menus:
            self.bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take the entries out of the tree."""
        for menu in self._menus:
            self.bot.tree.remove_command(menu.name, type=menu.type)


def _menu(
    name: str, text: str, callback: Callable[[discord.Interaction[Any], discord.Message], Awaitable[None]]
) -> app_commands.ContextMenu:
    async def chosen(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await callback(interaction, message)

    menu = app_commands.ContextMenu(name=named(name, text), callback=chosen)
    menu.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
    menu.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
    return menu


async def _ask_about(interaction: discord.Interaction[FootnoteBot], message: discord.Message) -> None:
    """Answer a message that is a question; of another, have written what is asked about it."""
    prompts = interaction.client.texts_for(interaction)
    text = all_words_of(message, interaction.client.user)
    if not text:
        await interaction.response.send_message(prompts.text("menu.empty"), ephemeral=True)
        return
    if not asks(text):
        await interaction.response.send_modal(about_form(text, "", prompts))
        return
    try:
        asked = read_question(text, language=prompts.language)
    except QuestionRefused:
        # It is too long: its first words are, too.
        await interaction.response.send_modal(about_form(text, text[:LONGEST_QUESTION], prompts))
        return
    asked = replace(asked, foreign=message.author.id != interaction.user.id)
    await answer_interaction(interaction, asked, surface="menu", private=True, before=())


async def _find_sources(interaction: discord.Interaction[FootnoteBot], message: discord.Message) -> None:
    """Show what the articles say to what a message claims."""
    prompts = interaction.client.texts_for(interaction)
    text = all_words_of(message, interaction.client.user)
    try:
        # Only its first sentences are looked up in any case.
        claim = replace(read_question(text[:LONGEST_QUESTION], language=prompts.language), claim=True)
    except QuestionRefused as error:
        said = explain(error, prompts) if text else prompts.text("menu.empty")
        await interaction.response.send_message(said, ephemeral=True)
        return
    await answer_interaction(interaction, claim, surface="menu", private=True, before=())
