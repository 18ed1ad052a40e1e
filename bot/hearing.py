"""What the gateway tells: nothing is heard twice, what was missed is made up for, and nonsense does no harm.

After a broken connection Discord may send an event a second time; after one that cannot be resumed, what happened
meanwhile is never sent at all. Interactions are lost then, and Discord says so to whoever began them; messages can be
read again, which is done for those of the last minutes.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import discord
import discord.client
from discord.gateway import DiscordWebSocket, ReconnectWebSocket, WebSocketClosure

log = logging.getLogger(__name__)

# Messages that were missed are taken in if they are not older; an answer to an older one would surprise.
NOT_OLDER = timedelta(minutes=15)
# How many channels are looked through, and how many messages in each.
MOST_CHANNELS = 50
MOST_MESSAGES = 50
# How many ids are known again, and how many direct conversations.
REMEMBERED = 5_000
CONVERSATIONS = 20
# Seconds until the connection is made anew after the gateway has sent something that cannot be read.
PAUSE = 1.0

# Events that somebody waits for an answer to.
_ONCE = ("MESSAGE_CREATE", "INTERACTION_CREATE")


class Hearing:
    """Everything that a client's gateway tells it."""

    def __init__(self, client: discord.Client) -> None:
        """Listen from now on; the client is not connected yet."""
        self._client = client
        self._heard: OrderedDict[int, None] = OrderedDict()
        self._conversations: OrderedDict[int, None] = OrderedDict()
        self._last: int | None = None
        parsers = client._connection.parsers
        for event, parse in parsers.items():
            parsers[event] = self._harmless(event, self._once(parse) if event in _ONCE else parse)
        # What cannot be read at all ends one connection, not the bot.
        discord.client.DiscordWebSocket = _Gateway  # type: ignore[misc]

    async def catch_up(self) -> None:
        """Take in messages that were written while there was no connection; call it when a session has begun."""
        since, self._last = self._last, self._last or _now()
        if since is None:
            return
        after = max(since, discord.utils.time_snowflake(discord.utils.utcnow() - NOT_OLDER))
        for channel in await self._changed(after):
            try:
                missed = [m async for m in channel.history(limit=MOST_MESSAGES, after=discord.Object(after))]
            except discord.HTTPException as error:
                log.info("What was missed in channel %s cannot be read: %s", channel.id, error)
                continue
            for message in missed:
                if self._is_new(message.id) and message.author != self._client.user:
                    log.info("Message %s was missed while there was no connection.", message.id)
                    self._client.dispatch("message", message)

    async def _changed(self, after: int) -> list[Any]:
        """Return where something has been written, or may have been."""
        rooms: list[Any] = []
        for guild in self._client.guilds:
            rooms += [*guild.text_channels, *guild.voice_channels, *guild.threads]
        written = [room for room in rooms if (room.last_message_id or 0) > after]
        written = sorted(written, key=lambda room: room.last_message_id, reverse=True)[:MOST_CHANNELS]
        # Of direct conversations Discord says neither that they are there nor what was written in them last.
        for conversation in list(self._conversations):
            try:
                written.append(await self._client.fetch_channel(conversation))
            except discord.DiscordException as error:
                log.info("Whether anything was missed in channel %s is not known: %s", conversation, error)
        return written

    def _harmless(self, event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        def parsed(data: Any) -> None:
            try:
                parse(data)
            except Exception:
                log.exception("The event %s could not be read and is left out.", event)

        return parsed

    def _once(self, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        def parsed(data: Any) -> None:
            identity = int(data["id"])
            if not self._is_new(identity):
                log.info("Event %s came a second time.", identity)
                return
            if "guild_id" not in data and "channel_id" in data:
                self._remember(self._conversations, int(data["channel_id"]), CONVERSATIONS)
            parse(data)

        return parsed

    def _is_new(self, identity: int) -> bool:
        new = identity not in self._heard
        self._remember(self._heard, identity, REMEMBERED)
        # Made-up ids lie far in the future.
        self._last = max(self._last or 0, min(identity, _now()))
        return new

    @staticmethod
    def _remember(known: OrderedDict[int, None], identity: int, most: int) -> None:
        known[identity] = None
        known.move_to_end(identity)
        if len(known) > most:
            known.popitem(last=False)


class _Gateway(DiscordWebSocket):
    """A connection that is made anew when something comes that cannot be read."""

    async def received_message(self, msg: Any, /) -> None:
        try:
            await super().received_message(msg)
        except (ReconnectWebSocket, WebSocketClosure, OSError, discord.DiscordException):
            raise
        except Exception as error:
            log.warning("The gateway sent what cannot be read (%s); connecting anew.", type(error).__name__)
            await asyncio.sleep(PAUSE)
            await self.close()
            raise ReconnectWebSocket(self.shard_id) from None


def _now() -> int:
    return discord.utils.time_snowflake(discord.utils.utcnow())
