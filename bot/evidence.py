"""Whether an article's sentences support a claim. Pure. When in doubt they do not: a claim lost is only a quote less.

A claim is supported by one or two sentences in a row that match it token by token and in which its numbers, names and
quoted words stand, with nothing turned into its opposite (see `bot.contrast`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.contrast import contradicts, taken_back
from bot.facts import content, figures, fold, names, quoted, stem, unknown_script, words

if TYPE_CHECKING:
    from index import Support

# The least support by late interaction. Of 162 claims about the sample articles it alone keeps 69 of 72 true ones and
# 41 of 90 false ones; up to 0.70 false ones fall away, from there on true ones (docs/generate.md).
ENOUGH = 0.70
# What a second sentence costs: one that adds nothing is not quoted.
SECOND_SENTENCE = 0.05
SENTENCES = 2
# The least that any word of a claim must be matched, if it stands neither in the quote nor in what leads up to it.
EACH_WORD = 0.6
# From which support on one of the two sentences is about the same thing, so that it must not say the contrary.
RELATED = 0.6

FEWEST_WORDS = 3

# Characters after a quote in which the article may take it back.
_AFTER = 100

# Words apart at which two parts of a name still make one name: "Anna M. Brandt", "President Ada Lovelace".
_NAME_GAP = 2

_PARAGRAPH = re.compile(r"\n\s*\n")
_LINK = re.compile(
    r"://|\bwww\.|\w@\w|@everyone|@here|<[@#!:/\w]|\]\(|\b[\w-]+\.(?:com|net|org|io|ru|info|xyz|gg)\b", re.I
)

# How texts address a language model. Whatever such a sentence says is no news.
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|ignoriere?|vergiss|ignora|olvida|ignore[zr]|oublie[zr]?)\b.{0,40}"
    r"\b(?:instruct\w*|prompts?|rules?|articles?|passages?|above|previous|prior|anweisung\w*|regeln|artikel|"
    r"instruc\w+|consignes?|artículos?)"
    r"|\bsystem (?:prompt|message|note)|\b(?:system|assistant|user|developer)\s*:|<\|?\w+\|?>|\[/?(?:inst|system)\b"
    r"|\byou are (?:now|an? (?:ai|assistant|language model|chatbot))\b"
    r"|\b(?:as|if you are|dear) an? (?:ai|llm|assistant|chatbot)\b"
    r"|\b(?:ai|llm|chat|language) ?(?:assistants?|models?|bots?)\b.{0,30}\b(?:say|tell|answer|respond|reply|output)\b"
    r"|\b(?:say|reply|respond|answer|output|print|repeat|write)\b.{0,15}\b(?:exactly|verbatim|the following)\b"
    r"|忽略.{0,12}(?:指令|指示|文章)|無視.{0,12}(?:指示|命令)|(?:指示|命令).{0,6}無視|игнорируй\w*|تجاهل",
    re.I,
)


class Doubt(StrEnum):
    """Why a claim is not kept."""

    SHORT = "short"
    LINK = "link"
    INSTRUCTION = "instruction"
    SUPPORT = "support"
    FIGURE = "figure"
    NAME = "name"
    QUOTE = "quote"
    WORD = "word"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences that support a claim, by their places among those given."""

    first: int
    last: int
    score: float


def doubtful(claim: str) -> Doubt | None:
    """Return why a claim cannot be kept, whatever the passages say; None if it may be."""
    if len(words(claim)) < FEWEST_WORDS and not unknown_script(claim):
        return Doubt.SHORT
    if _LINK.search(claim):
        return Doubt.LINK
    return Doubt.INSTRUCTION if _INSTRUCTION.search(claim) else None


def find_evidence(claim: str, supports: Sequence[Support], text: str, title: str, common: Set[str]) -> Evidence | Doubt:
    """Return the sentences that support a claim best, or what speaks against the best of those that do not.

    Args:
        claim: One that is not `doubtful`.
        supports: How far each sentence supports it; in reading order, all of one article.
        text: The article's.
        title: The article's; names may be taken from it.
        common: Words known not to be names; see `common_words`.
    """
    runs = weigh(claim, supports, text, title, common, least=ENOUGH)
    doubts = []
    for run, doubt in runs:
        if doubt is None:
            return run
        doubts.append(doubt)
    return doubts[0] if doubts else Doubt.SUPPORT


def weigh(
    claim: str, supports: Sequence[Support], text: str, title: str, common: Set[str], least: float = 0.0
) -> Iterator[tuple[Evidence, Doubt | None]]:
    """Yield every sentence and every two in a row, the best first, with what speaks against them.

    Args:
        claim: See `find_evidence`, as for the others.
        supports: How far each sentence supports it.
        text: The article's.
        title: The article's.
        common: Words known not to be names.
        least: The score from which on they are looked at.
    """
    for run in sorted(_runs(supports, text), key=lambda run: -run.score):
        if run.score < least:
            break
        sentences = supports[run.first : run.last + 1]
        start, end = sentences[0].sentence.start, sentences[-1].sentence.end
        before = text[supports[max(0, run.first - 1)].sentence.start : start]
        doubt = _against(claim, text[start:end], title, common)
        if doubt is None and not _words_stand(claim, sentences, f"{title} {before} {text[start:end]}"):
            doubt = Doubt.WORD
        if doubt is None and any(_turned(claim, support, text, common) for support in sentences):
            doubt = Doubt.CONTRAST
        if doubt is None and run.score < ENOUGH:
            doubt = Doubt.SUPPORT
        yield run, doubt


def common_words(texts: Sequence[str]) -> frozenset[str]:
    """Return the words that stand in lower case somewhere in these texts: at a sentence's start they are no names."""
    return frozenset(fold(word) for text in texts for word in words(text) if word[0].islower())


def _words_stand(claim: str, sentences: Sequence[Support], known: str) -> bool:
    """Tell whether every word of a claim is known, or matched by a word of these sentences."""
    stems = {stem(word) for word in words(known)}
    best = [max(matches) for matches in zip(*(support.matches for support in sentences), strict=True)]
    for word, start, end in content(claim):
        spans = zip(best, sentences[0].spans, strict=True)
        matched = [match for match, (first, last) in spans if start <= first and last <= end]
        if stem(word) not in stems and (not matched or sum(matched) / len(matched) < EACH_WORD):
            return False
    return True


def _turned(claim: str, support: Support, text: str, common: Set[str]) -> bool:
    """Tell whether one sentence of a quote says the contrary by itself, or of somebody else, or is taken back later."""
    start, end = support.sentence.start, support.sentence.end
    mine, theirs = list(names(claim, common)), list(names(text[start:end], common))
    subjects = mine and theirs and mine[0][0] == theirs[0][0] == 0
    others = subjects and theirs[0][1] not in {name for _, name in mine}
    if others and figures(claim) & figures(text[start:end]):
        return True
    own = sum(match * weight for match, weight in zip(support.matches, support.weights, strict=True))
    return taken_back(text[end : end + _AFTER]) or (own >= RELATED and contradicts(claim, text[start:end]))


def _runs(supports: Sequence[Support], text: str) -> list[Evidence]:
    """Return every sentence, and every two in a row of one paragraph."""
    runs = []
    for first in range(len(supports)):
        best = (0.0,) * len(supports[first].matches)
        for last in range(first, min(first + SENTENCES, len(supports))):
            if last > first and _PARAGRAPH.search(text, supports[first].sentence.end, supports[last].sentence.start):
                break
            best = tuple(map(max, best, supports[last].matches))
            score = sum(match * weight for match, weight in zip(best, supports[first].weights, strict=True))
            runs.append(Evidence(first, last, score - SECOND_SENTENCE * (last - first)))
    return runs


def _against(claim: str, quote: str, title: str, common: Set[str]) -> Doubt | None:
    if _INSTRUCTION.search(quote):
        return Doubt.INSTRUCTION
    if not figures(claim) <= figures(quote):
        return Doubt.FIGURE
    if not _names_stand(claim, quote, title, common):
        return Doubt.NAME
    if any(span not in fold(" ".join(quote.split())) for span in map(fold, quoted(claim))):
        return Doubt.QUOTE
    if not unknown_script(claim) <= unknown_script(quote):
        return Doubt.WORD
    return Doubt.CONTRAST if contradicts(claim, quote) else None


def _names_stand(claim: str, quote: str, title: str, common: Set[str]) -> bool:
    """Tell whether every name of a claim stands in the quote or the title, and no name is made of parts of several."""
    evidence = [*words(quote), "", "", "", *words(title)]
    places: dict[str, list[int]] = {}
    for place, word in enumerate(evidence):
        places.setdefault(fold(word), []).append(place)
    capitals = {fold(word) for word in evidence if word and word[0].isupper()}
    parts = [(place, name) for place, name in names(claim, common)]
    if any(name not in places for _, name in parts):
        return False
    for (place, name), (next_place, following) in pairwise(parts):
        if next_place == place + 1 and {name, following} <= capitals and name != following:
            gaps = [after - before for before in places[name] for after in places[following]]
            if not any(0 < gap <= _NAME_GAP + 1 for gap in gaps):
                return False
    return True
