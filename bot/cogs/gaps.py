"""`/gaps`: what was asked on a server and not answered, for those who manage it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.ask import Busy, QuestionRefused, TookTooLong
from bot.cogs.views import answer_press
from bot.days import read_day
from bot.gaps import Gap, gaps_of, wordings_of
from bot.gathering import gather, pieces, vectors_of
from bot.ledger import LedgerFailure
from bot.locale import described, named
from bot.markup import bare, length, plain
from bot.message import COLORS, LONGEST_DESCRIPTION, LONGEST_FOOTER, Rendered
from bot.model import Status
from bot.problems import explain
from bot.prompts import Prompts
from index import IndexFailure

if TYPE_CHECKING:
    from bot.client import FootnoteBot

# Days that are looked back, unless something else is asked for.
DAYS = 30
# Characters shown of a question, and questions in one message: more is read on the command line.
LONGEST_QUESTION = 200
MOST_GAPS = 20
# Characters of a value that could not be read.
LONGEST_VALUE = 100
# Room for the line that says how many more there are.
_ROOM_FOR_MORE = 100


class GapsCog(commands.Cog):
    """The command that shows what is missing."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._command = _gaps(bot)

    async def cog_load(self) -> None:
        """Put the command into the tree."""
        self.bot.tree.add_command(self._command)

    async def cog_unload(self) -> None:
        """Take the command out of the tree."""
        self.bot.tree.remove_command(self._command.name)


def render_gaps(gaps: list[Gap], since: date, prompts: Prompts) -> Rendered:
    """Return the message that tells of gaps."""
    day = prompts.day(since)
    if not gaps:
        return Rendered(prompts.text("gaps.title"), prompts.text("gaps.none", since=day))
    lines: list[str] = []
    for gap in gaps[:MOST_GAPS]:
        line = f"**{gap.count}×** {plain(gap.question, LONGEST_QUESTION)}"
        if gap.wishes:
            line += f" · {prompts.text('gaps.wished', count=gap.wishes)}"
        if sum(map(length, lines)) + len(lines) + length(line) > LONGEST_DESCRIPTION - _ROOM_FOR_MORE:
            break
        lines.append(line)
    if rest := len(gaps) - len(lines):
        lines.append(prompts.text("gaps.more", count=rest))
    asks = sum(gap.count for gap in gaps)
    footer = bare(prompts.text("gaps.footer", since=day, count=asks), LONGEST_FOOTER)
    return Rendered(prompts.text("gaps.title"), "\n".join(lines), footer, color=COLORS[Status.RELATED])


def _gaps(bot: FootnoteBot) -> app_commands.Command[GapsCog, ..., None]:
    @app_commands.command(name=named("gaps", "name.gaps"), description=described("command.gaps", bot.prompts))
    @app_commands.rename(since=named("since", "name.since"))
    @app_commands.describe(since=described("command.gaps_since", bot.prompts))
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def gaps(interaction: discord.Interaction[FootnoteBot], since: str | None = None) -> None:
        async def reply(prompts: Prompts) -> Rendered | str:
            # A server can let others use a command, or somebody make up the interaction.
            if interaction.guild_id is None or not interaction.permissions.manage_guild:
                return prompts.text("gaps.not_allowed")
            first = _day(since, prompts)
            try:
                found = await _found(bot, interaction.guild_id, first)
            except LedgerFailure as error:
                explain(error, prompts)  # for the log
                return prompts.text("privacy.failed")
            return render_gaps(found, first, prompts)

        await answer_press(interaction, reply)

    return gaps


async def _found(bot: FootnoteBot, guild: int, first: date) -> list[Gap]:
    since = datetime.combine(first, time(), UTC)
    # What was asked in private is its asker's.
    gathered = await bot.ledger.run(lambda ledger: gather(ledger, since, guild, private=False))
    known: dict[str, Any] = {}
    vectors: dict[str, Any] | None = known
    try:
        for piece in pieces(wordings_of(gathered.asks)):
            known |= await bot.asker.look(partial(vectors_of, questions=piece))
    except (IndexFailure, Busy, TookTooLong):
        vectors = None
    return await asyncio.to_thread(gaps_of, gathered.asks, gathered.wished, gathered.answered, vectors)


def _day(since: str | None, prompts: Prompts) -> date:
    today = datetime.now(UTC).date()
    if since is None or not since.strip():
        return today - timedelta(days=DAYS)
    try:
        return read_day(since, today)
    except ValueError:
        said = {
            "value": plain(since, LONGEST_VALUE),
            "option": prompts.text("name.since"),
            "example": today.isoformat(),
        }
        raise QuestionRefused("", "problem.bad_date", **said) from None
