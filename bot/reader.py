"""The reader: which sentences of what was retrieved are likely to answer the question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answer_type import answer_type, holds
from bot.model import Question
from index.model import Hit, Sentence

# From how many hits sentences are taken.
HITS = 10

# What makes a sentence likely to answer; a softmax regression over the sentences of each question on both development
# sets (`python -m bench.weights` fits it again and measures what each is worth). Scores are log odds.
WEIGHTS = {
    "similarity": 6.2,  # the sentence's late interaction with the question,
    "before": 8.4,  # the same of it and the sentence before,
    "after": 6.9,  # and of it and the sentence after
    "behind": 0.43,  # what its hit's rank score lacks on the best one's, at most 0
    "kind": 2.4,  # it holds a thing of the kind that was asked for
    "lead": 1.6,  # it is one of the first two of its article
    "fresh": 3.1,  # its article is from near the days asked about
}

# An article says what it is about in its first sentences.
LEAD = 2


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence and the log odds that it answers, comparable within one question only.

    Attributes:
        place: Where it stands among its hit's sentences.
    """

    score: float
    hit: Hit
    place: int

    @property
    def sentence(self) -> Sentence:
        """The sentence."""
        return self.hit.sentences[self.place]

    @property
    def text(self) -> str:
        """Its words."""
        return self.hit.article.text[self.sentence.start : self.sentence.end]


def read(question: Question, hits: Sequence[Hit]) -> list[Scored]:
    """Return the sentences of the hits, the likeliest to answer first."""
    return sorted(
        (
            Scored(sum(WEIGHTS[name] * value for name, value in features.items()), hit, place)
            for hit, place, features in sentence_features(question, hits)
        ),
        key=lambda scored: -scored.score,
    )


def sentence_features(question: Question, hits: Sequence[Hit]) -> Iterator[tuple[Hit, int, dict[str, float]]]:
    """Yield each sentence's hit, its place among the hit's sentences, and its features, named as in `WEIGHTS`."""
    kind = answer_type(question.text)
    most = max((hit.score for hit in hits), default=0.0)
    for hit in hits[:HITS]:
        for place, sentence in enumerate(hit.sentences):
            text = hit.article.text[sentence.start : sentence.end]
            yield (
                hit,
                place,
                {
                    "similarity": sentence.features["similarity"],
                    "before": sentence.features["before"],
                    "after": sentence.features["after"],
                    "behind": hit.score - most,
                    "kind": float(kind is not None and holds(kind, text, question.text)),
                    "lead": float(hit.start == 0 and place < LEAD),
                    "fresh": hit.features.get("fresh", 0.0),
                },
            )
