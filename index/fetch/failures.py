"""Why an address was not fetched, as one tree.

FetchFailure            an address gave nothing that can be used
├── NotAllowed          the address, its scheme, host or port is not one to be fetched; nothing was connected to
├── Disallowed          the site's robots.txt asks not to, or cannot be read
├── TooLarge            the body is larger than it may be
├── TimedOut            it did not arrive in time
├── Unreachable         no connection, or one that broke off
├── Garbled             what came is no HTTP, or is broken
├── TooManyRedirects    it redirects in a circle, too often, or nowhere
└── Refused             a status that says no
    └── Gone            404 or 410: there is nothing at this address
"""

from __future__ import annotations

from index.errors import SourceFailure
from index.fetch.url import redacted

# Seconds that are waited for a host that asks to come back later; if it asks for more, it is left alone.
LONGEST_WAIT = 60.0


class FetchFailure(SourceFailure):
    """An address gave nothing that can be used.

    Its text never has a password, the value of a query or a header in it.

    Attributes:
        url: The address, redacted.
        asked: The one that was asked for, redacted, where redirects led from it to `url`.
        retryable: The same request may well succeed in a moment.
        wait: Seconds that the server asks to wait before the next request; None if it did not say.
    """

    retryable = False
    wait: float | None = None

    def __init__(self, url: str, what: str, remedy: str = "") -> None:
        self.url = self.asked = redacted(url)
        super().__init__(f"{self.url} {what}", remedy)

    def redirected(self, asked: str) -> None:
        """Say also which address led to this one."""
        self.asked = redacted(asked)
        if self.asked != self.url:
            self.args = (f"{self.asked} redirects: {self.args[0]}",)


class NotAllowed(FetchFailure):
    """The address, its scheme, host or port is not one to be fetched; nothing was connected to."""


class Disallowed(FetchFailure):
    """The site's robots.txt asks not to fetch this, or cannot be read."""


class TooLarge(FetchFailure):
    """The body is larger than it may be; the rest was not read."""


class TimedOut(FetchFailure):
    """It did not arrive in time."""


class Unreachable(FetchFailure):
    """There is no connection, or it broke off."""

    def __init__(self, url: str, what: str, remedy: str = "", *, retryable: bool = True) -> None:
        super().__init__(url, what, remedy)
        self.retryable = retryable


class Garbled(FetchFailure):
    """What came is no HTTP, or is broken."""


class TooManyRedirects(FetchFailure):
    """It redirects in a circle, too often, or nowhere."""


class Refused(FetchFailure):
    """The server answered with a status that says no.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, url: str, status: int, what: str, remedy: str = "", *, wait: float | None = None) -> None:
        super().__init__(url, what, remedy)
        self.status = status
        self.wait = wait
        self.retryable = status in _PASSING and (wait or 0) <= LONGEST_WAIT


class Gone(Refused):
    """There is nothing at this address (404, 410)."""


# Too Many Requests, and the three of a gateway or a server that cannot for now (RFC 6585, 4; RFC 9110, 15.6).
_PASSING = frozenset((429, 502, 503, 504))
