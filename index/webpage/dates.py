"""The day a page was published, and by what it is known."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

from index.formats.fields import read_date
from index.formats.found import Unreadable
from index.formats.html import DATES, Element
from index.webpage.markup import Markup

# Where pages state their date, surest first. A page lists the times of other articles, too: those beside the headline
# go first.
_STATED = (
    ("json-ld", "//script[@type='application/ld+json']"),
    ("meta", "//meta"),
    ("time", "//h1/ancestor::*[self::article or self::main][1]//time"),
    ("time", "//body//time | //body//abbr[@class]"),
)
_MOST_ELEMENTS = 500


def dated(markup: Markup, url: str) -> tuple[date, str] | None:
    """Return the day a page says that it was published, with its origin; None if it does not say.

    The origins, surest first: `json-ld` (schema.org's `datePublished`), `meta`, `time` (a `<time>` element), `url`
    (a whole date in the address), `page` (a date that stands by itself on the page). `index.webpage.page` has two more:
    `listing` (what names the page) and `document` (the day that a PDF or the like says it was made).

    Args:
        markup: The page.
        url: The article's own address.
    """
    for item in markup.articles:
        if day := _day(item.get("datePublished")):
            return day, "json-ld"
    for origin, expression in _STATED:
        # htmldate does not tell where it found a date, so it is shown one place after the other.
        if day := _found(_page_of(markup.tree.xpath(expression)[:_MOST_ELEMENTS])):
            return day, origin
    if day := _found(_page_of([]), url):
        return day, "url"
    day = _found(markup.tree)
    return (day, "page") if day else None


def _found(page: Element, url: str = "") -> date | None:
    from htmldate import find_date

    return _day(find_date(page, url=url, **DATES))


def _page_of(elements: list[Element]) -> Element:
    """Return a page that holds copies of these elements and nothing else."""
    from lxml import html

    page = html.document_fromstring("<html><head></head><body></body></html>")
    for element in elements:
        copy = deepcopy(element)
        copy.tail = None
        page[0 if element.tag in ("meta", "script") else 1].append(copy)
    return page


def _day(value: object) -> date | None:
    try:
        return read_date(value)
    except Unreadable:
        return None
