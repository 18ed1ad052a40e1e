"""Feeds: RSS, Atom and JSON Feed."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from typing import Literal

from pydantic import Field

from index.errors import ArticleProblem, SourceFailure
from index.fetch.model import Fetched, Validators
from index.fetch.url import redacted
from index.formats.fields import make_article
from index.formats.found import Unreadable, shown, unforeseen
from index.sources.feed_document import LARGEST_FEED, Entry, FeedDocument, read_feed
from index.sources.fragment import fragment_text
from index.sources.links import Link, article_id, believed, in_order, now, read_link
from index.sources.options import SourceOptions, WebAddress
from index.sources.protocol import Origin, Read, Reading, Remark, Remembered, Unchanged, Visit
from index.webpage import canonical_url, same_site

_ACCEPT = "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.8"

# What a text ends in that goes on elsewhere, and bytes of one that is too short for a whole article (some 35 words).
_MORE = "read more|continue reading|read the (full|whole) \\w+|weiterlesen|leer más|lire la suite|続きを読む"
_CUT = re.compile(rf"(…|\.\.\.|\[…]|\[\.\.\.]|({_MORE})\W{{0,5}})\s*$", re.IGNORECASE)
_SHORTEST = 200

_LONG = 20_000  # characters of markup that take some milliseconds


class FeedOptions(SourceOptions):
    """Options of a `feed` source."""

    url: WebAddress = Field(description="The feed's address.")
    text: Literal["auto", "feed", "page"] = Field(
        "auto",
        description="Where texts are from: feed, page (each entry's own), or auto: the feed where it has them whole.",
    )
    pages: int = Field(1, ge=1, le=200, description="How many documents of a feed in several are read.")


class Feed:
    """The entries of a feed, each with its whole text. What has left the feed stays in the index."""

    Options = FeedOptions
    complete = False

    def __init__(self, options: FeedOptions) -> None:
        self._options = options
        # No entry is called so: none begins with a space. With another limit it is asked as if it had never been: what
        # was beyond the one before has not been read, though the feed may be as it was.
        self._own_key = f" feed {options.url}" if options.limit is None else f" feed {options.limit} {options.url}"

    @property
    def where(self) -> str:
        """The feed's address."""
        return redacted(self._options.url)

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read the entries that the feed has now.

        Raises:
            SourceFailure: It cannot be fetched, or is no feed.
        """
        own = visit.known.get(self._own_key)
        validators = Validators(own.etag, own.last_modified) if own else None
        fetched = await self._get(visit, self._options.url, validators)
        if fetched.not_modified and own:
            yield Remembered(own)
            for key, origin in visit.known.items():
                if key != self._own_key:
                    yield Unchanged(key, origin)
            return
        if fetched.permanent:
            yield Remark(self.where, f"has moved for good to {redacted(fetched.permanent)}. Change its url.")
        sound = True
        left = self._options.limit
        async for document in self._documents(visit, fetched):
            for remark in self._remarks(document):
                yield remark
            entries = document.entries[:left]
            async for reading in in_order(self._entry(visit, document, entry) for entry in entries):
                sound = sound and not isinstance(reading, ArticleProblem)
                yield reading
            if left is not None:
                left -= len(entries)
                if not left:
                    break
        if sound:
            # What could not be read is tried again at the next visit, though the feed may not have changed by then.
            yield Remembered(Origin(self._own_key, fetched.validators.etag, fetched.validators.last_modified, now()))

    async def _documents(self, visit: Visit, fetched: Fetched) -> AsyncIterator[FeedDocument]:
        seen = {fetched.url, fetched.asked}
        for number in range(self._options.pages):
            document = await asyncio.to_thread(
                read_feed, fetched.body, fetched.url, fetched.content_type, fetched.charset
            )
            yield document
            following = document.following
            if number + 1 == self._options.pages or not following or following in seen:
                return
            if not same_site(following, fetched.url):
                return
            seen.add(following)
            fetched = await self._get(visit, following)

    async def _get(self, visit: Visit, url: str, validators: Validators | None = None) -> Fetched:
        return await visit.fetcher.get(url, validators=validators, accept=_ACCEPT, largest=LARGEST_FEED)

    def _remarks(self, document: FeedDocument) -> list[Remark]:
        said = []
        if document.damage:
            if not document.entries:
                raise SourceFailure(f"{self.where} is broken ({document.damage}).", "Check it in a feed reader.")
            said.append(f"is broken ({document.damage}): what could be read of it was.")
        elif not document.entries:
            said.append("has no entries.")
        if document.left_out:
            said.append(f"has {document.left_out} entries more than are looked at.")
        if document.nameless:
            said.append(f"has entries with neither name, address nor title, which were left out: {document.nameless}.")
        return [Remark(self.where, each) for each in said]

    async def _entry(self, visit: Visit, document: FeedDocument, entry: Entry) -> list[Reading]:
        where = redacted(entry.url) if entry.url else f"{self.where} {shown(entry.title or entry.key)}"
        try:
            readings = await self._read(visit, document, entry, where)
        except Unreadable as unreadable:
            return [ArticleProblem(where, unreadable.reason, entry.key)]
        except Exception as error:
            return [ArticleProblem(where, unforeseen(error, where), entry.key)]
        if entry.undated and isinstance(readings[0], Read) and readings[0].article.published is None:
            said = f"has no day of publication: what the feed gives, {shown(entry.undated)}, is no date."
            readings.append(Remark(where, said))
        return readings

    async def _read(self, visit: Visit, document: FeedDocument, entry: Entry, where: str) -> list[Reading]:
        text = ""
        if self._options.text != "page" or not entry.url:
            # Others wait no longer than it takes to change threads.
            long = len(entry.content) > _LONG
            text = await asyncio.to_thread(self._text, entry) if long else self._text(entry)
        if entry.url and not (text and (self._options.text == "feed" or is_whole(text))):
            link = Link(
                entry.key, entry.url, "feed", entry.title, entry.published, entry.updated or None,
                document.title or None, entry.authors,
            )  # fmt: skip
            return await read_link(visit, link)
        if not text:
            lead = f"leads to {_link(entry)}, which cannot be followed" if entry.link else "has no link"
            raise Unreadable(f"has no text, and {lead}. Nothing of it can be indexed.")
        url = canonical_url(entry.url) if entry.url else None
        fields = {
            "title": entry.title,
            "url": url,
            "published": entry.published,
            "source": document.title,
            "authors": list(entry.authors),
        }
        # Not by its words: what is corrected is the same article.
        default = article_id(url) if url else self._entry_id(entry)
        article, dated_by, doubt = believed(make_article(fields, text, default_id=default), "feed", visit.today)
        origin = Origin(entry.key, None, entry.updated or None, now(), dated_by)
        remarks = [doubt] if doubt else []
        if entry.link and not entry.url and not entry.content:
            remarks.append(f"leads to {_link(entry)}, which cannot be followed: its summary is all there is of it.")
        return [Read(article, where, False, origin), *(Remark(where, said) for said in remarks)]

    def _entry_id(self, entry: Entry) -> str:
        named = f"{self._options.url} {entry.key}".encode("utf-8", "replace")
        return f"entry-{hashlib.blake2b(named, digest_size=12).hexdigest()}"

    def _text(self, entry: Entry) -> str:
        """Return what the feed has of an entry's text; of one without an address, its summary must do."""
        text = fragment_text(entry.content, entry.title)
        if not text and (self._options.text == "feed" or not entry.url):
            text = fragment_text(entry.summary, entry.title)
        return text


def _link(entry: Entry) -> str:
    return shown(redacted(entry.link))


def is_whole(text: str) -> bool:
    """Tell whether a text looks like a whole article, and not like its beginning."""
    return len(text.encode()) >= _SHORTEST and not _CUT.search(text[-120:])
