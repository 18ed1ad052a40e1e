"""Wikis of MediaWiki, by their API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from pydantic import Field

from index.errors import ArticleProblem, SourceFailure
from index.fetch.failures import FetchFailure
from index.fetch.url import redacted
from index.formats.fields import make_article, read_url
from index.formats.found import Unreadable, printable, shown, unforeseen
from index.sources.fragment import fragment_text
from index.sources.json_api import get_json
from index.sources.links import article_id, in_order, now, reason_from
from index.sources.options import SourceOptions, WebAddress
from index.sources.protocol import Gone, Origin, Read, Reading, Remark, Unchanged, Visit
from index.webpage import canonical_url

# What is no part of an article's text: marks of references, boxes, links to edit.
_BESIDE = tuple(
    f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
    for name in (
        *("reference", "references", "mw-references-wrap", "mw-editsection", "mw-empty-elt", "navbox", "noprint"),
        *("metadata", "ambox", "toc", "hatnote", "sistersitebox", "catlinks", "mw-cite-backlink"),
    )
)

# Pages that are asked for at once: the most for somebody who has not logged in.
_AT_ONCE = 50


class MediaWikiOptions(SourceOptions):
    """Options of a `mediawiki` source."""

    url: WebAddress = Field(description="The address of the wiki's api.php.")
    limit: int | None = Field(1_000, ge=1, description="How many of its pages are read, in the order of their titles.")
    namespace: int = Field(0, ge=0, description="The number of the namespace whose pages are read.")
    prefix: str = Field("", max_length=200, description="Only pages whose title begins so.")


class MediaWiki:
    """The pages of a wiki. Which there are is asked for at every visit, their texts if they were edited."""

    Options = MediaWikiOptions

    def __init__(self, options: MediaWikiOptions) -> None:
        self._options = options
        self.complete = True

    @property
    def where(self) -> str:
        """The address of the API."""
        return redacted(self._options.url)

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read the pages there are, in the order of their titles, no redirects.

        Raises:
            SourceFailure: The API cannot be read.
        """
        self.complete = True
        pages: list[Mapping[str, Any]] = []
        async for batch in self._list(visit):
            pages += batch
            if self._options.limit is not None and len(pages) > self._options.limit:
                self.complete = False
                said = f"has more than {self._options.limit} pages, the limit. Raise limit to read more."
                yield Remark(self.where, said)
                for gone in await self._gone(visit, {str(page["pageid"]) for page in pages}):
                    yield gone
                break
        site = await self._site(visit)
        async for reading in in_order(self._page(visit, page, site) for page in pages[: self._options.limit]):
            yield reading

    async def _list(self, visit: Visit) -> AsyncIterator[list[Mapping[str, Any]]]:
        query: dict[str, object] = {
            "generator": "allpages",
            "gapnamespace": self._options.namespace,
            "gapfilterredir": "nonredirects",
            "gaplimit": _AT_ONCE,
            "prop": "info",
            "inprop": "url",
        }
        if self._options.prefix:
            query["gapprefix"] = self._options.prefix
        more: Mapping[str, object] = {}
        while True:
            answer = await self._get(visit, "query", **query, **more)
            found = answer.get("query", {}).get("pages", [])
            yield [page for page in found if isinstance(page, dict) and isinstance(page.get("pageid"), int)]
            following = answer.get("continue")
            if not isinstance(following, dict) or following == more:
                return
            more = following

    async def _gone(self, visit: Visit, listed: Collection[str]) -> list[Gone]:
        """Return which of the pages that are known and behind those that were listed are there no more, as it says."""
        behind = sorted(key for key in visit.known if key.isdecimal() and key not in listed)
        gone: list[Gone] = []
        for start in range(0, len(behind), _AT_ONCE):
            asked = behind[start : start + _AT_ONCE]
            answer = await self._get(visit, "query", pageids="|".join(asked), prop="info")
            gone += [
                Gone(key, f"{self.where} has no page {key} any more.")
                for page in answer.get("query", {}).get("pages", [])
                if (key := str(page.get("pageid"))) in asked and self._is_gone(page)
            ]
        return gone

    def _is_gone(self, page: Mapping[str, Any]) -> bool:
        """Tell whether a page is one no more, or has moved to where none are read."""
        if page.get("missing") or page.get("redirect"):
            return True
        namespace, title = page.get("ns"), page.get("title")
        if not isinstance(namespace, int) or not isinstance(title, str):
            return False
        name = title.partition(":")[2] if namespace else title
        # A wiki writes the first letter large, and spaces for underscores.
        prefix = self._options.prefix.replace("_", " ").casefold()
        return namespace != self._options.namespace or not name.casefold().startswith(prefix)

    async def _site(self, visit: Visit) -> str | None:
        answer = await self._get(visit, "query", meta="siteinfo", siprop="general")
        name = answer.get("query", {}).get("general", {}).get("sitename")
        return name if isinstance(name, str) else None

    async def _page(self, visit: Visit, page: Mapping[str, Any], site: str | None) -> list[Reading]:
        key, revision = str(page["pageid"]), str(page.get("lastrevid"))
        known = visit.known.get(key)
        if known and known.etag == revision:
            return [Unchanged(key, known)]
        url = read_url(page.get("fullurl"))
        where = redacted(url or f"{self._options.url} {page.get('title')}")
        try:
            answer = await self._get(
                visit, "parse", pageid=key, prop="text|revid", disableeditsection=1, disabletoc=1, disablelimitreport=1
            )
            parsed = answer["parse"]
            text = await asyncio.to_thread(fragment_text, str(parsed["text"]), str(page.get("title")), _BESIDE)
            fields = {"title": page.get("title"), "url": canonical_url(url) if url else None, "source": site}
            article = make_article(fields, text, default_id=article_id(url) if url else f"{self._options.url} {key}")
        except _NoSuchPage:
            return [Gone(key, f"{where} was deleted.")]
        except FetchFailure as failure:
            return [ArticleProblem(where, reason_from(failure), key)]
        except (SourceFailure, Unreadable) as error:
            return [ArticleProblem(where, error.reason if isinstance(error, Unreadable) else str(error), key)]
        except Exception as error:
            return [ArticleProblem(where, unforeseen(error, where), key)]
        return [Read(article, where, False, Origin(key, str(parsed.get("revid", revision)), None, now()))]

    async def _get(self, visit: Visit, action: str, **query: object) -> dict[str, Any]:
        asked = {"action": action, "format": "json", "formatversion": 2, "maxlag": 5, **query}
        answer = await get_json(visit, f"{self._options.url}?{urlencode(asked)}")
        if not isinstance(answer, dict):
            raise SourceFailure(
                f"{self.where} is not what MediaWiki answers.",
                "Give the address of its api.php: Special:Version has it.",
            )
        error = answer.get("error")
        if isinstance(error, dict):
            if error.get("code") == "nosuchpageid":
                raise _NoSuchPage
            said = printable(str(error.get("info") or error.get("code")))[:300]
            raise SourceFailure(f"{self.where} refuses: {shown(said, 300)}.", "Check the source's options.")
        return answer


class _NoSuchPage(Exception):
    """The page was deleted since the list of pages was read."""
