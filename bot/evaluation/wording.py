"""A sentence -> the questions that a few rules can make of it. Pure.

Where no rule for a question fits (and in languages other than English none does), a gap is left in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# How good a question of each form is: one in its own words before one with a gap.
_WORDED, _GAP = 3.0, 1.0

# Names and figures left in a question make it about one thing; more than so many add nothing.
_ENOUGH = 4

GAP = "____"

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = rf"(?:\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{1,2}}(?:, \d{{4}})?|{_MONTH} \d{{4}}|1[5-9]\d\d|20\d\d)"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?: (?:hundred|thousand|million|billion|trillion))?"
_NUMBER_WORD = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-[a-z]+)?"
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'’-]+"
_NAME = rf"{_CAPITAL}(?: (?:(?:of|de|van|von|al|bin) )?{_CAPITAL})+"

_VERBS = (
    "is|was|has|had|will|would|can|could|said|told|wrote|won|led|became|made|took|gave|found|began|left|lost|held|"
    r"came|went|sold|bought|built|brought|set|ran|rose|fell|beat|broke|sent|met|paid|chose|died|[a-z]{3,}ed"
)
_TITLES = frozenset(
    "Mr Mrs Ms Miss Dr Sir Dame Lord Lady Prof Professor President Governor Mayor Minister Senator Captain Judge King "
    "Queen Prince Princess Pope Superintendent Inspector General Colonel Chancellor Chief".split()
)
_PERSONAL = frozenset("said told wrote won led became died met".split())
_OPENERS = frozenset(
    "The A An In On At After Before During While When Where If As By For From With Without Since Until Under Over Last "
    "Next Today Yesterday According Despite Although Because Once All Some Many Most Several Few No Not What Who How "
    "Why Our My Your We You I January February March April May June July August September October November December "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)

_WHO = re.compile(rf"(?P<name>{_NAME}) (?P<rest>(?P<verb>{_VERBS}) .+)\.")
_HOW_MANY = re.compile(
    r"(?:(?:About|Some|Around|Nearly|Almost|More than|At least|Only|Up to|Exactly|Over) )?"
    rf"(?P<number>(?:{_DIGITS}|{_NUMBER_WORD}){_SCALE}) (?P<rest>(?:people|men|women|children|[a-z]+[^\Ws]s) .+)\.",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?P<subject>[^,;:]{3,80}?) (?P<verb>was|were|is|are|will|has|have|had|would|can|could) "
    rf"(?P<rest>[^,;:]+?) (?:in|on) (?P<date>{_DATE})\."
)
_CLAUSE = re.compile(r"\b(?:who|whose|which|that|when|where|while|if|because|after|before|since|until|said)\b")
_SECOND_VERB = re.compile(r"\band (?:was|were|is|are|will|has|have|had|would|can|could)\b")

_ENGLISH = re.compile(r"\b(?:the|of|and|to|in|a|was|is|for|with|on|by|that|at|from|has|were)\b", re.IGNORECASE)
_TELLING = re.compile(rf"\b(?:{_CAPITAL}|\d[\d.,]*)")

_GAPS = {
    "date": re.compile(rf"(?<![\w.,-])(?P<gap>{_DATE})(?![\w-])"),
    # Single digits are found everywhere; years and times of day are other things.
    "number": re.compile(
        r"(?<![\w.,:/-])(?!(?:1[5-9]|20)\d\d\b)"
        rf"(?P<gap>(?:{_DIGITS}){_SCALE[:-1]}|\d{{1,3}}(?:,\d{{3}})+|\d+\.\d+|\d{{2,}})(?![\w:/-]|[.,]\d)"
    ),
    "name": re.compile(rf"(?<=[\w,] )(?P<gap>{_NAME})"),
}
# In front of a gap: the beginning of a longer name, or a month.
_GOES_ON = re.compile(rf"(?:\b(?!The ){_CAPITAL}|\b[A-Z][a-z]{{2,3}}\.) $")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a sentence.

    Attributes:
        kind: Of its answer: name, number or date.
        quality: More is better.
    """

    question: str
    answer: str
    kind: str
    quality: float


def asked_of(sentence: str) -> Iterator[Asked]:
    """Yield the questions that can be made of a sentence that ends in a full stop; there may be none."""
    if len(_ENGLISH.findall(sentence)) > 1:
        for rule in (_who, _how_many, _when):
            if found := rule(sentence):
                yield _judged(*found, _WORDED)
    for kind, pattern in _GAPS.items():
        for gap in pattern.finditer(sentence):
            start, end = gap.span("gap")
            if _GOES_ON.search(sentence, 0, start):
                continue
            question = f"Which {kind} is missing? {sentence[:start]}{GAP}{sentence[end:]}"
            if _is_telling(question.partition("? ")[2]):
                yield _judged(question, gap["gap"], kind, _GAP)
                break


def _who(sentence: str) -> tuple[str, str, str] | None:
    found = _WHO.fullmatch(sentence)
    if not found or found["name"].split()[0] in _OPENERS:
        return None
    person = found["verb"] in _PERSONAL or _TITLES & set(found["name"].split())
    return f"{'Who' if person else 'Who or what'} {found['rest']}?", found["name"], "name"


def _how_many(sentence: str) -> tuple[str, str, str] | None:
    found = _HOW_MANY.fullmatch(sentence)
    return (f"How many {found['rest']}?", found["number"], "number") if found else None


def _when(sentence: str) -> tuple[str, str, str] | None:
    found = _WHEN.fullmatch(sentence)
    if not found or _CLAUSE.search(found["subject"]) or _SECOND_VERB.search(found["rest"]):
        return None
    subject = found["subject"]
    first = subject.split()[0]
    if first in _OPENERS:
        if first not in {"The", "A", "An", "All", "Some", "Many", "Most", "Several", "Our", "My", "Your"}:
            return None
        subject = subject[0].lower() + subject[1:]
    return f"When {found['verb']} {subject} {found['rest']}?", found["date"], "date"


def _judged(question: str, answer: str, kind: str, quality: float) -> Asked:
    return Asked(question, answer, kind, quality + min(_ENOUGH, len(_TELLING.findall(question)) - 1) / _ENOUGH)


def _is_telling(question: str) -> bool:
    """Tell whether a name or a figure is left in a question, apart from how it begins; scripts may have neither."""
    return any(found.start() for found in _TELLING.finditer(question)) or not re.search("[A-Za-z]", question)
