"""The Discord client: what it listens to, how it starts, and how it stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import discord
from discord.ext import commands

from bot.ask import AsyncAsker
from bot.catalogues import AUTO, Catalogues
from bot.cogs.asking import Asking
from bot.cogs.features import features
from bot.cogs.handlers import HANDLERS
from bot.cogs.views import Handler, Used
from bot.cogs.visits import place_of
from bot.desk import RATES, Desk
from bot.examples import Examples
from bot.hearing import Hearing
from bot.ledger import AsyncLedger, new_ask_id
from bot.limits import Rate
from bot.links import OWN, Links
from bot.locale import CommandTranslator, locale_of
from bot.metrics import Metrics
from bot.policy import Policy
from bot.problems import Stopping
from bot.prompts import Prompts
from bot.rebuilding import Rebuilding
from bot.registration import register_commands
from bot.schedule import Schedule
from bot.stages import Watcher, asking, stage
from bot.steady import make_steady
from bot.tree import CommandTree
from bot.wire import find_gateway
from index import Summary
from index.source_states import SourceState

log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

# Seconds that running questions are given to finish when the bot is told to stop, and to say so if they did not.
DRAIN = 10.0
LAST_WORDS = 5.0

# Footnote has no voice, so discord.py need not say what voice would need.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False


class FootnoteBot(commands.Bot):
    """Footnote on Discord.

    Attributes:
        asker: Answers the questions.
        desk: Takes them in, as the settings of a server have it.
        ledger: What was asked, answered, rated, wished and configured.
        retention_days: After how many days what was asked is deleted; 0 if it is kept.
        catalogues: What the bot says, in every language.
        prompts: What it says where no language is known.
        closing: No more questions are taken.
        asking: What every way of asking shares.
        rebuilding: Rebuilds the index, if that is possible from Discord.
        schedule: Rebuilds the index by itself, if that is configured.
        sources: Tells how each configured source fared; read from the disk.
        metrics: What is counted and measured.
        examples: Questions that the articles answer.
        handlers: By the beginning of a button's id, what is done when it is pressed.
        links: Where what is cited leads to.
    """

    def __init__(
        self,
        asker: AsyncAsker,
        catalogues: Catalogues,
        *,
        guild: int | None = None,
        state: Path | None = None,
        policy: Policy | None = None,
        rates: Mapping[str, Rate | None] = RATES,
        ledger: AsyncLedger | None = None,
        retention_days: int = 0,
        rebuilding: Rebuilding | None = None,
        metrics: Metrics | None = None,
        watchers: Sequence[Watcher] = (),
        message_content: bool = False,
    ) -> None:
        """Make the bot.

        Args:
            asker: Opened or not; who made it closes it.
            catalogues: The bot's texts.
            guild: The one server to register commands in at once; everywhere if None.
            state: A folder to remember in which commands are registered; they are registered anew if None.
            policy: What is in force where no server and no channel has set anything else.
            rates: How much may be asked; see `Desk`.
            ledger: Keeps what is asked and answered; in memory only if None. Who made it closes it.
            retention_days: After how many days what was asked is deleted; 0 to keep it.
            rebuilding: Rebuilds the index; nobody can do so from Discord if None.
            metrics: Where to count and measure; nobody reads the figures if None.
            watchers: Who else is told of the stages of each ask.
            message_content: Ask Discord for the words of messages that are not addressed to the bot, which it gives
                only to bots for which its operator has switched that on.
        """
        self.metrics = metrics or Metrics()
        intents = discord.Intents.none()
        intents.guilds = True
        intents.guild_messages = True
        intents.dm_messages = True
        intents.message_content = message_content
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=CommandTree,
            intents=intents,
            # Whatever an article says, nobody is ever pinged.
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=self.metrics.http_trace(),
        )
        self.asker = asker
        self.ledger = ledger or AsyncLedger()
        self.desk = Desk(asker, self.ledger, policy=policy, rates=rates, metrics=self.metrics)
        self.retention_days = retention_days
        self.catalogues = catalogues
        self.prompts = catalogues.default
        self.closing = False
        self.asking = Asking(self)
        self.rebuilding = rebuilding
        # Set by whoever makes the bot for a home.
        self.schedule: Schedule | None = None
        self.sources: Callable[[], Sequence[SourceState]] = tuple
        self._watchers = (self.metrics, *watchers)
        self._hearing = Hearing(self)
        self.handlers: dict[str, Handler] = dict(HANDLERS)
        self.links: Links = OWN
        self.examples = Examples(asker, catalogues)
        self._guild = discord.Object(guild) if guild else None
        self._remembered = state / "commands.hash" if state else None
        self._running = 0
        self._idle = asyncio.Event()
        self._promised: set[asyncio.Future[Any]] = set()
        self._stopped = False

    @property
    def searched(self) -> Summary | None:
        """What the index in force holds; None while there is none."""
        return self.asker.summary

    async def setup_hook(self) -> None:
        """Take in questions and buttons, and register the commands if they have changed."""
        await self.tree.set_translator(CommandTranslator(self.catalogues))
        for cog in features(self):
            await self.add_cog(cog)
        make_steady(self)
        self.add_dynamic_items(Used)
        await self.desk.policies.open()
        await find_gateway(self)
        await register_commands(self.tree, CommandTranslator(self.catalogues), self._guild, self._remembered)

    def texts_for(self, to: discord.Interaction[Any] | discord.Message) -> Prompts:
        """Return what is said to whoever did something: in their place's language if one is set, and else in theirs.

        A message does not tell its author's language; it is taken to be that of its server.
        """
        set_there = self.desk.policies.known(*place_of(to)).language
        return self.catalogues.for_locale(locale_of(to) if set_there == AUTO else set_there)

    async def on_message(self, message: discord.Message, /) -> None:
        """Leave messages to the cogs: there are no commands by prefix."""

    async def on_ready(self) -> None:
        """Say in the log that the bot is there."""
        log.info("Ready as %s in %d servers.", self.user, len(self.guilds))
        await self._hearing.catch_up()

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Count a question as running, so that the bot does not stop under it; what happens within belongs together."""
        self._running += 1
        try:
            with asking(new_ask_id(), self._watchers), stage("handle"):
                yield
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    async def unless_stopped(self, answering: Coroutine[Any, Any, _Result]) -> _Result:
        """Return what comes of `answering`, unless the bot stops before it has come.

        Raises:
            Stopping: It does, and whoever waits has to be told.
        """
        task = asyncio.ensure_future(answering)
        self._promised.add(task)
        if self._stopped:
            task.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            # Whoever waits here may also have been cancelled itself.
            current = asyncio.current_task()
            if self._stopped and not (current and current.cancelling()):
                raise Stopping from None
            raise
        finally:
            self._promised.discard(task)
            task.cancel()

    async def drain(self, seconds: float | None = None) -> None:
        """Take no more questions and wait for those that run; after `seconds`, or `DRAIN`, whoever waits is told."""
        self.closing = True
        await self._until_idle(DRAIN if seconds is None else seconds)
        self._stopped = True
        for answering in tuple(self._promised):
            answering.cancel()
        await self._until_idle(LAST_WORDS)
        if self._running:
            log.warning("Stopped with %d questions unanswered.", self._running)

    async def _until_idle(self, seconds: float) -> None:
        self._idle.clear()
        if self._running:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), seconds)
