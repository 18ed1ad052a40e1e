"""An article cut into what its page shows: paragraphs, and in them the quotes that are set off. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.buttons import check
from bot.links import Span
from index import Article

if TYPE_CHECKING:
    from index import Version

# Characters of an article on one page. A longer one has several, so that a phone can show it.
LONGEST_PART = 120_000

# The next paragraph keeps its indentation.
_GAP = re.compile(r"\n(?:[^\S\n]*\n)+")
# What a browser would replace, or take for the end of the text; lines and tabs stay.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of an article's text that is in one quote, or in none.

    Attributes:
        text: What is shown.
        quote: The quote's number, from 1; 0 for none.
        first: The quote begins with it.
    """

    text: str
    quote: int = 0
    first: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What is on one page.

    Attributes:
        paragraphs: In reading order.
        number: Which part of the article it is, from 1.
        count: How many there are.
        quotes: Numbers of the quotes on it.
        changed: A quote does not stand where it is said to stand.
    """

    paragraphs: tuple[tuple[Piece, ...], ...]
    number: int
    count: int
    quotes: tuple[int, ...]
    changed: bool


def part_of(article: Article, spans: Sequence[Span], number: int | None = None) -> Part:
    """Return a part of an article.

    Args:
        article: The article.
        spans: The quotes to set off, the most important first.
        number: Which part, from 1; if not given, the one with the first quote that stands in the article.
    """
    text = article.text
    quotes = {n: span for n, span in enumerate(spans, start=1) if _stands(text, span)}
    bounds = list(_parts(text))
    if number is None:
        begin = next(iter(quotes.values())).start if quotes else 0
        number = next(n for n, (_, end) in enumerate(bounds, start=1) if begin < end or n == len(bounds))
    number = min(max(number, 1), len(bounds))
    start, end = bounds[number - 1]
    begun: set[int] = set()
    paragraphs = (tuple(_pieces(text, *span, quotes, begun)) for span in _paragraphs(text, start, end))
    shown = tuple(filter(None, paragraphs))
    return Part(shown, number, len(bounds), tuple(sorted(begun - {0})), len(quotes) < len(spans))


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of how an article was before.

    Attributes:
        versions: The first one first.
        lost: The words of those quotes that were asked for and do not stand in it any more, as they are on record.
    """

    versions: Sequence[Version] = ()
    lost: Sequence[str] = ()


def lost_from(article: Article, spans: Sequence[Span]) -> list[Span]:
    """Return those quotes that do not stand in an article where they are said to stand."""
    return [span for span in spans if not _stands(article.text, span)]


def visible(text: str) -> str:
    """Return a text without characters that cannot stand in a page."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _stands(text: str, span: Span) -> bool:
    quote = text[span.start : span.end]
    return span.end <= len(text) and bool(quote.strip()) and (not span.check or check(quote) == span.check)


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of `LONGEST_PART` characters at most, which end between paragraphs, lines or words if they can."""
    start = 0
    while len(text) - start > LONGEST_PART:
        window = text[start : start + LONGEST_PART]
        cuts = (window.rfind(mark, LONGEST_PART // 2) + len(mark) for mark in ("\n\n", "\n", " "))
        end = start + next((cut for cut in cuts if cut >= LONGEST_PART // 2), LONGEST_PART)
        yield start, end
        start = end
    yield start, len(text)


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    edges = [start, *(edge for gap in _GAP.finditer(text, start, end) for edge in gap.span()), end]
    for begin, until in zip(edges[::2], edges[1::2], strict=True):
        if text[begin:until].strip():
            yield begin, until


def _pieces(text: str, start: int, end: int, quotes: dict[int, Span], begun: set[int]) -> Iterator[Piece]:
    """Yield a paragraph's pieces; where quotes overlap, the first of them has the words. Those `begun` are added to."""
    edges = {start, end} | {edge for span in quotes.values() for edge in (span.start, span.end) if start < edge < end}
    ordered = sorted(edges)
    runs = [(_quote_at(begin, quotes), text[begin:until]) for begin, until in pairwise(ordered)]
    for quote, run in groupby(runs, key=itemgetter(0)):
        if words := visible("".join(part for _, part in run)):
            yield Piece(words, quote, bool(quote) and quote not in begun)
            begun.add(quote)


def _quote_at(position: int, quotes: dict[int, Span]) -> int:
    return next((number for number, span in quotes.items() if span.start <= position < span.end), 0)
