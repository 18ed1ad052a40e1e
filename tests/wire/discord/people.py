"""Members: what they do in Discord's own client."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.wire.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Call
from tests.wire.discord.model import DM, Channel, Message, User
from tests.wire.discord.permissions import permissions_of
from tests.wire.discord.rules import BUTTON, ROW, SELECT, TEXT_INPUT

if TYPE_CHECKING:
    from tests.wire.discord.server import Discord


@dataclass(eq=False)
class Person:
    """Somebody on the server."""

    discord: Discord
    user: User

    @property
    def dm(self) -> Channel:
        return self.discord.dm_with(self.user)

    async def says(self, channel: Channel, content: str, *, replying_to: Message | None = None, **more: Any) -> Message:
        """Write a message."""
        message = Message(channel, self.user, reference=replying_to.id if replying_to else None, **more)
        message.type = 19 if replying_to else message.type
        if replying_to:
            message.mentions = [replying_to.author]
        await self.discord.post(message, {"content": content})
        return message

    async def mentions(self, channel: Channel, content: str, **more: Any) -> Message:
        """Write a message to the bot."""
        return await self.says(channel, f"<@{self.discord.bot.id}> {content}", **more)

    async def edits(self, message: Message, content: str) -> None:
        await self.discord.change(message, {"content": content})

    async def deletes(self, message: Message) -> None:
        await self.discord.remove(message)

    async def posts(self, forum: Channel, title: str, content: str) -> tuple[Channel, Message]:
        """Open a post in a forum, or a thread in a channel, and write its first message."""
        thread = await self.discord.open_thread(forum, title, self.user)
        message = Message(thread, self.user, id=thread.id)
        await self.discord.post(message, {"content": content})
        return thread, message

    async def ask(self, channel: Channel, question: str, **options: Any) -> Call:
        """Give /ask."""
        return await self.slash(channel, "ask", question=question, **options)

    async def slash(self, channel: Channel, command: str, **options: Any) -> Call:
        """Give a command; "a b" is the command b in the group a."""
        name, *below = command.split()
        given = [{"name": key, "type": _type_of(value), "value": value} for key, value in options.items()]
        for depth, inner in enumerate(reversed(below)):
            given = [{"name": inner, "type": 2 if depth else 1, "options": given}]
        return await self._call(channel, COMMAND, {"id": "1", "name": name, "type": 1, "options": given})

    async def types(self, channel: Channel, command: str, option: str, typed: str) -> Call:
        """Type into an option that makes suggestions."""
        options = [{"name": option, "type": 3, "value": typed, "focused": True}]
        return await self._call(channel, AUTOCOMPLETE, {"id": "1", "name": command, "type": 1, "options": options})

    async def menu(self, message: Message, name: str) -> Call:
        """Choose a command from a message's menu."""
        # Whatever message a member points at comes with its content.
        data = {
            "id": "1",
            "name": name,
            "type": 3,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): message.json()}},
        }
        return await self._call(message.channel, COMMAND, data)

    async def presses(self, message: Message, custom_id: str) -> Call:
        """Press a button; where the message has none by this id, one that somebody has made up with the message."""
        data = {"custom_id": custom_id, "component_type": BUTTON, "id": 1}
        return await self._call(message.channel, COMPONENT, data, message)

    async def selects(self, message: Message, custom_id: str, *values: str) -> Call:
        data = {"custom_id": custom_id, "component_type": SELECT, "values": list(values), "id": 1}
        return await self._call(message.channel, COMPONENT, data, message)

    async def submits(self, call: Call, values: dict[str, Any] | str) -> Call:
        """Fill in and send the form that an interaction was answered with; a text goes into its only field."""
        assert call.modal
        given = values if isinstance(values, dict) else {}
        parts = [_filled(part, given, None if given else str(values)) for part in call.modal["components"]]
        data = {"custom_id": call.modal["custom_id"], "components": parts}
        return await self._call(call.channel, MODAL_SUBMIT, data, call.source)

    async def sends(self, channel: Channel, kind: int, data: dict[str, Any], source: Message | None = None) -> Call:
        """Send any interaction, however malformed."""
        return await self._call(channel, kind, data, source)

    async def _call(self, channel: Channel, kind: int, data: dict[str, Any], source: Message | None = None) -> Call:
        call = Call(self.user, channel, kind, data, source, token=secrets.token_urlsafe(16))
        return await self.discord.call(call, self.interaction(call))

    def interaction(self, call: Call) -> dict[str, Any]:
        """Return an interaction as Discord tells the bot of it."""
        bot, guild = self.discord.bot, call.channel.guild
        written: dict[str, Any] = {
            "id": str(call.id),
            "application_id": str(bot.id),
            "type": call.kind,
            "data": call.data,
            "channel": call.channel.json(),
            "channel_id": str(call.channel.id),
            "token": call.token,
            "version": 1,
            "locale": self.user.locale,
            "app_permissions": str(permissions_of(bot, call.channel)),
            "entitlements": [],
            "attachment_size_limit": 10_485_760,
            "authorizing_integration_owners": {},
            "context": 1 if call.channel.type == DM else 0,
        }
        if call.source:
            written["message"] = call.source.json()
            made_up = call.data.get("custom_id")
            if isinstance(made_up, str) and call.kind == COMPONENT and made_up not in call.source.custom_ids:
                button = {"type": BUTTON, "style": 2, "label": "?", "custom_id": made_up, "id": 99}
                written["message"]["components"] = [{"type": ROW, "id": 98, "components": [button]}]
        if guild is None:
            return written | {"user": self.user.json()}
        member = guild.members[self.user.id].json() | {"permissions": str(permissions_of(self.user, call.channel))}
        written |= {"guild_id": str(guild.id), "guild_locale": guild.locale, "member": member}
        return written | {"guild": {"id": str(guild.id), "locale": guild.locale, "features": []}}


def _type_of(value: object) -> int:
    if isinstance(value, bool):
        return 5
    if isinstance(value, int):
        return 4
    return 10 if isinstance(value, float) else 3


def _filled(part: dict[str, Any], given: dict[str, Any], text: str | None) -> dict[str, Any]:
    """Return a part of a form as it comes back."""
    filled: dict[str, Any] = {"type": part["type"], "id": part.get("id", 1)}
    if "components" in part:
        filled["components"] = [_filled(inner, given, text) for inner in part["components"]]
    if "component" in part:
        filled["component"] = _filled(part["component"], given, text)
    if "custom_id" in part:
        filled["custom_id"] = part["custom_id"]
        value = given.get(part["custom_id"], text)
        if part["type"] == TEXT_INPUT:
            filled["value"] = value if value is not None else part.get("value", "")
        else:
            filled["values"] = value if isinstance(value, list) else []
    return filled
