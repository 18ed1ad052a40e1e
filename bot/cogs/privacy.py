"""What a member may know and decide about what is stored: `/privacy`, `/my-data`, `/delete-my-data`."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.views import answer_press
from bot.ledger import LedgerFailure
from bot.locale import described
from bot.message import COLORS, Button, Rendered
from bot.model import Status
from bot.problems import explain
from bot.prompts import Prompts

if TYPE_CHECKING:
    from bot.client import FootnoteBot

# The id of the button that deletes; whoever presses it deletes what is theirs, so nothing need be said in it.
FORGET = "fn:a:forget:"
FILE_NAME = "footnote-my-data.json"
# Bytes of a file that Discord takes anywhere; what is longer is compressed, to about a tenth.
LARGEST_FILE = 8_000_000


class PrivacyCog(commands.Cog):
    """The commands about what is stored."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._commands = [_privacy(bot), _my_data(bot), _delete_my_data(bot)]

    async def cog_load(self) -> None:
        """Put the commands into the tree, and take in the button."""
        for command in self._commands:
            self.bot.tree.add_command(command)
        self.bot.handlers[FORGET] = forget

    async def cog_unload(self) -> None:
        """Take the commands out of the tree."""
        for command in self._commands:
            self.bot.tree.remove_command(command.name)


def told(bot: FootnoteBot, prompts: Prompts) -> Rendered:
    """Return the message that says what is stored, how, for how long, and what can be done about it."""
    who = "privacy.hashed" if bot.ledger.hashing else "privacy.by_id"
    days = bot.retention_days
    until = prompts.text("privacy.days", days=days) if days else prompts.text("privacy.forever")
    said = [prompts.text("privacy.stored"), prompts.text("privacy.only"), prompts.text(who), until]
    if bot.asker.generates:
        said.append(prompts.text("privacy.model"))
    return Rendered(
        title=prompts.text("privacy.title"),
        description="\n\n".join([*said, prompts.text("privacy.commands")]),
        color=COLORS[Status.ANSWERED],
    )


async def forget(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Delete everything that is stored about whoever pressed the button."""
    bot = interaction.client

    async def reply(prompts: Prompts) -> str:
        bot.desk.forget()
        try:
            count = await bot.ledger.run(lambda ledger: ledger.members.forget(interaction.user.id))
        except LedgerFailure as error:
            explain(error, prompts)  # for the log
            return prompts.text("privacy.failed")
        return prompts.text("privacy.deleted", count=count)

    await answer_press(interaction, reply)


def _privacy(bot: FootnoteBot) -> app_commands.Command[PrivacyCog, ..., None]:
    @app_commands.command(name="privacy", description=described("command.privacy", bot.prompts))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def privacy(interaction: discord.Interaction[FootnoteBot]) -> None:
        async def reply(prompts: Prompts) -> Rendered:
            return told(bot, prompts)

        await answer_press(interaction, reply)

    return privacy


def _my_data(bot: FootnoteBot) -> app_commands.Command[PrivacyCog, ..., None]:
    @app_commands.command(name="my-data", description=described("command.my_data", bot.prompts))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def my_data(interaction: discord.Interaction[FootnoteBot]) -> None:
        prompts = bot.texts_for(interaction)
        with bot.working():
            await interaction.response.defer(ephemeral=True, thinking=True)
            try:
                kept = await bot.ledger.run(lambda ledger: ledger.members.export(interaction.user.id))
            except LedgerFailure as error:
                explain(error, prompts)  # for the log
                await interaction.followup.send(prompts.text("privacy.failed"), ephemeral=True)
            else:
                await interaction.followup.send(prompts.text("privacy.file"), file=_file(kept), ephemeral=True)

    return my_data


def _delete_my_data(bot: FootnoteBot) -> app_commands.Command[PrivacyCog, ..., None]:
    @app_commands.command(name="delete-my-data", description=described("command.delete_my_data", bot.prompts))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def delete_my_data(interaction: discord.Interaction[FootnoteBot]) -> None:
        async def reply(prompts: Prompts) -> Rendered:
            button = Button(prompts.text("privacy.yes"), f"{FORGET}all")
            return Rendered("", prompts.text("privacy.ask"), color=COLORS[Status.RELATED], buttons=(button,))

        await answer_press(interaction, reply)

    return delete_my_data


def _file(kept: dict[str, object]) -> discord.File:
    content = json.dumps(kept, ensure_ascii=False, indent=2).encode("utf-8", "replace")
    if len(content) <= LARGEST_FILE:
        return discord.File(io.BytesIO(content), FILE_NAME)
    return discord.File(io.BytesIO(gzip.compress(content)), f"{FILE_NAME}.gz")
