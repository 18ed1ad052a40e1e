"""The HTTP client of the sources: polite to whoever serves, and closed to whoever would use it to get in.

    async with Fetcher(settings) as fetcher:
        page = await fetcher.get("https://example.org/feed.xml", validators=Validators(etag='"1"'))

Importing it loads no HTTP library; entering a `Fetcher` does.
"""

from __future__ import annotations

from index.fetch.client import Fetcher
from index.fetch.failures import (
    Disallowed,
    FetchFailure,
    Garbled,
    Gone,
    NotAllowed,
    Refused,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    Unreachable,
)
from index.fetch.model import Fetched, FetchSettings, Validators
from index.fetch.url import redacted

__all__ = [
    "Disallowed",
    "FetchFailure",
    "FetchSettings",
    "Fetched",
    "Fetcher",
    "Garbled",
    "Gone",
    "NotAllowed",
    "Refused",
    "TimedOut",
    "TooLarge",
    "TooManyRedirects",
    "Unreachable",
    "Validators",
    "redacted",
]
