"""Follow-ups that leave out what the question before has said: "And in 2024?", "What about Tollen?", "Why?". Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.english import (
    ADJECTIVES,
    AUXILIARIES,
    DETERMINERS,
    FUNCTION_WORDS,
    PRONOUNS,
    QUESTION_WORDS,
    WORD,
    is_verb,
)
from bot.mentions import mentions
from bot.names import Kind, Mention
from bot.pronouns import topic

if TYPE_CHECKING:
    from bot.conversation import Turn

# Words of a fragment; a longer one says enough to stand for itself.
LONGEST = 7

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_TIME = (
    rf"(?:(?:early|late|mid)[ -])?(?:(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?"
    rf"|{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?(?:,? \d{{4}})?|(?:the )?(?:1[0-9]|20)\d\d(?:s)?"
    r"|(?:last|this|next|the (?:last|previous|next|following)) (?:week|weekend|month|year|spring|summer|autumn|fall"
    r"|winter|decade|century|(?:mon|tues|wednes|thurs|fri|satur|sun)day|night)"
    r"|the (?:year|week|month|day) (?:before|after)|yesterday|today|tonight|tomorrow"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_WHEN = re.compile(rf"\b(?:(?:in|on|at|since|before|after|until|during|by|from|for) )?\b{_TIME}\b", re.I)
_ONLY_WHEN = re.compile(rf"(?:(?:in|on|at|since|before|after|until|during|by|from|for) )?{_TIME}", re.I)

_ABOUT = re.compile(r"(?:(?:and|but|so|or) )?(?:what|how) about (?P<rest>.+)", re.I)
_PREPOSITION = re.compile(
    r"(?P<preposition>in|on|at|of|for|from|to|by|with|during|before|after|since|until|near|under|between|among|within)"
    r" (?P<rest>.+)",
    re.I,
)
_MORE = re.compile(
    r"(?:(?:please )?(?:tell me|say|can you (?:tell me|say)|could you (?:tell me|say)|give me|show me) )?(?:some )?"
    r"(?:more|more details|more info|more information|(?:the )?details)(?: about (?:it|that|this))?(?: please)?"
    r"|go on|elaborate|can you elaborate|please elaborate|continue",
    re.I,
)
_ASKED = re.compile(
    r"(?P<word>(?:since |until |by |with |for |from |to |at )?(?:who|whom|what|which|where|when|why|how)"
    r"(?: (?:many|much|long|often|old|far|big|high|tall|deep|large|late|soon|fast|exactly|so|come|not|year|day|date"
    r"|time|one|ones|people|else|for))*)"
    r"(?: (?:is|are|was|were|did|does|has) (?:that|this|they|those|these|it all)(?: happen(?:ed)?)?)?"
    r"(?: (?:exactly|precisely|though|then))?",
    re.I,
)
# What can be asked about the whole of the question before; the others ask for a part of it.
_WHOLE = re.compile(
    r"(?:since |until )?when|where|why|how(?: long| often| soon| late| come| exactly)?"
    r"|(?:what|which) (?:year|day|date|time)"
    r"|(?:by|with|for|from|to) (?:whom|who)|where exactly|when exactly",
    re.I,
)


def complete(question: str, turn: Turn, *, led: bool) -> str | None:
    """Return a fragment as a whole question; None if it is whole already or cannot be completed.

    Args:
        question: Without a leading "and" or the like, and with its pronouns resolved.
        turn: The one before.
        led: It had a leading "and" or the like.
    """
    core = re.sub(r"[\s?.!…]+$", "", question)
    before = re.sub(r"[\s?.!…]+$", "", turn.question)
    if not core or not before or len(core.split()) > LONGEST + 2:
        return None
    if _MORE.fullmatch(core):
        return _more(turn)
    if asked := _ASKED.fullmatch(core):
        return _asked(asked["word"], before, core)
    about = _ABOUT.fullmatch(core)
    rest = about["rest"] if about else core
    return _replaced(rest, before, new=bool(about) or led) if _fragment(rest) else None


def _replaced(rest: str, before: str, *, new: bool) -> str | None:
    """Ask the question before for another time or place, or about something else.

    Args:
        rest: The time, the place or what else.
        before: The question before.
        new: Words such as "what about" or "and" say that it stands for something in there.
    """
    where = _PREPOSITION.fullmatch(rest)
    if _ONLY_WHEN.fullmatch(rest) and (new or where):
        return _at_time(rest, before)
    if where:
        return _at_place(rest, where["preposition"], before)
    return _instead(rest, before) if new else None


def _fragment(text: str) -> bool:
    """Whether words have no verb that would make a question of them."""
    words = [(word, word.casefold()) for word in WORD.findall(text)]
    return 0 < len(words) <= LONGEST and not any(
        low in AUXILIARIES or low in QUESTION_WORDS or (low in PRONOUNS and low != "one") for _, low in words
    )


def _more(turn: Turn) -> str | None:
    title = next((" ".join(title.split()) for _, title in turn.articles if title.strip()), "")
    meant = topic(turn)
    if meant is not None and not title:
        return f"Tell me more about {meant.text}"
    return f"Tell me more about “{title[:150].strip()}”" if title else None


def _asked(word: str, before: str, core: str) -> str | None:
    """Ask something else about what the question before asked about."""
    said = f"{before}? {core[0].upper()}{core[1:]}?"
    start = before.split()
    if re.search(r"\belse$", word, re.I):
        first = word.rpartition(" ")[0]
        if start[0].casefold() == first.casefold():
            return f"{start[0]} else {' '.join(start[1:])}?"
        return said
    if re.fullmatch(r"how many(?: people| ones)?|how much", word, re.I):
        return _how_many(word, before) or said
    if not _WHOLE.fullmatch(word):
        return said
    asks = word[0].upper() + word[1:]
    if start[0].casefold() in AUXILIARIES:
        return f"{asks} {start[0].lower()} {' '.join(start[1:])}?"
    clause = _clause(before)
    return f"{asks} {clause}?" if clause else said


def _how_many(word: str, before: str) -> str | None:
    if word.casefold() == "how much":
        return None
    if found := re.match(r"who (was |is )?(?=\w)", before, re.I):
        verb = {"was ": "were ", "is ": "are "}.get((found[1] or "").casefold(), "")
        return f"How many people {verb}{before[found.end() :]}?"
    if found := re.match(r"(?:which|what) (?=[a-z]+s\b)", before, re.I):
        return f"How many {before[found.end() :]}?"
    return None


def _clause(before: str) -> str | None:
    """Return a question without its question word, from its auxiliary on: "did the water rise in …"."""
    # Without "what" or "how many", what is left would lack its object.
    if not re.match(
        r"(?:where|when|why|how(?! many\b| much\b)|(?:in|by|at|on|for|with|to|since|until) \w+)\b", before, re.I
    ):
        return None
    words = before.split()
    at = next((i for i, word in enumerate(words) if word.casefold() in AUXILIARIES), None)
    if at is None or at + 1 >= len(words):
        return None
    following = words[at + 1].casefold()
    # "Who was hurt", "How many people were hurt": the question word is the subject, and without it there is none.
    if is_verb(following) or following in ADJECTIVES or following.endswith(("ing", "ed")) or following == "not":
        return None
    rest = words[at + 1 :]
    return " ".join([words[at].lower(), *rest])


def _at_time(time: str, before: str) -> str:
    time = _within(time)
    said = [found.span() for found in _WHEN.finditer(before) if found.start()]
    if not said:
        return f"{before} {time}?"
    start, end = said[-1]
    return f"{before[:start]}{time}{before[end:]}?"


def _within(time: str) -> str:
    if re.match(r"(?:1[0-9]|20)\d\d|" + _MONTH, time, re.I):
        day = re.match(_MONTH + r" \d{1,2}(?!\d)", time, re.I)
        return f"{'on' if day else 'in'} {time}"
    return f"on {time}" if re.match(r"\w+day\b(?<!today)(?<!yesterday)", time, re.I) and " " not in time else _low(time)


def _at_place(rest: str, preposition: str, before: str) -> str:
    """Put "in Tollen" in the place of "in Merrowhaven", or at the end if nothing of the kind stands there."""
    rest = _low(rest)
    for mention in reversed(mentions(before)):
        lead = re.search(rf"\b{preposition} (?:the |a |an )?$", before[: mention.start] + "", re.I)
        lead = lead or re.search(rf"\b{preposition} $", before[: mention.start], re.I)
        if lead and (mention.named or preposition.casefold() not in {"in", "at"}):
            return f"{before[: lead.start()]}{rest}{before[mention.end :]}?"
    return f"{before} {rest}?"


def _instead(rest: str, before: str) -> str:
    """Ask the question before about something else."""
    asked = mentions(before)
    new = mentions(rest)
    kinds = {mention.kind for mention in new} or {Kind.UNKNOWN}
    named = bool(new) and new[0].named
    determined = rest.split(maxsplit=1)[0].casefold() in DETERMINERS
    old = _counterpart(asked, kinds, named=named, determined=determined)
    if old is None:
        return f"{before}? What about {rest}?"
    first, last = old.start, old.end
    own = "’s" if re.match(r"['’]s\b", before[last:]) else ""
    tail = before[last + len(own) :]
    put = _low(rest) if first else rest[0].upper() + rest[1:]
    return f"{before[:first]}{put}{own}{tail}?"


def _counterpart(asked: list[Mention], kinds: set[Kind], *, named: bool, determined: bool) -> Mention | None:
    """Return the mention in the question before that something new stands against."""
    if named and not determined:
        names = [mention for mention in asked if mention.named]
        same = [mention for mention in names if mention.kind in kinds]
        return next(reversed(same or names), None)
    things = [m for m in asked if m.text.startswith("the ")] if determined else [m for m in asked if not m.named]
    same = [m for m in things if m.kind in kinds]
    return next(iter(same or things or asked), None)


def _low(text: str) -> str:
    """Return words as they stand inside a sentence."""
    first = text.split(maxsplit=1)[0]
    return text[0].lower() + text[1:] if first.casefold() in FUNCTION_WORDS else text
