"""Which language somebody on Discord reads, and what the commands are called there."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.catalogues import Catalogues
from bot.prompts import Prompts


def locale_of(whom: discord.Interaction[Any] | discord.Message) -> str | None:
    """Return the locale of whoever did something; of a message, which does not tell, that of its server."""
    if isinstance(whom, discord.Message):
        return str(whom.guild.preferred_locale) if whom.guild else None
    return str(whom.locale)


class CommandTranslator(app_commands.Translator):
    """Names and describes the commands in the languages that there are texts in."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # discord.py's signature
    ) -> str | None:
        """Return a name or a description in `locale`; None where it is the same as the default."""
        prompts = self._catalogues.for_locale(str(locale))
        name = string.extras.get("text")
        text = prompts.text(name) if name else string.message
        return text if text != string.message else None


def described(name: str, prompts: Prompts) -> app_commands.locale_str:
    """Return a text that `CommandTranslator` finds again in other languages."""
    return app_commands.locale_str(prompts.text(name), text=name)


def named(name: str, text: str) -> app_commands.locale_str:
    """Return a name of a command or an option, by which it is known everywhere; others see what the text says."""
    return app_commands.locale_str(name, text=text)
