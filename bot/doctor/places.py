"""Where the bot is told to answer: whether it may there, as the channels have it, and can read what is asked."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.doctor.model import Finding, ok, problem, warning
from bot.markup import clean
from bot.policy import SETTINGS

if TYPE_CHECKING:
    from bot.settings import Settings

_ANSWER, _UNASKED = "answer_in", "auto_answer"
_ADMINISTRATOR = 1 << 3
_VIEW = 1 << 10
_SEND = {"Send Messages": 1 << 11}
_SEND_BELOW = {"Send Messages in Threads": 1 << 38}
_NEEDED = {"Embed Links": 1 << 14, "Read Message History": 1 << 16}
_FORUMS = {15, 16}
# How many channels are looked at; Discord lets some dozens of requests through a second.
_MOST = 50

Get = Callable[[str], Awaitable[Any]]


def look_at_unasked(settings: Settings) -> Iterator[Finding]:
    """Yield whether questions that nobody addresses to the bot can be read, where it is to answer them."""
    channels = [channel for channel, told in _told(settings).items() if _UNASKED in told]
    if channels and not settings.discord.message_content:
        yield warning(
            _UNASKED,
            f"It is to answer unasked in {len(channels)} channels, but reads no words there, only forum posts' titles.",
            "Set message_content = true under [discord], and grant the intent at "
            "https://discord.com/developers/applications (Bot); or take the channels out of auto_answer.",
        )


async def look_at_channels(get: Get, settings: Settings, me: int) -> AsyncIterator[Finding]:
    """Yield whether the bot may answer in the channels where it is told to.

    Args:
        get: Asks Discord's API; what it raises has a `status`.
        settings: What is configured.
        me: The bot's user id.
    """
    channels = list(_told(settings))[:_MOST]
    granted: dict[int, dict[int, int]] = {}
    fine = 0
    for identity in channels:
        try:
            channel = await get(f"/channels/{identity}")
            guild = int(channel["guild_id"])
            if guild not in granted:
                roles = {int(role["id"]): int(role["permissions"]) for role in await get(f"/guilds/{guild}/roles")}
                own = [guild, *map(int, (await get(f"/guilds/{guild}/members/{me}"))["roles"])]
                granted[guild] = {role: roles.get(role, 0) for role in own}
        except Exception as error:
            status = getattr(error, "status", 0)
            if status not in {403, 404}:
                raise
            seen = "may not see it" if status == 403 else "does not find it"  # noqa: PLR2004
            yield _wrong(f"channel {identity}", f"The bot is told to answer there, but {seen}.")
            continue
        lacking = _lacking(channel, granted[guild], guild, me)
        if lacking:
            name = f"channel {clean(str(channel.get('name')))[:100]} ({identity})"
            yield _wrong(name, f"The bot is told to answer there, but lacks {', '.join(lacking)}.")
        else:
            fine += 1
    if fine:
        yield ok("channels", f"In {fine} of {len(channels)} where it is told to answer, the bot may")


def _wrong(name: str, told: str) -> Finding:
    remedy = "Give its role these permissions in the channel, or name other channels with footnote settings."
    return problem(name, told, remedy)


def _told(settings: Settings) -> dict[int, set[str]]:
    """Return the channels in which the bot is told to answer, also by servers, and by which settings."""
    from bot.ledger import LedgerFailure
    from bot.ledger.place import url_of
    from bot.ledger.state import ledger_state

    layers: list[Mapping[str, object]] = [{key: getattr(settings.server, key) for key in (_ANSWER, _UNASKED)}]
    with contextlib.suppress(LedgerFailure):  # of which is told where the ledger is looked at
        layers += [of_guild.get(None, {}) for of_guild in ledger_state(url_of(settings)).settings.values()]
    found: dict[int, set[str]] = {}
    for layer in layers:
        for key in {_ANSWER, _UNASKED} & layer.keys():
            try:
                channels: Any = SETTINGS[key].field(layer[key])
            except ValueError:
                continue  # as another version may have stored it
            for channel in sorted(channels):
                found.setdefault(channel, set()).add(key)
    return found


def _lacking(channel: Mapping[str, Any], roles: Mapping[int, int], guild: int, me: int) -> list[str]:
    """Return the permissions that the bot needs in a channel and has not.

    Args:
        channel: As Discord describes it.
        roles: The bot's roles, that of everybody among them, with what each permits.
        guild: The server's id, which is that of everybody's role.
        me: The bot's user id.
    """
    may = 0
    for permits in roles.values():
        may |= permits
    if may & _ADMINISTRATOR:
        return []
    by = {int(one["id"]): (int(one["allow"]), int(one["deny"])) for one in channel.get("permission_overwrites") or []}
    # As Discord has it: everybody's, then those of all roles together, then the member's own.
    of_roles = [by[role] for role in roles if role in by and role != guild]
    together = (0, 0)
    for allow, deny in of_roles:
        together = (together[0] | allow, together[1] | deny)
    for allow, deny in (by.get(guild, (0, 0)), together, by.get(me, (0, 0))):
        may = may & ~deny | allow
    if not may & _VIEW:
        return ["View Channel"]
    wanted = {**(_SEND_BELOW if channel.get("type") in _FORUMS else _SEND), **_NEEDED}
    return [name for name, bit in wanted.items() if not may & bit]
