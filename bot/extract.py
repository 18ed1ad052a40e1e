"""The extractive answerer: it answers by quoting. No language model, no key, no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.citations import cite
from bot.confidence import confidence
from bot.model import Citation, Question
from bot.reader import Scored, read
from index.model import Hit

# How many quotes an answer has at most, and how many words together.
QUOTES = 3
WORDS = 100

# In log odds, as the reader scores: how far behind the best sentence one may be and still be quoted, and how far its
# better neighbour may be and still come before the other finds, since an answer is often told in two sentences.
QUOTED = 6.0
CLOSE = 1.0

# Two sentences that share this much of their words say the same.
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


@dataclass(slots=True)
class _Quote:
    """A run of sentences of one hit while quotes are being chosen.

    Attributes:
        best: The sentence it is there for.
        first: Place of its first sentence.
        last: Place of its last.
    """

    best: Scored
    first: int
    last: int

    def touches(self, hit: Hit, first: int, last: int) -> bool:
        return self.best.hit is hit and self.first <= last + 1 and first <= self.last + 1

    def holds(self, scored: Scored) -> bool:
        return self.best.hit is scored.hit and self.first <= scored.place <= self.last

    def texts(self) -> list[str]:
        return [_text(self.best.hit, place) for place in range(self.first, self.last + 1)]


def extract(question: Question, hits: Sequence[Hit]) -> Extract:
    """Choose up to three quotes, whole sentences that can be read without what is around them."""
    ranked = read(question, hits)
    if not ranked:
        return Extract(0.0, ())
    citations = tuple(
        cite(q.best.hit, q.best.hit.sentences[q.first], q.best.hit.sentences[q.last], q.best.sentence)
        for q in choose(ranked)
    )
    return Extract(confidence(question, hits, ranked[0], [c.quote for c in citations]), citations)


def choose(ranked: Sequence[Scored]) -> list[_Quote]:
    """Take the best sentences that say something new, neighbours as one quote, as long as there is room."""
    quotes: list[_Quote] = []
    close = _close_neighbour(ranked)
    for scored in [ranked[0], *([close] if close else []), *ranked[1:]]:
        if ranked[0].score - scored.score > QUOTED:
            break
        if any(quote.holds(scored) for quote in quotes):
            continue
        said = [text for quote in quotes for text in quote.texts()]
        if any(_same(scored.text, other) for other in said):
            continue
        left = WORDS - _words(said)
        # What cannot be understood alone takes the sentence before along, where that fits.
        before = scored.place - 1 if scored.place and _DANGLING.search(scored.text) else scored.place
        for first in dict.fromkeys([before, scored.place]):
            if _add(quotes, scored, first, left):
                break
    return quotes


def _add(quotes: list[_Quote], scored: Scored, first: int, left: int) -> bool:
    """Add a sentence and those from `first` on before it, if that leaves no more quotes and words than there may be."""
    touched = [quote for quote in quotes if quote.touches(scored.hit, first, scored.place)]
    new = [
        _text(scored.hit, place)
        for place in range(first, scored.place + 1)
        if not any(quote.first <= place <= quote.last for quote in touched)
    ]
    if quotes and (_words(new) > left or (not touched and len(quotes) == QUOTES)):
        return False
    if not touched:
        quotes.append(_Quote(scored, first, scored.place))
        return True
    # The best of those that now touch each other keeps its place.
    whole = touched[0]
    whole.first = min(first, *(quote.first for quote in touched))
    whole.last = max(scored.place, *(quote.last for quote in touched))
    quotes[:] = [quote for quote in quotes if quote is whole or quote not in touched]
    return True


def _close_neighbour(ranked: Sequence[Scored]) -> Scored | None:
    best = ranked[0]
    return next(
        (
            scored
            for scored in ranked[1:]
            if scored.hit is best.hit and abs(scored.place - best.place) == 1 and best.score - scored.score < CLOSE
        ),
        None,
    )


def _text(hit: Hit, place: int) -> str:
    sentence = hit.sentences[place]
    return hit.article.text[sentence.start : sentence.end]


def _words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _same(one: str, other: str) -> bool:
    words, others = set(one.casefold().split()), set(other.casefold().split())
    return len(words & others) >= SAME * min(len(words), len(others))
