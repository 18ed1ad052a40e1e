"""An article's page tells how the article was before: when it changed, and what was quoted that it no longer says."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import UTC, datetime

from aiohttp import ClientSession

from bot.buttons import check
from bot.links import Pages, Span
from bot.pages.app import pages_app
from bot.pages.article import Past, lost_from
from bot.web import serving
from index import Article, Version
from tests.wire.pages.site import CATALOGUES, VOTE, WORK, find

WORDS = "Work began in <April> & nobody came."
LOST = Span(20, 20 + len(WORDS), check(WORDS))
VERSIONS = (
    Version("a", datetime(2026, 11, 1, tzinfo=UTC)),
    Version("b", datetime(2026, 11, 3, tzinfo=UTC), ("title", "text"), 2, 1),
)


async def test_a_quote_that_is_gone_is_shown_as_it_was_and_every_change_is_told() -> None:
    asked: list[Sequence[Span]] = []

    async def recall(article: Article, spans: Sequence[Span]) -> Past:
        asked.append(lost_from(article, spans))
        return Past(VERSIONS, [WORDS])

    pages = Pages("", None)
    texts = CATALOGUES.default
    async with serving(pages_app(find, CATALOGUES, lambda: pages, recall), "127.0.0.1", 0) as address:
        link = Pages(address, None).address(VOTE.id, [WORK, LOST])
        assert link
        async with ClientSession() as session, session.get(link) as response:
            page = html.unescape(await response.text())
            raw = await response.text()

    assert [[LOST]] == asked
    assert html.escape(WORDS, quote=False) in raw
    assert texts.text("page.since", day=texts.day(VERSIONS[1].seen_at.date())) in page
    what = f"title, {texts.text('page.sentences', added=2, removed=1)}"
    assert texts.text("page.first", day=texts.day(VERSIONS[0].seen_at.date())) in page
    assert texts.text("page.revised", day=texts.day(VERSIONS[1].seen_at.date()), what=what) in page
