"""The extractive answerer: it answers by quoting. No language model, no key, no network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answer_type import answer_type, holds
from bot.citations import cite
from bot.confidence import confidence
from bot.model import Citation, Question
from index.model import Hit, Sentence

# How many quotes an answer has at most, how many words together, and from how many hits.
QUOTES = 3
WORDS = 100
HITS = 10

# A sentence's score is its similarity to the question plus these, fitted on both development sets beside the ranking's
# weights (`python -m bench.weights`): what its passage's rank score lacks on the best one's, and whether it holds the
# kind of thing that was asked for.
BEHIND = 0.075
KIND = 0.15

# Two quotes that share this much of their words say the same.
SAME = 0.8

# How a sentence begins, or who its quote is laid to, when it cannot be understood without the one before.
_DANGLING = re.compile(
    r"""^["“‘'«„]*(?:(?:but|and|so|yet|then|however|also|later)\b,?\s+)?
        (?:he|she|they|it|his|her|hers|their|theirs|its|this|these|those|both|such|others?)\b
      | ["”’'»“,]\s*(?:he|she|they)\s+(?:said|says|added|told|wrote|explained|warned|asked|replied|continued)\b
      | ["”’'»“,]\s*(?:said|says|added|explained|warned|asked|replied)\s+(?:he|she|they)\b""",
    re.I | re.X,
)


@dataclass(frozen=True, slots=True)
class Extract:
    """What the extractive answerer found.

    Attributes:
        confidence: Calibrated probability that the articles hold the answer.
        citations: Best first; not yet verified.
    """

    confidence: float
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Scored:
    score: float
    hit: Hit
    place: int  # among the hit's sentences

    @property
    def sentence(self) -> Sentence:
        return self.hit.sentences[self.place]

    @property
    def text(self) -> str:
        return self.hit.article.text[self.sentence.start : self.sentence.end]


def extract(question: Question, hits: Sequence[Hit]) -> Extract:
    """Choose up to three quotes, whole sentences that can be read without what is around them."""
    ranked = sorted(_scored(question, hits[:HITS]), key=lambda scored: -scored.score)
    if not ranked:
        return Extract(0.0, ())
    best = ranked[0]
    return Extract(confidence(hits, best.sentence), tuple(_quotes(_choose(ranked))))


def _scored(question: Question, hits: Sequence[Hit]) -> Iterator[_Scored]:
    kind = answer_type(question.text)
    most = max((hit.score for hit in hits), default=0.0)
    for hit in hits:
        for place, sentence in enumerate(hit.sentences):
            score = sentence.features["similarity"] + BEHIND * (hit.score - most)
            if kind is not None and holds(kind, hit.article.text[sentence.start : sentence.end], question.text):
                score += KIND
            yield _Scored(score, hit, place)


def _choose(ranked: Sequence[_Scored]) -> list[_Scored]:
    """Take the best sentences that say something new, as long as there is room."""
    chosen: list[_Scored] = []
    left = WORDS
    for scored in ranked:
        words = len(scored.text.split())
        if chosen and (words > left or any(_same(scored.text, other.text) for other in chosen)):
            continue
        chosen.append(scored)
        left -= words
        if len(chosen) == QUOTES:
            break
    return chosen


def _quotes(chosen: Sequence[_Scored]) -> Iterator[Citation]:
    """Turn sentences into quotes: neighbours become one, and a dangling one takes the sentence before along."""
    left = WORDS - sum(len(scored.text.split()) for scored in chosen)
    spans: list[tuple[_Scored, int, int]] = []
    for scored in chosen:
        first, last = scored.place, scored.place
        if first > 0 and _DANGLING.search(scored.text):
            before = scored.hit.sentences[first - 1]
            words = len(scored.hit.article.text[before.start : before.end].split())
            if words <= left:
                left -= words
                first -= 1
        # What it touches becomes one quote with it, in the place of the best of them.
        touched = [span for span in spans if span[0].hit is scored.hit and span[1] <= last + 1 and first <= span[2] + 1]
        best = touched[0][0] if touched else scored
        whole = best, min([first, *(s[1] for s in touched)]), max([last, *(s[2] for s in touched)])
        at = spans.index(touched[0]) if touched else len(spans)
        spans = [span for span in spans if span not in touched]
        spans.insert(at, whole)
    for scored, first, last in spans:
        yield cite(scored.hit, scored.hit.sentences[first], scored.hit.sentences[last], scored.sentence)


def _same(one: str, other: str) -> bool:
    words, others = set(one.casefold().split()), set(other.casefold().split())
    return len(words & others) >= SAME * min(len(words), len(others))
