"""What a member may know and decide about what is stored: `/privacy`, `/my-data`, `/delete-my-data`."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.views import answer_press
from bot.ledger import Ask, LedgerFailure
from bot.limits import Limits, Rate
from bot.locale import described, named
from bot.message import COLORS, Button, Rendered
from bot.model import Status
from bot.problems import explain
from bot.prompts import Prompts
from bot.refusal import Refused

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ledger

# The id of the button that deletes; whoever presses it deletes what is theirs, so nothing need be said in it.
FORGET = "fn:a:forget:"
FILE_NAME = "footnote-my-data.json"
# Bytes of a file that Discord takes anywhere; what is longer is compressed, to about a tenth.
LARGEST_FILE = 8_000_000
# How often a member may have such a file: of many questions it takes seconds.
EXPORTS = {"member": Rate(3, 600)}
# Seconds that each part of it may take.
PATIENCE = 30.0


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
    said = [prompts.text("privacy.stored"), prompts.text("privacy.only"), prompts.text(who)]
    if bot.ledger.hashing:
        said.append(prompts.text("privacy.readable"))
    said.append(until)
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
    @app_commands.command(name=named("privacy", "name.privacy"), description=described("command.privacy", bot.prompts))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def privacy(interaction: discord.Interaction[FootnoteBot]) -> None:
        async def reply(prompts: Prompts) -> Rendered:
            return told(bot, prompts)

        await answer_press(interaction, reply)

    return privacy


def _my_data(bot: FootnoteBot) -> app_commands.Command[PrivacyCog, ..., None]:
    limits = Limits(EXPORTS, time.monotonic)

    @app_commands.command(name=named("my-data", "name.my_data"), description=described("command.my_data", bot.prompts))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def my_data(interaction: discord.Interaction[FootnoteBot]) -> None:
        prompts = bot.texts_for(interaction)
        with bot.working():
            await interaction.response.defer(ephemeral=True, thinking=True)
            reached = limits.take({"member": interaction.user.id})
            if reached:
                said = explain(Refused("desk.limit_member", reached.seconds), prompts)
                await interaction.followup.send(said, ephemeral=True)
                return
            try:
                file = await _export(bot, interaction.user.id)
            except LedgerFailure as error:
                explain(error, prompts)  # for the log
                await interaction.followup.send(prompts.text("privacy.failed"), ephemeral=True)
            else:
                await interaction.followup.send(prompts.text("privacy.file"), file=file, ephemeral=True)

    return my_data


def _delete_my_data(bot: FootnoteBot) -> app_commands.Command[PrivacyCog, ..., None]:
    @app_commands.command(
        name=named("delete-my-data", "name.delete_my_data"),
        description=described("command.delete_my_data", bot.prompts),
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def delete_my_data(interaction: discord.Interaction[FootnoteBot]) -> None:
        async def reply(prompts: Prompts) -> Rendered:
            button = Button(prompts.text("privacy.yes"), f"{FORGET}all")
            return Rendered("", prompts.text("privacy.ask"), color=COLORS[Status.RELATED], buttons=(button,))

        await answer_press(interaction, reply)

    return delete_my_data


async def _export(bot: FootnoteBot, member: int) -> discord.File:
    """Return the file of all that is stored about a member; others get their turn while it is read and written.

    Raises:
        LedgerFailure: It cannot be read.
    """
    rest = await bot.ledger.run(lambda ledger: ledger.members.export_rest(member), patience=PATIENCE)
    own: list[Ask] = []

    def read(ledger: Ledger) -> list[Ask]:
        return ledger.members.asks_of(member, own[-1].id if own else "")

    while page := await bot.ledger.run(read, patience=PATIENCE):
        own += page
    return await asyncio.to_thread(_file, rest, own)


def _file(rest: dict[str, Any], own: Sequence[Ask]) -> discord.File:
    from bot.ledger.members import exported

    content = json.dumps(exported(rest, own), ensure_ascii=False, indent=2).encode("utf-8", "replace")
    if len(content) <= LARGEST_FILE:
        return discord.File(io.BytesIO(content), FILE_NAME)
    return discord.File(io.BytesIO(gzip.compress(content)), f"{FILE_NAME}.gz")
