"""Who may do what where."""

from __future__ import annotations

from tests.wire.discord.errors import Refused
from tests.wire.discord.model import DM, Channel, User

ADMINISTRATOR = 1 << 3
MANAGE_GUILD = 1 << 5
VIEW = 1 << 10
SEND = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
READ_HISTORY = 1 << 16
CREATE_THREADS = 1 << 35
SEND_IN_THREADS = 1 << 38
ALL = (1 << 53) - 1

# What the invitation asks for: view, send, embed links, history, create threads, send in threads.
INVITED = VIEW | SEND | EMBED_LINKS | READ_HISTORY | CREATE_THREADS | SEND_IN_THREADS


def permissions_of(user: User, channel: Channel) -> int:
    """Return everything that somebody may do in a channel."""
    guild = channel.guild
    if guild is None:
        return INVITED
    member = guild.members.get(user.id)
    if member is None:
        return 0
    may = guild.roles[guild.id]
    for role in member.roles:
        may |= guild.roles.get(role, 0)
    if may & ADMINISTRATOR or guild.owner is user:
        return ALL
    overwrites = (channel.parent or channel).overwrites
    for target in (guild.id, *member.roles, user.id):
        allow, deny = overwrites.get(target, (0, 0))
        may = may & ~deny | allow
    return may if may & VIEW else 0


def demand(user: User, channel: Channel, *wanted: int) -> None:
    """Refuse what is not permitted."""
    if channel.type == DM:
        return
    may = permissions_of(user, channel)
    if not may & VIEW:
        raise Refused(403, 50001)
    if any(not may & each for each in wanted):
        raise Refused(403, 50013)
