"""Sitemaps: the pages that a site lists for search engines."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Annotated
from urllib.parse import urljoin, urlsplit

from pydantic import Field

from index.errors import ArticleProblem, SourceFailure
from index.fetch.failures import FetchFailure
from index.fetch.url import redacted
from index.formats.fields import read_url
from index.sources.links import Link, by_need, in_order, read_link, reason_from
from index.sources.options import Several, SourceOptions, WebAddress
from index.sources.protocol import Reading, Remark, Unchanged, Visit
from index.sources.sitemap_document import LARGEST_SITEMAP, Listed, SitemapDocument, read_sitemap
from index.webpage import canonical_url, is_front_page, page_key, same_site

# Sitemaps of one site that are read: with 50,000 addresses each this is more than is ever wanted, also of empty ones.
_MOST_SITEMAPS = 200

_ACCEPT = "application/xml,text/xml;q=0.9,*/*;q=0.8"


_Host = Annotated[str, Field(pattern=r"^[\w-]+(\.[\w-]+)*$")]


class SitemapOptions(SourceOptions):
    """Options of a `sitemap` source."""

    url: WebAddress = Field(description="The sitemap's address; of a site's front page, its /sitemap.xml is read.")
    limit: int | None = Field(1_000, ge=1, description="How many of its pages are read, newest first.")
    only: Annotated[list[str], Several] = Field([], description="Only pages with such a path, like /news/*.")
    skip: Annotated[list[str], Several] = Field([], description="No pages with such a path, like /tag/*.")
    sites: Annotated[list[_Host], Several] = Field([], description="Other sites that the sitemap may list pages of.")


class Sitemap:
    """The pages that a site's sitemap lists, those of sitemaps in it too. What is no longer listed is gone."""

    Options = SitemapOptions

    def __init__(self, options: SitemapOptions) -> None:
        self._options = options
        at_root = is_front_page(options.url)
        self._url = urljoin(options.url, "/sitemap.xml") if at_root else options.url
        self.complete = True

    @property
    def where(self) -> str:
        """The sitemap's address."""
        return redacted(self._url)

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read the pages that are listed, but those not that the sitemap says are unchanged.

        Raises:
            SourceFailure: The sitemap cannot be fetched, or is none.
        """
        self.complete = True
        found: dict[str, Listed] = {}
        foreign: list[str] = []
        async for each in self._documents(visit):
            if not isinstance(each, SitemapDocument):
                yield each
                continue
            # Thousands of addresses are taken apart.
            foreign += await asyncio.to_thread(self._gather, each, found)
        for remark in self._remarks(found, foreign):
            yield remark
        newest = sorted(found.values(), key=lambda listed: listed.modified, reverse=True)
        limit = self._options.limit or len(newest)
        async for reading in in_order(read_link(visit, link) for link in by_need(visit, map(_link, newest[:limit]))):
            yield reading
        for listed in newest[limit:]:
            # It is still listed, so it stays, though newer ones have taken its place.
            if listed.url in visit.known:
                yield Unchanged(listed.url, visit.known[listed.url])

    async def _documents(self, visit: Visit) -> AsyncIterator[SitemapDocument | Reading]:
        """Yield the sitemap and all that it leads to, each once; problems with those that cannot be read."""
        waiting = deque([self._url])
        seen = {self._url}
        while waiting:
            url = waiting.popleft()
            try:
                fetched = await visit.fetcher.get(url, accept=_ACCEPT, largest=LARGEST_SITEMAP)
                document = await asyncio.to_thread(read_sitemap, fetched.body, fetched.url)
            except SourceFailure as failure:
                if url == self._url:
                    raise
                # What it listed is not gone.
                self.complete = False
                reason = reason_from(failure) if isinstance(failure, FetchFailure) else str(failure)
                yield ArticleProblem(redacted(url), f"{reason} The pages it listed stay as they were.")
                continue
            if document.damage:
                self.complete = False
                yield ArticleProblem(redacted(url), f"is read in part only ({document.damage}). Tell the site.")
            yield document
            for each in document.sitemaps:
                address = read_url(urljoin(fetched.url, each))
                if address is None or not self._allowed(address):
                    yield Remark(redacted(each), "is a sitemap of another site, which is left out.")
                elif address not in seen and len(seen) == _MOST_SITEMAPS:
                    self.complete = False
                    yield Remark(self.where, f"leads to more than {_MOST_SITEMAPS} sitemaps, the most that are read.")
                    return
                elif address not in seen:
                    seen.add(address)
                    waiting.append(address)

    def _gather(self, document: SitemapDocument, found: dict[str, Listed]) -> list[str]:
        """Add the pages of a sitemap to those that were found; return addresses that are not followed."""
        foreign = []
        for listed in document.pages:
            address = read_url(listed.url)
            if address is None or not self._allowed(address):
                foreign.append(listed.url)
            elif self._wanted(address):
                found.setdefault(page_key(address), replace(listed, url=canonical_url(address)))
        return foreign

    def _allowed(self, address: str) -> bool:
        host = urlsplit(address).hostname or ""
        return same_site(address, self._url) or any(
            host == site or host.endswith(f".{site}") for site in self._options.sites
        )

    def _wanted(self, address: str) -> bool:
        path = urlsplit(address).path or "/"
        only, skip = self._options.only, self._options.skip
        listed = not only or any(fnmatchcase(path, pattern) for pattern in only)
        return listed and not any(fnmatchcase(path, pattern) for pattern in skip)

    def _remarks(self, found: dict[str, Listed], foreign: list[str]) -> list[Remark]:
        said = []
        limit = self._options.limit
        if limit is not None and len(found) > limit:
            said.append(f"lists {len(found)} pages: the {limit} newest are read. Raise limit to read more.")
        if not found:
            said.append("lists no pages that are wanted.")
        if foreign:
            said.append(
                f"lists {len(foreign)} addresses of other sites, or none that can be followed, such as "
                f"{redacted(foreign[0])}; they are left out. To read another site's, name it in sites."
            )
        return [Remark(self.where, each) for each in said]


def _link(listed: Listed) -> Link:
    return Link(
        listed.url, listed.url, "sitemap", listed.title, listed.published, listed.modified or None,
        listed.publisher or None,
    )  # fmt: skip
