"""Long texts in pieces: cut between paragraphs, sentences or words, never within a marker. Pure."""

from __future__ import annotations

import bisect
import re
import unicodedata

from bot.markup import clean_lines, length, plain_lines

# Where a text may be cut: behind what is matched. The best first; markers like [1] stay with what they stand behind.
_MARKS = r"(?:[ \t]?\[\d{1,4}\])*"
_CUTS = [
    re.compile(form)
    for form in (
        r"\n\n",
        # Not behind an initial, as in J. Smith.
        rf"\n|(?<!\b[A-Z])[.!?…؟।]+[\"'”’»)]*{_MARKS}(?=\s)|[。！？]+[」』”）]*{_MARKS}",
        r"\s(?!\[\d)",
    )
]
_MARKER = re.compile(r"\[\d{1,4}\]")
_JOINER = "\u200d"
# A piece is filled to at least this part of its room, so that a good place to cut does not leave it nearly empty.
_LEAST = 3
# Characters behind a piece that tell whether it may end there.
_AHEAD = 40


def split(text: str, first: int, others: int) -> list[str]:
    """Return a text in pieces that fit, each made safe to be shown, into messages.

    Args:
        text: Anything; of white space, lines and single spaces are kept.
        first: UTF-16 units that the first piece may have when it has been escaped; 16 or more, as of the others.
        others: Units that each of the others may have.
    """
    left, room, pieces = clean_lines(text), first, []
    # Escaped, a text has no fewer units than characters, so that a cut depends on the first of them alone.
    while len(left) > room or length(plain_lines(left)) > room:
        cut = _cut(left[: room + _AHEAD], room)
        pieces.append(left[:cut].rstrip())
        left, room = left[cut:].lstrip(), others
    return [*pieces, left]


def _cut(text: str, room: int) -> int:
    # What fits grows with the text, but for white space at the end and for signs at the beginning of a line.
    most = bisect.bisect_right(
        range(1, min(len(text), room) + 1), room - 2, key=lambda end: length(plain_lines(text[:end]))
    )
    for form in _CUTS:
        cuts = [found.end() for found in form.finditer(text) if found.end() <= most]
        if cuts and cuts[-1] >= most / _LEAST:
            return cuts[-1]
    cut = next((m.start() for m in _MARKER.finditer(text) if m.start() < most < m.end()), most)
    while cut > 1 and (_joined(text[cut]) or text[cut - 1] == _JOINER):
        cut -= 1
    return max(cut, 1)


def _joined(character: str) -> bool:
    """Return whether a character belongs to the one before it."""
    return character == _JOINER or unicodedata.category(character) in {"Mn", "Mc", "Me", "Sk"}
