"""How many of what a sentence speaks of: numbers with the words they count. Pure, English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Words that say nothing of what a sentence is about.
_EMPTY = frozenset(
    """a about above after again all almost also although an and any are around as at be because been before being
    below between both but by can could did do does during each either every few first for from had has have he
    her here his how however if in into is it its just last later least less many may might more most much must
    near nearly no nor not now of off on once one only or other our out over own per said say says shall she
    should since so some still such than that the their them then there these they this those though through to
    too under until up upon was we were what when where whether which while who whom whose why will with within
    without would yet you your""".split()
)
_UNITS = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_UNITS += "seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPELLED = {word: n for n, word in enumerate(_UNITS, start=2)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "dozen": 12.0}
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound"}
_MONTHS = "january february march april may june july august september october november december".split()

_NUMBER = re.compile(
    rf"""(?<![\w.,:/–-])(?:(?P<sign>[$€£])\s?)?
    (?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
      |(?P<ten>{"|".join(_TENS)})(?:-(?P<unit>one|{"|".join(_UNITS[:8])}))?
      |(?P<small>{"|".join(_UNITS)}))
    (?![\d:/–]|[.,]\d|st\b|nd\b|rd\b|th\b|-\w|\s?[ap]\.?m\b)
    (?:\s(?P<scale>{"|".join(_SCALES)})\b)?
    (?:\s?(?P<percent>%|per\ ?cent\b|percent\b))?""",
    re.I | re.X,
)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
# What makes a number a part, a step or a rate of something else.
_PARTIAL = re.compile(
    r"\b(?:another|additional|further|extra|every|each|per|other|up|by|of|increase|decrease|rise|fall|drop|age|aged|no\.?"
    r"|number|page|chapter|route|line|figure|of the|all|these|those|first|last|next|past|remaining)\W*$",
    re.I,
)
# A name and a number between commas: somebody's age.
_AGED = re.compile(r"[A-Z][\w'’-]+, $")
_ROUGHLY = re.compile(
    r"\b(?:about|around|some|roughly|nearly|almost|approximately|more than|over|at least|up to|fewer than|less than|"
    r"under|estimated|close to|as many as)\W*$",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# Words after a number that may be what it counts.
_REACH = 2
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a sentence.

    Attributes:
        value: In plain units: 2 million is 2,000,000.
        counts: Stems of the words that it counts.
        rough: It is said to be about that much.
        start: First character in the sentence.
    """

    value: float
    counts: frozenset[str]
    rough: bool
    start: int


def stem(word: str) -> str:
    """Return a word without case and ending, so that forms of one word are the same; rough, and meant to be."""
    plain = word.casefold().replace("’", "'").removesuffix("'s").removesuffix("'")
    for ending in ("ings", "ing", "ers", "er", "ies", "ied", "ed", "s"):
        if plain.endswith(ending) and len(plain) - len(ending) >= _SHORTEST and not plain.endswith("ss"):
            plain = plain.removesuffix(ending) + ("y" if ending.startswith("ie") else "")
            break
    return plain.removesuffix("e") if len(plain) > _SHORTEST else plain


@lru_cache(maxsize=1024)
def content(text: str) -> frozenset[str]:
    """Return the stems of the words that say what a text is about; numbers are not among them."""
    return frozenset(map(_meaning, _WORD.findall(text))) - {""}


# Words come again and again, so what has been made of one is kept.
@lru_cache(maxsize=8192)
def _meaning(word: str) -> str:
    plain = word.casefold()
    empty = len(plain) == 1 or plain in _EMPTY or plain.split("-")[0] in _SPELLED
    return "" if empty else stem(plain)


@lru_cache(maxsize=1024)
def quantities(sentence: str) -> tuple[Quantity, ...]:
    """Return the numbers of a sentence that count or measure something: no years, days, times, ages or ranks."""
    found = []
    for number in _NUMBER.finditer(sentence):
        before, after = sentence[: number.start()], sentence[number.end() :]
        bare = not (number["sign"] or number["percent"] or number["scale"])
        if bare and (_is_date(number, before, after) or (_AGED.search(before) and after[:1] in {",", "."})):
            continue
        if _PARTIAL.search(before):
            continue
        counts = {"%"} if number["percent"] else {_SIGNS[number["sign"]]} if number["sign"] else _counted(after)
        found.append(Quantity(_value(number), frozenset(counts), bool(_ROUGHLY.search(before)), number.start()))
    return tuple(found)


def _value(number: re.Match[str]) -> float:
    if number["digits"]:
        value = float(number["digits"].replace(",", ""))
    elif number["ten"]:
        unit = (number["unit"] or "").lower()
        value = _SPELLED[number["ten"].lower()] + (1 if unit == "one" else _SPELLED.get(unit, 0))
    else:
        value = _SPELLED[number["small"].lower()]
    return value * _SCALES.get((number["scale"] or "").lower(), 1)


def _is_date(number: re.Match[str], before: str, after: str) -> bool:
    digits = number["digits"] or ""
    if _YEAR.fullmatch(digits):
        return True
    near = (*_WORD.findall(before[-12:])[-1:], *_WORD.findall(after[:12])[:1])
    return any(word.casefold() in _MONTHS for word in near)


def _counted(after: str) -> set[str]:
    """Return the stems of the words right after a number, up to the end of its phrase."""
    counted: set[str] = set()
    for word in re.findall(r"^[^\W\d_]+|(?<=^ )[^\W\d_][\w'’-]*|[^\W\d_][\w'’-]*|[^\w\s]", after)[: _REACH + 1]:
        if not word[0].isalpha() or word.casefold() in _EMPTY or len(counted) == _REACH:
            break
        counted.add(stem(word))
    return counted
