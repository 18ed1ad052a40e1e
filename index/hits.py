"""A candidate -> the hit that a search returns."""

from __future__ import annotations

from index.embed import Integers
from index.model import Article, Hit, Passage, Sentence
from index.rank import Candidate


def hit_of(candidate: Candidate, passage: Passage, article: Article, spans: Integers) -> Hit:
    """Return a candidate with its words and the signals of its sentences.

    Args:
        candidate: Of the search.
        passage: It is.
        article: The passage's.
        spans: (s, 3) int32 of its sentences, see `index.tokens.PassageTokens`; those without words are left out.
    """
    sentences = []
    signals = candidate.match.sentences
    values = zip(*(signal.tolist() for signal in signals.values()), strict=True)
    for (start, end, _), found in zip(spans.tolist(), values, strict=True):
        words = article.text[passage.start + start : passage.start + end]
        if words.strip():
            first = passage.start + start + len(words) - len(words.lstrip())
            features = dict(zip(signals, found, strict=True))
            sentences.append(Sentence(passage.id, first, first + len(words.strip()), features))
    return Hit(
        passage=passage,
        article=article,
        score=candidate.score,
        start=passage.start,
        end=passage.end,
        sentences=tuple(sentences),
        features=candidate.signals,
    )
