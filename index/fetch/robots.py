"""robots.txt as RFC 9309 has it, asked for once for each site."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from index.fetch.failures import Disallowed, FetchFailure, NotAllowed, Refused, TimedOut, TooManyRedirects, Unreachable
from index.fetch.model import Fetched
from index.fetch.pace import Pace
from index.fetch.target import host_of, origin_of

if TYPE_CHECKING:
    import httpx
    from protego import Protego

# What is read of it at most, as RFC 9309, 2.5 asks of readers at least.
_READ = 512_000  # bytes

_SERVER_ERRORS = 500  # and above
_TOO_MANY_REQUESTS = 429


class Robots:
    """What the sites of one collection ask of crawlers."""

    def __init__(self, user_agent: str, pace: Pace, fetch: Callable[[str], Awaitable[Fetched]]) -> None:
        """Know nothing yet.

        Args:
            user_agent: As requests have it; sites name its first word.
            pace: Slowed down where a site asks for that.
            fetch: Gets a robots.txt.
        """
        self._name = re.split(r"[/\s]", user_agent.strip(), maxsplit=1)[0]
        self._pace = pace
        self._fetch = fetch
        self._rules: dict[tuple[str, str, int], Protego | FetchFailure | None] = {}
        self._locks: defaultdict[tuple[str, str, int], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def check(self, url: httpx.URL) -> None:
        """Return if a site lets this be fetched.

        Raises:
            Disallowed: It asks not to, or its server cannot say.
            Unreachable: It cannot be reached at all.
        """
        origin = origin_of(url)
        async with self._locks[origin]:
            if origin not in self._rules:
                self._rules[origin] = await self._load(url)
        rules = self._rules[origin]
        if isinstance(rules, FetchFailure):
            what = f"is not asked for: {rules}"
            if isinstance(rules, Unreachable | TimedOut):
                raise Unreachable(str(url), what, retryable=False)
            raise Disallowed(str(url), what)
        if rules is not None and not rules.can_fetch(str(url), self._name):
            raise Disallowed(
                str(url), "is not asked for: the site's robots.txt asks not to.",
                "Ask its owner; or, if that is you, set [fetch] robots = false.",
            )  # fmt: skip

    async def _load(self, url: httpx.URL) -> Protego | FetchFailure | None:
        """Return a site's rules, None if there are none, or why nothing of it may be fetched (RFC 9309, 2.3.1)."""
        from protego import Protego

        try:
            fetched = await self._fetch(str(url.copy_with(raw_path=b"/robots.txt")))
        except (NotAllowed, TooManyRedirects):
            # The page itself will say so if it is the site; if its robots.txt leads elsewhere, there is none.
            return None
        except Refused as failure:
            passing = failure.status >= _SERVER_ERRORS or failure.status == _TOO_MANY_REQUESTS
            return failure if passing else None
        except FetchFailure as failure:
            return failure
        rules = Protego.parse(fetched.body[:_READ].decode("utf-8", "replace"))
        self._pace.slow_down(host_of(url), rules.crawl_delay(self._name) or 0.0)
        return rules
