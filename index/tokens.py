"""The token part of a generation: a small vector for every word piece, for late interaction at ask time.

A sentence is scored by MaxSim (Khattab and Zaharia, "ColBERT", 2020): for each token of the query the best cosine
among the sentence's tokens, weighted by how rare the query's token is, summed. The vectors are the embedding model's
own contextual token vectors, from the forward pass that gave the passage its vector, projected to fewer dimensions
and kept as int8 in memory-mapped arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.chunk import Span
from index.embed import Encoded, Floats, Integers
from index.errors import GenerationBroken

# Dimensions kept of each token vector; docs/adr/0003 has what fewer and more of them cost and bring.
DIMENSION = 128

SCALE = np.float32(127)  # int8 stands for [-1, 1]


@dataclass(frozen=True, slots=True)
class Language:
    """What is known of the model's tokens before any article is read.

    Attributes:
        projection: (dimension, d) float32: from the model's token vectors to the ones kept.
        frequency: (vocabulary,) int64: in how many of the sample texts each token occurs; so that a small collection,
            in which most words are rare, still knows the common ones.
        texts: How many sample texts there were.
    """

    projection: Floats
    frequency: NDArray[np.int64]
    texts: int


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """The tokens of one passage.

    Attributes:
        vectors: (n, d) int8, unit norm times 127.
        token_ids: (n,) int32, in the model's vocabulary.
        sentences: (s, 3) int32, a row a sentence: first character and one past the last, counted from the passage's
            own start, and the index of its first token.
    """

    vectors: NDArray[np.int8]
    token_ids: Integers
    sentences: Integers


class TokenIndex:
    """Token vectors of all passages, memory-mapped.

    Attributes:
        language: What the vectors were projected with, handed on from generation to generation.
        rarity: (vocabulary,) float32: inverse document frequency of each token, at least 0.
    """

    def __init__(self, folder: Path) -> None:
        """Open the part that `write_tokens` left in `folder`.

        Raises:
            GenerationBroken: It cannot be read.
        """
        try:
            frequency = np.load(folder / "frequency.npy")
            self.language = Language(np.load(folder / "projection.npy"), frequency[1:], int(frequency[0]))
            self.rarity: Floats = np.load(folder / "rarity.npy")
            self._vectors = np.load(folder / "vectors.npy", mmap_mode="r")
            self._token_ids = np.load(folder / "token_ids.npy", mmap_mode="r")
            self._sentences = np.load(folder / "sentences.npy", mmap_mode="r")
            self._bounds = np.load(folder / "bounds.npy")
        except (OSError, ValueError) as error:
            raise GenerationBroken(
                f"The token vectors in {folder} cannot be read: {error}.", "Build the index again with --full."
            ) from error

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, row: int) -> PassageTokens:
        (token, sentence), (token_end, sentence_end) = self._bounds[row], self._bounds[row + 1]
        return PassageTokens(
            self._vectors[token:token_end], self._token_ids[token:token_end], self._sentences[sentence:sentence_end]
        )


def passage_tokens(encoded: Encoded, sentences: Sequence[Span], start: int) -> PassageTokens:
    """Keep of an embedded passage what late interaction needs.

    Args:
        encoded: The passage as the model saw it, its token vectors projected.
        sentences: Their spans in the article.
        start: Where the passage begins in the article.
    """
    spans = np.asarray(sentences, dtype=np.int32).reshape(-1, 2) - start
    first = np.searchsorted(encoded.spans[:, 0], spans[:, 0]).astype(np.int32)
    return PassageTokens(quantize(encoded.tokens), encoded.token_ids, np.column_stack([spans, first]))


def project(tokens: Floats, projection: Floats) -> Floats:
    """Return (n, dimension) token vectors in (n, d), unit norm again."""
    small = tokens @ projection
    norms: Floats = np.linalg.norm(small, axis=1, keepdims=True)
    return np.asarray(small / np.maximum(norms, np.finfo(np.float32).tiny), dtype=np.float32)


def quantize(vectors: Floats) -> NDArray[np.int8]:
    """Return vectors of unit norm as int8."""
    whole: NDArray[np.int8] = np.rint(vectors * SCALE).astype(np.int8)
    return whole


def learn_language(samples: Iterable[Encoded], vocabulary: int, dimension: int = DIMENSION) -> Language:
    """Learn from samples of ordinary prose how the model's tokens lie and how common each of them is.

    The projection is onto the principal directions about the origin, since cosines are taken about the origin.

    Args:
        samples: Short texts as the model sees them.
        vocabulary: How many tokens the model knows.
        dimension: How many directions to keep, if the model has as many.
    """
    frequency = np.zeros(vocabulary, dtype=np.int64)
    tokens = []
    for sample in samples:
        frequency[np.unique(sample.token_ids)] += 1
        tokens.append(sample.tokens)
    everything = np.concatenate(tokens)
    _, directions = np.linalg.eigh(everything.T @ everything)
    projection = np.ascontiguousarray(directions[:, ::-1][:, :dimension], dtype=np.float32)
    return Language(projection, frequency, len(tokens))


def write_tokens(folder: Path, passages: Sequence[PassageTokens], language: Language) -> None:
    """Write the token part of a new generation.

    Args:
        folder: Of the new part; must not exist yet.
        passages: In the order of the generation's rows.
        language: What their vectors were projected with, and how common each token is in general.
    """
    folder.mkdir(parents=True)
    dimension = language.projection.shape[1]
    bounds = np.zeros((len(passages) + 1, 2), dtype=np.int64)
    bounds[1:] = np.cumsum([(len(p.token_ids), len(p.sentences)) for p in passages] or np.zeros((0, 2)), axis=0)
    shape = (int(bounds[-1, 0]), dimension)
    vectors = np.lib.format.open_memmap(folder / "vectors.npy", mode="w+", dtype=np.int8, shape=shape)
    frequency = language.frequency.copy()
    for passage, begin, end in zip(passages, bounds[:-1, 0], bounds[1:, 0], strict=True):
        vectors[begin:end] = passage.vectors
        frequency[np.unique(passage.token_ids)] += 1
    vectors.flush()
    rarity = np.log((len(passages) + language.texts + 1) / (frequency + 1)).astype(np.float32)
    nothing = np.zeros((0,), dtype=np.int32)
    np.save(folder / "token_ids.npy", np.concatenate([p.token_ids for p in passages] or [nothing]))
    np.save(folder / "sentences.npy", np.concatenate([p.sentences for p in passages] or [nothing.reshape(0, 3)]))
    np.save(folder / "bounds.npy", bounds)
    np.save(folder / "projection.npy", language.projection)
    np.save(folder / "frequency.npy", np.concatenate([[language.texts], language.frequency]))
    np.save(folder / "rarity.npy", rarity)
