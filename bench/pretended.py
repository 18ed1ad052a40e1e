"""Text and vectors by the million, for measuring everything but the model.

The text has the model's own words, the common ones often and the rare ones rarely (Zipf), and each article subjects of
its own. A vector lies between two of passages that were really embedded, somewhat beside the line; a token's has its
word's own direction, and some noise.
"""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import numpy as np

from bench.corpus import _shuffled
from index import Article, IndexSettings
from index.chunk import Span
from index.embed import Embedder, Encoded, Floats

WORDS = 20_000
SUBJECTS = 12  # words that an article speaks of again and again
SENTENCE = 10  # words
PASSAGE = 60  # tokens
PASSAGES = 4  # an article
ARTICLE = 162  # words
PUBLISHERS = ("North Post", "South Post", "The Wire", "Evening Mail", "Harbour Times")
DAYS = 1_000

REALLY_EMBEDDED = 1_000
BESIDE = 0.45  # length of the noise that a vector is moved by, before it is brought to unit length again
TOKEN_NOISE = 0.5
POOL = 1 << 16


def settings() -> IndexSettings:
    """Return what these articles are indexed with."""
    return IndexSettings(passage_tokens=PASSAGE, language="en")


class Writer:
    """Makes up articles, always the same."""

    def __init__(self, embedder: Embedder) -> None:
        """Take the words that the model knows whole, in its own order, which is about how common they are."""
        known: dict[str, int] = embedder.model.tokenizer.get_vocab()
        words = [word for word, _ in sorted(known.items(), key=lambda item: item[1]) if re.fullmatch("[a-z]{2,}", word)]
        self.words = np.array(words[:WORDS])
        weights = 1 / (np.arange(len(self.words)) + 2.7)
        self._steps = np.cumsum(weights / weights.sum())

    def articles(self, passages: int, changed: int = 0) -> Iterator[Article]:
        """Yield articles that make about so many passages.

        Args:
            passages: How many.
            changed: Of so many articles, spread over all, the first sentence is another.
        """
        count = passages // PASSAGES
        step = count // changed if changed else 0
        for i in range(count):
            chance = np.random.default_rng(i)
            drawn = np.searchsorted(self._steps[:-1], chance.random(ARTICLE))
            subjects = chance.integers(len(self.words) // 20, len(self.words), SUBJECTS)
            there = chance.random(len(drawn)) < 1 / 6
            drawn[there] = subjects[chance.integers(0, SUBJECTS, int(there.sum()))]
            words = self.words[drawn].tolist()
            if step and i % step == 0 and i // step < changed:
                words[:3] = ["another", "first", "sentence"]
            text = " ".join(
                " ".join(words[k : k + SENTENCE]).capitalize() + "." for k in range(0, len(words), SENTENCE)
            )
            title = " ".join(self.words[subjects[:3]].tolist()).capitalize()
            day = date(2024, 1, 1) + timedelta(days=int(chance.integers(DAYS)))
            yield Article(f"a{i:07}", title, text, published=day, source=PUBLISHERS[int(chance.integers(5))])


class Pretender(Embedder):
    """Embeds questions, and makes up what it gives for passages.

    Attributes:
        writer: Makes up the articles.
        seconds: That making up vectors has taken.
    """

    def __init__(self, writer: Writer, real: Embedder, kept: Path) -> None:
        """Embed some passages really, to have something to begin with; or take the vectors that were kept of them."""
        self.__dict__.update(real.__dict__)
        self.writer = writer
        self.seconds = 0.0
        if not kept.exists():
            made = list(islice(_shuffled(REALLY_EMBEDDED, 3), REALLY_EMBEDDED))
            found = real.encode_passages([a.title for a in made], [a.text for a in made])
            np.save(kept, np.stack([encoded.vector for _, encoded in found]))
        self._vectors = np.load(kept)
        chance = np.random.default_rng(1)
        self._noise = chance.standard_normal((POOL, self.dimension), dtype=np.float32) / np.sqrt(self.dimension)
        self._ids = {word: real.model.tokenizer.convert_tokens_to_ids(word) for word in writer.words.tolist()}
        directions = chance.standard_normal((self.vocabulary, 128), dtype=np.float32)
        self._directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
        self._token_noise = chance.standard_normal((POOL, 128), dtype=np.float32) * (TOKEN_NOISE / np.sqrt(128))

    def tokenize(self, text: str) -> list[Span]:
        """Return the words' spans: the model knows each of them whole."""
        return [found.span() for found in re.finditer(r"\w+|[^\w\s]", text)]

    def encode_passages(
        self, titles: Sequence[str], texts: Sequence[str], projection: Floats | None = None
    ) -> Iterator[tuple[int, Encoded]]:
        """Make up vectors for passages; those from which is learned are real."""
        if projection is None:
            yield from super().encode_passages(titles, texts)
            return
        for i, text in enumerate(texts):
            started = time.thread_time()
            encoded = self._made_up(text)
            self.seconds += time.thread_time() - started
            yield i, encoded

    def _made_up(self, text: str) -> Encoded:
        chance = np.random.default_rng(zlib.crc32(text.encode()))
        one, other, noise, place = chance.integers(0, [len(self._vectors)] * 2 + [POOL, POOL - 2 * PASSAGE])
        share = chance.random(dtype=np.float32)
        vector = share * self._vectors[one] + (1 - share) * self._vectors[other] + BESIDE * self._noise[noise]
        spans = self.tokenize(text)
        ids = np.array([self._ids.get(text[a:b].lower(), 1012) for a, b in spans], dtype=np.int32)
        tokens = self._directions[ids] + self._token_noise[place : place + len(ids)]
        tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
        vector = (vector / np.linalg.norm(vector)).astype(np.float32)
        return Encoded(vector, tokens, ids, np.array(spans, dtype=np.int32))
