"""WordPress sites, by their REST API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from html import unescape
from typing import Annotated, Any
from urllib.parse import urlencode, urljoin

from pydantic import Field

from index.errors import ArticleProblem, SourceFailure
from index.fetch.failures import Refused
from index.fetch.url import redacted
from index.formats.fields import make_article, read_date, read_url
from index.formats.found import Unreadable, shown, unforeseen
from index.sources.fragment import fragment_text, one_line
from index.sources.json_api import get_json
from index.sources.links import article_id, believed, now
from index.sources.options import Several, SourceOptions, WebAddress
from index.sources.protocol import Gone, Origin, Read, Reading, Remark, Unchanged, Visit
from index.webpage import canonical_url

# The most that the API gives at once, and how many of them are asked for with their texts.
_PER_PAGE = 100
_WITH_TEXT = 20

# Pages of the list, with a hundred posts each.
_MOST_PAGES = 1_000

_BAD_REQUEST = 400


class WordPressOptions(SourceOptions):
    """Options of a `wordpress` source."""

    url: WebAddress = Field(description="The site's address.")
    types: Annotated[list[Annotated[str, Field(pattern=r"^[\w-]+$")]], Several] = Field(
        ["posts"], min_length=1, description="What is read, as the API calls it: posts, pages, …"
    )


class WordPress:
    """The posts of a WordPress site. Which there are is asked for at every visit, their texts if they were changed."""

    Options = WordPressOptions

    def __init__(self, options: WordPressOptions) -> None:
        self._options = options
        self._api = urljoin(options.url if options.url.endswith("/") else f"{options.url}/", "wp-json/wp/v2/")
        self.complete = True

    @property
    def where(self) -> str:
        """The site's address."""
        return redacted(self._options.url)

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        """Read the posts there are, newest first.

        Raises:
            SourceFailure: The API cannot be read.
        """
        self.complete = True
        left = self._options.limit
        site = await self._site(visit)
        for kind in self._options.types:
            changes = await self._list(visit, kind)
            if left is not None and len(changes) > left:
                self.complete = False
                yield Remark(
                    self.where, f"has more {kind} than the limit: the newest are read. Raise limit to read more."
                )
                for reading in await self._gone(visit, kind, changes):
                    yield reading
                changes = dict(list(changes.items())[:left])
            wanted = []
            for number, changed in changes.items():
                key = f"{kind}/{number}"
                known = visit.known.get(key)
                if known and known.last_modified == changed:
                    yield Unchanged(key, known)
                else:
                    wanted.append(number)
            for start in range(0, len(wanted), _WITH_TEXT):
                for reading in await self._posts(visit, kind, wanted[start : start + _WITH_TEXT], site):
                    yield reading
            if left is not None:
                left -= len(changes)

    async def _list(self, visit: Visit, kind: str) -> dict[int, str]:
        """Return when each post was changed, by its number."""
        found: dict[int, str] = {}
        for page in range(1, _MOST_PAGES + 1):
            try:
                posts = await self._get(visit, kind, per_page=_PER_PAGE, page=page, _fields="id,modified_gmt")
            except Refused as failure:
                # What follows the last page is none.
                if page > 1 and failure.status == _BAD_REQUEST:
                    return found
                raise
            found |= {post["id"]: str(post.get("modified_gmt")) for post in posts if isinstance(post.get("id"), int)}
            if len(posts) < _PER_PAGE or (self._options.limit is not None and len(found) > self._options.limit):
                return found
        self.complete = False
        return found

    async def _gone(self, visit: Visit, kind: str, listed: Mapping[int, str]) -> list[Reading]:
        """Return which of the posts that are known and older than those that were listed are there no more.

        One that is listed is asked for with them: an answer without it, or with others than were asked for, is that of
        a server that does not heed the question, and says of none that it is gone.
        """
        named = (key.removeprefix(f"{kind}/") for key in visit.known if key.startswith(f"{kind}/"))
        older = sorted({int(number) for number in named if number.isdecimal()} - set(listed))
        there = list(listed)[-1]
        gone: list[Reading] = []
        for start in range(0, len(older), _PER_PAGE - 1):
            asked = older[start : start + _PER_PAGE - 1]
            include = ",".join(map(str, [*asked, there]))
            posts = await self._get(visit, kind, include=include, per_page=_PER_PAGE, _fields="id,modified_gmt")
            answered = {post.get("id") for post in posts}
            if there not in answered or not answered <= {*asked, there}:
                said = (
                    f"does not tell which of its older {kind} are there, so those that were read stay. Tell the site."
                )
                return [Remark(self.where, said)]
            gone += [
                Gone(f"{kind}/{number}", f"{self.where} has no {kind}/{number} any more.")
                for number in asked
                if number not in answered
            ]
        return gone

    async def _site(self, visit: Visit) -> str | None:
        about = await get_json(visit, urljoin(self._api, "../../?_fields=name"))
        name = about.get("name") if isinstance(about, dict) else None
        return unescape(name) if isinstance(name, str) else None

    async def _posts(self, visit: Visit, kind: str, numbers: list[int], site: str | None) -> list[Reading]:
        fields = "id,link,date,modified_gmt,title,content"
        include = ",".join(map(str, numbers))
        posts = await self._get(visit, kind, include=include, per_page=_WITH_TEXT, orderby="include", _fields=fields)
        return await asyncio.to_thread(
            lambda: [each for post in posts for each in self._readings(visit, kind, post, site)]
        )

    def _readings(self, visit: Visit, kind: str, post: Mapping[str, Any], site: str | None) -> Iterator[Reading]:
        key = f"{kind}/{post.get('id')}"
        where = redacted(str(post.get("link") or f"{self._options.url} {key}"))
        try:
            content = post["content"]
            if content.get("protected"):
                yield ArticleProblem(where, "is protected by a password. It cannot be read.", key)
                return
            title = one_line(str(post["title"]["rendered"]))
            url = read_url(post.get("link"))
            fields = {
                "title": title,
                "url": canonical_url(url) if url else None,
                "published": _day(post.get("date")),
                "source": site,
            }
            text = fragment_text(str(content["rendered"]), title)
            article = make_article(fields, text, default_id=article_id(url) if url else f"{self._options.url} {key}")
        except Unreadable as unreadable:
            yield ArticleProblem(where, unreadable.reason, key)
        except Exception as error:
            yield ArticleProblem(where, unforeseen(error, where), key)
        else:
            article, dated_by, doubt = believed(article, "wordpress", visit.today)
            yield Read(article, where, False, Origin(key, None, str(post.get("modified_gmt")), now(), dated_by))
            if doubt:
                yield Remark(where, doubt)

    async def _get(self, visit: Visit, kind: str, **query: object) -> list[dict[str, Any]]:
        url = f"{self._api}{kind}?{urlencode(query, safe=',')}"
        answer = await get_json(visit, url)
        if not isinstance(answer, list) or not all(isinstance(post, dict) for post in answer):
            raise SourceFailure(
                f"{redacted(url)} is not what WordPress answers.", f"Check that {shown(self._options.url)} is its site."
            )
        return answer


def _day(written: object) -> object:
    try:
        return read_date(written)
    except Unreadable:
        return None
