"""Foreign words made safe to stand in a Discord message: no mention, no link, no formatting comes out of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, urlsplit, urlunsplit

# Discord's limit for an address in a message, in characters.
LONGEST_URL = 512

# Joiners and signs of scripts and emoji: the only invisible or formatting characters that readers need.
_NEEDED = frozenset("\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")
# Controls, formatting (bidirectional, zero-width, tags), surrogates, private and unassigned characters.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Letters and marks that show nothing either, though Unicode has them among those that do.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xE0100, 0xE01F0))
)
# Accents and the like on one letter: more than any script needs, fewer than cover the lines around.
MOST_MARKS = 6
_MARKUP = frozenset("\\*_~|`<[]")
# What makes a line a heading, a quote, a list or small print. A list's numbers would be counted anew.
_LINE_MARKUP = re.compile(r"^(?:-#|[#>+=-]|\d+[.)])", re.MULTILINE)
_LABEL = str.maketrans({"[": "(", "]": ")", "<": "‹", ">": "›", "_": " ", **dict.fromkeys("\\*~|`", "")})
_BREAK = "\u200b"
# Around a text that is written from the right, so that the words and signs beside it stay where they stand.
_ISOLATED, _ISOLATED_END = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def length(text: str) -> int:
    """Return a text's length in UTF-16 units: never less than what Discord counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Return a text on one line, without characters that cannot be seen or that turn the writing's direction.

    Of accents piled up on one letter, `MOST_MARKS` stay.
    """
    # Most texts need no look at each character.
    readable = text if text.isascii() and text.isprintable() else "".join(_readable(text))
    return " ".join(readable.split())


def clean_lines(text: str) -> str:
    """Return a text like `clean`, but with its lines kept and no more than one empty line between them."""
    lines = "\n".join(clean(line) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def plain(text: str, room: int | None = None) -> str:
    """Return a text as Discord Markdown that shows exactly that text, on one line.

    One that is written from the right does not turn round what stands beside it.

    Args:
        text: Anything.
        room: The most UTF-16 units to return; what is cut off leaves an "…".
    """
    cleaned = clean(text)
    return _isolated(cleaned, _escaped(cleaned), room)


def plain_lines(text: str, room: int | None = None) -> str:
    """Return a text like `plain`, with its lines kept."""
    return _fit(_escaped(clean_lines(text)), room)


def bare(text: str, room: int | None = None) -> str:
    """Return a text for where Discord reads no Markdown (footers, button labels), on one line."""
    return _fit((_unpinged(character) for character in clean(text)), room)


def label(text: str, room: int | None = None) -> str:
    """Return a text to stand in a link's brackets, where escapes do nothing: what would need one is replaced."""
    replaced = clean(_without_schemes(clean(text).translate(_LABEL)))
    return _isolated(replaced, (_unpinged(character) for character in replaced), room)


def _without_schemes(text: str) -> str:
    """Return a text without what makes an address of what follows: all of "http:x:////", so that none is left of it."""
    pieces = re.split("(/{2,})", text)
    for position in range(0, len(pieces) - 1, 2):
        before = pieces[position]
        if before.endswith(":"):
            scheme = re.match(r"[\w:]*", before[::-1])
            pieces[position] = before[: len(before) - (scheme.end() if scheme else 0)]
            pieces[position + 1] = ""
    return "".join(pieces)


def web_address(url: str | None) -> str | None:
    """Return an address that can stand in a link's parentheses; None if it is not of the web or cannot be trusted.

    An address with a user name in front of the host reads like another host, so it is none.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:  # of which UnicodeError is one
        return None
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[\w.-]+", host) or "@" in parts.netloc:
        return None
    path, query, fragment = (
        quote(part, safe="/%:?&=+,;~.-!$", errors="replace") for part in (parts.path, parts.query, parts.fragment)
    )
    address = urlunsplit((parts.scheme, host + port, path, query, fragment))
    return address if len(address) <= LONGEST_URL else None


def _readable(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        mark = category in {"Mn", "Me"}
        marks = marks + 1 if mark else 0
        if character.isspace() or (character in _BLANK and not mark):
            yield " "
        elif character in _NEEDED or not (category in _UNSAFE or character in _BLANK or marks > MOST_MARKS):
            yield character


def _escaped(text: str) -> Iterator[str]:
    """Yield a text piece by piece; none may be cut in two."""
    line_markup = {
        position
        for found in _LINE_MARKUP.finditer(text)
        for position in range(*found.span())
        if not text[position].isdecimal()
    }
    for position, character in enumerate(text):
        link = character == ":" and text.startswith("//", position + 1)
        if character == "]" and text.startswith("(", position + 1):
            # An escape alone would not keep it from ending the brackets of a link that stands before it.
            yield "\\]" + _BREAK
        elif character in _MARKUP or link or position in line_markup:
            yield "\\" + character
        else:
            yield _unpinged(character)


def _unpinged(character: str) -> str:
    return character + _BREAK if character == "@" else character


def _isolated(text: str, pieces: Iterator[str], room: int | None) -> str:
    """Join pieces of a text like `_fit`, set apart if any of it is written from the right."""
    if text.isascii() or all(unicodedata.bidirectional(character) not in _RIGHT_TO_LEFT for character in text):
        return _fit(pieces, room)
    fitted = _fit(pieces, None if room is None else max(room - len(_ISOLATED + _ISOLATED_END), 0))
    return fitted and _ISOLATED + fitted + _ISOLATED_END


def _fit(pieces: Iterator[str], room: int | None) -> str:
    """Join pieces; if they need more room, end in an "…" after the last whole word."""
    kept = list(pieces)
    whole = "".join(kept)
    used = length(whole)
    if room is None or used <= room:
        return whole
    while kept and used > room - 1:
        used -= length(kept.pop())
    # A cut between words reads better, unless it would cost half of what fits.
    space = max((position for position, piece in enumerate(kept) if piece.isspace()), default=-1)
    if space > len(kept) // 2:
        del kept[space:]
    return "".join(kept).rstrip() + "…" if room > 0 else ""
