"""What kind of thing would answer a question, and whether a sentence holds one that the question did not name itself.

English only: a question in another language expects nothing in particular, which costs it nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum


class AnswerType(Enum):
    """The kinds that can be told from a question's words."""

    NUMBER = "number"
    TIME = "time"
    NAME = "name"


_QUESTIONS = {
    AnswerType.TIME: re.compile(
        r"\bwhen\b|\bhow (?:long|late|soon)\b|\b(?:what|which) (?:year|day|date|month|decade|century|time)\b", re.I
    ),
    AnswerType.NUMBER: re.compile(
        r"\bhow (?:many|much|old|far|tall|big|large|high|deep|fast|often|wide|heavy)\b"
        r"|\b(?:what|which) (?:percentage|percent|number|share|proportion|price|cost|amount|level|score)\b",
        re.I,
    ),
    AnswerType.NAME: re.compile(
        r"\bwh(?:o|om|ose|ere)\b|\b(?:what|which) (?:country|city|state|place|nation|town|company|team|person)\b", re.I
    ),
}

_WORD = re.compile(r"\w[\w'’.-]*")
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion "
    "half quarter third dozen once twice".split()
)
# Written large only: "may" and "march" are ordinary words, too.
_DAYS = frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday".split()
)
_TIMES = frozenset(
    "yesterday today tonight tomorrow morning noon afternoon evening midnight century "
    "a.m p.m seconds minute minutes hour hours day days week weeks month months year years decade decades".split()
)


def answer_type(question: str) -> AnswerType | None:
    """Return what kind of thing would answer `question`, if its words tell."""
    return next((kind for kind, pattern in _QUESTIONS.items() if pattern.search(question)), None)


def holds(kind: AnswerType, sentence: str, question: str) -> bool:
    """Tell whether `sentence` holds a thing of that kind which is not in the question already."""
    known = {word.casefold() for word in _words(question)}
    words = [word for word in _words(sentence) if word.casefold() not in known]
    if kind is AnswerType.NAME:
        # The first word of a sentence is written large whether or not it is a name.
        first = _words(sentence)[:1]
        return any(word[0].isupper() and word not in _DAYS and word not in first for word in words)
    tests: dict[AnswerType, Callable[[str], bool]] = {
        AnswerType.NUMBER: lambda word: word[0].isdigit() or word.casefold() in _NUMBERS,
        AnswerType.TIME: lambda word: bool(_YEAR.fullmatch(word)) or word in _DAYS or word.casefold() in _TIMES,
    }
    return any(map(tests[kind], words))


def _words(text: str) -> list[str]:
    return [word.strip(".'’-") for word in _WORD.findall(text)]
