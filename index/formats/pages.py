"""Lines as they are set on pages -> one text, with the place where each page begins in it."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Sequence

# A line of at least this share of its page's width goes on in the next one: only the last of a paragraph is shorter.
_FULL = 0.75
# The width of a page: so large a share of its lines is no longer. The longest are tables and notes in small print; a
# page of fewer lines than these does not tell.
_WIDTH = 0.8
_FEWEST_LINES = 5

# A line that ends with its sentence ends the paragraph, too, unless it is as long as a line can be.
_TO_THE_EDGE = 0.9

# Lines at the head and at the foot of a page that may be no part of its text; on how many pages the same must stand
# for it, and on how large a share of them, as left and right pages have their own.
_EDGE = 3
_FEWEST_PAGES = 3
_SHARE_OF_PAGES = 0.4

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u00ad\u200b\ufeff]")
_DIGITS = re.compile(r"\d+")
_OF_ALL = r"(?:\s*(?:of|/|von|de|sur|di|van)\s*\d{1,5})?"
# A page's number: "12", "– 12 –", "Page 12 of 30"; and at one end of a line: "The Report 12", "12 | Chapter One".
_ALONE = re.compile(rf"\W*(?:page|seite|p|página|pagina)?\W*(\d{{1,5}}){_OF_ALL}\W*", re.IGNORECASE)
_IN_FRONT = re.compile(r"\W*(\d{1,5})\W")
_AT_END = re.compile(rf"\b(\d{{1,5}}){_OF_ALL}\W*$", re.IGNORECASE)

_ITEM = re.compile(r"[•‣◦▪–—*·-]\s|\(?\d{1,3}[.)]\s|\(?[a-z]\)\s")
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_PARTED = re.compile(r"(\w+)[-‐]$")
_HYPHENED = re.compile(r"\w+-\w+")
_WORD = re.compile(r"\w+")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]")


def join_pages(pages: Sequence[str], title: str = "") -> tuple[str, tuple[int, ...]]:
    """Return the text of a document, and where each of its pages begins in it.

    Lines become paragraphs, and a paragraph goes on over the end of a page; words that were parted at the end of a line
    are whole again; what stands at the head or foot of page after page is left out.

    Args:
        pages: The lines of each, in reading order.
        title: The document's title: a first line that only repeats it is left out.
    """
    of_pages = _without_edges([_lines(page) for page in pages])
    first = next((lines for lines in of_pages if lines), [])
    if first and first[0].casefold() == title.casefold():
        del first[0]
    hyphened = {word.lower() for lines in of_pages for line in lines for word in _HYPHENED.findall(line)}
    usual = _width([line for lines in of_pages for line in lines]) or sys.maxsize
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    before, width_before, told_before = "", 0, False
    for index, lines in enumerate(of_pages):
        own = _width(lines)
        for number, line in enumerate(lines):
            if not pieces:
                gap = ""
            elif _goes_on(before, line, width_before, told=told_before):
                if cut := _hyphen_is_a_break(before, line, hyphened):
                    pieces[-1] = pieces[-1][:-1]
                    length -= 1
                gap = "" if cut or _PARTED.search(before) or (_WIDE.match(before[-1]) and _WIDE.match(line)) else " "
            else:
                gap = "\n" if _ITEM.match(line) else "\n\n"
            length += len(gap)
            if number == 0:  # of this page, and of the empty ones before it
                starts += [length] * (index + 1 - len(starts))
            pieces += [gap, line]
            length += len(line)
            before, width_before, told_before = line, own or usual, own > 0
    starts += [length] * (len(pages) - len(starts))
    return "".join(pieces), tuple(starts)


def _lines(page: str) -> list[str]:
    lines = (" ".join(_NO_TEXT.sub("", line).translate(_LIGATURES).split()) for line in page.split("\n"))
    return [line for line in lines if line]


def _width(lines: Sequence[str]) -> int:
    """Return the width of a page in characters; 0 where its lines are too few to tell."""
    lengths = sorted(map(len, lines))
    return lengths[int(_WIDTH * (len(lengths) - 1))] if len(lengths) >= _FEWEST_LINES else 0


def _goes_on(line: str, following: str, width: int, *, told: bool) -> bool:
    """Tell whether what follows a line belongs to its paragraph; `told` if the line's own page tells its width."""
    if _ITEM.match(following) and _ENDS_SENTENCE.search(line):
        return False
    if _PARTED.search(line) and following[0].islower():
        return True
    unfinished = not _ENDS_SENTENCE.search(line)
    if unfinished and following[0].islower():
        return True
    full = len(line) >= (_FULL if unfinished else _TO_THE_EDGE) * width
    return full and (unfinished or told) and not _ITEM.match(following)


def _hyphen_is_a_break(line: str, following: str, hyphened: Collection[str]) -> bool:
    """Tell whether the hyphen at a line's end only parts a word: the word with it stands nowhere else."""
    parted, rest = _PARTED.search(line), _WORD.match(following)
    if not parted or not rest or not following[0].islower():
        return False
    return f"{parted[1]}-{rest[0]}".lower() not in hyphened


def _without_edges(pages: list[list[str]]) -> list[list[str]]:
    """Leave out running heads and feet, and pages' numbers."""
    shift = _shift(pages)
    heads = Counter(shape for page in pages for shape in {_shape(line) for line in page[:_EDGE]})
    feet = Counter(shape for page in pages for shape in {_shape(line) for line in page[-_EDGE:]})
    enough = max(_FEWEST_PAGES, _SHARE_OF_PAGES * len(pages))
    kept = []
    for index, page in enumerate(pages):

        def runs(line: str, counted: Counter[str], index: int = index) -> bool:
            numbered = shift is not None and index + shift in _numbers(line)
            return counted[_shape(line)] >= enough or numbered

        start, end = 0, len(page)
        while start < min(_EDGE, end) and runs(page[start], heads):
            start += 1
        while end > max(start, len(page) - _EDGE) and runs(page[end - 1], feet):
            end -= 1
        kept.append(page[start:end])
    return kept


def _shape(line: str) -> str:
    return _DIGITS.sub("#", line).casefold()


def _numbers(line: str) -> list[int]:
    """Return the numbers in a line that may be its page's."""
    found = [_ALONE.fullmatch(line), _IN_FRONT.match(line), _AT_END.search(line)]
    return [int(match[1]) for match in found if match]


def _shift(pages: Sequence[Sequence[str]]) -> int | None:
    """Return by how much a page's number is larger than its index; None if pages bear no numbers."""
    shifts = Counter(
        shift
        for index, page in enumerate(pages)
        for shift in {number - index for line in {*page[:1], *page[-1:]} for number in _numbers(line)}
    )
    [(shift, count)] = shifts.most_common(1) or [(0, 0)]
    if count >= max(_FEWEST_PAGES, _SHARE_OF_PAGES * len(pages)):
        return shift
    # Too few pages to count: each must bear its own number, and nothing else, in its last line.
    last = [_ALONE.fullmatch(page[-1]) if len(page) > 1 else None for page in pages]
    return 1 if last and [int(match[1]) for match in last if match] == list(range(1, len(pages) + 1)) else None
