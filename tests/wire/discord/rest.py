"""The REST API: what bots ask of Discord, and what it says."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire.discord import interactions
from tests.wire.discord.errors import Refused
from tests.wire.discord.faults import Handler, json_response
from tests.wire.discord.model import DM, THREAD, Channel, Message
from tests.wire.discord.permissions import (
    CREATE_THREADS,
    EMBED_LINKS,
    MANAGE_MESSAGES,
    READ_HISTORY,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    demand,
    permissions_of,
)
from tests.wire.discord.rules import check_commands, check_message

if TYPE_CHECKING:
    from tests.wire.discord.server import Discord

PREFIX = "/api/v10"


class Rest:
    """The requests that the bot makes; whatever else is asked for fails the test that asked."""

    def __init__(self, discord: Discord) -> None:
        self.discord = discord
        self.unexpected: list[str] = []
        self._buckets: dict[str, tuple[float, int]] = {}

    def routes(self) -> list[web.RouteDef]:
        there = [
            web.get("/users/@me", self.me),
            web.post("/users/@me/channels", self.open_dm),
            web.get("/users/{user}", self.user),
            web.get("/oauth2/applications/@me", self.application),
            web.get("/gateway/bot", self.gateway),
            web.put("/applications/{application}/commands", self.commands),
            web.get("/applications/{application}/commands", self.registered),
            web.put("/applications/{application}/guilds/{guild}/commands", self.commands),
            web.get("/channels/{channel}", self.channel),
            web.get("/channels/{channel}/messages", self.history),
            web.post("/channels/{channel}/messages", self.send),
            web.get("/channels/{channel}/messages/{message}", self.message),
            web.patch("/channels/{channel}/messages/{message}", self.edit),
            web.delete("/channels/{channel}/messages/{message}", self.delete),
            web.post("/channels/{channel}/messages/{message}/threads", self.thread),
            web.post("/channels/{channel}/threads", self.thread),
            web.post("/channels/{channel}/typing", self.typing),
            web.get("/guilds/{guild}/members/{user}", self.member),
            *interactions.Endpoints(self.discord).routes(),
        ]
        return [web.RouteDef(each.method, PREFIX + each.path, each.handler, each.kwargs) for each in there]

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note the request, let it fail if it is to fail, and say no as Discord does."""
        if not request.path.startswith(PREFIX):
            return await handler(request)
        path = request.path.removeprefix(PREFIX)
        body = await request.read()
        self.discord.requests.append((request.method, path, json.loads(body) if body else None))
        try:
            return await self.discord.faults.run(request, path, lambda asked: self._within_limits(asked, path, handler))
        except Refused as refused:
            return json_response(refused.json(), refused.status)
        except web.HTTPNotFound:
            self.unexpected.append(f"{request.method} {path}")
            return json_response({"message": "404: Not Found", "code": 0}, 404)

    async def _within_limits(self, request: web.Request, path: str, handler: Handler) -> web.StreamResponse:
        """Keep the limits that are set for a path, and tell of them in headers."""
        open_to_all = path.startswith(("/interactions/", "/webhooks/"))
        if not open_to_all and request.headers.get("Authorization") != f"Bot {self.discord.token}":
            raise Refused(401, 0)
        asked = f"{request.method} {path}"
        limit = next((most for start, most in self.discord.limits.items() if asked.startswith(start)), None)
        if limit is None:
            return await handler(request)
        most, seconds = limit
        now = time.monotonic()
        bucket = f"{request.method} {'/'.join(path.split('/')[:3])}"
        since, used = self._buckets.get(bucket, (now, 0))
        if now - since >= seconds:
            since, used = now, 0
        left = max(0.0, since + seconds - now)
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(0, most - used - 1)),
            "X-RateLimit-Reset": str(time.time() + left),
            "X-RateLimit-Reset-After": str(left),
            "X-RateLimit-Bucket": str(abs(hash(bucket))),
        }
        if used >= most:
            self.discord.limited += 1
            said = {"message": "You are being rate limited.", "retry_after": left, "global": False}
            return json_response(said, 429, headers | {"Retry-After": str(left), "Via": "1.1 loopback"})
        self._buckets[bucket] = (since, used + 1)
        try:
            response = await handler(request)
        except Refused as refused:
            response = json_response(refused.json(), refused.status)
        response.headers.update(headers)
        return response

    # Who is who.

    async def me(self, request: web.Request) -> web.Response:
        return json_response(self.discord.bot.json())

    async def user(self, request: web.Request) -> web.Response:
        found = self.discord.users.get(int(request.match_info["user"]))
        if found is None:
            raise Refused(404, 10013)
        return json_response(found.json())

    async def member(self, request: web.Request) -> web.Response:
        guild = self.discord.guilds.get(int(request.match_info["guild"]))
        member = guild.members.get(int(request.match_info["user"])) if guild else None
        if member is None:
            raise Refused(404, 10007)
        return json_response(member.json())

    async def application(self, request: web.Request) -> web.Response:
        return json_response(self.discord.application())

    async def gateway(self, request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return json_response({"url": self.discord.gateway_address, "shards": 1, "session_start_limit": limit})

    async def commands(self, request: web.Request) -> web.Response:
        body = await request.json()
        check_commands(body)
        self.discord.registrations += 1
        self.discord.commands = {command["name"]: command for command in body}
        return json_response(await self._registered())

    async def registered(self, request: web.Request) -> web.Response:
        return json_response(await self._registered())

    async def _registered(self) -> list[dict[str, Any]]:
        common = {"application_id": str(self.discord.bot.id), "version": "1", "default_member_permissions": None}
        numbered = enumerate(self.discord.commands.values(), start=1)
        return [common | {"id": str(number), "description": ""} | each for number, each in numbered]

    # Messages.

    def _channel(self, request: web.Request) -> Channel:
        channel = self.discord.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise Refused(404, 10003)
        return channel

    def _message(self, request: web.Request) -> Message:
        channel = self._channel(request)
        message = channel.messages.get(int(request.match_info["message"]))
        if message is None or message.only_for:
            raise Refused(404, 10008)
        return message

    async def channel(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        demand(self.discord.bot, channel, VIEW)
        return json_response(channel.json())

    async def history(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        demand(self.discord.bot, channel, READ_HISTORY)
        after, before = int(request.query.get("after", 0)), int(request.query.get("before", 1 << 63))
        there = [m for m in channel.messages.values() if after < m.id < before and not m.only_for]
        most = int(request.query.get("limit", 50))
        chosen = there[:most] if "after" in request.query else there[-most:]
        return json_response([self.discord.as_seen(message) for message in reversed(chosen)])

    async def message(self, request: web.Request) -> web.Response:
        demand(self.discord.bot, self._channel(request), READ_HISTORY)
        return json_response(self.discord.as_seen(self._message(request)))

    async def send(self, request: web.Request) -> web.Response:
        channel, body = self._channel(request), await request.json()
        bot = self.discord.bot
        if channel.type == DM and channel.id in self.discord.closed_dms:
            raise Refused(403, 50007)
        demand(bot, channel, SEND_IN_THREADS if channel.type == THREAD else SEND)
        if body.get("embeds"):
            demand(bot, channel, EMBED_LINKS)
        reference = body.get("message_reference") or {}
        replied = int(reference["message_id"]) if reference else None
        if replied and channel.type != DM and not permissions_of(bot, channel) & READ_HISTORY:
            raise Refused(403, 160002)
        if replied and replied not in channel.messages:
            if reference.get("fail_if_not_exists", True):
                raise Refused(400, 50035, message_reference="Unknown message")
            replied = None
        check_message(body)
        nonce = body.get("nonce")
        if nonce and body.get("enforce_nonce"):
            for message in reversed(channel.messages.values()):
                if message.nonce == nonce and message.author is bot:
                    return json_response(message.json())
        message = Message(channel, bot, reference=replied, type=19 if replied else 0, nonce=nonce)
        return json_response(await self.discord.post(message, body))

    async def edit(self, request: web.Request) -> web.Response:
        message = self._message(request)
        demand(self.discord.bot, message.channel)
        if message.author is not self.discord.bot:
            raise Refused(403, 50005)
        return json_response(await self.discord.change(message, await request.json()))

    async def delete(self, request: web.Request) -> web.Response:
        message = self._message(request)
        if message.author is not self.discord.bot:
            demand(self.discord.bot, message.channel, MANAGE_MESSAGES)
        await self.discord.remove(message)
        return web.Response(status=204)

    async def typing(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        demand(self.discord.bot, channel, SEND_IN_THREADS if channel.type == THREAD else SEND)
        return web.Response(status=204)

    async def thread(self, request: web.Request) -> web.Response:
        parent, body = self._channel(request), await request.json()
        demand(self.discord.bot, parent, CREATE_THREADS)
        if not 1 <= len(body["name"]) <= 100:
            raise Refused(400, 50035, name="Must be between 1 and 100 in length.")
        started = self._message(request) if "message" in request.match_info else None
        thread = await self.discord.open_thread(parent, body["name"], self.discord.bot, started)
        return json_response(thread.json())

    async def open_dm(self, request: web.Request) -> web.Response:
        user = self.discord.users.get(int((await request.json())["recipient_id"]))
        if user is None:
            raise Refused(404, 10013)
        return json_response(self.discord.dm_with(user).json())
