"""The people, places and things that a question speaks of: its names and noun phrases, told by rule. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from bot.english import (
    ADJECTIVES,
    AUXILIARIES,
    BE,
    DAYS,
    DETERMINERS,
    FEMALE,
    MALE,
    PARTICLES,
    PEOPLE,
    PLACING,
    PLURALS,
    TITLES,
    is_verb,
)
from bot.names import Kind, Mention, Token, bare_of, joins, named_mention, read_tokens


def mentions(question: str) -> list[Mention]:
    """Return the names and noun phrases of a question, in their order; a name inside of a phrase follows it."""
    tokens = read_tokens(question)
    found: list[Mention] = []
    position = 0
    while position < len(tokens):
        stop = _phrase(tokens, position)
        if stop is None:
            position += 1
            continue
        whole = _mention(question, tokens, position, stop)
        found.append(whole)
        found.extend(_inner(question, tokens, position, stop, whole))
        position = stop
    return found


def outer(found: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that are not inside of another."""
    return [m for m in found if not any(o is not m and o.start <= m.start and m.end <= o.end for o in found)]


def _phrase(tokens: Sequence[Token], position: int) -> int | None:
    """Return where the noun phrase that begins at `position` stops; None if none begins there."""
    token = tokens[position]
    following = tokens[position + 1].word if position + 1 < len(tokens) else ""
    if token.word in {"this", "that", "these", "those"} and is_verb(following):
        return None  # a pronoun: "did that happen"
    if token.word in DETERMINERS or _counts(tokens, position):
        stop = _nouns(tokens, position + 1, asked=token.word not in DETERMINERS)
    elif token.lifted and not token.small and not (position == 0 and is_verb(token.word)):
        stop = _nouns(tokens, position)
    else:
        return None
    if stop == position + (token.word in DETERMINERS or _counts(tokens, position)):
        return None
    # "the capital of France": without what it is of, it could be any.
    after = tokens[stop] if stop < len(tokens) else None
    if after and after.word == "of" and joins(after.gap) and stop + 1 < len(tokens):
        of = _phrase(tokens, stop + 1)
        return of or stop
    return stop


def _counts(tokens: Sequence[Token], position: int) -> bool:
    """Whether a word asks for a kind: "which bridge", "how many people"."""
    word = tokens[position].word
    before = tokens[position - 1].word if position else ""
    return word in {"which", "what", "whose"} or (word in {"many", "much"} and before == "how")


def _nouns(tokens: Sequence[Token], first: int, *, asked: bool = False) -> int:
    """Return where the adjectives and nouns that begin at `first` stop: before a verb, a small word or a mark."""
    stop = first
    while stop < len(tokens) and (stop == first or joins(tokens[stop].gap)):
        token = tokens[stop]
        if token.word in PARTICLES and stop > first and stop + 1 < len(tokens) and tokens[stop - 1].lifted:
            if tokens[stop + 1].lifted:
                stop += 1
                continue
            break
        if token.small or (token.word in DAYS and not tokens[stop - 1].lifted):
            break
        # Right after the determiner it is an adjective: the stolen chart, the opening day.
        if stop > first and not token.lifted and (is_verb(token.word) or token.word in ADJECTIVES):
            if not tokens[stop - 1].word.endswith("ly"):
                break
        elif stop == first and asked and is_verb(token.word):
            break
        stop += 1
    if stop - first > 1 and _inverted(tokens, first) and not _verb_follows(tokens, stop):
        # "did the water rise in …": after do, will or has, a verb has to come, and none was known as one.
        last = stop - 1
        while last > first and tokens[last].word.endswith("ly"):
            last -= 1
        if last > first and not tokens[last].lifted:
            stop = last
    return stop


def _inverted(tokens: Sequence[Token], first: int) -> bool:
    """Whether the phrase whose nouns begin at `first` stands between do, will or has and its verb."""
    before = first - 1
    while before >= 0 and tokens[before].word in DETERMINERS:
        before -= 1
    return before >= 0 and tokens[before].word in AUXILIARIES and tokens[before].word not in BE


def _verb_follows(tokens: Sequence[Token], stop: int) -> bool:
    while stop < len(tokens) and tokens[stop].word.endswith("ly"):
        stop += 1
    return stop < len(tokens) and is_verb(tokens[stop].word)


def _mention(text: str, tokens: Sequence[Token], first: int, stop: int) -> Mention:
    determiner = tokens[first].word
    named = any(token.lifted for token in tokens[first:stop])
    if all(token.lifted or token.word in PARTICLES for token in tokens[first:stop]):
        titled = first
        while titled < stop and tokens[titled].word in TITLES:
            titled += 1
        return named_mention(text, tokens, titled if titled < stop else first, stop, titled=titled > first)
    span = bare_of(text[tokens[first].start : tokens[stop - 1].end])
    asks = determiner not in DETERMINERS
    # What is spoken of again is a known one: "which bridge" becomes "the bridge".
    nouns = bare_of(text[tokens[first + 1].start : tokens[stop - 1].end]) if first + 1 < stop else span
    said = f"the {nouns}" if determiner in DETERMINERS or asks else span
    if determiner in {"many", "much"}:
        said = nouns
    head = Mention(said, 0, 0).head
    person = head in PEOPLE or _title_inside(tokens[first:stop])
    return Mention(
        text=said,
        start=tokens[first].start if determiner in DETERMINERS else tokens[min(first + asks, stop - 1)].start,
        end=tokens[first].start + len(span),
        kind=Kind.PERSON if person else Kind.THING,
        named=named,
        plural=determiner not in {"a", "an", "this", "that"}
        and (head in PLURALS or (head.endswith("s") and not head.endswith(("ss", "us", "is"))) or determiner == "many"),
        gender="she" if head in FEMALE else "he" if head in MALE else "",
    )


def _inner(text: str, tokens: Sequence[Token], first: int, stop: int, whole: Mention) -> Iterator[Mention]:
    """Yield the name that a phrase has in it: of "the Tollen flood" and "the mayor of Tollen"."""
    if whole.kind is Kind.PERSON and " of " not in whole.text:
        return
    lifted = [position for position in range(first, stop) if tokens[position].lifted]
    ends = tokens[stop - 1].lifted and " of " not in whole.text
    if lifted and len(lifted) < stop - first and not ends:
        start = next(p for p in reversed(lifted) if p - 1 not in lifted)
        name = text[tokens[start].start : tokens[lifted[-1]].end]
        kind = Kind.PLACE if tokens[start - 1].word in PLACING else Kind.UNKNOWN
        yield Mention(name, tokens[start].start, tokens[start].start + len(name), kind, named=True)


def _title_inside(tokens: Sequence[Token]) -> bool:
    return any(one.word in TITLES and two.lifted for one, two in itertools.pairwise(tokens)) and tokens[-1].lifted
