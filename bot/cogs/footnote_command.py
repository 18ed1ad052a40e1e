"""`/footnote`: settings, status, rebuild and forget."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.settings_panel import PanelItem, open_panel
from bot.cogs.streaming import Growing
from bot.cogs.visits import visit_of
from bot.embeds import embed_of
from bot.health import heartbeat_is_recent
from bot.ledger import new_ask_id
from bot.locale import described, named
from bot.markup import plain
from bot.message import COLORS, Rendered
from bot.model import Status
from bot.problems import explain
from bot.rebuilding import AlreadyRebuilding, RebuildFailed, Rebuilt, Stage
from bot.stages import current_ask_id
from bot.wording import duration

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ledger
    from bot.prompts import Prompts
    from index.source_states import SourceState

log = logging.getLogger(__name__)

# Seconds after which a response can be edited no more, with a minute to spare.
LIFE = 14 * 60.0

# Sources in trouble that are named.
_MOST_SOURCES = 10

_MESSAGE = re.compile(r"(?:https://(?:\w+\.)?discord(?:app)?\.com/channels/(?:@me|\d{1,20})/\d{1,20}/)?(\d{1,20})")


class FootnoteCog(commands.Cog):
    """The commands by which the bot is run."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._group = _group(bot)

    async def cog_load(self) -> None:
        """Put the commands into the tree, and take in the panel."""
        self.bot.tree.add_command(self._group)
        self.bot.add_dynamic_items(PanelItem)

    async def cog_unload(self) -> None:
        """Take the commands out of the tree."""
        self.bot.tree.remove_command(self._group.name)


def _group(bot: FootnoteBot) -> app_commands.Group:
    texts = bot.prompts
    group = app_commands.Group(
        name="footnote",
        description=described("command.footnote", texts),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
    )

    @group.command(name=named("settings", "name.settings"), description=described("command.settings", texts))
    async def settings(interaction: discord.Interaction[FootnoteBot]) -> None:
        await open_panel(interaction)

    @group.command(name=named("status", "name.status"), description=described("command.status", texts))
    async def status(interaction: discord.Interaction[FootnoteBot]) -> None:
        with bot.working():
            await interaction.response.defer(ephemeral=True, thinking=True)
            sources = await asyncio.to_thread(bot.sources)
            said = status_of(bot, bot.texts_for(interaction), sources)
            await interaction.edit_original_response(embed=embed_of(said))

    @group.command(name=named("rebuild", "name.rebuild"), description=described("command.rebuild", texts))
    async def rebuild(interaction: discord.Interaction[FootnoteBot]) -> None:
        with bot.working():
            await interaction.response.defer(ephemeral=True, thinking=True)
            await _rebuild(interaction)

    @group.command(name=named("forget", "name.forget"), description=described("command.forget", texts))
    @app_commands.rename(answer=named("answer", "name.answer"))
    @app_commands.describe(answer=described("command.forget_answer", texts))
    async def forget(interaction: discord.Interaction[FootnoteBot], answer: str | None = None) -> None:
        prompts = bot.texts_for(interaction)
        with bot.working():
            await interaction.response.defer(ephemeral=True, thinking=True)
            try:
                text = await (_forget_answer(interaction, answer) if answer else _forget_talk(interaction))
                said = prompts.text(text)
            except Exception as error:
                said = explain(error, prompts)
            await interaction.edit_original_response(content=said)

    return group


def status_of(bot: FootnoteBot, prompts: Prompts, sources: Sequence[SourceState] = ()) -> Rendered:
    """Return the message that says how the bot is, and which of the configured sources are in trouble."""
    summary = bot.searched
    lines = []
    if summary:
        built = int(
            datetime.fromisoformat(summary.built_at + ("" if "+" in summary.built_at else "+00:00")).timestamp()
        )
        lines.append(prompts.text("status.index", articles=summary.articles, passages=summary.passages))
        lines.append(prompts.text("status.built", when=f"<t:{built}:R>", generation=plain(summary.generation)))
        if summary.newest:
            lines.append(prompts.text("status.newest", day=prompts.day(summary.newest)))
    else:
        lines.append(prompts.text("status.no_index"))
    if bot.asker.serving.failed:
        lines.append(prompts.text("status.not_opened", generation=plain(bot.asker.serving.failed)))
    lines.append(prompts.text("status.queue", count=bot.asker.waiting))
    healthy = heartbeat_is_recent(bot)
    lines.append(prompts.text("status.heartbeat" if healthy else "status.no_heartbeat"))
    failed = bot.ledger.failed
    lines.append(prompts.text("status.ledger_failed", count=failed) if failed else prompts.text("status.ledger"))
    lines.append(prompts.text("status.generates" if bot.asker.generates else "status.quotes"))
    lines += [_trouble(source, prompts) for source in sources if source.in_trouble][:_MOST_SOURCES]
    if bot.schedule and bot.schedule.due:
        lines.append(prompts.text("status.next_rebuild", when=f"<t:{int(bot.schedule.due.timestamp())}:R>"))
    if bot.rebuilding and bot.rebuilding.stage:
        lines.append(_progress(bot.rebuilding.stage, prompts))
    return Rendered(
        title=prompts.text("status.title"),
        description="\n".join(f"- {line}" for line in lines),
        color=COLORS[Status.ANSWERED if summary and healthy else Status.RELATED],
    )


async def _rebuild(interaction: discord.Interaction[FootnoteBot]) -> None:
    bot = interaction.client
    prompts = bot.texts_for(interaction)
    begun = time.monotonic()
    policy = await bot.desk.policy(visit := visit_of(interaction, "command"))
    if interaction.guild is None or not (interaction.permissions.manage_guild or visit.roles & policy.rebuild_roles):
        await interaction.edit_original_response(content=prompts.text("rebuild.not_you"))
        return
    if bot.rebuilding is None or not policy.rebuild:
        await interaction.edit_original_response(content=prompts.text("rebuild.off"))
        return

    async def show(stage: Stage) -> None:
        if time.monotonic() - begun < LIFE:
            await interaction.edit_original_response(content=_progress(stage, prompts))

    log.info("A rebuild was asked for on server %s.", interaction.guild_id)
    try:
        async with Growing[Stage](show) as growing:
            growing(Stage("read"))
            rebuilt = await bot.unless_stopped(bot.rebuilding.run(growing))
        await bot.asker.open()
        said = _result(rebuilt, prompts)
    except AlreadyRebuilding:
        said = prompts.text("rebuild.running")
    except RebuildFailed as error:
        # What it says may name folders of the machine, which is nobody's business here.
        problem = current_ask_id() or new_ask_id()
        log.error("problem %s: the rebuild failed: %s", problem, error)  # noqa: TRY400  # the process's own words tell
        said = prompts.text("rebuild.failed", id=problem)
    except Exception as error:
        said = explain(error, prompts)
    if time.monotonic() - begun < LIFE:
        await interaction.edit_original_response(content=said)
    else:
        # What only whoever asked was to see is nobody else's business; /footnote status tells of the new index.
        log.info("A rebuild outlived the message that was to tell of it: %s", said)


def _trouble(source: SourceState, prompts: Prompts) -> str:
    """Return the line of a source that failed or is held. Why is for the operator: it may name folders and hosts."""
    since = int(datetime.fromisoformat(source.since).timestamp()) if source.since else 0
    text = "status.source_held" if source.state == "held" else "status.source_failed"
    return prompts.text(text, source=plain(source.name), when=f"<t:{since}:R>", count=source.articles)


def _progress(stage: Stage, prompts: Prompts) -> str:
    if stage.source:
        text = "rebuild.reading_more" if stage.others else "rebuild.reading"
        return prompts.text(text, source=plain(stage.source), **({"others": stage.others} if stage.others else {}))
    text = prompts.text(f"rebuild.{stage.name}")
    if stage.seconds_left is None:
        return text
    return f"{text} {prompts.text('rebuild.left', wait=duration(stage.seconds_left, prompts))}"


def _result(rebuilt: Rebuilt, prompts: Prompts) -> str:
    took = duration(max(1, round(rebuilt.seconds)), prompts)
    if not rebuilt.published:
        said = prompts.text("rebuild.same", wait=took)
    else:
        counts = {name: getattr(rebuilt, name) for name in ("added", "changed", "removed", "unchanged")}
        said = prompts.text("rebuild.done", wait=took, **counts)
    if rebuilt.skipped:
        said += f" {prompts.text('rebuild.skipped', count=rebuilt.skipped)}"
    if rebuilt.trouble:
        named = ", ".join(plain(name) for name in rebuilt.trouble[:_MOST_SOURCES])
        said += f" {prompts.text('rebuild.trouble', sources=named)}"
    return said


async def _forget_talk(interaction: discord.Interaction[FootnoteBot]) -> str:
    bot = interaction.client
    visit = visit_of(interaction, "command")
    await bot.asking.forget(visit)
    return "forget.talk"


async def _forget_answer(interaction: discord.Interaction[FootnoteBot], answer: str) -> str:
    """Delete an answer, here and on record, for whoever asked or keeps order in the channel; return what to say."""
    bot = interaction.client
    meant = _MESSAGE.fullmatch(answer.strip())
    if meant is None or int(meant[1]) >= 2**63:
        return "forget.unknown"
    message = int(meant[1])
    visit = visit_of(interaction, "command")
    keeps_order = interaction.guild is not None and interaction.permissions.manage_messages

    def forget(ledger: Ledger) -> bool:
        # Of another place, or another's, it is as if there were none.
        theirs = [
            ask
            for ask in ledger.asks.all_of_message(message)
            if (ask.guild, ask.channel) == (visit.guild, visit.channel)
            and (ledger.asks.is_by(ask, visit.member) or (keeps_order and not ask.private))
        ]
        for ask in theirs:
            ledger.asks.forget(ask.id)
        if theirs:
            ledger.turns.forget([str(message)])
        return bool(theirs)

    if not await bot.ledger.run(forget):
        return "forget.unknown"
    bot.desk.forget()
    if isinstance(interaction.channel, discord.abc.Messageable):
        try:
            await bot.get_partial_messageable(visit.channel).get_partial_message(message).delete()
        except discord.HTTPException as error:
            log.info("The message of a forgotten answer cannot be deleted: %s", error)
    return "forget.answer"
