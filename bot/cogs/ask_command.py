"""`/ask`: a question by command, with its options and what is suggested for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.ask import LONGEST_QUESTION, QuestionRefused, read_question
from bot.cogs.asking import place_of, server_of, value
from bot.cogs.delivery import InteractionReply
from bot.cogs.visits import visit_of
from bot.days import read_day
from bot.desk import unknown
from bot.locale import described
from bot.markup import clean
from bot.problems import explain
from bot.prompts import Prompts
from bot.render import render_answer
from index import Filter

if TYPE_CHECKING:
    from bot.client import FootnoteBot

# Discord's limits for what is suggested while somebody types.
MOST_CHOICES = 25
LONGEST_CHOICE = 100


class AskCog(commands.Cog):
    """Answers questions by command."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._command = _ask_command(self)

    async def cog_load(self) -> None:
        """Put the command into the tree."""
        self.bot.tree.add_command(self._command)

    async def cog_unload(self) -> None:
        """Take the command out of the tree."""
        self.bot.tree.remove_command(self._command.name)

    def sources(self, typed: str) -> list[str]:
        """Return the publishers that may be meant by what has been typed, most articles first.

        They are those that are known already: a suggestion waits for nothing, and no question waits for it.
        """
        known = self.bot.searched.sources if self.bot.searched else {}
        names = (name for name in known if typed.casefold().strip() in name.casefold())
        return [name for name in names if clean(name) and len(name) <= LONGEST_CHOICE][:MOST_CHOICES]


def _ask_command(cog: AskCog) -> app_commands.Command[AskCog, ..., None]:
    prompts_of_all = cog.bot.prompts

    @app_commands.command(name="ask", description=described("command.ask", prompts_of_all))
    @app_commands.describe(
        question=described("command.ask_question", prompts_of_all),
        since=described("command.ask_since", prompts_of_all),
        until=described("command.ask_until", prompts_of_all),
        source=described("command.ask_source", prompts_of_all),
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
        asking, prompts = cog.bot.asking, cog.bot.texts_for(interaction)
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
            doubtful = bool(cog.bot.searched and unknown(asked.filter.sources, cog.bot.searched))
            await interaction.response.defer(thinking=True, ephemeral=doubtful)
            reply = InteractionReply(interaction, private=doubtful)
            place = place_of(interaction.channel, interaction.user)
            asked = replace(asked, member=str(interaction.user.id), server=server_of(interaction.guild))
            try:
                visit = visit_of(interaction, "command", private=doubtful)
                served = await asking.answer(replace(asked, turns=asking.turns(place)), visit, prompts, reply.show)
            except Exception as error:
                await reply.show(explain(error, prompts))
            else:
                sent = await reply.show(render_answer(served.answer, prompts, served.ask_id, links=cog.bot.links))
                if not doubtful:  # what only the asker was shown is nobody's to go on from
                    asking.remember(served.answer, sent.id, place)

    @ask.autocomplete("source")
    async def suggest(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=clean(name), value=name) for name in cog.sources(typed)]

    return ask


def _filter(prompts: Prompts, since: str | None, until: str | None, source: str | None) -> Filter:
    first, last = _day(prompts, "since", since), _day(prompts, "until", until, last=True)
    if first and last and first > last:
        raise QuestionRefused(prompts.text("problem.dates_swapped", since=first.isoformat(), until=last.isoformat()))
    named = source.strip() if source else ""
    return Filter(first, last, (named,) if named else ())


def _day(prompts: Prompts, option: str, written: str | None, *, last: bool = False) -> date | None:
    if written is None or not written.strip():
        return None
    today = date.today()
    try:
        return read_day(written, today, last=last)
    except ValueError:
        example = today.isoformat()
        raise QuestionRefused(
            prompts.text("problem.bad_date", value=value(written), option=option, example=example)
        ) from None
