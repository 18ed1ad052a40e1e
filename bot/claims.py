"""What a language model writes, read as claims while it arrives. Pure; what is not of the agreed form is no claim."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.markup import clean

# Characters. Whoever writes more without an end writes no claim.
LONGEST_CLAIM = 400
_LONGEST_LINE = 2_000

_MARK = r"[\[【](?:passages?\s{1,3})?\d{1,4}(?:\s?[,;]\s?\d{1,4}){0,9}[\]】]"
_MARKS = re.compile(_MARK, re.I)
# A claim ends with its line, or where its passages are named before or after the full stop.
_END = re.compile(
    rf"\n|(?:(?<=[.!?…。！？\"”’'»)])\s?(?:{_MARK}\s?){{1,9}}|(?:{_MARK}\s?){{1,9}}[.!?…。！？])(?=\s{{1,9}}[^\s\[【.,;])",
    re.I,
)
_BULLET = re.compile(r"^(?:[-*•–>#]+\s+|\d{1,2}[.)]\s+)+")
_EMPHASIS = re.compile(r"[*`#~]+|(?<!\w)_+|_+(?!\w)")
_BEFORE_STOP = re.compile(r"\s+([.,;:!?…])")


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of the model's.

    Attributes:
        text: On one line, without its marks.
        passages: The numbers of the passages it names, in its order; none if it names none.
    """

    text: str
    passages: tuple[int, ...]


class ClaimReader:
    """Turns pieces of text, cut anywhere, into claims, each as soon as it is complete."""

    def __init__(self) -> None:
        self._buffer = ""
        self._too_long = False  # the line being read is none of ours: skip to its end

    def feed(self, text: str) -> list[Claim]:
        """Return the claims that are complete with this piece."""
        claims: list[Claim] = []
        for start in range(0, len(text), _LONGEST_LINE):  # so that no piece makes the search long
            self._buffer += text[start : start + _LONGEST_LINE]
            claims += self._complete()
        return claims

    def close(self) -> list[Claim]:
        """Return the claim that ended with the text, if there is one."""
        rest = self._buffer
        self._buffer = ""
        return [] if self._too_long else _claims(rest)

    def _complete(self) -> list[Claim]:
        claims: list[Claim] = []
        while end := _END.search(self._buffer):
            written, self._buffer = self._buffer[: end.end()], self._buffer[end.end() :]
            if not self._too_long:
                claims += _claims(written)
            self._too_long = self._too_long and not written.endswith("\n")
        if len(self._buffer) > _LONGEST_LINE:
            self._buffer, self._too_long = "", True
        return claims


def _claims(written: str) -> list[Claim]:
    """Return the claim in a piece of text, or none if it says nothing."""
    numbers = [int(number) for mark in _MARKS.findall(written) for number in re.findall(r"\d+", mark)]
    text = clean(_EMPHASIS.sub("", _MARKS.sub("", _BULLET.sub("", written.strip()))))
    text = _BEFORE_STOP.sub(r"\1", text)
    if not re.search(r"\w", text):
        return []
    return [Claim(text, tuple(dict.fromkeys(numbers)))]
