"""Questions in Discord: by `/ask`, by a mention, by a reply to the bot, and in direct messages."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.ask import LONGEST_QUESTION, QuestionRefused, read_question
from bot.cogs.passages import view_of
from bot.cogs.replies import Reply, may_embed, send, typing
from bot.cogs.streaming import Growing
from bot.conversation import Turn, turn_of
from bot.days import read_day
from bot.embeds import embed_of
from bot.markup import clean, plain
from bot.memory import LAPSE, Memory
from bot.model import Answer, Question
from bot.problems import explain
from bot.prompts import Prompts
from bot.render import Rendered, render_answer, render_help
from index import Filter, Summary

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
        self._memory = Memory()
        self._commands = (_ask_command(self), _help_command(self))

    async def cog_load(self) -> None:
        """Put the commands into the tree."""
        for command in self._commands:
            self.bot.tree.add_command(command)

    async def cog_unload(self) -> None:
        """Take the commands out of the tree."""
        for command in self._commands:
            self.bot.tree.remove_command(command.name)

    async def answer(
        self, question: Question, prompts: Prompts, show: Callable[[Rendered], Awaitable[object]]
    ) -> Answer:
        """Return the answer to a question; what is said beside the quotes is in the words of `prompts`.

        Args:
            question: What is asked.
            prompts: The bot's texts, in the asker's language.
            show: Puts the message where it is to stand, as far as it has come; called now and then while it grows.

        Raises:
            QuestionRefused: It asks for a publisher that there is not.
            Busy: Too many are waiting.
            TookTooLong: The answer did not come in time.
            IndexFailure: There is no index.
        """
        async with Growing(lambda so_far: show(render_answer(so_far, prompts))) as growing:
            answer = await self.bot.asker.ask(question, growing)
        self.bot.searched = answer.searched
        for source in _unknown(question.filter.sources, answer.searched):
            raise QuestionRefused(prompts.text("problem.unknown_source", source=_value(source)))
        return answer

    def turns(self, place: Hashable) -> tuple[Turn, ...]:
        """Return what was said before in a thread, or lately by somebody in a channel (see `place_of`)."""
        # A thread is one conversation for as long as it lasts.
        return self._memory.recall(place, within=None if isinstance(place, int) else LAPSE)

    def remember(self, answer: Answer, *keys: Hashable) -> None:
        """Keep an answer that stands in public, for whoever goes on from the message or the place it stands in."""
        turn = turn_of(answer)
        turns = (*answer.question.turns, turn) if turn else answer.question.turns
        for key in keys:
            self._memory.remember(key, turns)

    async def help(self, prompts: Prompts) -> Rendered:
        """Return the message that says what the bot does."""
        return render_help(self.bot.searched, prompts)

    def sources(self, typed: str) -> list[str]:
        """Return the publishers that may be meant by what has been typed, most articles first.

        They are those that are known already: a suggestion waits for nothing, and no question waits for it.
        """
        known = self.bot.searched.sources if self.bot.searched else {}
        names = (name for name in known if typed.casefold().strip() in name.casefold())
        return [name for name in names if clean(name) and len(name) <= LONGEST_CHOICE][:MOST_CHOICES]

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
        prompts = self.bot.texts_for(message)
        if not may_embed(message):
            await send(message, prompts.text("problem.no_embeds"))
            return
        text = self._words(message)
        if not text:
            await send(message, prompts.text("help.empty"))
            return
        reply = Reply(message)
        async with typing(message.channel):
            place = place_of(message.channel, message.author)
            replied = message.reference.message_id if message.reference else None
            turns = self._memory.recall(replied) if replied else self.turns(place)
            try:
                asked = read_question(text, language=prompts.language)
                asked = replace(asked, turns=turns, member=str(message.author.id), server=_server(message.guild))
                answer = await self.answer(asked, prompts, reply.show)
            except Exception as error:
                await reply.show(explain(error, prompts))
            else:
                sent = await reply.show(render_answer(answer, prompts))
                self.remember(answer, sent.id, place)

    def _is_for_us(self, message: discord.Message) -> bool:
        if message.author.bot or message.webhook_id or self.bot.user is None:
            return False
        if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
            return False
        replied = message.reference.resolved if message.reference else None
        return (
            isinstance(message.channel, discord.DMChannel)
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
    described = cog.bot.prompts

    @app_commands.command(name="ask", description=_described("command.ask", described))
    @app_commands.describe(
        question=_described("command.ask_question", described),
        since=_described("command.ask_since", described),
        until=_described("command.ask_until", described),
        source=_described("command.ask_source", described),
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
        prompts = cog.bot.texts_for(interaction)
        # From before the acknowledgement on: what has been promised is kept.
        with cog.bot.working():
            try:
                asked = read_question(question, where=_filter(prompts, since, until, source), language=prompts.language)
            except QuestionRefused as error:
                # Nothing has been said in public yet, so only the asker need know.
                await interaction.response.send_message(explain(error, prompts), ephemeral=True)
                return
            # A publisher that is not known is most likely mistyped, which only the asker need know; it may also be
            # new in the index, which only the answer shows.
            doubtful = bool(cog.bot.searched and _unknown(asked.filter.sources, cog.bot.searched))
            await interaction.response.defer(thinking=True, ephemeral=doubtful)

            async def show(message: Rendered) -> discord.InteractionMessage:
                return await interaction.edit_original_response(embed=embed_of(message), view=view_of(message))

            place = place_of(interaction.channel, interaction.user)
            asked = replace(asked, member=str(interaction.user.id), server=_server(interaction.guild))
            try:
                answer = await cog.answer(replace(asked, turns=cog.turns(place)), prompts, show)
            except Exception as error:
                await interaction.edit_original_response(content=explain(error, prompts), embed=None, view=None)
            else:
                sent = await show(render_answer(answer, prompts))
                if not doubtful:  # what only the asker was shown is nobody's to go on from
                    cog.remember(answer, sent.id, place)

    @ask.autocomplete("source")
    async def suggest(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=clean(name), value=name) for name in cog.sources(typed)]

    return ask


def _help_command(cog: AskCog) -> app_commands.Command[AskCog, ..., None]:
    @app_commands.command(name="help", description=_described("command.help", cog.bot.prompts))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def show_help(interaction: discord.Interaction) -> None:
        message = await cog.help(cog.bot.texts_for(interaction))
        await interaction.response.send_message(embed=embed_of(message), ephemeral=True)

    return show_help


def _described(name: str, prompts: Prompts) -> app_commands.locale_str:
    """Return a text that the client's translator finds again in other languages."""
    return app_commands.locale_str(prompts.text(name), text=name)


def place_of(channel: object, person: discord.abc.User) -> Hashable:
    """Return what names a conversation: a thread is everybody's in it, elsewhere each has their own."""
    channel_id = getattr(channel, "id", None)
    return channel_id if isinstance(channel, discord.Thread) else (channel_id, person.id)


def _filter(prompts: Prompts, since: str | None, until: str | None, source: str | None) -> Filter:
    first, last = _day(prompts, "since", since), _day(prompts, "until", until, last=True)
    if first and last and first > last:
        raise QuestionRefused(prompts.text("problem.dates_swapped", since=first.isoformat(), until=last.isoformat()))
    named = source.strip() if source else ""
    return Filter(first, last, (named,) if named else ())


def _day(prompts: Prompts, option: str, value: str | None, *, last: bool = False) -> date | None:
    if value is None or not value.strip():
        return None
    today = date.today()
    try:
        return read_day(value, today, last=last)
    except ValueError:
        example = today.isoformat()
        raise QuestionRefused(
            prompts.text("problem.bad_date", value=_value(value), option=option, example=example)
        ) from None


def _unknown(sources: Sequence[str], searched: Summary) -> list[str]:
    """Return those publishers that no article is from."""
    known = {name.casefold() for name in searched.sources}
    return [source for source in sources if source.casefold() not in known]


def _value(text: str) -> str:
    """Return what somebody typed, fit to be repeated inside a sentence."""
    return plain(text, LONGEST_VALUE)


def _server(guild: discord.Guild | None) -> str:
    return str(guild.id) if guild else ""
