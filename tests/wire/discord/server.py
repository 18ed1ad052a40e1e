"""The server itself: what it holds, and what happens in it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.wire.discord.faults import Action, Fault, Faults
from tests.wire.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, MESSAGE_CONTENT, Gateway
from tests.wire.discord.interactions import TO_ACKNOWLEDGE, TO_SPEAK, Call
from tests.wire.discord.model import DM, FORUM, THREAD, Channel, Guild, Member, Message, User, new_id
from tests.wire.discord.people import Person
from tests.wire.discord.permissions import INVITED
from tests.wire.discord.rest import PREFIX, Rest

# Everything that a message may hold and a body may set.
_PARTS = ("embeds", "components", "allowed_mentions")


class Discord:
    """A Discord with one bot on it.

    Attributes:
        faults: What befalls the next requests.
        limits: By the beginning of "METHOD /path": how many requests in how many seconds.
        requests: Method, path and body of every request so far.
        pings: Who has been pinged by the bot, in which message.
        to_acknowledge: Seconds in which an interaction has to be acknowledged.
        token_life: Seconds for which it may be spoken to.
    """

    def __init__(self, token: str = "loopback-secret-token") -> None:
        self.token = token
        self.bot = User("footnote", bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.closed_dms: set[int] = set()
        self.calls: dict[str, Call] = {}
        self.commands: dict[str, dict[str, Any]] = {}
        self.registrations = self.limited = 0
        self.requests: list[tuple[str, str, Any]] = []
        self.limits: dict[str, tuple[int, float]] = {}
        self.pings: list[tuple[str, Message]] = []
        self.token_life = TO_SPEAK
        self.to_acknowledge = TO_ACKNOWLEDGE
        self.faults = Faults()
        self.rest = Rest(self)
        self.changed = asyncio.Condition()
        self.address = ""
        self.gateway = Gateway(token, self._ready, lambda: [guild.json() for guild in self.guilds.values()])
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(middlewares=[self.rest.watch], client_max_size=2**26)
        app.add_routes([*self.rest.routes(), web.get("/gateway/", self.gateway.handle)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        assert self._runner
        await self._runner.cleanup()

    @property
    def api(self) -> str:
        return f"http://{self.address}{PREFIX}"

    @property
    def gateway_address(self) -> str:
        return f"ws://{self.address}/gateway/"

    def fault(self, where: str, action: Action, times: int = 1) -> Fault:
        """Let something go wrong with the next requests that fit."""
        return self.faults.add(where, action, times)

    async def until(self, holds: Callable[[], Any], seconds: float = 20.0) -> None:
        """Wait until something holds of the messages."""
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(holds), seconds)

    # What there is.

    def add_guild(self, name: str = "Server", *, locale: str = "en-US", permissions: int = INVITED) -> Guild:
        owner = User(f"owner of {name}")
        guild = Guild(name, owner, locale=locale)
        guild.roles[guild.id] = permissions
        for user in (owner, self.bot):
            self.users[user.id] = user
            guild.members[user.id] = Member(user)
        own = new_id()
        guild.roles[own], guild.own_roles[own] = 0, self.bot.id
        guild.members[self.bot.id].roles.append(own)
        self.guilds[guild.id] = guild
        return guild

    def add_channel(self, guild: Guild, name: str, *, kind: int = 0, topic: str | None = None) -> Channel:
        channel = Channel(name, kind, guild, topic=topic)
        guild.channels[channel.id] = self.channels[channel.id] = channel
        return channel

    def add_forum(self, guild: Guild, name: str) -> Channel:
        return self.add_channel(guild, name, kind=FORUM)

    def add_person(self, name: str, *guilds: Guild, locale: str = "en-US", nick: str | None = None) -> Person:
        user = User(name, locale=locale)
        self.users[user.id] = user
        for guild in guilds:
            guild.members[user.id] = Member(user, nick)
        return Person(self, user)

    def dm_with(self, user: User) -> Channel:
        for channel in self.channels.values():
            if channel.type == DM and user in channel.recipients:
                return channel
        channel = Channel("", DM, recipients=[user, self.bot])
        self.channels[channel.id] = channel
        return channel

    # What happens.

    async def join(self, guild: Guild) -> None:
        """Have the bot's other end told of a guild that was added while it was connected."""
        await self.gateway.dispatch("GUILD_CREATE", guild.json(), GUILDS)

    async def post(self, message: Message, body: dict[str, Any]) -> dict[str, Any]:
        """Put a message where it stands, and tell the bot of it."""
        self._fill(message, body)
        if not message.only_for:
            message.channel.messages[message.id] = message
            await self.gateway.dispatch("MESSAGE_CREATE", self.as_seen(message, event=True), self._needs(message))
        await self._tell()
        return message.json()

    async def change(self, message: Message, body: dict[str, Any]) -> dict[str, Any]:
        self._fill(message, body)
        message.edits += 1
        message.edited_at = datetime.now(UTC).isoformat()
        if not message.only_for:
            await self.gateway.dispatch("MESSAGE_UPDATE", self.as_seen(message, event=True), self._needs(message))
        await self._tell()
        return message.json()

    async def remove(self, message: Message) -> None:
        message.deleted = True
        if message.channel.messages.pop(message.id, None):
            gone = {"id": str(message.id), "channel_id": str(message.channel.id)}
            if message.channel.guild:
                gone["guild_id"] = str(message.channel.guild.id)
            await self.gateway.dispatch("MESSAGE_DELETE", gone, self._needs(message))
        await self._tell()

    async def delete_channel(self, channel: Channel) -> None:
        assert channel.guild
        for doomed in [c for c in channel.guild.channels.values() if c is channel or c.parent is channel]:
            del channel.guild.channels[doomed.id], self.channels[doomed.id]
        event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        await self.gateway.dispatch(event, channel.json(), GUILDS)

    async def open_thread(self, parent: Channel, name: str, owner: User, started: Message | None = None) -> Channel:
        thread = Channel(name, THREAD, parent.guild, parent, owner=owner)
        if started:
            thread.id = started.id
        assert parent.guild
        parent.guild.channels[thread.id] = self.channels[thread.id] = thread
        await self.gateway.dispatch("THREAD_CREATE", thread.json() | {"newly_created": True}, GUILDS)
        return thread

    async def call(self, call: Call, payload: dict[str, Any]) -> Call:
        """Tell the bot of an interaction."""
        self.calls[call.token] = call
        call.began = time.perf_counter()
        await self.gateway.dispatch("INTERACTION_CREATE", payload)
        return call

    def replies(self, message: Message) -> list[Message]:
        """Return what the bot has said in reply to a message."""
        return [m for m in message.channel.messages.values() if m.author is self.bot and m.reference == message.id]

    def said(self, channel: Channel) -> list[Message]:
        """Return all that the bot has said in a channel."""
        return [m for m in channel.messages.values() if m.author is self.bot]

    def as_seen(self, message: Message, *, event: bool = False) -> dict[str, Any]:
        """Return a message as the bot may see it: without the privileged intent, only what is meant for it."""
        seen = message.json()
        for_it = message.author is self.bot or message.channel.type == DM or self.bot in message.mentions
        for_it = for_it or bool(self.gateway.intents & MESSAGE_CONTENT)
        if not for_it:
            seen |= {"content": "", "embeds": [], "attachments": [], "components": []}
        replied = seen.get("referenced_message")
        if replied and int(replied["author"]["id"]) != self.bot.id and not for_it:
            replied |= {"content": "", "embeds": [], "attachments": [], "components": []}
        guild = message.channel.guild
        if event and guild and message.author.id in guild.members and not message.webhook:
            member = guild.members[message.author.id].json()
            del member["user"]
            seen["member"] = member
        return seen

    def _fill(self, message: Message, body: dict[str, Any]) -> None:
        if "content" in body:
            message.content = body["content"] or ""
        for part in _PARTS:
            if part in body:
                setattr(message, part, body[part] or ([] if part != "allowed_mentions" else None))
        if message.author is self.bot:
            self.pings += [(who, message) for who in _pinged(message)]
        else:
            ids = {int(each) for each in re.findall(r"<@!?(\d+)>", message.content)}
            message.mentions = [self.users[each] for each in ids if each in self.users]

    def _needs(self, message: Message) -> int:
        return DIRECT_MESSAGES if message.channel.type == DM else GUILD_MESSAGES

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def _ready(self) -> dict[str, Any]:
        return {
            "v": 10,
            "user": self.bot.json(),
            "resume_gateway_url": self.gateway_address,
            "application": {"id": str(self.bot.id), "flags": 0},
        }

    def application(self) -> dict[str, Any]:
        return {
            "id": str(self.bot.id),
            "name": "Footnote",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "",
            "flags": 0,
            "owner": User("operator").json(),
        }


def _pinged(message: Message) -> list[str]:
    """Return who gets a ping by a message of the bot."""
    allowed = message.allowed_mentions
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or ())
    named = {str(each) for each in (allowed or {}).get("users") or ()}
    found = [f"<@{who}>" for who in re.findall(r"<@!?(\d+)>", message.content) if "users" in parse or who in named]
    found += re.findall(r"<@&\d+>", message.content) if "roles" in parse else []
    found += re.findall(r"@(?:everyone|here)\b", message.content) if "everyone" in parse else []
    if message.reference and (allowed is None or allowed.get("replied_user")):
        found.append("the author of the message that it replies to")
    return found
