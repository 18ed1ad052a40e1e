"""Late interaction: how well each sentence of some passages matches a query, token by token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.embed import Encoded, Floats, Integers
from index.tokens import SCALE, PassageTokens, TokenIndex, project


@dataclass(frozen=True, slots=True)
class Query:
    """A query's tokens.

    Attributes:
        vectors: (q, d) float32, unit norm.
        token_ids: (q,) int32.
        weights: (q,) float32, at least 0, sum 1: how much each token counts.
    """

    vectors: Floats
    token_ids: Integers
    weights: Floats


@dataclass(frozen=True, slots=True)
class Match:
    """How one passage matches.

    Attributes:
        similarity: (s,) float32, a sentence each: weighted MaxSim, at most 1.
        overlap: (s,) float32, a sentence each: weight of the query's tokens that occur in it word for word.
        whole: MaxSim of the whole passage.
        whole_overlap: Overlap of the whole passage.
    """

    similarity: Floats
    overlap: Floats
    whole: float
    whole_overlap: float


def read_query(encoded: Encoded, tokens: TokenIndex) -> Query:
    """Turn an embedded query into what passages are matched with; rare tokens count more."""
    rarity = tokens.rarity[encoded.token_ids]
    total = float(rarity.sum())
    weights = rarity / total if total > 0 else np.full(len(rarity), 1 / max(1, len(rarity)), dtype=np.float32)
    vectors = project(encoded.tokens, tokens.language.projection)
    return Query(vectors, encoded.token_ids, weights.astype(np.float32))


def match(query: Query, passages: Sequence[PassageTokens]) -> list[Match]:
    """Match a query with passages, all in one sweep."""
    if not passages:
        return []
    vectors = np.concatenate([p.vectors for p in passages])
    token_ids = np.concatenate([p.token_ids for p in passages])
    starts = np.cumsum([0, *(len(p.token_ids) for p in passages)])
    firsts = np.concatenate([p.sentences[:, 2] + start for p, start in zip(passages, starts[:-1], strict=True)])
    # (tokens of the passages, tokens of the query)
    cosines: Floats = np.clip(vectors.astype(np.float32) @ query.vectors.T / SCALE, 0, 1)
    same = token_ids[:, None] == query.token_ids[None, :]
    if not query.vectors.shape[1]:  # a model without token vectors: the same word is alike, any other is not
        cosines = same.astype(np.float32)
    best = _maxima(cosines, firsts, len(token_ids))
    found = _maxima(same, firsts, len(token_ids))
    similarity, overlap = best @ query.weights, found @ query.weights
    matches, sentence = [], 0
    for passage in passages:
        rows = slice(sentence, sentence + len(passage.sentences))
        sentence = rows.stop
        matches.append(
            Match(
                similarity[rows],
                overlap[rows],
                float(best[rows].max(axis=0, initial=0) @ query.weights),
                float(found[rows].max(axis=0, initial=0) @ query.weights),
            )
        )
    return matches


def _maxima(values: np.ndarray, firsts: np.ndarray, end: int) -> Floats:
    """Return the column maxima of each run of rows; runs begin at `firsts`, and an empty run has zeros."""
    maxima = np.zeros((len(firsts), values.shape[1]), dtype=np.float32)
    filled = np.diff([*firsts, end]) > 0
    if filled.any():
        maxima[filled] = np.maximum.reduceat(values, firsts[filled], axis=0)
    return maxima
