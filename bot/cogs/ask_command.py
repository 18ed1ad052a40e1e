"""`/ask`: a question by command, with its options and what is suggested for them; and `/ask-long`, by a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ask import LONGEST_QUESTION, QuestionRefused, read_question
from bot.cogs.forms import long_form
from bot.cogs.interactions import answer_interaction
from bot.cogs.options import filter_of
from bot.cogs.visits import place_of
from bot.locale import described, named
from bot.markup import clean
from bot.problems import explain

if TYPE_CHECKING:
    from bot.client import FootnoteBot

# Discord's limits for what is suggested while somebody types.
MOST_CHOICES = 25
LONGEST_CHOICE = 100
# How many of somebody's last questions are looked through for those.
MOST_RECENT = 100


class AskCog(commands.Cog):
    """Answers questions by command."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._commands: tuple[app_commands.Command[Any, ..., None], ...] = (_ask_command(self), _long_command(self))

    async def cog_load(self) -> None:
        """Put the commands into the tree."""
        for command in self._commands:
            self.bot.tree.add_command(command)

    async def cog_unload(self) -> None:
        """Take the commands out of the tree."""
        for command in self._commands:
            self.bot.tree.remove_command(command.name)

    def sources(
        self, typed: str, guild: int | None = None, channel: int | None = None, parent: int | None = None
    ) -> list[str]:
        """Return the publishers that may be meant by what has been typed and may be quoted there, most articles first.

        They are those that are known already: a suggestion waits for nothing, and no question waits for it.
        """
        known = list(self.bot.searched.sources) if self.bot.searched else []
        barred = self.bot.desk.policies.known(guild, channel, parent).barred(known)
        return _choices(typed, [name for name in known if name not in barred])

    async def recent(self, typed: str, member: int, guild: int | None) -> list[str]:
        """Return a member's own last questions that may be meant by what has been typed, the newest first."""
        none: list[str] = []
        asked = await self.bot.ledger.attempt(lambda ledger: ledger.asks.recent(member, guild, MOST_RECENT), none)
        return _choices(typed, asked)


def _ask_command(cog: AskCog) -> app_commands.Command[AskCog, ..., None]:
    texts = cog.bot.prompts
    options = ("question", "since", "until", "source", "private", "thread")

    @app_commands.command(name=named("ask", "name.ask"), description=described("command.ask", texts))
    @app_commands.rename(**{option: named(option, f"name.{option}") for option in options})
    @app_commands.describe(**{option: described(f"command.ask_{option}", texts) for option in options})
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, LONGEST_QUESTION],
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        private: bool = False,
        thread: bool = False,
    ) -> None:
        prompts = cog.bot.texts_for(interaction)
        try:
            where = filter_of(prompts, since, until, source)
            asked = read_question(question, where=where, language=prompts.language)
        except QuestionRefused as error:
            # Nothing has been said in public yet, so only the asker need know.
            await interaction.response.send_message(explain(error, prompts), ephemeral=True)
            return
        await answer_interaction(interaction, asked, surface="command", private=private, thread=thread)

    @ask.autocomplete("source")
    async def suggest_source(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        there = place_of(interaction)
        return [app_commands.Choice(name=clean(name), value=name) for name in cog.sources(typed, *there)]

    @ask.autocomplete("question")
    async def suggest_question(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        recent = await cog.recent(typed, interaction.user.id, interaction.guild_id)
        return [app_commands.Choice(name=clean(asked), value=asked) for asked in recent]

    return ask


def _long_command(cog: AskCog) -> app_commands.Command[AskCog, ..., None]:
    texts = cog.bot.prompts

    @app_commands.command(name=named("ask-long", "name.ask_long"), description=described("command.ask_long", texts))
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask_long(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(long_form(cog.bot.texts_for(interaction)))

    return ask_long


def _choices(typed: str, known: list[str]) -> list[str]:
    """Return what may be meant by what has been typed; Discord takes no longer ones, and none that show nothing."""
    meant = (text for text in known if typed.casefold().strip() in text.casefold())
    return [text for text in meant if clean(text) and len(text) <= LONGEST_CHOICE][:MOST_CHOICES]
