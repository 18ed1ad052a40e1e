"""What there is on a Discord, and how the protocol writes it down."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

# Milliseconds since 1970 at which ids begin to count.
EPOCH = 1_420_070_400_000

TEXT, DM, FORUM, THREAD = 0, 1, 15, 11
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15

_last = 0


def new_id() -> int:
    """Return an id as Discord's: later ones are larger, and it tells when it was made."""
    global _last  # noqa: PLW0603
    _last = max(_last + 1, (int(time.time() * 1000) - EPOCH) << 22)
    return _last


def time_of(snowflake: int) -> str:
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH) / 1000, UTC).isoformat()


@dataclass(eq=False)
class User:
    name: str
    id: int = field(default_factory=new_id)
    locale: str = "en-US"
    bot: bool = False

    def json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "username": self.name,
            "discriminator": "0000" if self.bot else "0",
            "global_name": None if self.bot else self.name,
            "avatar": None,
            "bot": self.bot,
        }


@dataclass(eq=False)
class Member:
    user: User
    nick: str | None = None
    roles: list[int] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        return {
            "user": self.user.json(),
            "nick": self.nick,
            "roles": [str(role) for role in self.roles],
            "joined_at": time_of(self.user.id),
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
        }


@dataclass(eq=False)
class Guild:
    """A server.

    Attributes:
        roles: Each role's permissions; the guild's own id is the role of everybody.
        own_roles: Roles that Discord made for a bot when it was invited, with the bot's id.
    """

    name: str
    owner: User
    id: int = field(default_factory=new_id)
    locale: str = "en-US"
    roles: dict[int, int] = field(default_factory=dict)
    own_roles: dict[int, int] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        rooms = [channel for channel in self.channels.values() if not channel.is_thread]
        threads = [channel for channel in self.channels.values() if channel.is_thread]
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "preferred_locale": self.locale,
            "unavailable": False,
            "member_count": len(self.members),
            "roles": [
                {
                    "id": str(role),
                    "name": "@everyone" if role == self.id else f"role {role}",
                    "permissions": str(permissions),
                    "position": 0 if role == self.id else 1,
                    "color": 0,
                    "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
                    "hoist": False,
                    "managed": role in self.own_roles,
                    **({"tags": {"bot_id": str(self.own_roles[role])}} if role in self.own_roles else {}),
                    "mentionable": False,
                    "flags": 0,
                }
                for role, permissions in self.roles.items()
            ],
            # Without the members' intent, a bot is told of itself alone.
            "members": [member.json() for member in self.members.values() if member.user.bot],
            "channels": [channel.json() for channel in rooms],
            "threads": [channel.json() for channel in threads],
            "emojis": [],
            "stickers": [],
            "features": [],
            "joined_at": time_of(self.id),
            "large": False,
        }


@dataclass(eq=False)
class Channel:
    """Where people write; a thread and a forum's post are channels with a parent.

    Attributes:
        overwrites: By role or member: what is allowed and what is denied here.
        recipients: Who is in a direct conversation.
    """

    name: str
    type: int = TEXT
    guild: Guild | None = None
    parent: Channel | None = None
    topic: str | None = None
    owner: User | None = None
    id: int = field(default_factory=new_id)
    overwrites: dict[int, tuple[int, int]] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    messages: dict[int, Message] = field(default_factory=dict)
    archived: bool = False

    @property
    def is_thread(self) -> bool:
        return self.type == THREAD

    def json(self) -> dict[str, Any]:
        shared: dict[str, Any] = {
            "id": str(self.id),
            "type": self.type,
            "last_message_id": str(max(self.messages)) if self.messages else None,
            "flags": 0,
        }
        if self.type == DM:
            return shared | {"recipients": [user.json() for user in self.recipients if not user.bot]}
        assert self.guild
        shared |= {"name": self.name, "guild_id": str(self.guild.id), "rate_limit_per_user": 0}
        if not self.is_thread:
            return shared | {
                "topic": self.topic,
                "position": 0,
                "parent_id": None,
                "nsfw": False,
                "available_tags": [],
                "permission_overwrites": [
                    {"id": str(target), "type": 0 if target in self.guild.roles else 1, "allow": str(a), "deny": str(d)}
                    for target, (a, d) in self.overwrites.items()
                ],
            }
        assert self.parent
        return shared | {
            "parent_id": str(self.parent.id),
            "owner_id": str((self.owner or self.guild.owner).id),
            "message_count": len(self.messages),
            "member_count": 1,
            "total_message_sent": len(self.messages),
            "applied_tags": [],
            "thread_metadata": {
                "archived": self.archived,
                "auto_archive_duration": 1440,
                "archive_timestamp": time_of(self.id),
                "locked": False,
                "create_timestamp": time_of(self.id),
            },
        }


@dataclass(eq=False)
class Message:
    """What stands in a channel, or is shown to one person alone.

    Attributes:
        only_for: The one person who sees it; everybody if None.
        edits: How often it was changed.
        nonce: The sender's own mark, by which Discord knows a second attempt.
    """

    channel: Channel
    author: User
    content: str = ""
    id: int = field(default_factory=new_id)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[User] = field(default_factory=list)
    reference: int | None = None
    flags: int = 0
    type: int = 0
    webhook: int | None = None
    interaction: dict[str, Any] | None = None
    only_for: User | None = None
    edits: int = 0
    edited_at: str | None = None
    nonce: str | None = None
    allowed_mentions: dict[str, Any] | None = None
    deleted: bool = False

    @property
    def text(self) -> str:
        """Everything that is to be read in it."""
        return "\n".join([self.content, *_strings(self.embeds), *_strings(self.components)])

    @property
    def custom_ids(self) -> list[str]:
        return [part["custom_id"] for part in _parts(self.components) if "custom_id" in part]

    def json(self) -> dict[str, Any]:
        written: dict[str, Any] = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.json(),
            "content": self.content,
            "timestamp": time_of(self.id),
            "edited_timestamp": self.edited_at,
            "tts": False,
            "mention_everyone": False,
            "mentions": [user.json() for user in self.mentions],
            "mention_roles": re.findall(r"<@&(\d{1,20})>", self.content),
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "pinned": False,
            "type": self.type,
            "flags": self.flags,
        }
        if self.channel.guild:
            written["guild_id"] = str(self.channel.guild.id)
        if self.webhook:
            written["webhook_id"] = str(self.webhook)
        if self.interaction:
            written["interaction_metadata"] = self.interaction
        if self.nonce:
            written["nonce"] = self.nonce
        if self.reference:
            written["message_reference"] = {"channel_id": str(self.channel.id), "message_id": str(self.reference)}
            replied = self.channel.messages.get(self.reference)
            written["referenced_message"] = replied.json() if replied else None
        return written


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for part in value for text in _strings(part)] if isinstance(value, list) else []


def _parts(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return all components, those inside others as well."""
    found = []
    for part in components:
        inner = [*part.get("components", []), *([part["component"]] if "component" in part else [])]
        inner += [part["accessory"]] if "accessory" in part else []
        found += [part, *_parts(inner)]
    return found


parts_of = _parts
strings_of = _strings
