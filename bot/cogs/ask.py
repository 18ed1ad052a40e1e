"""Questions in Discord: by `/ask`, by a mention, by a reply to the bot, and in direct messages."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.ask import LONGEST_QUESTION, QuestionRefused, read_question
from bot.cogs.passages import view_of
from bot.days import read_day
from bot.embeds import embed_of
from bot.markup import plain
from bot.model import Question
from bot.problems import explain
from bot.render import Rendered, render_answer, render_help
from index import Filter

if TYPE_CHECKING:
    from bot.client import FootnoteBot

log = logging.getLogger(__name__)

# Discord's limits for what is suggested while somebody types.
MOST_CHOICES = 25
LONGEST_CHOICE = 100

# Room for a foreign value inside a sentence, in characters.
LONGEST_VALUE = 100


class AskCog(commands.Cog):
    """Everything by which people ask."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._commands = (_ask_command(self), _help_command(self))

    async def cog_load(self) -> None:
        """Put the commands into the tree."""
        for command in self._commands:
            self.bot.tree.add_command(command)

    async def cog_unload(self) -> None:
        """Take the commands out of the tree."""
        for command in self._commands:
            self.bot.tree.remove_command(command.name)

    async def answer(self, question: Question) -> Rendered:
        """Return the message that answers a question.

        Raises:
            QuestionRefused: It asks for a publisher that there is not.
            Busy: Too many are waiting.
            IndexFailure: There is no index.
        """
        if question.filter.sources:
            known = {name.casefold() for name in (await self.bot.asker.summary()).sources}
            for source in question.filter.sources:
                if source.casefold() not in known:
                    raise QuestionRefused(self.bot.prompts.text("problem.unknown_source", source=_value(source)))
        answer = await self.bot.asker.ask(question)
        self.bot.searched = answer.searched
        return render_answer(answer, self.bot.prompts)

    async def help(self) -> Rendered:
        """Return the message that says what the bot does."""
        return render_help(self.bot.searched, self.bot.prompts)

    async def sources(self, typed: str) -> list[str]:
        """Return the publishers that may be meant by what has been typed, most articles first."""
        if self.bot.searched is None:
            self.bot.searched = await self.bot.asker.summary()
        names = (name for name in self.bot.searched.sources if typed.casefold().strip() in name.casefold())
        return [name for name in names if 0 < len(name) <= LONGEST_CHOICE][:MOST_CHOICES]

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that is meant for the bot."""
        if self.bot.closing or not self._is_for_us(message):
            return
        with self.bot.working():
            try:
                await self._reply(message)
            except discord.HTTPException as error:
                # Not allowed to speak here, or the message or its channel is gone: nobody is left to tell.
                log.warning("Cannot reply in channel %s: %s", message.channel.id, error)

    async def _reply(self, message: discord.Message) -> None:
        me = message.guild.me if message.guild else None
        if me and not message.channel.permissions_for(me).embed_links:
            await _send(message, self.bot.prompts.text("problem.no_embeds"))
            return
        text = self._words(message)
        if not text:
            await _send(message, self.bot.prompts.text("help.empty"))
            return
        async with message.channel.typing():
            try:
                answered = await self.answer(read_question(text))
            except Exception as error:
                await _send(message, explain(error, self.bot.prompts))
            else:
                await _send(message, answered)

    def _is_for_us(self, message: discord.Message) -> bool:
        if message.author.bot or message.webhook_id or self.bot.user is None:
            return False
        if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
            return False
        replied = message.reference.resolved if message.reference else None
        return (
            message.guild is None
            or self.bot.user in message.mentions
            or (isinstance(replied, discord.Message) and replied.author == self.bot.user)
        )

    def _words(self, message: discord.Message) -> str:
        """Return what a message says, without the mention of the bot and with other people's names written out."""
        text = message.content
        for person in message.mentions:
            name = " " if person == self.bot.user else person.display_name
            text = text.replace(f"<@{person.id}>", name).replace(f"<@!{person.id}>", name)
        return text.strip()


def _ask_command(cog: AskCog) -> app_commands.Command[AskCog, ..., None]:
    prompts = cog.bot.prompts

    @app_commands.command(name="ask", description=prompts.text("command.ask"))
    @app_commands.describe(
        question=prompts.text("command.ask_question"),
        since=prompts.text("command.ask_since"),
        until=prompts.text("command.ask_until"),
        source=prompts.text("command.ask_source"),
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, LONGEST_QUESTION],
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
    ) -> None:
        try:
            asked = read_question(question, where=_filter(cog.bot, since, until, source))
        except QuestionRefused as error:
            # Nothing has been said in public yet, so only the asker need know.
            await interaction.response.send_message(str(error), ephemeral=True)
            return
        await interaction.response.defer(thinking=True)
        with cog.bot.working():
            try:
                message = await cog.answer(asked)
            except Exception as error:
                await interaction.edit_original_response(content=explain(error, prompts))
            else:
                await interaction.edit_original_response(embed=embed_of(message), view=view_of(message))

    @ask.autocomplete("source")
    async def suggest(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        try:
            names = await cog.sources(typed)
        except Exception as error:
            # A list that stays empty hinders nobody; what is wrong is told when the question is asked.
            log.warning("No publishers to suggest: %s", error)
            return []
        return [app_commands.Choice(name=name, value=name) for name in names]

    return ask


def _help_command(cog: AskCog) -> app_commands.Command[AskCog, ..., None]:
    @app_commands.command(name="help", description=cog.bot.prompts.text("command.help"))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def show_help(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(embed=embed_of(await cog.help()), ephemeral=True)

    return show_help


def _filter(bot: FootnoteBot, since: str | None, until: str | None, source: str | None) -> Filter:
    first, last = _day(bot, "since", since), _day(bot, "until", until, last=True)
    if first and last and first > last:
        raise QuestionRefused(
            bot.prompts.text("problem.dates_swapped", since=first.isoformat(), until=last.isoformat())
        )
    named = source.strip() if source else ""
    return Filter(first, last, (named,) if named else ())


def _day(bot: FootnoteBot, option: str, value: str | None, *, last: bool = False) -> date | None:
    if value is None or not value.strip():
        return None
    today = date.today()
    try:
        return read_day(value, today, last=last)
    except ValueError:
        example = today.isoformat()
        raise QuestionRefused(
            bot.prompts.text("problem.bad_date", value=_value(value), option=option, example=example)
        ) from None


def _value(text: str) -> str:
    """Return what somebody typed, fit to be repeated inside a sentence."""
    return plain(text, LONGEST_VALUE)


async def _send(message: discord.Message, reply: str | Rendered) -> None:
    """Reply to a message, or write below it if it has been deleted meanwhile."""
    reference = message.to_reference(fail_if_not_exists=False)
    if isinstance(reply, str):
        await message.channel.send(reply, reference=reference)
    else:
        await message.channel.send(embed=embed_of(reply), view=view_of(reply), reference=reference)
