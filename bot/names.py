"""The names in English text, and of whom or what they are, told by rule. Pure.

No list of names and no model: capitals and the words beside a name say what it is. What the rules cannot tell stays
untold, and whoever uses a mention takes it for what it might be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.english import FEMALE, FUNCTION_WORDS, LIFTED, MALE, PARTICLES, PLACING, PRONOUNS, THINGS, TITLES, WORD


class Kind(StrEnum):
    """What a mention is of, as far as its words tell."""

    PERSON = "person"
    PLACE = "place"
    THING = "thing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or a noun phrase.

    Attributes:
        text: As it can stand in a question: "the new bridge", "Ada Lovelace".
        start: First character, in the text it was found in.
        end: One past the last.
        kind: What it is of.
        named: It is, or ends in, a name.
        plural: It is of several.
        gender: "he" or "she" where the words around it tell; else empty.
    """

    text: str
    start: int
    end: int
    kind: Kind = Kind.UNKNOWN
    named: bool = False
    plural: bool = False
    gender: str = ""

    @property
    def head(self) -> str:
        """The word that says what it is: the last one before any "of"."""
        return re.split(r" of ", self.text, maxsplit=1)[0].rpartition(" ")[2].casefold()


@dataclass(frozen=True, slots=True)
class Token:
    """A word, and where it stands."""

    text: str
    start: int
    end: int
    gap: str  # what stands between it and the one before

    @property
    def word(self) -> str:
        """In lower case."""
        return self.text.casefold()

    @property
    def lifted(self) -> bool:
        """Whether it is written as names are."""
        return self.text[0].isupper() and (self.word not in LIFTED or self._initials)

    @property
    def small(self) -> bool:
        """Whether it is one of the words that only hold a sentence together."""
        return self.word in FUNCTION_WORDS and not self._initials

    @property
    def _initials(self) -> bool:
        """Whether it is written as "US" and "WHO" are."""
        return len(self.text) > 1 and self.text.isupper()


def names(text: str) -> list[Mention]:
    """Return the names in a text that is not a question, each once and as fully as it is written anywhere in it."""
    tokens = read_tokens(text)
    found: list[Mention] = []
    position = 0
    while position < len(tokens):
        if not tokens[position].lifted or tokens[position].small:
            position += 1
            continue
        stop = _name(tokens, position)
        first = position
        while first < stop and tokens[first].word in TITLES:
            first += 1
        if first < stop and not (stop - first == 1 == stop - position and _begins(tokens, position)):
            found.append(named_mention(text, tokens, first, stop, titled=first > position))
        position = stop
    return _full(found)


def read_tokens(text: str) -> list[Token]:
    """Cut a text into its words."""
    tokens: list[Token] = []
    end = 0
    for found in WORD.finditer(text):
        tokens.append(Token(found[0], found.start(), found.end(), text[end : found.start()]))
        end = found.end()
    return tokens


def joins(gap: str) -> bool:
    """Whether words with that between them can be of one phrase."""
    return gap in {" ", "-", " & ", " “", ' "', "’ ", "' "}


def bare_of(text: str) -> str:
    """Return words without the mark of what they own."""
    return re.sub(r"['’]s?$", "", text)


def named_mention(text: str, tokens: Sequence[Token], first: int, stop: int, *, titled: bool) -> Mention:
    """Return the mention that the words from `first` to `stop` are, all of them of one name."""
    span = bare_of(text[tokens[first].start : tokens[stop - 1].end])
    before = tokens[first - 1].word if first else ""
    after = text[tokens[stop - 1].end :]
    words = {token.word for token in tokens[first:stop]}
    last = bare_of(tokens[stop - 1].word)
    kind = Kind.UNKNOWN
    if last in THINGS or (before == "the" and not titled):
        kind = Kind.THING
    elif (
        titled or re.match(r", (?:aged )?\d{1,3}\b|,? (?:said|says|told|added)\b", after) or before in {"said", "says"}
    ):
        kind = Kind.PERSON
    elif before in PLACING:
        kind = Kind.PLACE
    elif stop - first in {2, 3} and not words & THINGS:
        kind = Kind.PERSON
    gender = ""
    if kind is Kind.PERSON:
        gender = _sex_of(text[: tokens[first].start], re.split(r"[.!?]", after, maxsplit=1)[0]) or _told_later(after)
    said = f"the {span}" if kind is Kind.THING and before == "the" else span
    start = tokens[first].start
    return Mention(said, start, start + len(span), kind, named=True, gender=gender)


def _name(tokens: Sequence[Token], first: int) -> int:
    """Return where the name that begins at `first` stops."""
    stop = first + 1
    while stop < len(tokens) and joins(tokens[stop].gap):
        token = tokens[stop]
        if token.lifted and not token.small and not tokens[stop - 1].text.endswith(("'s", "’s")):
            stop += 1
        elif token.word in PARTICLES and stop + 1 < len(tokens) and tokens[stop + 1].lifted:
            stop += 2
        else:
            break
    return stop


def _begins(tokens: Sequence[Token], position: int) -> bool:
    """Whether a word begins a sentence, where every word is written large."""
    return position == 0 or bool(re.search(r"[.!?:\n“\"‘]", tokens[position].gap))


def _sex_of(before: str, after: str) -> str:
    """Return "he" or "she" if the words right before a name or those after it tell; else nothing."""
    beside = {word.casefold() for word in [*WORD.findall(before)[-3:], *WORD.findall(after)[:5]]} - PRONOUNS
    if beside & FEMALE.keys() and not beside & MALE.keys():
        return "she"
    return "he" if beside & MALE.keys() and not beside & FEMALE.keys() else ""


def _told_later(after: str) -> str:
    """Return the pronoun that takes a name up again, if no other name stands between the two."""
    taken_up = re.match(r"([^.!?]*)[.!?]+[\s”\"]*(He|She|His|Her)\b", after)
    if taken_up is None or re.search(r"[A-Z]\w+ [A-Z]\w+", taken_up[1]):
        return ""
    return "she" if taken_up[2] in {"She", "Her"} else "he"


def _full(found: Sequence[Mention]) -> list[Mention]:
    """Fold a surname into the full name it is short for, and name nobody twice."""
    kept: dict[str, Mention] = {}
    for mention in found:
        longer = next(
            (m for m in found if m.text != mention.text and m.text.split()[-1] == mention.text and " " in m.text),
            mention,
        )
        known = kept.get(longer.text)
        if known is None:
            kept[longer.text] = replace(longer, gender=longer.gender or mention.gender)
        elif not known.gender and mention.gender:
            kept[longer.text] = replace(known, gender=mention.gender)
    return list(kept.values())
