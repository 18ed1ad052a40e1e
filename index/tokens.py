"""The token part of a generation: a small vector for every word piece, for late interaction at ask time.

A sentence is scored by MaxSim (Khattab and Zaharia, "ColBERT", 2020): for each token of the query the best cosine
among the sentence's tokens, weighted by how rare the query's token is, summed. The vectors are the embedding model's
own contextual token vectors, from the forward pass that gave the passage its vector, projected to fewer dimensions
and kept as int8 in memory-mapped arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.arrays import ArrayFile, map_array
from index.chunk import Span
from index.embed import Encoded, Floats, Integers
from index.errors import GenerationBroken

# Dimensions kept of each token vector; docs/adr/0003 has what fewer and more of them cost and bring.
DIMENSION = 128

_VECTORS, _TOKEN_IDS, _SENTENCES, _BOUNDS = "vectors.npy", "token_ids.npy", "sentences.npy", "bounds.npy"

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
        folder: Where they are.
        language: What the vectors were projected with, handed on from generation to generation.
        bounds: (n + 1, 2) int64: the first token and the first sentence of each passage, and of one more past the last.
        counts: (vocabulary,) int64: in how many passages each token occurs.
        rarity: (vocabulary,) float32: inverse document frequency of each token, at least 0.
    """

    def __init__(self, folder: Path) -> None:
        """Open the part that a `TokenWriter` left in `folder`.

        Raises:
            GenerationBroken: It cannot be read.
        """
        self.folder = folder
        try:
            frequency = map_array(folder / "frequency.npy").copy()
            self.language = Language(map_array(folder / "projection.npy").copy(), frequency[1:], int(frequency[0]))
            self.rarity: Floats = map_array(folder / "rarity.npy").copy()
            self.counts: NDArray[np.int64] = map_array(folder / "counts.npy").copy()
            self._vectors = map_array(folder / _VECTORS)
            self._token_ids = map_array(folder / _TOKEN_IDS)
            self._sentences = map_array(folder / _SENTENCES)
            self.bounds = map_array(folder / _BOUNDS)
            ends = self.bounds[-1].tolist() if len(self.bounds) else None
            if ends != [len(self._token_ids), len(self._sentences)] or len(self._vectors) != len(self._token_ids):
                raise ValueError("its arrays differ in length")
        except (OSError, ValueError) as error:
            raise GenerationBroken(
                f"The token vectors in {folder} cannot be read: {error}.", "Build the index again with --full."
            ) from error

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, row: int) -> PassageTokens:
        (token, sentence), (token_end, sentence_end) = self.bounds[row].tolist(), self.bounds[row + 1].tolist()
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


class TokenWriter:
    """Writes the token part of a new generation, passage by passage in the order of its rows."""

    def __init__(self, folder: Path, language: Language, before: TokenIndex | None = None) -> None:
        """Begin.

        Args:
            folder: Of the new part; must not exist yet.
            language: What the vectors are projected with, and how common each token is in general.
            before: The same part of the generation before, if passages are taken over from it.
        """
        folder.mkdir(parents=True)
        self._folder = folder
        self._language = language
        self._before = before
        self._taken = np.zeros(len(before) if before else 0, dtype=np.bool_)
        # In how many passages each token occurs, of those that were not taken over.
        self._counts = np.zeros(len(language.frequency), dtype=np.int64)
        with ExitStack() as opened:
            self._vectors = opened.enter_context(ArrayFile(folder / _VECTORS, np.int8, (language.projection.shape[1],)))
            self._token_ids = opened.enter_context(ArrayFile(folder / _TOKEN_IDS, np.int32))
            self._sentences = opened.enter_context(ArrayFile(folder / _SENTENCES, np.int32, (3,)))
            self._bounds = opened.enter_context(ArrayFile(folder / _BOUNDS, np.int64, (2,)))
            self._bounds.append(np.zeros((1, 2), dtype=np.int64))
            self._files = opened.pop_all()

    def append(self, passage: PassageTokens) -> None:
        """Add a passage."""
        self._vectors.append(passage.vectors)
        self._token_ids.append(passage.token_ids)
        self._sentences.append(passage.sentences)
        self._counts[np.unique(passage.token_ids)] += 1
        self._end()

    def repeat(self, row: int) -> None:
        """Add a passage that is the same as one before it."""
        (token, sentence), (token_end, sentence_end) = self._bounds.read(row, row + 2).tolist()
        self.append(
            PassageTokens(
                self._vectors.read(token, token_end),
                self._token_ids.read(token, token_end),
                self._sentences.read(sentence, sentence_end),
            )
        )

    def take_over(self, first: int, end: int) -> None:
        """Add the rows `first` to `end` of the generation before."""
        before = self._before
        if before is None:
            raise ValueError("there is no generation before")
        bounds = before.bounds[first : end + 1]
        (token, sentence), (token_end, sentence_end) = bounds[0].tolist(), bounds[-1].tolist()
        begin = [self._vectors.rows, self._sentences.rows]
        self._vectors.copy(before.folder / _VECTORS, token, token_end)
        self._token_ids.copy(before.folder / _TOKEN_IDS, token, token_end)
        self._sentences.copy(before.folder / _SENTENCES, sentence, sentence_end)
        self._bounds.append(bounds[1:] - bounds[0] + begin)
        self._taken[first:end] = True

    def finish(self) -> None:
        """Write what is known once all passages are there."""
        counts = self._counts
        if self._before is not None:
            counts = counts + self._before.counts
            for row in np.flatnonzero(~self._taken).tolist():
                counts[np.unique(self._before[row].token_ids)] -= 1
        language, passages = self._language, self._bounds.rows - 1
        self.close()
        common = language.frequency + counts
        rarity = np.log((passages + language.texts + 1) / (common + 1)).astype(np.float32)
        np.save(self._folder / "projection.npy", language.projection)
        np.save(self._folder / "frequency.npy", np.concatenate([[language.texts], language.frequency]))
        np.save(self._folder / "counts.npy", counts)
        np.save(self._folder / "rarity.npy", rarity)

    def close(self) -> None:
        """Close the files."""
        self._files.close()

    def _end(self) -> None:
        self._bounds.append(np.array([[self._token_ids.rows, self._sentences.rows]], dtype=np.int64))
