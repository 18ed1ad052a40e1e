"""Interactions: three seconds to acknowledge one, fifteen minutes to say what there is to say."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire.discord.errors import Refused
from tests.wire.discord.faults import json_response
from tests.wire.discord.model import EPHEMERAL, LOADING, Channel, Message, User, new_id
from tests.wire.discord.rules import check_choices, check_message, check_modal

if TYPE_CHECKING:
    from tests.wire.discord.server import Discord

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9

# Seconds.
TO_ACKNOWLEDGE = 3.0
TO_SPEAK = 900.0


@dataclass(eq=False)
class Call:
    """An interaction, as its member sees it.

    Attributes:
        kind: Command, component, suggestion or form.
        source: The message whose button was pressed.
        acknowledged: Seconds until it was; None while it is not.
        response: The message that answers it; `thinking` while it is to come.
        followups: Messages after that.
        refused: What Discord told the bot about this interaction when it said no.
    """

    member: User
    channel: Channel
    kind: int
    data: dict[str, Any]
    source: Message | None = None
    id: int = field(default_factory=new_id)
    token: str = ""
    began: float = field(default_factory=time.perf_counter)
    acknowledged: float | None = None
    acknowledgements: int = 0
    response: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    refused: list[int] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def thinking(self) -> bool:
        return bool(self.response and self.response.flags & LOADING)

    @property
    def failed(self) -> bool:
        """Whether the member has read that the application did not respond."""
        return self.acknowledged is None and time.perf_counter() - self.began > TO_ACKNOWLEDGE

    @property
    def shown(self) -> list[Message]:
        """What stands there for the member to read."""
        own = [self.response] if self.response and not self.thinking else []
        return [message for message in (*own, *self.followups) if not message.deleted]

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.shown)

    async def answered(self, seconds: float = 20.0) -> Call:
        """Wait until there is something to read, a form or suggestions."""

        def done() -> bool:
            return bool(self.shown or self.modal or self.choices is not None)

        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(done), seconds)
        return self

    async def tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()


class Endpoints:
    """The requests about interactions; they need no token but the interaction's own."""

    def __init__(self, discord: Discord) -> None:
        self.discord = discord

    def routes(self) -> list[web.RouteDef]:
        message = "/webhooks/{application}/{token}/messages/{message}"
        return [
            web.post("/interactions/{id}/{token}/callback", self.acknowledge),
            web.get(message, self.get),
            web.patch(message, self.edit),
            web.delete(message, self.delete),
            web.post("/webhooks/{application}/{token}", self.follow_up),
        ]

    async def acknowledge(self, request: web.Request) -> web.Response:
        call = self.discord.calls.get(request.match_info["token"])
        if call is None or str(call.id) != request.match_info["id"]:
            raise Refused(404, 10062)
        took = time.perf_counter() - call.began
        if took > self.discord.to_acknowledge:
            call.refused.append(10062)
            raise Refused(404, 10062)
        if call.acknowledged is not None:
            call.refused.append(40060)
            raise Refused(400, 40060)
        body = await request.json()
        kind, data = body["type"], body.get("data") or {}
        await self._respond(call, kind, data)
        call.acknowledged = took
        call.acknowledgements += 1
        await call.tell()
        resource: dict[str, Any] = {"type": kind}
        if call.response:
            resource["message"] = call.response.json()
        said = {"id": str(call.id), "type": call.kind, "response_message_loading": call.thinking}
        said["response_message_ephemeral"] = bool(call.response and call.response.only_for)
        if call.response:
            said["response_message_id"] = str(call.response.id)
        return json_response({"interaction": said, "resource": resource})

    async def _respond(self, call: Call, kind: int, data: dict[str, Any]) -> None:
        if (kind == CHOICES) != (call.kind == AUTOCOMPLETE):
            raise Refused(400, 50035, type="Invalid interaction response type")
        if kind == CHOICES:
            check_choices(data["choices"])
            call.choices = data["choices"]
        elif kind == MODAL:
            if call.kind == MODAL_SUBMIT:
                raise Refused(400, 50035, type="A form cannot be answered with a form")
            check_modal(data)
            call.modal = data
        elif kind == DEFERRED:
            message = self._message(call, data.get("flags", 0))
            message.flags |= LOADING
            call.response = message
            if not message.only_for:
                await self.discord.post(message, {})
        elif kind == MESSAGE:
            check_message(data)
            call.response = self._message(call, data.get("flags", 0))
            await self.discord.post(call.response, data)
        elif kind in {DEFERRED_UPDATE, UPDATE}:
            if call.source is None:
                raise Refused(400, 50035, type="There is no message to update")
            if kind == UPDATE:
                check_message(data, new=False)
                await self.discord.change(call.source, data)
                call.response = call.source
        else:
            raise Refused(400, 50035, type="Unknown interaction response type")

    def _message(self, call: Call, flags: int) -> Message:
        private = call.member if flags & EPHEMERAL else None
        metadata = {
            "id": str(call.id),
            "type": call.kind,
            "user": call.member.json(),
            "authorizing_integration_owners": {},
        }
        return Message(
            call.channel,
            self.discord.bot,
            flags=flags & EPHEMERAL,
            only_for=private,
            webhook=self.discord.bot.id,
            interaction=metadata,
            type=20 if call.kind == COMMAND else 0,
        )

    def _call(self, request: web.Request) -> Call:
        call = self.discord.calls.get(request.match_info["token"])
        if call is None or call.acknowledged is None:
            raise Refused(404, 10015)
        if time.perf_counter() - call.began > self.discord.token_life:
            call.refused.append(50027)
            raise Refused(401, 50027)
        return call

    def _target(self, call: Call, name: str) -> Message:
        if name == "@original":
            found = call.response or call.source
        else:
            found = next((m for m in (call.response, *call.followups) if m and str(m.id) == name), None)
        if found is None or found.deleted:
            raise Refused(404, 10008)
        if call.channel.id not in self.discord.channels:
            raise Refused(404, 10003)
        return found

    async def get(self, request: web.Request) -> web.Response:
        return json_response(self._target(self._call(request), request.match_info["message"]).json())

    async def edit(self, request: web.Request) -> web.Response:
        call = self._call(request)
        message = self._target(call, request.match_info["message"])
        body = await request.json()
        check_message(body, new=False)
        message.flags &= ~LOADING
        changed = await self.discord.change(message, body)
        await call.tell()
        return json_response(changed)

    async def delete(self, request: web.Request) -> web.Response:
        call = self._call(request)
        await self.discord.remove(self._target(call, request.match_info["message"]))
        return web.Response(status=204)

    async def follow_up(self, request: web.Request) -> web.Response:
        call, body = self._call(request), await request.json()
        if call.channel.id not in self.discord.channels:
            raise Refused(404, 10003)
        check_message(body)
        # The first one after a deferral takes the place of "is thinking".
        if call.response and call.thinking and not call.response.deleted:
            call.response.flags &= ~LOADING
            said = await self.discord.change(call.response, body)
        else:
            message = self._message(call, body.get("flags", 0))
            call.followups.append(message)
            said = await self.discord.post(message, body)
        await call.tell()
        return json_response(said)
