"""What a source is: somewhere that articles are read from, one visit after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from index.errors import ArticleProblem
from index.model import Article

if TYPE_CHECKING:
    from index.fetch import Fetcher


OPTIONS_KEY = " options"
"""The key under which a source remembers with which options it was read. No article's begins with a space."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What is kept of where an article is from, to find out at the next visit whether it has changed.

    Attributes:
        key: The source's own name of the item (address, path, number of a row): one key, one article.
        etag: The version as the source calls it: an HTTP ETag, a revision, a hash.
        last_modified: When the source last changed it, as the source writes it.
        fetched_at: When its text was read; ISO 8601, UTC.
        dated_by: What says the day of its publication: "json-ld", "meta", "url", "feed", "sitemap", …
    """

    key: str
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: str | None = None
    dated_by: str | None = None

    def without_version(self) -> Origin:
        """Return it for a visit that reads everything anew, and still knows which articles there are."""
        return replace(self, etag=None, last_modified=None)


@dataclass(frozen=True, slots=True)
class Read:
    """An article that was read.

    Attributes:
        where: Its place as a message shows it: the file with the line, the address without what is secret in it.
        id_given: The source names the article so; otherwise the id is derived, and another article with the same one
            (one address found by two sources) is the same article.
    """

    article: Article
    where: str
    id_given: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Unchanged:
    """An article that is what it was at the visit before: it was not read again.

    Attributes:
        key: One of `Visit.known`.
        origin: What is kept of it from now on.
        broken: Where something is broken, if that is all that keeps it: nobody can say whether it is still there.
    """

    key: str
    origin: Origin
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """An article that the source says it no longer has, whether or not it was known."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell of an article that is read nevertheless, or of the source: a date that cannot be, a limit.

    Attributes:
        where: See `Read`.
        said: A sentence that goes on from the place.
    """

    where: str
    said: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """Something of the source itself that is to be known at the next visit and is no article: a feed's own ETag.

    It is among `Visit.known` then, and only then: a visit gives it anew each time.
    """

    origin: Origin


Reading = Read | Unchanged | Gone | Remark | Remembered | ArticleProblem
"""What a visit comes upon. A problem that has a `key` leaves the article of that key as it was."""


@dataclass(slots=True)
class Visit:
    """What a source is given to read with.

    Attributes:
        fetcher: Gets addresses, politely and safely. Every source that reads from the network does it with this.
        known: What is kept of the source's articles that are in the index, and what it `Remembered`, by key.
        today: The day of the visit.
    """

    fetcher: Fetcher
    known: Mapping[str, Origin] = field(default_factory=lambda: MappingProxyType({}))
    today: date = field(default_factory=date.today)


class Source(Protocol):
    """Somewhere that articles are read from."""

    @property
    def name(self) -> str:
        """As it is configured; empty for files and folders that have none."""

    @property
    def kind(self) -> str:
        """As it is configured: "files", "feed", …."""

    @property
    def where(self) -> str:
        """What it reads, as a message shows it."""

    @property
    def complete(self) -> bool:
        """Whether the last visit gave everything there is, so that what it left out is gone (a folder, a sitemap).

        False for a window on what is newest (a feed): what has left it stays in the index.
        """

    @property
    def shrink(self) -> float:
        """If a visit gives less than this share of the articles there were, it is not believed without being told."""

    @property
    def max_minutes(self) -> float:
        """How long a visit may take; what was read until then is taken, the rest stays as it was."""

    def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read what there is, each key once.

        Raises:
            SourceFailure: The source as a whole cannot be read; its articles stay as they are.
        """
