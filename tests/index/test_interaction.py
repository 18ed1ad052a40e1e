"""Late interaction, swept over many passages at once, gives each sentence what it would get alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.interaction import Query, match
from index.tokens import PassageTokens, quantize

DIMENSION = 8


def unit(chance: np.random.Generator, count: int) -> np.ndarray:
    vectors = chance.normal(size=(count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=4), min_size=1, max_size=5),
    st.integers(1, 6),
)
def test_a_sentence_scores_the_weighted_best_cosines_of_its_own_tokens(
    seed: int, passages: list[list[int]], asked: int
) -> None:
    chance = np.random.default_rng(seed)
    weights = chance.random(asked).astype(np.float32)
    query = Query(unit(chance, asked), chance.integers(0, 5, asked).astype(np.int32), weights / weights.sum())
    made = []
    for lengths in passages:
        firsts = np.cumsum([0, *lengths[:-1]])
        sentences = np.array([(i, i + 1, first) for i, first in enumerate(firsts)], dtype=np.int32)
        count = sum(lengths)
        made.append(
            PassageTokens(quantize(unit(chance, count)), chance.integers(0, 5, count).astype(np.int32), sentences)
        )

    for lengths, passage, found in zip(passages, made, match(query, made), strict=True):
        for i, (_, _, first) in enumerate(passage.sentences):
            own = slice(first, first + lengths[i])
            cosines = np.clip(passage.vectors[own].astype(np.float32) @ query.vectors.T / 127, 0, 1)
            same = passage.token_ids[own, None] == query.token_ids[None, :]
            expected = cosines.max(axis=0, initial=0) @ query.weights, same.max(axis=0, initial=False) @ query.weights

            np.testing.assert_allclose(expected, (found.similarity[i], found.overlap[i]), atol=1e-5)
        assert found.similarity.max() <= found.whole + 1e-6 <= 1.01
        assert found.overlap.max() <= found.whole_overlap + 1e-6


def test_a_query_without_tokens_matches_nothing() -> None:
    query = Query(np.zeros((0, DIMENSION), np.float32), np.zeros(0, np.int32), np.zeros(0, np.float32))
    passage = PassageTokens(
        quantize(np.eye(DIMENSION, dtype=np.float32)),
        np.arange(8, dtype=np.int32),
        np.array([[0, 1, 0]], dtype=np.int32),
    )

    assert 0.0 == match(query, [passage])[0].whole
