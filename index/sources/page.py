"""Single web pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from pydantic import Field

from index.fetch.url import redacted
from index.sources.links import Link, by_need, in_order, read_link
from index.sources.options import Several, SourceOptions, WebAddress
from index.sources.protocol import Reading, Visit


class PageOptions(SourceOptions):
    """Options of a `page` source."""

    url: Annotated[list[WebAddress], Several] = Field(
        min_length=1, description="The address of a page, or a list of them."
    )


class Pages:
    """Web pages, each named by its address. What is no longer named is gone."""

    Options = PageOptions
    complete = True

    def __init__(self, options: PageOptions) -> None:
        self._urls = list(dict.fromkeys(options.url))

    @property
    def where(self) -> str:
        """The first address, and how many there are."""
        more = f" and {len(self._urls) - 1} more" if len(self._urls) > 1 else ""
        return redacted(self._urls[0]) + more

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read every page."""
        links = by_need(visit, (Link(url, url, "page") for url in self._urls))
        async for reading in in_order(read_link(visit, link) for link in links):
            yield reading
