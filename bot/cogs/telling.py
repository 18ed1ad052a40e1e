"""Whoever wanted to know what was not answered is told, once, when a new index answers it."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord.ext import commands

from bot.cogs.regularly import Regularly, passes
from bot.cogs.views import answer_press, view_of
from bot.cogs.visits import parent_of
from bot.desk import Visit
from bot.embeds import embeds_of
from bot.ledger import Ask, LedgerFailure, ask_of, new_ask_id
from bot.ledger.wishes import Wish
from bot.markup import bare
from bot.message import LONGEST_LABEL, MOST_ROWS, Button
from bot.model import Answer, Question, Status
from bot.problems import explain
from bot.prompts import Prompts
from bot.render import render_answer

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.ledger import Ledger

log = logging.getLogger(__name__)

# The id of the button by which somebody wants to be told nothing more; whoever presses it is meant.
STOP = "fn:a:stop:"
# Seconds between two looks for a new index, and until the first.
BETWEEN = 60.0


class TellingCog(commands.Cog):
    """Asks what is wished for again when there is a new index."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot
        self._asked: str | None = None
        # By the id of a wish of which somebody could not be told just now, the id of the ask that tells: Discord may
        # have the message all the same, and its buttons name it.
        self._begun: dict[int, str] = {}
        self._job = Regularly(self.look, "Telling who wanted to know", first=BETWEEN, between=BETWEEN)

    async def cog_load(self) -> None:
        """Take in the button, and begin to look for new indexes."""
        self.bot.handlers[STOP] = tell_no_more
        self._job.start()

    async def cog_unload(self) -> None:
        """Look no more."""
        await self._job.stop()

    async def look(self) -> int:
        """Ask the open wishes again if the index is another one than the last time, and return how many were told.

        Raises:
            LedgerFailure: What is wished cannot be read or written.
            IndexFailure: There is no index.
            Busy: There is too much to do already.
            TookTooLong: An answer did not come in time.
        """
        generation = await self.bot.asker.generation()
        if generation is None or generation == self._asked or self.bot.closing:
            return 0
        wishes = await self.bot.ledger.run(lambda ledger: ledger.wishes.open())
        still = {wish.id for wish in wishes}
        self._begun = {wish: ask for wish, ask in self._begun.items() if wish in still}
        due = [wish for wish in wishes if wish.tried != generation]
        reached = sorted(filter(self._reaches, due), key=lambda wish: wish.ask.id)
        told = 0
        for _, group in itertools.groupby(reached, key=lambda wish: wish.ask.id):
            with self.bot.working():
                told += await self._ask(list(group))
        if len(reached) == len(due) and not self._begun:
            self._asked = generation
        return told

    def _reaches(self, wish: Wish) -> bool:
        """Return whether somebody can be told: a server may be out of reach, or never have had the bot on it."""
        return wish.direct or wish.ask.guild is None or self.bot.get_guild(wish.ask.guild) is not None

    async def _ask(self, wishes: Sequence[Wish]) -> int:
        """Ask a question again for everybody who wants to know, and return how many were told."""
        ask = wishes[0].ask
        # "Yesterday" is the day before it was asked.
        day = ask.at.astimezone().date()
        text = ask.understood or ask.question
        question = Question(text, filter=ask.filter, language=ask.language, asked_at=day)
        parent = await parent_of(self.bot, ask.guild, ask.channel)
        visit = Visit(guild=ask.guild, channel=ask.channel, parent=parent, member=0, surface="again")
        policy = await self.bot.desk.policy(visit)
        # Of its own accord, the bot spends nothing on a language model.
        answer = await self.bot.asker.ask(replace(policy.applied(question), generate=False))
        if answer.status is not Status.ANSWERED or policy.barred(ask.filter.sources):
            ids = [wish.id for wish in wishes]
            await self.bot.ledger.run(lambda ledger: ledger.wishes.tried(ids, answer.generation))
            return 0
        # What a channel is told is told to all there who want to know.
        of_channel = [wish for wish in wishes if not wish.direct]
        groups = [[wish] for wish in wishes if wish.direct] + ([of_channel] if of_channel else [])
        return sum([len(group) for group in groups if await self._tell(group, ask, answer)])

    async def _tell(self, wishes: Sequence[Wish], ask: Ask, answer: Answer) -> bool:
        """Tell of an answer once, by direct message or where it was asked, and return whether that was done."""
        wish = wishes[0]
        try:
            room = await self._room(wish)
        except discord.HTTPException as error:
            if passes(error):
                raise
            log.info("Nobody can be told of ask %s: %s", ask.id, error)
            return False
        kept = replace(
            ask_of(
                answer,
                id=self._begun.pop(wish.id, "") or new_ask_id(),
                guild=None if wish.direct else ask.guild,
                channel=room.id,
                member=0,
                surface="again",
                private=wish.direct,
            ),
            member=wish.member,
            filter=ask.filter,
        )

        def note(ledger: Ledger) -> bool:
            open_still = [ledger.wishes.told(one.id, kept.id) for one in wishes]
            if any(open_still):
                ledger.asks.record(kept)
            return any(open_still)

        # Noted before it is done: whatever happens in between, nobody is told twice.
        if not await self.bot.ledger.run(note):
            return False
        prompts = self.bot.catalogues.for_locale(ask.language)
        message = render_answer(answer, prompts, kept.id, links=self.bot.links)
        if wish.direct:
            row = min(max((button.row for button in message.buttons), default=-1) + 1, MOST_ROWS - 1)
            stop = Button(bare(prompts.text("told.stop"), LONGEST_LABEL), f"{STOP}all", row=row)
            message = replace(message, buttons=(*message.buttons, stop))
        # By which Discord knows that it has the message already, if this is not the first attempt.
        options: dict[str, Any] = {"nonce": f"{wish.id % 10**9}-{wish.ask.id}"}
        if not wish.direct and ask.message is not None:
            options["reference"] = discord.MessageReference(
                message_id=ask.message, channel_id=room.id, guild_id=ask.guild, fail_if_not_exists=False
            )
        said = prompts.text("told.direct" if wish.direct else "told.channel")
        try:
            sent = await room.send(said, embeds=embeds_of(message), view=view_of(message), **options)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            if passes(error):
                log.warning("Telling of ask %s is tried again later: %s", ask.id, error)
                self._begun[wish.id] = kept.id
                await self.bot.ledger.run(lambda ledger: ledger.wishes.reopen(wishes))
                return False
            # Whoever takes no direct messages, or whose channel is gone, cannot be told; to try for ever is no use.
            log.info("Nobody could be told of ask %s: %s", ask.id, error)
            return False
        await self.bot.ledger.attempt(lambda ledger: ledger.asks.shown(kept.id, sent.id), None)
        return True

    async def _room(self, wish: Wish) -> discord.DMChannel | discord.PartialMessageable:
        if wish.direct and wish.address is not None:
            return await self.bot.create_dm(discord.Object(wish.address))
        return self.bot.get_partial_messageable(wish.channel, guild_id=wish.ask.guild)


async def tell_no_more(interaction: discord.Interaction[FootnoteBot], custom_id: str) -> None:
    """Tell whoever pressed the button nothing more."""
    bot = interaction.client

    async def reply(prompts: Prompts) -> str:
        try:
            await bot.ledger.run(lambda ledger: ledger.wishes.opt_out(interaction.user.id))
        except LedgerFailure as error:
            explain(error, prompts)  # for the log
            return prompts.text("privacy.failed")
        return prompts.text("told.stopped")

    await answer_press(interaction, reply)
