"""What in a sentence must not be made up: numbers, names, quoted words. Pure.

Number words are English; digits, names and quoted words are found in any language that writes names large. Of scripts
without capitals every word counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Set
from functools import lru_cache

_WORD = re.compile(r"[^\W_](?:[\w'’.-]*[^\W_])?")
_DIGITS = re.compile(r"\d+(?:[.,:\u00a0\u202f]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f]\d{3})+")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)\b", re.I)
_QUOTED = re.compile(r"[“„«\"]([^“”„«»\"]{2,400})[”“»\"]")

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_UNITS += "seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_NUMBER = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
# "one" is a number only where it counts something.
_NO_NUMBER = re.compile(
    r"\bone (?:of|another|day|by)\b|\b(?:no|any|some|every|this|that|the|which|each)[ -]?one\b", re.I
)
_COUNTED = re.compile(
    rf"\b(?:({'|'.join(_TENS)})[ -]({'|'.join(_UNITS[1:10])})|({'|'.join([*_UNITS, *_TENS])}))\b", re.I
)
# What stands for an amount or a measure, however it is written.
_MEASURES = {
    "%": r"%|\bper ?cent(?:age)?\b",
    "$": r"\$|\bdollars?\b",
    "€": r"€|\beuros?\b",
    "£": r"£|\bpounds?\b",
    "hundred": r"\bhundreds?\b",
    "thousand": r"\bthousands?\b",
    "million": r"\bmillions?\b|(?<=\d)\s?m(?:ln|n)?\b",
    "billion": r"\bbillions?\b|(?<=\d)\s?bn\b",
    "trillion": r"\btrillions?\b",
    "dozen": r"\bdozens?\b",
    "half": r"\bhal(?:f|ves)\b",
    "quarter": r"\bquarters?\b",
    "twice": r"\b(?:twice|doubled?|double)\b",
    "triple": r"\b(?:tripled?|threefold)\b",
}
_MEASURE = {name: re.compile(pattern, re.I) for name, pattern in _MEASURES.items()}

# Written large at the start of a sentence without being names.
_FUNCTION_WORDS = frozenset(
    """a about above according across after again all almost also although among an and another any are around as at
    because been before being below between both but by can could did do does during each either every few finally
    first following for from had has have he her here his how however i if in instead into is it its just last later
    less many may more most much neither never no nobody none nor not nothing now of on once only or other others our
    out over per perhaps she should since so some soon still such than that the their them then there these they this
    those though through thus to today together under unlike until up upon was we were what when where whether which
    while who whose why will with within without would yes yet you your""".split()
)
# Say little by themselves; what they are said of is checked.
_LIGHT_WORDS = frozenset(
    """am are be been being became become becomes came come comes done gave get gets give given gives go goes going gone
    got is made make makes making may might must put puts say saying says said set shall take taken takes think thinks
    thought told took use used uses using went""".split()
)
_SHORTEST_STEM = 4
_CASELESS = frozenset({"Lo"})


def words(text: str) -> list[str]:
    """Return a text's words; what ties a word's parts together is part of it."""
    return _WORD.findall(text)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return a text as it is compared: without case, forms of the same letter, dots of abbreviations, possessives."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for before, after in (("’", "'"), ("‘", "'"), ("ʼ", "'")):
        plain = plain.replace(before, after)
    return plain.removesuffix("'s").removesuffix("'").replace(".", "")


def stem(word: str) -> str:
    """Return the beginning of a word that its other forms share, roughly."""
    folded = fold(word)
    return folded[: max(_SHORTEST_STEM, len(folded) - 3)] if folded.isalpha() else folded


def content(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word that says something by itself and is no number, with its span."""
    for found in _WORD.finditer(text):
        word = fold(found[0])
        number = word[0].isdecimal() or word.split("-")[0] in _SPELLED
        if not number and word not in _FUNCTION_WORDS and word not in _LIGHT_WORDS:
            yield found[0], found.start(), found.end()


def figures(text: str) -> frozenset[str]:
    """Return every number in a text, and what it is a number of where a sign or a common word tells."""
    plain = unicodedata.normalize("NFKC", text)
    found = {f"#{n}" for n in _ORDINAL.findall(plain)}
    found |= {_number(digits) for digits in _DIGITS.findall(_ORDINAL.sub(" ", plain))}
    found |= {name for name, pattern in _MEASURE.items() if pattern.search(plain)}
    spelled = _NO_NUMBER.sub(" ", plain)
    for ten, unit, single in _COUNTED.findall(spelled):
        found.add(str(_NUMBER[single.lower()] if single else _NUMBER[ten.lower()] + _NUMBER[unit.lower()]))
    found |= {f"#{_ORDINALS.index(word)}" for word in map(str.lower, words(plain)) if word in _ORDINALS}
    return frozenset(found)


def names(text: str, common: Set[str]) -> Iterator[tuple[int, str]]:
    """Yield the place and the folded form of each word that may be part of a name.

    Args:
        text: A sentence or two.
        common: Folded words that are known not to be names.
    """
    start = True
    for place, found in enumerate(_WORD.finditer(text)):
        word = found[0]
        if word[0].isupper() and not (start and _plain_word(word, common)) and fold(word) not in _SPELLED:
            yield place, fold(word)
        start = text[found.end() : found.end() + 2].lstrip("”\"')")[:1] in {"!", "?", ":"} or (
            text[found.end() : found.end() + 1] == "." and len(word) > 2  # noqa: PLR2004  # not an initial or "Dr"
        )


def quoted(text: str) -> list[str]:
    """Return what stands in quotation marks."""
    return [" ".join(span.split()).rstrip(".,;!?") for span in _QUOTED.findall(text)]


def unknown_script(text: str) -> frozenset[str]:
    """Return the words in scripts without capitals; where words are not set apart, every two characters in a row."""
    found: set[str] = set()
    for word in words(unicodedata.normalize("NFKC", text)):
        letters = [c for c in word if unicodedata.category(c) in _CASELESS]
        if letters and any("\u2e80" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff" for c in letters):
            found |= {word[i : i + 2] for i in range(max(1, len(word) - 1))}
        elif letters:
            found.add(word)
    return frozenset(found)


_SPELLED = frozenset(_NUMBER) | frozenset(_ORDINALS) | {"i"}


def _plain_word(word: str, common: Set[str]) -> bool:
    folded = fold(word)
    if folded in _FUNCTION_WORDS or folded in common or folded.split("-")[0] in _SPELLED:
        return True
    # Another form of a word that is known: "Families" where there is "family".
    stem = folded.removesuffix("s").removesuffix("e").removesuffix("i")
    return len(stem) >= 4 and any(other.startswith(stem) and len(other) <= len(stem) + 3 for other in common)  # noqa: PLR2004


def _number(digits: str) -> str:
    """Return a number in one notation: no separators of thousands, a point before decimals."""
    if _GROUPED.fullmatch(digits):
        return re.sub(r"\D", "", digits)
    if "," in digits and "." in digits:
        last = max(digits.rfind(","), digits.rfind("."))
        return re.sub(r"\D", "", digits[:last]) + "." + digits[last + 1 :]
    return re.sub(r"[,:]", ".", digits)
