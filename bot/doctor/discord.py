"""Discord: the token, the application's intents, what the bot may do on each server, and the clocks' difference."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from bot.doctor.hosts import travels_openly
from bot.doctor.model import Finding, ok, problem, warning
from bot.doctor.places import look_at_channels
from bot.markup import clean

if TYPE_CHECKING:
    import aiohttp

    from bot.settings import Settings

_PORTAL = "https://discord.com/developers/applications"
_NEW_TOKEN = f"Copy the bot's token from {_PORTAL} (Bot, Reset Token) into DISCORD_TOKEN."

# Seconds that one request may take.
_PATIENCE = 10

# Seconds that the clocks may differ: the header has no finer unit, and an answer takes its time.
_SKEW = 5

# Bits of an application's flags: a privileged intent granted after verification, and before.
_MESSAGE_CONTENT = (1 << 18) | (1 << 19)
_UNNEEDED = {"presences": (1 << 12) | (1 << 13), "server members": (1 << 14) | (1 << 15)}

_ADMINISTRATOR = 1 << 3
_NEEDED = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Read Message History": 1 << 16,
    "Send Messages in Threads": 1 << 38,
}
_USEFUL = {"Create Public Threads": 1 << 35}
INVITED_WITH = sum(_NEEDED.values()) | sum(_USEFUL.values())

# Discord lists so many servers at once.
_PAGE = 200
# From so many servers on it asks bots to spread over several connections.
_SHARDS_FROM = 2_500
# Connections a day that are left.
_FEW = 20

_UNAUTHORIZED = 401
_TOO_MANY = 429
_OK = 200


def look_at_token(settings: Settings) -> Iterator[Finding]:
    """Yield whether there is a token, and whether it looks like one; nothing is sent."""
    token = settings.discord.token.get_secret_value()
    if not token:
        yield warning(
            "token",
            "None is set; the demo and the command line do without.",
            f"For Discord: make an application at {_PORTAL}. {_NEW_TOKEN}",
        )
    elif not re.fullmatch(r"[!-~]+", token):
        yield problem("token", "It holds a space or a character that no token has.", _NEW_TOKEN)
    elif _owner_of(token) is None:
        yield warning("token", "It does not look like a bot's token: three parts with dots between.", _NEW_TOKEN)
    else:
        yield ok("token", f"It has the form of a token, of the application {_owner_of(token)}")
    if token and travels_openly(settings.discord.api):
        yield warning(
            "token", f"It goes to {settings.discord.api} unencrypted.", "Use an https:// address under [discord] api."
        )


async def look_at_discord(settings: Settings) -> list[Finding]:
    """Return what Discord says of the bot."""
    import aiohttp

    token = settings.discord.token.get_secret_value().strip()
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Bot {token}"}, timeout=aiohttp.ClientTimeout(total=_PATIENCE)
    ) as session:
        return [finding async for finding in _look(_Api(session, _base(settings)), settings)]


@dataclass(slots=True)
class _Api:
    session: aiohttp.ClientSession
    base: str
    date: str = ""

    async def get(self, path: str) -> Any:
        """Return what is at a path.

        Raises:
            _Refused: It is not given out; the message says why, in words of ours alone.
        """
        import aiohttp

        try:
            async with self.session.get(self.base + path, allow_redirects=False) as response:
                self.date = response.headers.get("Date", "")
                if response.status == _OK:
                    return await response.json(content_type=None)
                raise _Refused(f"HTTP {response.status}", response.status)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise _Refused(type(error).__name__) from None


class _Refused(Exception):
    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


async def _look(api: _Api, settings: Settings) -> AsyncIterator[Finding]:
    asked = datetime.now(UTC)
    try:
        me = await api.get("/users/@me")
    except _Refused as error:
        yield _not_let_in(error, api.base)
        return
    yield ok("Discord", f"The token is accepted: {clean(str(me['username']))} ({int(me['id'])})")
    yield _clock(api.date, asked)

    def channels(api: _Api, settings: Settings) -> AsyncIterator[Finding]:
        return look_at_channels(api.get, settings, int(me["id"]))

    for look in (_intents, _connections, _servers, channels):
        try:
            async for finding in look(api, settings):
                yield finding
        except (_Refused, KeyError, TypeError, ValueError) as error:
            told = str(error) if isinstance(error, _Refused) else "the answer cannot be read"
            yield warning("Discord", f"Not everything could be looked at: {told}.", "Try again in a minute.")


def _not_let_in(error: _Refused, base: str) -> Finding:
    if error.status == _UNAUTHORIZED:
        return problem("Discord", "The token is not accepted.", _NEW_TOKEN)
    if error.status == _TOO_MANY:
        return warning("Discord", "Too many requests have been made.", "Try again in some minutes.")
    return problem(
        "Discord",
        f"{base} does not answer as it should: {error}.",
        "Look at the network, at a proxy, at [discord] api if it is set, and at https://discordstatus.com.",
    )


def _clock(date: str, now: datetime) -> Finding:
    try:
        skew = (now - parsedate_to_datetime(date)).total_seconds()
    except (TypeError, ValueError):
        return warning("clock", "Discord did not say what time it is.", "Compare the clock with another by hand.")
    if abs(skew) <= _SKEW:
        return ok("clock", "It agrees with Discord's")
    way = "fast" if skew > 0 else "slow"
    return warning(
        "clock",
        f"It is {abs(skew):.0f} s {way}.",
        "Let the system keep time (timedatectl set-ntp true): what “today” means depends on it, and so do ages.",
    )


async def _intents(api: _Api, settings: Settings) -> AsyncIterator[Finding]:
    flags = int((await api.get("/oauth2/applications/@me")).get("flags", 0))
    asked = settings.discord.message_content
    granted = bool(flags & _MESSAGE_CONTENT)
    page = f"{_PORTAL} (Bot, Privileged Gateway Intents)"
    if asked and not granted:
        yield problem(
            "intents",
            "message_content is set, but Discord has not granted the message content intent, and lets the bot not in.",
            f"Grant it at {page}, or take message_content out of [discord].",
        )
    elif asked:
        yield ok("intents", "Message content is asked for and granted")
    else:
        yield ok("intents", "No privileged intent is asked for" + (", message content is granted" if granted else ""))
    unneeded = [name for name, bits in _UNNEEDED.items() if flags & bits]
    if unneeded:
        told = f"Granted, though the bot never asks for it: {', '.join(unneeded)}."
        yield warning("intents", told, f"Take it back at {page}.")


async def _connections(api: _Api, settings: Settings) -> AsyncIterator[Finding]:
    limits = (await api.get("/gateway/bot"))["session_start_limit"]
    left, total, hours = int(limits["remaining"]), int(limits["total"]), int(limits["reset_after"]) / 3_600_000
    told = f"{left} of {total} connections are left today"
    if left <= _FEW:
        yield warning("connections", told, f"Find out why it connects so often; in {hours:.1f} h there are new ones.")
    else:
        yield ok("connections", told)


async def _servers(api: _Api, settings: Settings) -> AsyncIterator[Finding]:
    servers: dict[int, Finding | None] = {}
    last = 0
    while len(servers) < _SHARDS_FROM:
        page = await api.get(f"/users/@me/guilds?limit={_PAGE}&after={last}")
        servers |= {int(guild["id"]): _server(guild) for guild in page}
        if len(page) < _PAGE or max(servers) <= last:
            break
        last = max(servers)
    for finding in servers.values():
        if finding:
            yield finding
    count, fine = len(servers), sum(finding is None for finding in servers.values())
    if not servers:
        yield warning("servers", "The bot is on none.", f"Invite it: {_PORTAL} (OAuth2), permissions {INVITED_WITH}.")
    elif count >= _SHARDS_FROM:
        yield warning("servers", f"The bot is on {count} or more.", "Discord wants several connections for so many.")
    if fine:
        yield ok("servers", f"On {fine} of {count} the bot has every permission that it needs")


def _server(guild: dict[str, Any]) -> Finding | None:
    """Return what is wrong with the bot's permissions on a server."""
    permissions = int(guild["permissions"])
    name = f"server {clean(str(guild['name']))[:100]} ({int(guild['id'])})"
    if permissions & _ADMINISTRATOR:
        return warning(name, "The bot is an administrator there.", f"It needs no more than permissions {INVITED_WITH}.")
    lacking = [needed for needed, bit in _NEEDED.items() if not permissions & bit]
    if lacking:
        told = f"The bot lacks {', '.join(lacking)}."
        return problem(name, told, "Give its role these permissions; channels may differ.")
    missed = [useful for useful, bit in _USEFUL.items() if not permissions & bit]
    if missed:
        return warning(name, f"The bot lacks {', '.join(missed)}.", "Without, it cannot open threads for its answers.")
    return None


def _owner_of(token: str) -> int | None:
    """Return the id of the application that a token is of, if it has a token's form."""
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):  # noqa: PLR2004
        return None
    try:
        return int(base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)).decode("ascii"))
    except (ValueError, binascii.Error):
        return None


def _base(settings: Settings) -> str:
    from bot.wire import rest_of

    return rest_of(settings.discord.api)
