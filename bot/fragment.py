"""Addresses that open a page at the quoted words: text fragments, `#:~:text=[prefix-,]start[,end][,-suffix]`. Pure.

A browser shows the first place that the fragment fits (https://wicg.github.io/scroll-to-text-fragment/): it compares
letters without regard to case and accents, wants whole words, and finds no piece over the end of a block. So pieces are
whole words of one line, and of ever longer fragments the first is taken that fits nowhere but on the quote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from bot.markup import LONGEST_URL

# Characters of the longest quote that is named whole; of a longer one, the first and the last words are.
LONGEST_WHOLE = 120
# Characters of the shortest piece that is told from the rest of a page (menus, captions) without its neighbours. As
# browsers have it that make such links.
SHORTEST_ALONE = 20
# How many words from each end of a quote, or from its beginning alone, and how many around it are tried.
ENDS = (4, 6, 9)
BEGINNINGS = (12, 8, 5)
AROUND = (2, 4, 8, 16)
# How many characters around it those words are looked for in.
NEAR = 400
# Characters of a word that a quote begins or ends in the midst of; there is none so long.
LONGEST_WORD = 60
# Characters of the longest article that is looked through.
LONGEST_TEXT = 100_000

_DIRECTIVE = ":~:"
# Marks between the words of scripts that have no spaces.
_STOPS = "、。，！？；：「」『』（）《》〈〉【】…"
_WORD = re.compile(rf"[^\s{_STOPS}]+[{_STOPS}]*|[{_STOPS}]+")
_LINE_END = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# What is part of a word between two letters or digits: don’t, 3.5, example.com.
_INNER = frozenset("'’.:,;·‧․﹒＇．，：；")
_QUOTE_MARKS = str.maketrans("‘’‚‛‹›“”„‟«»", "''''''\"\"\"\"\"\"")


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Which spans of an article a fragment names: `start` or `start` to `end`, and what stands around them."""

    start: tuple[int, int]
    end: tuple[int, int] | None = None
    before: int | None = None
    after: int | None = None

    @property
    def until(self) -> int:
        return (self.end or self.start)[1]

    def directive(self, text: str) -> str:
        """Return what stands behind `text=`."""
        parts = [_encoded(text[slice(*span)]) for span in (self.start, self.end) if span]
        if self.before is not None:
            parts.insert(0, _encoded(text[self.before : self.start[0]]) + "-")
        if self.after is not None:
            parts.append("-" + _encoded(text[self.until : self.after]))
        return ",".join(parts)


def at_quote(url: str, text: str, start: int, end: int, room: int = LONGEST_URL) -> str:
    """Return an address that opens a page at a quote; the address as it is where no fragment finds just that quote.

    Args:
        url: Of the page, as `bot.markup.web_address` returns it; its own fragment is kept.
        text: The article on the page.
        start: The quote's first character in it.
        end: One past its last.
        room: The most characters to return, if `url` has no more.
    """
    page, _, own = url.partition("#")
    address = f"{page}#{own.partition(_DIRECTIVE)[0]}{_DIRECTIVE}text="
    if len(text) > LONGEST_TEXT or (span := _whole_words(text, start, end)) is None:
        return url
    fitting: _Page | None = None
    for pieces in _candidates(text, *span):
        directive = pieces.directive(text)
        if len(address) + len(directive) > room:
            continue
        fitting = fitting or _Page(text, *span)
        if fitting.shows_first(pieces):
            return address + directive
    return url


def _encoded(text: str) -> str:
    """Return words as they stand in a fragment, where a comma, a hyphen and an ampersand have meanings of their own."""
    words = " ".join(text.split()).encode("utf-8", "replace")
    return quote(words, safe="").replace("-", "%2D")


class _Page:
    """An article as a browser compares it, and a quote in it that begins and ends with a word."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._quote = (start, end)
        before, quote = _folded(text[:start]), _folded(text[start:end])
        self._folded = before + quote + _folded(text[end:])
        self._start = len(before)
        self._end = len(before) + len(quote)

    def shows_first(self, pieces: _Pieces) -> bool:
        """Tell whether a browser finds these pieces where they were taken from, and not before."""
        text, (start, end) = self._text, self._quote
        begin = start if pieces.before is None else pieces.before
        after = pieces.until if pieces.after is None else pieces.after
        head = _folded(text[begin : after if pieces.end is None else pieces.start[1]])
        at = self._start - len(_folded(text[begin:start]))
        if self._folded.find(head) != at:
            return False
        if pieces.end is None:
            return True
        tail = _folded(text[pieces.end[0] : after])
        return self._folded.find(tail, at + len(head)) == self._end - len(_folded(text[pieces.end[0] : end]))


def _folded(text: str) -> str:
    """Return a text without what browsers disregard when they compare: case, accents, the kinds of spaces and quotes.

    What they do tell apart may become equal as well; then a fragment gets longer than it need be, never wrong.
    """
    plain = re.sub(r"[^\x00-\x7f]+", lambda found: _without_marks(found[0]), text)
    # The single spaces, which are most of them, stay as they are.
    return re.sub(r"\s{2,}|[^\S ]", " ", plain.casefold())


def _without_marks(text: str) -> str:
    spelled_out = unicodedata.normalize("NFKD", text.translate(_QUOTE_MARKS).casefold())
    return "".join(c for c in spelled_out if unicodedata.category(c) not in {"Mn", "Me", "Cf"})


def _whole_words(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return a quote's span without white space around it and with whole words at its ends; None if it has none."""
    if not (0 <= start < end <= len(text)) or not (quoted := text[start:end].strip()):
        return None
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(quoted)
    first = next((i for i in range(start, max(start - LONGEST_WORD, -1), -1) if _parts_words(text, i)), None)
    last = next((i for i in range(end, min(end + LONGEST_WORD, len(text) + 1)) if _parts_words(text, i)), None)
    return None if first is None or last is None else (first, last)


def _parts_words(text: str, position: int) -> bool:
    """Tell whether a word surely ends before a character, and another or something else begins with it."""
    if position in {0, len(text)}:
        return True
    left, right = text[position - 1], text[position]
    if left.isspace() or right.isspace():
        return True
    if _kind(right) == "joined" or left == "\u200d" or (_kind(right) == "letter" and _kind(left) != "other"):
        return False
    # A flag is two letters, and what takes two halves is not one character yet.
    if "\U0001f1e6" <= right <= "\U0001f1ff" and "\U0001f1e6" <= left <= "\U0001f1ff":
        return False
    beyond_left, beyond_right = text[position - 2 : position - 1], text[position + 1 : position + 2]
    inside = (left in _INNER and _is_letter(beyond_left) and _is_letter(right)) or (
        right in _INNER and _is_letter(left) and _is_letter(beyond_right)
    )
    return not inside


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf" or "\U0001f3fb" <= character <= "\U0001f3ff":
        return "joined"  # to the character before it
    return "letter" if category[0] in "LN" or category == "Pc" else "other"


def _is_letter(character: str) -> bool:
    return bool(character) and _kind(character) != "other"


def _candidates(text: str, start: int, end: int) -> Iterator[_Pieces]:
    """Yield the ways to name a quote, the best first: whole, by both its ends, by its beginning."""
    lines = [(a, b) for a, b in _lines(text, start, end) if text[a:b].strip()]
    if len(lines) == 1 and end - start <= LONGEST_WHOLE:
        yield from _with_neighbours(text, _Pieces((start, end)))
    first, last = _words(text, *lines[0]), _words(text, *lines[-1])
    for count in ENDS:
        head, tail = first[:count], last[-count:]
        if len(lines) > 1 or len(first) > 2 * count:
            yield from _with_neighbours(text, _Pieces((start, head[-1][1]), (tail[0][0], end)))
    for count in BEGINNINGS:
        yield from _with_neighbours(text, _Pieces((start, first[:count][-1][1])))


def _with_neighbours(text: str, pieces: _Pieces) -> Iterator[_Pieces]:
    """Yield pieces without anything around them, then with ever more after, before, and on both sides."""
    begin, until = pieces.start[0], pieces.until
    # What stands in the same line is least likely to be parted from them by a picture.
    before = _first(_words(text, *line) for line in reversed(_lines(text, max(0, begin - NEAR), begin)))
    after = _first(_words(text, *line) for line in _lines(text, until, min(len(text), until + NEAR)))
    if unicodedata.category(text[until - 1]) == "Cf":
        # Browsers find no words next to what is not seen, such as a soft hyphen.
        after = []
    if until - begin >= SHORTEST_ALONE or not (before or after):
        yield pieces
    for count in AROUND:
        left = before[-count:][0][0] if before else None
        right = after[:count][-1][1] if after else None
        if right is not None:
            yield _Pieces(pieces.start, pieces.end, None, right)
        if left is not None:
            yield _Pieces(pieces.start, pieces.end, left, None)
        if left is not None and right is not None:
            yield _Pieces(pieces.start, pieces.end, left, right)


def _first(lines: Iterator[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    return next(filter(None, lines), [])


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    edges = [start, *(p for found in _LINE_END.finditer(text, start, end) for p in found.span()), end]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of whole words in a part of a line."""
    words: list[tuple[int, int]] = []
    for found in _WORD.finditer(text, start, end):
        if words and not _parts_words(text, found.start()):
            words[-1] = (words[-1][0], found.end())
        else:
            words.append(found.span())
    if words and not _parts_words(text, words[0][0]):
        del words[0]
    if words and not _parts_words(text, words[-1][1]):
        del words[-1]
    return words
