"""Fetching over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from index.fetch.failures import FetchFailure, NotAllowed, TimedOut, Unreachable
from index.fetch.model import Fetched, FetchSettings, Validators, identity

if TYPE_CHECKING:
    from tenacity import RetryCallState

    from index.fetch.exchange import Exchange
    from index.fetch.network import CheckedBackend, CheckedTransport, Resolve
    from index.fetch.pace import Pace

# What is asked for where nobody says more: pages, feeds, whatever there is.
_ANYTHING = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

# Back-off: a random time up to this for the first repetition, doubled for each further one up to the longest.
_FIRST_PAUSE = 0.5  # seconds
_LONGEST_PAUSE = 8.0


class Fetcher:
    """Gets addresses, one or many at once, for one collection: it remembers each site's robots.txt, pace and failures.

    Enter it (`async with`) before the first.
    """

    def __init__(self, settings: FetchSettings | None = None, *, resolve: Resolve | None = None) -> None:
        """Take note of how to fetch.

        Args:
            settings: How.
            resolve: Host name and port -> numeric addresses; the system's resolver if not given.
        """
        settings = settings or FetchSettings()
        self._settings = replace(settings, user_agent=settings.user_agent or identity())
        self._resolve = resolve
        self._backend: CheckedBackend
        self._transport: CheckedTransport
        self._exchange: Exchange
        self._pace: Pace

    async def __aenter__(self) -> Self:
        from index.fetch.addresses import Allowance
        from index.fetch.exchange import Exchange
        from index.fetch.network import CheckedBackend, CheckedTransport, resolve_by_system
        from index.fetch.pace import Pace
        from index.fetch.robots import Robots

        settings = self._settings
        self._backend = CheckedBackend(Allowance.of(settings.allow_hosts), self._resolve or resolve_by_system)
        self._transport = CheckedTransport(self._backend, settings.parallel, settings.proxy)
        self._pace = Pace(settings.per_host_seconds, settings.parallel)
        robots = Robots(settings.user_agent, self._pace, lambda url: self.get(url, robots=False))
        self._exchange = Exchange(settings, self._transport, self._pace, robots)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    @property
    def proxy(self) -> str:
        """The proxy that everything goes through, with its password, for a program that connects by itself."""
        return self._settings.proxy

    async def addresses(self, url: str) -> tuple[str, int, Sequence[str]]:
        """Return host, port and the numbers it leads to, for a program that connects by itself, and to those alone.

        Where everything goes through a proxy, which looks names up itself, there may be none.

        Raises:
            NotAllowed: It may not be fetched from.
            Unreachable: Its name is not known.
        """
        from index.fetch.network import AddressRefused, NameUnknown
        from index.fetch.target import read_target

        target = read_target(url)
        host, port = target.raw_host.decode("ascii"), target.port or (443 if target.scheme == "https" else 80)
        try:
            return host, port, await self._backend.addresses(host, port)
        except AddressRefused as error:
            raise NotAllowed(url, f"{error}: not fetched.", error.remedy) from None
        except NameUnknown:
            if self.proxy:
                return host, port, []
            raise Unreachable(url, "cannot be reached: there is no host of that name.", "Correct it.") from None

    async def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str | None = None,
        headers: Mapping[str, str] | None = None,
        largest: int | None = None,
        robots: bool = True,
    ) -> Fetched:
        """Return what is at an address.

        Args:
            url: Where; http or https, without user and password.
            validators: Those of the version that is known, to be told if it is still that one.
            accept: Media types that are wanted.
            headers: Further headers, such as an authorization; they go to this address's own server alone.
            largest: The most bytes of a body, where another limit than the configured one holds.
            robots: Whether to heed robots.txt, if that is configured; False for an address made for programs.

        Raises:
            FetchFailure: Anything but success or "not modified"; see there.
        """
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        from index.fetch.exchange import Ask

        ask = Ask(
            url, validators or Validators(), accept or _ANYTHING, headers or {},
            largest or self._settings.largest, robots and self._settings.robots,
        )  # fmt: skip
        attempts = AsyncRetrying(
            stop=stop_after_attempt(self._settings.retries + 1), retry=retry_if_exception(_is_passing),
            wait=_pause, reraise=True,
        )  # fmt: skip
        try:
            fetched: Fetched = await attempts(self._exchange.attempt, ask)
        except (Unreachable, TimedOut) as failure:
            # Where redirects lead may be another host than the one that was asked.
            self._pace.count(urlsplit(failure.url).hostname or "", reached=False)
            raise
        self._pace.count(urlsplit(fetched.url).hostname or "", reached=True)
        return fetched


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, FetchFailure) and error.retryable


def _pause(state: RetryCallState) -> float:
    """Return how long to wait before the next attempt; where the server says how long, its turn comes no sooner."""
    from tenacity import wait_random_exponential

    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, FetchFailure) and failure.wait is not None:
        return 0.0
    return wait_random_exponential(multiplier=_FIRST_PAUSE, max=_LONGEST_PAUSE)(state)
