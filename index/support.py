"""How far the sentences of some passages support a claim, token by token; see `index.interaction` for the score."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from index.embed import Integers
from index.interaction import Query
from index.model import Article, Passage, Sentence
from index.tokens import SCALE, PassageTokens


@dataclass(frozen=True, slots=True)
class Support:
    """How far one sentence supports a claim.

    Attributes:
        matches: For each token of the claim its best cosine among the sentence's tokens, from 0 to 1. Of two sentences
            together, the larger of each pair counts.
        weights: For each token of the claim how much it counts; they sum up to 1.
        spans: Each token's characters in the claim.
    """

    sentence: Sentence
    matches: tuple[float, ...]
    weights: tuple[float, ...]
    spans: tuple[tuple[int, int], ...]


def support(
    claim: Query, claim_spans: Integers, passage: Passage, article: Article, tokens: PassageTokens
) -> list[Support]:
    """Return how far each sentence of a passage supports a claim.

    Args:
        claim: Its tokens.
        claim_spans: (q, 2) int32: each token's characters in the claim.
        passage: One passage.
        article: The article it is in.
        tokens: The passage's.
    """
    cosines = np.clip(tokens.vectors.astype(np.float32) @ claim.vectors.T / SCALE, 0, 1)
    if not claim.vectors.shape[1]:  # a model without token vectors: the same word is alike, any other is not
        cosines = (tokens.token_ids[:, None] == claim.token_ids[None, :]).astype(np.float32)
    weights = tuple(claim.weights.tolist())
    spans = tuple((start, end) for start, end in claim_spans.tolist())
    found = []
    for (start, end, token), (_, _, token_end) in pairwise([*tokens.sentences.tolist(), (0, 0, len(cosines))]):
        words = article.text[passage.start + start : passage.start + end]
        first = passage.start + start + len(words) - len(words.lstrip())
        best = cosines[token:token_end].max(axis=0, initial=0)
        if words.strip():
            sentence = Sentence(passage.id, first, first + len(words.strip()))
            found.append(Support(sentence, tuple(best.tolist()), weights, spans))
    return found
