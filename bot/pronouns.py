"""Pronouns of a follow-up, resolved to who and what was spoken of before. Pure.

A pronoun that may be bound inside its own question ("Did Maria say she would resign?") is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.english import AUXILIARIES, BE, BODIES, FEMALE, FUNCTION_WORDS, MALE, PREPOSITIONS, WORD, is_verb
from bot.mentions import mentions, outer
from bot.names import Kind, Mention

if TYPE_CHECKING:
    from bot.conversation import Turn

_PERSON = frozenset("he she him her his hers himself herself".split())
_GROUP = frozenset("they them their theirs".split())
_THING = frozenset("it its".split())
_OWNING = frozenset("his her its their".split())
_SUBJECT = frozenset("he she they it".split())

# "it" that stands for nothing, and "there" that only says that something is.
_EMPTY_IT = re.compile(
    r"\bit\s+(?:(?:is|was|were|be)\s+)?(?:\w+ly\s+)?(?:true|possible|likely|necessary|clear|known|important|legal|illegal"
    r"|rain\w*|snow\w*|takes?|took|mean|matter)\b(?!\s*\?)"
    r"|\bit\s+(?:is|was|be|been)?\s*(?:\w+ )?\w+ (?:to|that)\b|\bit called (?:when|if)\b"
    r"|\bit\s+(?:cost|take)\s+(?:\w+\s+){0,3}to\b|\b(?:what time|how late|what day|which day) (?:is|was) it\b"
    r"|\b(?:who|what|when|where|why) (?:is|was) it that\b|\b(?:do|done|doing|make|made) it\b|\bwho did it\b",
    re.I,
)
_EXISTENTIAL = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|isn't|aren't|wasn't|weren't|do|does|did)"
    r"\s+there\b(?!\s*[?.!]?$)|\bthere\s+(?:is|are|was|were|will|has|have|had|be|been|would|could|may|might|'s)\b"
    r"|\bwhat(?: else)? (?:is|are|was|were) there\b|\bthere['’]s\b",
    re.I,
)
# "this" and "that" on their own: not "that man", not "said that she".
_THIS = re.compile(
    r"(?:(?<=\babout )|(?<=\bafter )|(?<=\bbefore )|(?<=\bcaused )|(?<=\bfor )|(?<=\bfrom )|(?<=\bto )|(?<=\bwith )"
    r"|(?<=\bof )|(?<=\bby ))(?:this|that)(?=\s*[?.!]*$)"
    r"|(?:(?<=\bdid )|(?<=\bdoes )|(?<=\bwill )|(?<=\bcould )|(?<=\bcan )|(?<=\bhas )|(?<=\bhad ))(?:this|that)"
    r"(?=\s+(?:happen|happened|take|end|begin|start|cost|mean|work|change|help|lead|cause|affect|occur|come|go)\b)",
    re.I,
)
_ORDER = re.compile(
    r"\bthe (former|latter)\b"
    r"(?=['’]s|\s*[?.,;!]|\s*$|\s+(?:is|was|were|are|has|had|have|did|does|do|will|still|now|also)\b)",
    re.I,
)
_ONE = re.compile(r"\b(?:this|that) one\b", re.I)
_SAME_DAY = re.compile(r"\b(?:on )?(?:that|the same) (day|month|year)\b(?! of)|\bback then\b", re.I)
_DEMONSTRATIVE = re.compile(r"\b(?:this|that|these|those|the)\s+([^\W\d_]+)\b(?!\s+of\b|-|['’]|\s+[A-Z])", re.I)
# Words after which a new clause begins, whose subject may be bound by the one before.
_SUBORDINATE = re.compile(
    r",|;|\bto \w+ $"
    r"|\b(?:and|or|that|when|after|before|because|if|whether|while|since|until|who|which|why|how|where|what)\b",
    re.I,
)
# A question that a person answers, and words that are followed by where to.
_WHO = re.compile(
    r"(?:and )?(?:by |with |to |for )?(?:who|whom|which (?:person|man|woman)|what(?: is|['’]s) the name)\b", re.I
)
_GOING = re.compile(r"\b(?:go|goes|went|gone|get|got|travel|travell?ed|come|came|move|moved|flew|fly)\s+$", re.I)
_MONTHS = "January February March April May June July August September October November December".split()


def resolve(question: str, turns: Sequence[Turn]) -> str:
    """Put names and things in the place of the pronouns that point outside of the question."""
    text = _dated(question, turns)
    text = _ordered(text, turns)
    text = _pronouns(text, turns)
    text = _there(text, turns)
    text = _this(text, turns)
    return _demonstratives(text, turns)


def _pronouns(question: str, turns: Sequence[Turn]) -> str:
    done: set[str] = set()
    position = 0
    while found := re.compile(r"\b(?:he|she|him|her|his|hers|they|them|theirs?|its?)\b(?!['’])", re.I).search(
        question, position
    ):
        position = found.end()
        word = found[0].casefold()
        sort = next(iter(s for s in ("he", "they", "it") if word in {"he": _PERSON, "they": _GROUP, "it": _THING}[s]))
        if found[0] == "IT" or sort in done or _bound(question, found, sort):
            done.add(sort)
            continue
        if sort == "it" and any(e.start() <= found.start() < e.end() for e in _EMPTY_IT.finditer(question)):
            continue
        meant = _antecedent(word, turns, set(_texts(question)))
        if meant is None:
            done.add(sort)
            continue
        put = _in_place(meant, found, question)
        question = question[: found.start()] + put + question[found.end() :]
        position = found.start() + len(put)
        done.add(sort)
    return question


def _texts(question: str) -> Iterator[str]:
    return (mention.text for mention in mentions(question))


def _in_place(meant: str, found: re.Match[str], question: str) -> str:
    word = found[0].casefold()
    # "When was it stolen?" need not become "When was the stolen chart stolen?"
    said = set(WORD.findall(question.casefold()))
    meant = " ".join(w for i, w in enumerate(meant.split()) if i != 1 or w not in said or not is_verb(w))
    following = WORD.match(question, found.end() + 1)
    owns = word in _OWNING and (
        word != "her" or (following is not None and following[0].casefold() not in FUNCTION_WORDS)
    )
    if owns or word in {"hers", "theirs"}:
        meant += "’" if meant.endswith("s") and meant[:4] == "the " else "’s"
    return meant[0].upper() + meant[1:] if found.start() == 0 else meant


def _bound(question: str, found: re.Match[str], sort: str) -> bool:
    """Whether a pronoun may point to somebody or something inside its own question."""
    before, after = question[: found.start()], question[found.end() :]
    words = [word.casefold() for word in WORD.findall(before)]
    word = found[0].casefold()
    known = outer(mentions(question))
    inside = [mention for mention in known if mention.end <= found.start() and _fits(mention, sort)]
    if words and words[-1] in AUXILIARIES and not inside:
        return False
    # "After she resigned, what did Maria do?"
    if re.match(r"(?:when|before|after|while|if|although|since|as|in|despite)\b", question, re.I) and "," in after:
        later = [m for m in known if m.start > found.end() + after.index(",") and _fits(m, sort)]
        if later and not re.match(r"(?:when|in)\b\s+(?:is|was|did|does|will)", question, re.I):
            return True
    if not inside:
        # "Who says he will resign?" and "Who lost his job?", but "Who is his wife?" and "Who elected him?"
        if not words or words[0] not in {"who", "which", "whose", "what"}:
            return False
        owning = word in _OWNING and len(words) > 1 and words[1] not in BE | {"do", "does", "did"}
        return word in _SUBJECT - {"it"} or owning or (word == "it" and not _is_object(after, word))
    between = question[inside[-1].end : found.start()]
    # "Why did Teale criticise her?": nobody is bound by the subject of the same clause.
    governed = word in {"him", "them"} or (word in {"it", "her"} and _is_object(after, word))
    return not (governed and len(inside) == 1 and not _SUBORDINATE.search(between))


def _is_object(after: str, word: str) -> bool:
    following = WORD.match(after.lstrip())
    if following is None or not after.startswith(" "):
        return True
    next_word = following[0].casefold()
    if word == "her":
        return next_word in FUNCTION_WORDS
    return next_word in PREPOSITIONS or next_word in {"and", "or"}


def _fits(mention: Mention, sort: str) -> bool:
    if sort == "he":
        return mention.kind in {Kind.PERSON, Kind.UNKNOWN} or (mention.kind is Kind.THING and not mention.named)
    if sort == "it":
        return mention.kind is not Kind.PERSON and not mention.plural
    return True


def _antecedent(word: str, turns: Sequence[Turn], inside: set[str]) -> str | None:
    for turn in reversed(turns):
        for mention in _candidates(word, turn):
            if mention.text not in inside:
                return mention.text
    return None


def _candidates(word: str, turn: Turn) -> list[Mention]:
    """Return who or what a pronoun may mean in a turn, likeliest first."""
    asked, answered = outer(turn.asked), list(turn.answered)
    if word in _PERSON:
        gender = FEMALE.get(word) or MALE.get(word) or ""
        who = _WHO.match(turn.question)
        told = [m for m in answered if m.kind is Kind.PERSON]
        sure = [m for m in asked if m.kind is Kind.PERSON and not m.plural]
        maybe = [m for m in asked if m.kind is Kind.UNKNOWN] if not sure else []
        people = told + sure + maybe if who else sure + maybe + told
        # A surname in the question is the same person as the full name in a quote.
        people = [next((t for t in told if t.text.split()[-1] == m.text), m) for m in people]
        if who:
            return [m for m in people if m.gender in {gender, ""}]
        right = [m for m in people if m.gender == gender]
        untold = [m for m in people if not m.gender]
        # "Did Teale or Farrant win?": which of the two is meant, nothing tells.
        return right or ([] if len(untold) > 1 and untold[1] in sure else untold)
    if word in _GROUP:
        several = [m for m in asked if m.plural]
        if any(not m.text.startswith("the ") and not m.named for m in several):
            return []  # "How many people died?": those who did cannot be said in a word
        bodies = [m for m in asked if m.head in BODIES or (m.named and m.kind in {Kind.UNKNOWN, Kind.PERSON})]
        return several + bodies + [m for m in answered if m.kind is Kind.PERSON]
    return _things(asked) + [m for m in answered if m.kind is Kind.THING]


def _things(asked: Sequence[Mention]) -> list[Mention]:
    sure = [m for m in asked if m.kind is Kind.THING and not m.plural]
    named = [m for m in asked if m.kind is Kind.UNKNOWN]
    return sure + named + [m for m in asked if m.kind is Kind.PLACE]


def topic(turn: Turn) -> Mention | None:
    """Return what a turn is about, if that can be told."""
    things = [m for m in turn.asked if m.kind is Kind.THING]
    order = [m for m in things if m.named] + things + [m for m in turn.asked if m.named]
    return order[0] if order else None


def _there(question: str, turns: Sequence[Turn]) -> str:
    spared = [span.span() for span in _EXISTENTIAL.finditer(question)]
    for found in re.finditer(r"\b(?:(from|in|over|to) )?(there)\b", question, re.I):
        if any(first <= found.start(2) < last for first, last in spared):
            continue
        if any(m.kind is Kind.PLACE and m.end <= found.start() for m in mentions(question)):
            return question
        for turn in reversed(turns):
            places = [m for m in (*turn.asked, *turn.answered) if m.kind is Kind.PLACE]
            places = places or [m for m in turn.asked if m.kind is Kind.UNKNOWN and m.named]
            if places:
                how = found[1] if found[1] and found[1].casefold() != "over" else None
                moved = _GOING.search(question[: found.start()])
                put = f"{how or ('to' if moved else 'in')} {places[0].text}"
                return question[: found.start()] + put + question[found.end() :]
    return question


def _this(question: str, turns: Sequence[Turn]) -> str:
    if mentions(question) and not _ONE.search(question):
        # "Who said that?" has none; "Did the mayor sign this?" may speak of another thing.
        return question
    found = _ONE.search(question) or _THIS.search(question)
    meant = topic(turns[-1]) if found else None
    if found is None or meant is None:
        return question
    return question[: found.start()] + meant.text + question[found.end() :]


def _dated(question: str, turns: Sequence[Turn]) -> str:
    day = next((turn.day for turn in reversed(turns) if turn.day), None)
    found = _SAME_DAY.search(question)
    if day is None or found is None:
        return question
    month = _MONTHS[day.month - 1]
    unit = (found[1] or "month").casefold()
    said = {"day": f"on {day.day} {month} {day.year}", "month": f"in {month} {day.year}", "year": f"in {day.year}"}[
        unit
    ]
    # "in that year", "of that year": the word that was there stays.
    if re.search(r"\b(?:in|on|of|during|since|until|before|after|from|by)\s+$", question[: found.start()], re.I):
        said = said.partition(" ")[2]
    return question[: found.start()] + said + question[found.end() :]


def _ordered(question: str, turns: Sequence[Turn]) -> str:
    found = _ORDER.search(question)
    if found is None:
        return question
    for turn in reversed(turns):
        for those in (turn.asked, turn.answered):
            named = [m for m in those if m.named and m.kind is not Kind.PLACE] or [m for m in those if m.named]
            if len(named) == 2:  # noqa: PLR2004 - of more than two, there is no former and no latter
                meant = named[found[1].casefold() == "latter"]
                return question[: found.start()] + meant.text + question[found.end() :]
    return question


def _demonstratives(question: str, turns: Sequence[Turn]) -> str:
    """Say in full what a question without a name only calls "that bridge" or "the bridge"."""
    if any(mention.named for mention in mentions(question)):
        return question
    for found in _DEMONSTRATIVE.finditer(question):
        following = WORD.match(question, found.end() + 1)
        if following and following[0].casefold() not in FUNCTION_WORDS and not is_verb(following[0].casefold()):
            continue
        for turn in reversed(turns):
            for mention in turn.asked:
                whole = mention.text.casefold().split()
                if mention.named and len(whole) > 2 and whole[0] == "the" and mention.head == found[1].casefold():  # noqa: PLR2004
                    text = mention.text[0].upper() + mention.text[1:] if found.start() == 0 else mention.text
                    return question[: found.start()] + text + question[found.end() :]
    return question
