"""Late interaction, swept over many passages at once, gives each sentence what it would get alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.interaction import Query, match, no_match
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
def test_a_sentence_scores_the_weighted_best_cosines_of_its_own_tokens_and_of_its_neighbours(
    seed: int, passages: list[list[int]], asked: int
) -> None:
    chance = np.random.default_rng(seed)
    weights = chance.random(asked).astype(np.float32)
    names = chance.random(asked) < 0.5
    query = Query(unit(chance, asked), chance.integers(0, 5, asked).astype(np.int32), weights / weights.sum(), names)
    made = []
    for lengths in passages:
        firsts = np.cumsum([0, *lengths[:-1]])
        sentences = np.array([(i, i + 1, first) for i, first in enumerate(firsts)], dtype=np.int32)
        count = sum(lengths)
        made.append(
            PassageTokens(quantize(unit(chance, count)), chance.integers(0, 5, count).astype(np.int32), sentences)
        )

    for lengths, passage, found in zip(passages, made, match(query, made), strict=True):
        best, same = [], []
        for length, (_, _, first) in zip(lengths, passage.sentences, strict=True):
            own = slice(first, first + length)
            cosines = np.clip(passage.vectors[own].astype(np.float32) @ query.vectors.T / 127, 0, 1)
            best.append(cosines.max(axis=0, initial=0))
            same.append((passage.token_ids[own, None] == query.token_ids[None, :]).max(axis=0, initial=False))
        nothing = np.zeros(asked)
        for i in range(len(lengths)):
            before = best[i - 1] if i else nothing
            after = best[i + 1] if i + 1 < len(lengths) else nothing
            expected = {
                "similarity": best[i] @ query.weights,
                "overlap": same[i] @ query.weights,
                "before": np.maximum(best[i], before) @ query.weights,
                "after": np.maximum(best[i], after) @ query.weights,
                "names": min([1.0, *best[i][names]]),
            }

            assert expected.keys() == found.sentences.keys()
            for name, value in expected.items():
                np.testing.assert_allclose(value, found.sentences[name][i], atol=1e-5)
        assert found.sentences["similarity"].max() <= found.whole + 1e-6 <= 1.01
        assert found.sentences["overlap"].max() <= found.whole_overlap + 1e-6


def test_a_query_without_tokens_matches_nothing() -> None:
    no_tokens = np.zeros(0)
    query = Query(np.zeros((0, DIMENSION), np.float32), no_tokens.astype(int), no_tokens, no_tokens.astype(bool))
    passage = PassageTokens(
        quantize(np.eye(DIMENSION, dtype=np.float32)),
        np.arange(8, dtype=np.int32),
        np.array([[0, 1, 0]], dtype=np.int32),
    )

    assert 0.0 == match(query, [passage])[0].whole


def test_what_matches_nothing_has_every_signal_that_a_match_has() -> None:
    query = Query(np.zeros((1, DIMENSION), np.float32), np.zeros(1, np.int32), np.ones(1), np.ones(1, bool))
    passage = PassageTokens(
        quantize(np.eye(DIMENSION, dtype=np.float32)),
        np.arange(8, dtype=np.int32),
        np.array([[0, 1, 0], [1, 2, 3]], dtype=np.int32),
    )

    assert match(query, [passage])[0].sentences.keys() == no_match(2).sentences.keys()
    assert all(not signal.any() for signal in no_match(2).sentences.values())
