"""Late interaction: how well each sentence of some passages matches a query, token by token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.embed import Encoded, Flags, Floats, Integers
from index.tokens import SCALE, PassageTokens, TokenIndex, project


@dataclass(frozen=True, slots=True)
class Query:
    """A query's tokens.

    Attributes:
        vectors: (q, d) float32, unit norm.
        token_ids: (q,) int32.
        weights: (q,) float32, at least 0, sum 1: how much each token counts.
        names: (q,) bool: the token begins with a capital letter, and not because the query begins with it.
    """

    vectors: Floats
    token_ids: Integers
    weights: Floats
    names: Flags


@dataclass(frozen=True, slots=True)
class Match:
    """How one passage matches.

    Attributes:
        sentences: A signal's name to (s,) float32, a sentence each, every one at most 1:
            similarity, weighted MaxSim;
            overlap, the weight of the query's tokens that occur in it word for word;
            before and after, the similarity of it together with the sentence before, and after, in the passage;
            names, the similarity of that name in the query which is least like anything in it; 1 without names.
        whole: MaxSim of the whole passage.
        whole_overlap: Overlap of the whole passage.
    """

    sentences: dict[str, Floats]
    whole: float
    whole_overlap: float


def no_match(sentences: int) -> Match:
    """Return the match of a passage of so many sentences with nothing."""
    nothing = np.zeros(sentences, dtype=np.float32)
    return Match(dict.fromkeys(("similarity", "overlap", "before", "after", "names"), nothing), 0.0, 0.0)


def read_query(query: str, encoded: Encoded, tokens: TokenIndex) -> Query:
    """Turn an embedded query into what passages are matched with; rare tokens count more."""
    rarity = tokens.rarity[encoded.token_ids]
    total = float(rarity.sum())
    weights = rarity / total if total > 0 else np.full(len(rarity), 1 / max(1, len(rarity)), dtype=np.float32)
    vectors = project(encoded.tokens, tokens.language.projection)
    names = np.array([start > 0 and query[start].isupper() for start in encoded.spans[:, 0].tolist()], dtype=np.bool_)
    return Query(vectors, encoded.token_ids, weights.astype(np.float32), names)


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
    matches, sentence = [], 0
    for passage in passages:
        rows = slice(sentence, sentence + len(passage.sentences))
        sentence = rows.stop
        matches.append(_match(query, best[rows], found[rows]))
    return matches


def _match(query: Query, best: Floats, found: Floats) -> Match:
    """Turn (s, q) best cosines and words found, a row a sentence, into the match of their passage."""
    nothing = np.zeros((1, best.shape[1]), dtype=np.float32)
    return Match(
        {
            "similarity": best @ query.weights,
            "overlap": found @ query.weights,
            "before": np.maximum(best, np.concatenate([nothing, best[:-1]])) @ query.weights,
            "after": np.maximum(best, np.concatenate([best[1:], nothing])) @ query.weights,
            "names": best[:, query.names].min(axis=1, initial=1),
        },
        float(best.max(axis=0, initial=0) @ query.weights),
        float(found.max(axis=0, initial=0) @ query.weights),
    )


def _maxima(values: np.ndarray, firsts: np.ndarray, end: int) -> Floats:
    """Return the column maxima of each run of rows; runs begin at `firsts`, and an empty run has zeros."""
    maxima = np.zeros((len(firsts), values.shape[1]), dtype=np.float32)
    filled = np.diff([*firsts, end]) > 0
    if filled.any():
        maxima[filled] = np.maximum.reduceat(values, firsts[filled], axis=0)
    return maxima
