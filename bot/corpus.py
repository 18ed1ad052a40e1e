"""Questions about the articles as a whole: "What do you have on …?", "What is new?", "Which sources …?". Pure.

English only, and matched from the first word to the last: a question on facts is for the articles to answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.english import PRONOUNS

# Characters of the longest of them; what is longer has more to say.
LONGEST = 200


class Asks(StrEnum):
    """What is wanted to be known about the articles."""

    LIST = "list"
    COUNT = "count"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class CorpusQuestion:
    """A question about what articles there are.

    Attributes:
        asks: What about them.
        about: What they shall be about; empty for anything.
        source: The publisher they shall be from, as the index names it; empty for any.
        period: When they shall be from, as it was said ("this week"); empty for any time.
        open: Where no article fits, the articles may still answer it as a question.
    """

    asks: Asks
    about: str = ""
    source: str = ""
    period: str = ""
    open: bool = False


# Named parts of the patterns below; each stands there in capitals.
_PARTS = {
    "TOPIC": r"(?P<about>[^?!.,;:]+?)",
    "PERIOD": r"(?P<period>SPAN)",
    "SPAN": r"(?:today|yesterday|(?:this|last) (?:week|month|year)|lately|recently|these days"
    r"|(?:(?:in|over|during|from) )?the (?:last|past) (?:week|month|year|\d{1,3} (?:days|weeks|months)))",
    "WRITTEN": r"(?:(?:news )?(?:articles?|stories|reports?|pieces|texts|documents|coverage|posts)|news)",
    "PAPERS": r"(?:sources|publishers|newspapers|papers|outlets|publications|media)",
    "GOT": r"(?:do (?:you|we) have|have (?:you|we)(?: got)?|are there|is there|you(?:'ve)? got|you have|can you find)",
    "THERE": r"(?:do (?:you|we) (?:have|hold|know|search|use|cover|read)|have (?:you|we)(?: got)?|are there)",
    "ON": r"(?:on|about|regarding|concerning|covering|mentioning|related to|(?:that|which) mention)",
    "FROM_": r"(?:by|from|in|of)",
    "SHOW": r"(?:please )?(?:show(?: me)?|list|find(?: me)?|give me)(?: (?:all|the|some|any|your|every))*",
    "LATEST": r"(?:the )?(?:latest|newest|most recent|recent)",
    "WROTE": r"(?:write|written|report(?:ed)?|publish(?:ed)?|said?|say|post(?:ed)?|have|got)",
    "INDEX": r"(?:the|your) (?:index|corpus|collection|database|library)",
}

_ABOUT = [
    r"what(?: else)? (?:GOT|is there)(?: in (?:the articles|here|INDEX))? ON TOPIC",
    r"(?:GOT|got)(?: any(?:thing)?| something| some)(?: (?:else|more))?(?: WRITTEN)? ON TOPIC",
    r"(?:what|which)(?: other)? WRITTEN GOT(?: ON TOPIC)?",
    r"(?:what|which) WRITTEN (?:are|is) ON TOPIC",
    r"SHOW WRITTEN(?: ON TOPIC)?",
    r"(?:any|some)(?: more)? WRITTEN ON TOPIC",
    r"anything(?: else)? (?:on|about) TOPIC",
]
_NEW = [
    r"(?:what(?: is|'s) |any(?:thing)? )?new(?: PERIOD)?",
    r"(?:what(?: is|'s|'re| are) |any |show me )?(?:the |your )?(?:news|headlines)(?: PERIOD)?",
    r"(?:what(?: is|'s|'re| are) |any |show me )?(?:your )?LATEST(?: WRITTEN| headlines)?(?: PERIOD)?",
    r"what(?: has| have)? (?:happened|been happening|is happening|was published|came out)(?: in the news)? PERIOD",
]
_NEW_ABOUT = [
    r"what(?: is|'s) (?:new|LATEST(?: news)?) (?:ON|with|from|in) TOPIC",
    r"(?:any )?LATEST(?: WRITTEN)? ON TOPIC",
]
_COUNT = [
    r"how many WRITTEN (?:THERE|are in INDEX)(?: in (?:total|all|INDEX))?(?: ON TOPIC)?",
    r"how (?:big|large) is INDEX",
]
_SOURCES = [
    r"(?:what|which)(?: news)? PAPERS (?:THERE|are in INDEX|do the articles come from)",
    r"what are your PAPERS|SHOW PAPERS|how many PAPERS THERE",
    r"where (?:do|are) (?:your|the) articles (?:come )?from",
    r"where do you get your (?:articles|news|information|answers)(?: from)?",
]
_BY_SOURCE = [
    r"what (?:did|has|does|do|have) SOURCE WROTE(?: PERIOD)?",
    r"what (?:did|has|does|do|have) SOURCE (?:write|written|publish|published|have|got) ON TOPIC",
    r"(?:what(?: is|'s) |any(?:thing)? )?(?:new|(?:the )?news|LATEST(?: WRITTEN)?) FROM_ SOURCE(?: PERIOD)?",
    r"(?:(?:what|which) WRITTEN GOT|(?:SHOW )?WRITTEN|anything|everything|what is) FROM_ SOURCE(?: PERIOD)?",
]
_COUNT_BY_SOURCE = [r"how many WRITTEN (?:are|THERE) (?:by|from|of) SOURCE"]


def _written_out(form: str) -> str:
    for name, part in _PARTS.items():
        form = form.replace(name, part)
    return form.replace("SPAN", _PARTS["SPAN"])


_FORMS = [
    (CorpusQuestion(asks, open=may_answer), re.compile(_written_out(form), re.I))
    for asks, may_answer, forms in (
        (Asks.LIST, False, _ABOUT + _NEW),
        (Asks.LIST, True, _NEW_ABOUT),
        (Asks.COUNT, False, _COUNT),
        (Asks.SOURCES, False, _SOURCES),
    )
    for form in forms
]
_FORMS_BY_SOURCE = [
    (asks, _written_out(form))
    for asks, forms in ((Asks.LIST, _BY_SOURCE), (Asks.COUNT, _COUNT_BY_SOURCE))
    for form in forms
]

# A "topic" with one of these in it is a clause, and the whole a question on facts; a pronoun alone is no topic.
_CLAUSE = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|that|did|does|do|is|are|was|were|has|have|had)\b", re.I
)
_LED = re.compile(r"(?:(?:hi|hello|hey|ok|okay|so|and|well|please|thanks|footnote|bot)\b[,!.]? )+", re.I)


def corpus_question(text: str, sources: Collection[str] = ()) -> CorpusQuestion | None:
    """Return what is asked about the articles as a whole; None if it is a question for the articles to answer.

    Args:
        text: The question.
        sources: The publishers' names.
    """
    if len(text) > LONGEST:
        return None
    plain = _LED.sub("", " ".join(text.replace("’", "'").split()).strip(" ?!."), count=1)
    plain = re.sub(r",? (?:please|exactly|right now|now)$", "", plain, flags=re.I)
    for asked, found in (*_as_any(plain), *_by_source(plain, sources)):
        parts = found.groupdict()
        about, period = _topic(parts.get("about") or "", parts.get("period") or "")
        if _CLAUSE.search(about) or (about and about.casefold() in PRONOUNS | {"this", "these"}):
            continue
        return CorpusQuestion(asked.asks, about, asked.source, period, asked.open)
    return None


def _as_any(plain: str) -> Iterator[tuple[CorpusQuestion, re.Match[str]]]:
    return ((asked, found) for asked, form in _FORMS if (found := form.fullmatch(plain)))


def _by_source(plain: str, sources: Collection[str]) -> Iterator[tuple[CorpusQuestion, re.Match[str]]]:
    for source in sorted(sources, key=len, reverse=True):
        name = re.sub(r"^the ", "", " ".join(source.replace("’", "'").split()), flags=re.I)
        if name and name.casefold() in plain.casefold():
            for asks, form in _FORMS_BY_SOURCE:
                if found := re.fullmatch(form.replace("SOURCE", f"(?:the )?{re.escape(name)}"), plain, re.I):
                    yield CorpusQuestion(asks, source=source), found


def _topic(about: str, period: str) -> tuple[str, str]:
    """Tell a topic from when it shall be from: "floods this week"."""
    about = re.sub(r"^(?:the|a|an|any|some) (?=\S)", "", about.strip(" '\""), flags=re.I)
    if not period and (found := re.search(rf"(?:^| )({_PARTS['SPAN']})$", about, re.I)):
        return about[: found.start()].strip(), found[1].casefold()
    return about, period.casefold()


def days_of(period: str, today: date) -> tuple[date | None, date | None]:
    """Return the first and the last day of a period as `CorpusQuestion.period` names it; None where it has no end.

    "This week" is the last seven days: on a Monday, a calendar's week would be empty.
    """
    first_of_month = today.replace(day=1)
    monday = today - timedelta(days=today.weekday())
    fixed = {
        "today": (today, today),
        "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
        "this week": (today - timedelta(days=6), today),
        "this month": (first_of_month, today),
        "this year": (today.replace(month=1, day=1), today),
        "last week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "last month": ((first_of_month - timedelta(days=1)).replace(day=1), first_of_month - timedelta(days=1)),
        "last year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }
    if period in fixed:
        return fixed[period]
    if found := re.search(r"the (?:last|past) (?:(\d+) )?(day|week|month|year)s?$", period):
        length = {"day": 1, "week": 7, "month": 30, "year": 365}[found[2]]
        return today - timedelta(days=length * int(found[1] or 1)), today
    return None, None
