"""Whether two sentences of different articles contradict each other. Pure, English.

Meant to miss rather than to accuse: they do only where one of them corrects the other's figure or name in so many
words, where both answer "how many" with different numbers of the same thing, or where one denies what the other says in
the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.answer_type import AnswerType, answer_type
from bot.quantities import Quantity, content, quantities, stem
from index.model import Hit

# Words of the subject that two accounts of it share at least: where one corrects the other, and where none does.
SHARED = 2
SHARED_COUNT = 3
# Numbers closer than this say the same; rough ones have more room.
CLOSE = 0.05
CLOSE_ROUGHLY = 0.2
# From here on a number is so particular that it is known again without what it counts.
PARTICULAR = 100
# Days between two counts of the same thing; later, it has changed.
SAME_TIME = 60
# Words after a number in which it is told what happened to those that are counted.
REACH = 5
# Two sentences of which one denies the other share this much of their words, and this many.
SAME_WORDS = 0.7
DENIED = 5

_FIGURE = r"(?:[$€£]?\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+ty(?:-[a-z]+)?)"
_NOT = re.compile(
    r"\b(?:not|rather than|instead of|below|above|contrary to) (?:as |the |just |only )*"
    r"(?:(?:figure|total|number) of )?"
    rf"(?P<wrong>{_FIGURE})\b",
    re.I,
)
_FROM = re.compile(rf"\b(?:down|up|revised|corrected|lowered|raised|cut) from (?P<wrong>{_FIGURE})\b", re.I)
_NOT_NAME = re.compile(r"\b(?:and|,) not (?:in |by |at |from |to |the )?(?P<wrong>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)")
# Whether there is anything of the kind.
_TAKES_BACK = re.compile(r"\b(?:not|rather than|instead of|below|above|contrary to|from)\b", re.I)
_CORRECTED = re.compile(
    r"\bcorrect(?:ed|ion|s)\b|\brevis(?:ed|es|ion)\b|\brecount|\bmistake|\bmiscount|\bin error\b|\berroneous|"
    r"\bwrong(?:ly)?\b|\b(?:earlier|first|previously|originally|initially) (?:reported|announced|said|thought)\b|"
    r"\bhad (?:said|reported)\b",
    re.I,
)
_NEGATION = re.compile(r"\b(?:not|never|cannot|no longer|denie[sd]|refused)\b|n[’']t\b", re.I)
_WHEN = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|"
    r"november|december|(?:19|20)\d\d|last year|this year|today|yesterday|so far|a year)\b",
    re.I,
)
_EVENTS = [
    re.compile(words, re.I)
    for words in (
        r"\bdie[ds]?\b|\bdead\b|\bdeaths?\b|\bkill|\bfatal|\bvictims?\b|\blost (?:their|her|his) li|\btoll\b",
        r"\binjur|\bhurt\b|\bwound",
        r"\bmissing\b",
        r"\barrest|\bdetain",
        r"\brescue|\bevacuat|\bsafety\b",
    )
]
# A count of some among others.
_PART = re.compile(r"^Of\b|\b(?:of|among) (?:them|whom|those|these)\b|\bincluding\b")
# A word written large in the midst of a sentence.
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Account:
    """A sentence of a hit.

    Attributes:
        hit: What was retrieved.
        place: The sentence's, among the hit's.
    """

    hit: Hit
    place: int

    @property
    def text(self) -> str:
        """Its words."""
        sentence = self.hit.sentences[self.place]
        return self.hit.article.text[sentence.start : sentence.end]

    @property
    def similarity(self) -> float:
        """How well it matches the question."""
        return self.hit.sentences[self.place].features.get("similarity", 0.0)

    @property
    def told(self) -> str:
        """What it says, its title first."""
        return f"{self.hit.article.title}. {self.text}"

    @property
    def subject(self) -> frozenset[str]:
        """What it is about: in its own words and its title's."""
        return content(self.told)


def contradict(question: str, one: Account, other: Account) -> bool:
    """Tell whether two sentences cannot both be right about what is asked."""
    counted = answer_type(question) is AnswerType.NUMBER
    signs = [(_takes_back(account.told), _negates(account.text)) for account in (one, other)]
    denied = signs[0][1] != signs[1][1]
    if not (counted or denied or signs[0][0] or signs[1][0]):
        return False
    shared = one.subject & other.subject
    if len(shared) < SHARED or not content(question) & shared:
        return False
    asked = content(question) if counted else frozenset[str]()
    return (
        (signs[0][0] and _corrects(one, other, asked))
        or (signs[1][0] and _corrects(other, one, asked))
        or (counted and _count_differently(asked, one, other, shared))
        or (denied and _denies(one, other))
    )


def _corrects(newer: Account, older: Account, asked: frozenset[str]) -> bool:
    """Tell whether one account says that what the other says is wrong."""
    title = newer.hit.article.title
    corrected = _CORRECTED.search(newer.told) is not None
    own, theirs = quantities(newer.text), quantities(older.text)
    # What a title takes back, it gives anew; the sentence must be about that.
    titled = {quantity.value: quantity.counts for quantity in quantities(title)}
    for told, instead in ((newer.text, own), (title, tuple(quantity for quantity in own if quantity.value in titled))):
        counts = frozenset[str]().union(*(q.counts | titled.get(q.value, frozenset()) for q in instead))
        for pattern in (_NOT, _FROM) if corrected else (_NOT,):
            for found in pattern.finditer(told):
                wrong = quantities(f"{found['wrong']} of them")
                old = [q for q in theirs if wrong and q.value == wrong[0].value]
                new = [q for q in instead if wrong and q.value != wrong[0].value]
                if not old or not new or any(q.value == new[0].value for q in theirs):
                    continue
                known = old[0].value >= PARTICULAR or old[0].counts & newer.subject
                if known and (not asked or asked & (counts | old[0].counts)):
                    return True
    named = _NOT_NAME.search(newer.text) if corrected else None
    return named is not None and named["wrong"] in older.text and len(newer.subject & older.subject) > SHARED


def _count_differently(asked: frozenset[str], one: Account, other: Account, shared: frozenset[str]) -> bool:
    """Tell whether both say how many there are of what is asked for, and not the same."""
    if not _same_time(one, other):
        return False
    pairs = [(mine, theirs) for mine in quantities(one.text) for theirs in quantities(other.text)]
    same = [(mine, theirs) for mine, theirs in pairs if mine.counts & theirs.counts & asked]
    if len(same) != 1 or len(shared - same[0][0].counts) < SHARED_COUNT:
        return False
    mine, theirs = same[0]
    room = CLOSE_ROUGHLY if mine.rough or theirs.rough else CLOSE
    if abs(mine.value - theirs.value) <= room * max(mine.value, theirs.value):
        return False
    if _PART.search(one.text) or _PART.search(other.text) or not _names_agree(one.text, other.text):
        return False
    # All that the question asks about, not the half of it; and the same is said of what is counted.
    about = asked - mine.counts
    told = _told_of(one.text, mine) & _told_of(other.text, theirs)
    alike = bool(told - asked.intersection(mine.counts)) and _events(one.text) == _events(other.text)
    return alike and about <= one.subject and about <= other.subject


def _told_of(text: str, quantity: Quantity) -> frozenset[str]:
    """Return what the words right after a number are about."""
    return content(" ".join(text[quantity.start :].split()[1 : 1 + REACH]))


def _names_agree(one: str, other: str) -> bool:
    names, others = (set(_NAME.findall(text)) for text in (one, other))
    return not names or not others or bool(names & others)


def _same_time(one: Account, other: Account) -> bool:
    published, later = one.hit.article.published, other.hit.article.published
    near = published is None or later is None or abs((published - later).days) <= SAME_TIME
    when = [{found.casefold() for found in _WHEN.findall(account.text)} for account in (one, other)]
    return near and (not when[0] or not when[1] or bool(when[0] & when[1]))


@lru_cache(maxsize=1024)
def _events(text: str) -> frozenset[int]:
    return frozenset(number for number, event in enumerate(_EVENTS) if event.search(text))


def _denies(one: Account, other: Account) -> bool:
    """Tell whether one says, in the same words, that it is not so."""
    words, others = content(one.text), content(other.text)
    both = words & others
    if len(both) < DENIED or len(both) < SAME_WORDS * max(len(words), len(others)) or not _same_time(one, other):
        return False
    values = [{quantity.value for quantity in quantities(account.text)} for account in (one, other)]
    denied, denied_there = _denied(one.text), _denied(other.text)
    return values[0] == values[1] and (
        bool(denied & others and not denied_there) or bool(denied_there & words and not denied)
    )


# Most pairs have neither; kept, since every sentence is compared with several.
@lru_cache(maxsize=1024)
def _takes_back(text: str) -> bool:
    return _TAKES_BACK.search(text) is not None


@lru_cache(maxsize=1024)
def _negates(text: str) -> bool:
    return _NEGATION.search(text) is not None


def _denied(text: str) -> frozenset[str]:
    """Return the stem of the word after each negation."""
    after = (re.search(r"[^\W\d_]+", text[found.end() :]) for found in _NEGATION.finditer(text))
    return frozenset(stem(word[0]) for word in after if word)
