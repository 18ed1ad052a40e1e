"""The article pages as a web application: GET and HEAD of `/article/ID`, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import ETag, web

from bot.ask import Busy, TookTooLong
from bot.catalogues import Catalogues
from bot.links import Admission, Pages, Span, of_path, read_spans
from bot.pages.article import Past
from bot.pages.page import article_page, notice_page, policy
from bot.prompts import Prompts
from index import Article, IndexFailure

log = logging.getLogger(__name__)

# Articles that are looked up at once: however many visitors there are, members' questions come first.
AT_ONCE = 2
# Visitors that may wait for that.
MOST_WAITING = 32
# Pages a second in the long run, and at once: more than people read, less than keeps questions waiting.
PACE = 40.0
BURST = 120.0
# Seconds after which a visitor who was turned away may try again.
RETRY_AFTER = 2
# Seconds that a browser shows a page again without asking.
FRESH = 60

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Server": "Footnote",
}


Find = Callable[[str], Awaitable[Article | None]]
Recall = Callable[[Article, Sequence[Span]], Awaitable[Past]]


async def _nothing(article: Article, spans: Sequence[Span]) -> Past:
    return Past()


class _Turned(Exception):
    """There is no article to show; the notice of that name says why."""

    def __init__(self, status: HTTPStatus, notice: str) -> None:
        self.status = status
        self.notice = notice


def pages_app(
    find: Find, catalogues: Catalogues, pages: Callable[[], Pages], recall: Recall = _nothing
) -> web.Application:
    """Return the application.

    Args:
        find: Returns an article by its id, None if there is none; may raise what `AsyncAsker.look` raises.
        catalogues: The bot's texts.
        pages: Return whose addresses are served; called at each request, as they may be known only once it is served.
        recall: Returns how an article was before, for the quotes that are asked for; may raise what `find` may.
    """
    reading = _Reading(find, catalogues, pages, recall)
    app = web.Application(middlewares=[reading.kindly], client_max_size=1)
    app.router.add_get("/article/{id:.+}", reading.article)
    app.router.add_get("/robots.txt", _robots)
    app.on_response_prepare.append(_secure)
    return app


async def _robots(_: web.Request) -> web.Response:
    return web.Response(text="User-agent: *\nDisallow: /\n")


async def _secure(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)
    response.headers["Content-Security-Policy"] = policy()


class _Reading:
    """What visitors read."""

    def __init__(self, find: Find, catalogues: Catalogues, pages: Callable[[], Pages], recall: Recall) -> None:
        self._look_up = find
        self._recall = recall
        self._catalogues = catalogues
        self._pages = pages
        self._free = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._allowance = BURST
        self._counted_at = time.monotonic()

    @web.middleware
    async def kindly(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answer whatever goes wrong with a page that says so in the visitor's language."""
        try:
            return await handler(request)
        except _Turned as error:
            return self._notice(request, error.status, error.notice)
        except web.HTTPMethodNotAllowed as error:
            allowed = ", ".join(sorted(error.allowed_methods))
            return self._notice(request, HTTPStatus.METHOD_NOT_ALLOWED, "missing", {"Allow": allowed})
        except web.HTTPException as error:
            return self._notice(request, HTTPStatus(error.status), "missing")
        except Exception:
            problem = uuid.uuid4().hex[:8]
            log.exception("problem %s with an article's page", problem)
            return self._notice(request, HTTPStatus.INTERNAL_SERVER_ERROR, "failed")

    async def article(self, request: web.Request) -> web.StreamResponse:
        """Show an article."""
        article_id = of_path(request.match_info["id"])
        if article_id is None:
            raise _Turned(HTTPStatus.NOT_FOUND, "missing")
        query = request.query
        until, signature = query.get("until", ""), query.get("sign", "")
        pages = self._pages()
        admission = pages.admits(article_id, until, signature)
        if admission is Admission.FORGED:
            raise _Turned(HTTPStatus.FORBIDDEN, "refused")
        if admission is Admission.EXPIRED:
            raise _Turned(HTTPStatus.GONE, "expired")
        spans = read_spans(query.getall("quote", []))
        found = await self._find(article_id, spans)
        if found is None:
            # A signed address was good once; of any other nobody knows.
            raise _Turned(HTTPStatus.GONE, "gone") if pages.signed else _Turned(HTTPStatus.NOT_FOUND, "missing")
        signed = {name: query[name] for name in ("until", "sign") if name in query}

        def part_address(number: int) -> str:
            return "?" + urlencode({"part": number, **signed})

        part = query.get("part", "")
        number = int(part) if re.fullmatch(r"[1-9]\d{0,5}", part, re.ASCII) else None
        prompts = self._prompts(request)
        # A long article takes a while; meanwhile Discord is heard.
        page = await asyncio.to_thread(article_page, *found, spans, prompts, part_address, number)
        return _answer(request, page)

    async def _find(self, article_id: str, spans: Sequence[Span]) -> tuple[Article, Past] | None:
        """Return an article and how it was before, without taking the questions' turn.

        Raises:
            _Turned: Too much is asked for at once, or there is no index.
        """
        now = time.monotonic()
        self._allowance = min(BURST, self._allowance + (now - self._counted_at) * PACE)
        self._counted_at = now
        if self._allowance < 1 or self._waiting >= MOST_WAITING:
            raise _Turned(HTTPStatus.SERVICE_UNAVAILABLE, "crowded")
        self._allowance -= 1
        self._waiting += 1
        try:
            async with self._free:
                article = await self._look_up(article_id)
                return (article, await self._recall(article, spans)) if article is not None else None
        except (Busy, TookTooLong):
            raise _Turned(HTTPStatus.SERVICE_UNAVAILABLE, "crowded") from None
        except IndexFailure as error:
            log.warning("An article's page cannot be shown: %s", error)
            raise _Turned(HTTPStatus.SERVICE_UNAVAILABLE, "crowded") from None
        finally:
            self._waiting -= 1

    def _prompts(self, request: web.Request) -> Prompts:
        """Return the texts in the first of the visitor's languages that there are texts in."""
        wanted = request.headers.get("Accept-Language", "")[:200].split(",")
        return self._catalogues.for_any(part.partition(";")[0].strip() for part in wanted)

    def _notice(
        self, request: web.Request, status: HTTPStatus, name: str, headers: dict[str, str] | None = None
    ) -> web.Response:
        response = web.Response(
            text=notice_page(name, self._prompts(request)),
            status=status,
            content_type="text/html",
            charset="utf-8",
            headers={"Cache-Control": "no-store", "Vary": "Accept-Language", **(headers or {})},
        )
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = str(RETRY_AFTER)
        return response


def _answer(request: web.Request, page: str) -> web.Response:
    body = page.encode()
    tag = hashlib.blake2b(body, digest_size=12).hexdigest()
    headers = {"Cache-Control": f"private, max-age={FRESH}", "Vary": "Accept-Language"}
    if any(known.value in {tag, "*"} for known in request.if_none_match or ()):
        response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    else:
        response = web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)
    response.etag = ETag(tag)
    return response
