"""Pages that a feed, a sitemap or an operator names -> readings."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from index.errors import ArticleProblem
from index.fetch.failures import FetchFailure
from index.fetch.failures import Gone as NotThere
from index.fetch.model import Fetched, Validators
from index.fetch.url import redacted
from index.formats.fields import LONGEST_NAME, read_line, read_names, read_title
from index.model import Article
from index.sources.protocol import Gone, Origin, Read, Reading, Remark, Unchanged, Visit
from index.webpage import Page, Problem, page_key, read_page

# Pages of a source that are under way at once; how many requests there may be is up to the fetcher.
_AT_ONCE = 8

# HTTP: there is nothing, and there will not be again.
_GONE_FOR_GOOD = 410


@dataclass(frozen=True, slots=True)
class Link:
    """A page, and what whoever names it says of it.

    Attributes:
        key: What the source calls it.
        url: Where it is.
        listing: Who names it: "feed", "sitemap", "page".
        title: For a page that has none.
        published: For a page that states no day of its own.
        modified: When it was changed, as written: a page that is known from then is not fetched again.
        publisher: For a page that names none.
        authors: For a page that names none.
    """

    key: str
    url: str
    listing: str
    title: str = ""
    published: date | None = None
    modified: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()


def by_need(visit: Visit, links: Iterable[Link]) -> list[Link]:
    """Return links so that a visit that is cut off has read what is new, and each time others of those that are known.

    New ones, and those of which the listing says that they have changed, keep their order.
    """
    salt = os.urandom(8)

    def need(link: Link) -> bytes:
        known = visit.known.get(link.key)
        if known is None or (link.modified and link.modified != known.last_modified):
            return b""
        return hashlib.blake2b(link.key.encode("utf-8", "replace"), digest_size=8, salt=salt).digest()

    return sorted(links, key=need)


async def in_order(readings: Iterable[Awaitable[list[Reading]]]) -> AsyncIterator[Reading]:
    """Yield what several readings give, in their order, a few of them under way at once."""
    waiting: deque[asyncio.Future[list[Reading]]] = deque()
    coming = iter(readings)
    try:
        while True:
            while len(waiting) < _AT_ONCE and (reading := next(coming, None)) is not None:
                waiting.append(asyncio.ensure_future(reading))
            if not waiting:
                return
            for each in await waiting.popleft():
                yield each
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def read_link(visit: Visit, link: Link) -> list[Reading]:  # noqa: PLR0911 -- one for each way it can end
    """Read one page.

    Returns:
        `Read` with remarks, or one of `Unchanged`, `Gone` (410) and `ArticleProblem`, which leaves what is known.
    """
    known = visit.known.get(link.key)
    if known and link.modified and known.last_modified == link.modified:
        return [Unchanged(link.key, known)]
    where = redacted(link.url)
    # Without a word from the listing it is the server's own.
    validators = Validators(known.etag, None if link.modified else known.last_modified) if known else None
    try:
        fetched = await visit.fetcher.get(link.url, validators=validators)
        if fetched.not_modified and known:
            return [Unchanged(link.key, replace(known, last_modified=_changed(visit, link, known.last_modified)))]
        page = await _page(fetched, link)
        if page.problem and page.problem.problem is Problem.REDIRECT and page.redirect:
            # The version is that of another address than will be asked for.
            fetched = replace(await visit.fetcher.get(page.redirect), validators=Validators())
            page = await _page(fetched, link)
    except NotThere as failure:
        if failure.status == _GONE_FOR_GOOD:
            return [Gone(link.key, f"{where} is gone (HTTP {failure.status}).")]
        return [ArticleProblem(where, reason_from(failure), link.key)]
    except FetchFailure as failure:
        return [ArticleProblem(where, reason_from(failure), link.key)]
    if page.article is None:
        reason = page.problem.reason if page.problem else "holds no article."
        return [ArticleProblem(where, reason, link.key)]
    return _readings(visit, link, fetched, page, page.article)


def _readings(visit: Visit, link: Link, fetched: Fetched, page: Page, article: Article) -> list[Reading]:
    where = redacted(link.url)
    dated_by = link.listing if page.dated_by == "listing" else page.dated_by
    article = replace(
        article,
        title=article.title or read_title(link.title),
        source=article.source or read_line("source", link.publisher, LONGEST_NAME) or None,
        authors=article.authors or read_names(list(link.authors)),
    )
    remarks = [Remark(where, note) for note in page.notes]
    article, dated_by, doubt = believed(article, dated_by, visit.today)
    if doubt:
        remarks.append(Remark(where, doubt))
    modified = _changed(visit, link, fetched.validators.last_modified)
    origin = Origin(link.key, fetched.validators.etag, modified, now(), dated_by)
    return [Read(article, where, False, origin), *remarks]


def _changed(visit: Visit, link: Link, served: str | None) -> str | None:
    """Return when a page was changed, as far as that tells it from what it will be: a day that lasts does not."""
    if not link.modified:
        return served
    bare = len(link.modified) <= len("2026-11-24")
    # It is still that day somewhere.
    lasts = bare and link.modified >= (visit.today - timedelta(days=1)).isoformat()
    return None if lasts else link.modified


async def _page(fetched: Fetched, link: Link) -> Page:
    return await asyncio.to_thread(
        read_page,
        fetched.body,
        fetched.url,
        content_type=fetched.content_type,
        charset=fetched.charset or "",
        asked=link.url,
        published=link.published,
    )


def believed(article: Article, dated_by: str | None, today: date) -> tuple[Article, str | None, str | None]:
    """Return an article with its day and the day's origin if the day can be, else without; and then what is doubted."""
    # Where it is already tomorrow, it is not the day after.
    if article.published is None or article.published <= today + timedelta(days=1):
        return article, dated_by if article.published else None, None
    doubt = f"is dated {article.published.isoformat()}, which is yet to come: it is indexed without a day."
    return replace(article, published=None), None, doubt


def article_id(url: str) -> str:
    """Return the id of the article at an address: that which its page gives it when it is read."""
    return f"url-{hashlib.blake2b(page_key(url).encode('utf-8', 'replace'), digest_size=12).hexdigest()}"


def reason_from(failure: FetchFailure) -> str:
    """Return why an address gave nothing as a sentence that goes on from the address."""
    return str(failure).removeprefix(f"{failure.asked} ")


def now() -> str:
    """Return the time as origins have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
