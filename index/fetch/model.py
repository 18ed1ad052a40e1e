"""What is fetched, and how."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Where a page names its encoding, if its header does not: <meta charset=…>, <?xml encoding=…?>.
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_DECLARED_WITHIN = 4_096  # bytes; browsers look at the first 1,024

MEGABYTE = 1_000_000


def identity(contact: str = "") -> str:
    """Return what requests say they are from: `Footnote/VERSION`, and where to complain."""
    from importlib.metadata import version

    return f"Footnote/{version('footnote')}" + (f" (+{contact})" if contact else "")


@dataclass(frozen=True, slots=True)
class Validators:
    """What an answer said of its version, to ask the next time whether it has changed (RFC 9110, section 8.8).

    Attributes:
        etag: Its ETag, with the quotes.
        last_modified: Its Last-Modified, as it was sent.
    """

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave.

    Attributes:
        url: The address that gave it, after all redirects.
        asked: The address that was asked for.
        status: 200 or another of success, or 304.
        body: Decompressed; empty if not modified.
        content_type: The media type, lower case, without parameters; empty if there is none.
        charset: The encoding that the header names.
        validators: To ask with the next time.
        not_modified: It is what it was when the validators were given.
        permanent: Where `asked` has moved to for good: the end of a chain of permanent redirects; None otherwise.
    """

    url: str
    asked: str
    status: int
    body: bytes
    content_type: str
    charset: str | None
    validators: Validators
    not_modified: bool
    permanent: str | None

    @property
    def text(self) -> str:
        """The body as text: by byte order mark, as UTF-8, as the header says, as the page says, or by a guess.

        Raises:
            Unreadable: It is no text, or in an encoding that cannot be told.
        """
        from index.formats.encoding import decode

        declared = _DECLARED.search(self.body[:_DECLARED_WITHIN])
        return decode(self.body, self.charset or (declared[1].decode("ascii") if declared else ""))


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How to fetch: the `[fetch]` table.

    Attributes:
        user_agent: What requests say they are from; `identity()` if empty.
        timeout: Seconds that an answer may take, with its redirects, from the first connection to the last byte;
            waiting out of politeness is not counted.
        largest: The most bytes of a body, decompressed.
        per_host_seconds: Seconds between two requests to a host, which are then made one after another; 0 for no pause.
        parallel: The most requests at once.
        retries: How often a request is repeated that failed for the moment.
        redirects: The most redirects in a row.
        allow_hosts: What may be fetched although it is not on the public internet, see `Allowance`.
        robots: Whether robots.txt is heeded.
        proxy: An HTTP proxy that everything goes through, with its password; empty for none.
    """

    user_agent: str = ""
    timeout: float = 30.0
    largest: int = 20 * MEGABYTE
    per_host_seconds: float = 1.0
    parallel: int = 8
    retries: int = 3
    redirects: int = 5
    allow_hosts: tuple[str, ...] = ()
    robots: bool = True
    proxy: str = field(default="", repr=False)
