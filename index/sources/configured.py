"""A configured source: its kind's reader, with what holds for all kinds around it."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Protocol

from index.errors import ArticleProblem, IndexFailure, SourceFailure, reason_of
from index.formats.found import printable, shown
from index.sources.options import SourceOptions
from index.sources.protocol import OPTIONS_KEY, Gone, Origin, Read, Reading, Remark, Remembered, Unchanged, Visit

# What changes how much is read, or believed, and not what an article says.
_OF_NO_MATTER = {"limit", "shrink", "max_minutes"}

# Bytes of a key, or of a version.
_LONGEST = 4_000

_log = logging.getLogger(__name__)


class Reader(Protocol):
    """The part of a source that its kind makes of its options; see `Source`."""

    @property
    def complete(self) -> bool:
        """See `Source`."""

    @property
    def where(self) -> str:
        """See `Source`."""

    def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """See `Source`."""


class ConfiguredSource:
    """A source with a name: publisher and limit as configured, each key once, and every failure a `SourceFailure`."""

    def __init__(self, name: str, kind: str, reader: Reader, options: SourceOptions) -> None:
        self.name = name
        self.kind = kind
        self.shrink = options.shrink
        self.max_minutes = math.inf if options.max_minutes is None else options.max_minutes
        self._reader = reader
        self.fingerprint = _fingerprint(kind, options)
        self._publisher = options.publisher
        self._limit = options.limit
        self._cut = False

    @property
    def where(self) -> str:
        """What it reads."""
        return printable(str(self._reader.where))

    @property
    def complete(self) -> bool:
        """Whether the last visit gave all there is."""
        return self._reader.complete and not self._cut

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read what there is.

        Raises:
            SourceFailure: The source as a whole cannot be read, for whatever reason.
            DuplicateArticle: Two of its articles give the same id.
        """
        self._cut = False
        read = 0
        keys: set[object] = set()
        known = dict(visit.known)
        before = known.pop(OPTIONS_KEY, None)
        if before is None or before.etag != self.fingerprint:
            # What was read with other options, or nobody knows which, is not what would be read now.
            known = {key: origin.without_version() for key, origin in known.items()}
        yield Remembered(Origin(OPTIONS_KEY, self.fingerprint))
        try:
            async for given in self._reader.read(replace(visit, known=known)):
                reading = _storable(given)
                # A problem is told though the article of its key is there, and does not keep that from being read.
                key = reading if isinstance(reading, ArticleProblem) else _key(reading)
                if key is not None and key in keys:
                    _log.debug("%s: %s comes up again", self.name, key)
                    continue
                if isinstance(reading, Read):
                    if read == self._limit:
                        self._cut = True
                        yield Remark(self.where, f"has more than {read} articles, the limit. Raise limit to read more.")
                        return
                    read += 1
                if key is not None:
                    keys.add(key)
                yield self._published(reading)
        except IndexFailure:
            raise
        except Exception as error:
            # A kind may be anybody's code, and what it reads is hostile: neither ends the reading of other sources.
            _log.debug("the source %s failed", self.name, exc_info=error)
            raise SourceFailure(
                f"The source {shown(self.name)} failed ({type(error).__name__}: {printable(reason_of(error))}).",
                f"Its kind {self.kind} did not foresee this; `footnote sources test` shows it alone.",
            ) from error

    def _published(self, reading: Reading) -> Reading:
        if self._publisher is None or not isinstance(reading, Read):
            return reading
        return replace(reading, article=replace(reading.article, source=self._publisher))


def _fingerprint(kind: str, options: SourceOptions) -> str:
    """Return a hash that differs where other options would read other articles; secrets are no part of it."""
    values = options.model_dump(exclude=_OF_NO_MATTER)
    said = json.dumps([kind, values], sort_keys=True, default=repr)
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def _storable(reading: Reading) -> Reading:
    """Return a reading whose key and version a database takes, and whose key none of what is remembered has."""
    if isinstance(reading, Read):
        return replace(reading, origin=_of_article(reading.origin))
    if isinstance(reading, Unchanged):
        return replace(reading, key=_short(reading.key).lstrip(" "), origin=_of_article(reading.origin))
    if isinstance(reading, Gone):
        return replace(reading, key=_short(reading.key).lstrip(" "))
    if isinstance(reading, ArticleProblem) and reading.key is not None:
        return replace(reading, key=_short(reading.key).lstrip(" "))
    return reading


def _of_article(origin: Origin) -> Origin:
    etag, modified = (text if text is None else _short(text) for text in (origin.etag, origin.last_modified))
    return replace(origin, key=_short(origin.key).lstrip(" "), etag=etag, last_modified=modified)


def _short(text: str) -> str:
    """Return what stands for a text, the same at each visit: half a pair of UTF-16 as an escape, a long one cut."""
    whole = text.encode("utf-8", "backslashreplace")
    if len(whole) <= _LONGEST:
        return whole.decode()
    return f"{whole[:_LONGEST].decode('utf-8', 'ignore')} {hashlib.blake2b(whole, digest_size=8).hexdigest()}"


def _key(reading: Reading) -> str | None:
    if isinstance(reading, Read):
        return reading.origin.key
    if isinstance(reading, Unchanged | Gone | ArticleProblem):
        return reading.key
    if isinstance(reading, Remembered):
        return reading.origin.key
    if isinstance(reading, Remark):
        return None
    raise TypeError(f"it gave {type(reading).__name__}, which is no reading")
