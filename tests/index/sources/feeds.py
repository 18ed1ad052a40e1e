"""Feeds as tests want them, on a web server on loopback."""

from __future__ import annotations

from html import escape

from tests.index.fetch.web import Web
from tests.index.sources.visits import Visits


def item(
    n: int | str, *, link: str | None = None, guid: str | None = None, date: str = "", body: str = "", summary: str = ""
) -> str:
    """Return an item of RSS; with a `body` the feed has its whole text."""
    parts = [
        f"<title>Item {n}</title>",
        f"<link>{escape(f'/{n}' if link is None else link)}</link>",
        f"<guid isPermaLink='false'>{escape(f'guid-{n}' if guid is None else guid)}</guid>" if guid != "" else "",
        f"<pubDate>{date or 'Mon, 23 Nov 2026 23:30:00 -0500'}</pubDate>",
        f"<description>{escape(summary or 'In short.')}</description>",
        f"<content:encoded>{escape(body)}</content:encoded>" if body else "",
    ]
    return f"<item>{''.join(parts)}</item>"


def rss(*items: str, title: str = "The Harbour Post", more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>{title}</title>{more}{"".join(items)}</channel></rss>'
    )


def feed(web: Web, body: str | bytes, **options: object) -> Visits:
    web.page("/feed", body, "application/rss+xml", etag='"1"')
    return Visits(web, "feed", url=web.url("/feed"), **options)
