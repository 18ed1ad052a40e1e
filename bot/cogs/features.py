"""All that the bot can do on Discord: one line for each feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.cogs.ask_command import AskCog
from bot.cogs.auto import AutoCog
from bot.cogs.connection import ConnectionCog
from bot.cogs.digest import DigestCog
from bot.cogs.edits import EditsCog
from bot.cogs.footnote_command import FootnoteCog
from bot.cogs.gaps import GapsCog
from bot.cogs.help_command import HelpCog
from bot.cogs.incoming import IncomingCog
from bot.cogs.keeping import KeepingCog
from bot.cogs.menus import MenusCog
from bot.cogs.messages import MessagesCog
from bot.cogs.privacy import PrivacyCog
from bot.cogs.swaps import SwapsCog
from bot.cogs.telling import TellingCog
from bot.cogs.welcome import WelcomeCog

if TYPE_CHECKING:
    from bot.client import FootnoteBot


def features(bot: FootnoteBot) -> list[commands.Cog]:
    """Return the cogs of a bot, which it has still to take in."""
    return [
        AskCog(bot),
        FootnoteCog(bot),
        MenusCog(bot),
        HelpCog(bot),
        MessagesCog(bot),
        AutoCog(bot),
        EditsCog(bot),
        WelcomeCog(bot),
        IncomingCog(bot),
        ConnectionCog(bot),
        SwapsCog(bot),
        KeepingCog(bot),
        PrivacyCog(bot),
        GapsCog(bot),
        TellingCog(bot),
        DigestCog(bot),
    ]
