"""The embedding model: texts to passage vectors and, from the same forward pass, contextual token vectors.

A model that gives no token vectors serves as well: its texts have tokens without vectors, which are matched as words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.backends import computed_by
from index.chunk import Span, shorten
from index.errors import ModelUnavailable, reason_of
from index.settings import IndexSettings
from index.weights import fingerprint, load_weights
from index.words import tokenizer_of

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]
Flags = NDArray[np.bool_]

# Tokens of a title that the model gets to see in front of each passage. People see all of it.
TITLE_TOKENS = 40

# A text after a title may begin with another token than it would alone: leave room for that.
SEAM_TOKENS = 4

# Of models that read texts of any length, as much as they are given.
UNLIMITED = 1 << 16

# Passages in one forward pass. Larger batches are no faster on a processor and need more memory.
BATCH = 32

# Passages sorted by length together, so that a batch holds equals and little is padded.
WINDOW = 64 * BATCH


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text as the model sees it.

    Attributes:
        vector: (dimension,) float32, unit norm.
        tokens: (n, dimension or fewer) float32, unit norm: the contextual vector of each token; (n, 0) if the model
            gives none.
        token_ids: (n,) int32, in the tokenizer's vocabulary; those of unknown words are left out.
        spans: (n, 2) int32: each token's characters in the text that was given, title not counted.
    """

    vector: Floats
    tokens: Floats
    token_ids: Integers
    spans: Integers


class Embedder:
    """A sentence-transformers model on this machine. Use it from one thread at a time.

    Attributes:
        fingerprint: Names the model's weights; equal fingerprints mean comparable vectors.
        dimension: Length of every vector.
        vocabulary: How many tokens the model knows.
        max_tokens: What the model reads of one text; it would cut the rest without a word.
        gives_tokens: The model gives a contextual vector for each token. If not, sentences are scored by their words.
    """

    def __init__(self, settings: IndexSettings) -> None:
        """Load the model.

        Raises:
            ModelUnavailable: It cannot be loaded, or it cannot read passages of the configured length.
        """
        from threadpoolctl import threadpool_limits

        self._settings = settings
        loaded = load_weights(settings.model)
        self.fingerprint = fingerprint(loaded)
        self.model = computed_by(settings.backend, loaded, self.fingerprint)
        # numpy's threads go on spinning after each product and hold up the model's: with a search between, a question
        # took 15 ms to embed and one of a hundred 110, instead of 8 and 10. They are not needed for small products.
        threadpool_limits(1, user_api="blas")
        self._tokenizer = tokenizer_of(self.model)
        self.gives_tokens = self._try_tokens()
        known = self.model.get_embedding_dimension() if self.gives_tokens else len(self._vectors(["a word"])[0])
        self.dimension = int(known or 0)
        self.max_tokens = int(min(self.model.max_seq_length or 512, UNLIMITED))
        self.vocabulary = len(self._tokenizer)
        special = int(self._tokenizer.num_special_tokens_to_add())
        self._head_tokens = self.max_tokens - special - settings.passage_tokens - SEAM_TOKENS
        if len(self.tokenize(settings.passage_prompt)) > self._head_tokens:
            most = self.max_tokens - special - SEAM_TOKENS - TITLE_TOKENS - len(self.tokenize(settings.passage_prompt))
            raise ModelUnavailable(
                f"The model {settings.model!r} reads {self.max_tokens} tokens at once, too few for passages of "
                f"{settings.passage_tokens}.",
                f"Set passage_tokens to {most} or less." if most > 0 else "Choose another model.",
            )

    def tokenize(self, text: str) -> list[Span]:
        """Return the span of each token of `text`, special tokens left out, however long the text is."""
        offsets: list[Span] = self._tokenizer(
            text, add_special_tokens=False, truncation=False, return_offsets_mapping=True, verbose=False
        )["offset_mapping"]
        return offsets

    def encode_passages(
        self, titles: Sequence[str], texts: Sequence[str], projection: Floats | None = None
    ) -> Iterator[tuple[int, Encoded]]:
        """Embed passages, each with its article's title in front.

        Args:
            titles: One for each text.
            texts: The passages.
            projection: (dimension, d) float32: if given, the token vectors are projected to d dimensions.

        Yields:
            Each passage's place in `texts` and what it was turned into, batch by batch, in no particular order.
        """
        heads = [self.head(title) for title in titles]
        whole = [head + text for head, text in zip(heads, texts, strict=True)]
        for first in range(0, len(whole), WINDOW):
            window = slice(first, first + WINDOW)
            for i, encoded in self._encode(whole[window], [len(head) for head in heads[window]], projection):
                yield first + i, encoded

    def encode_query(self, query: str) -> Encoded:
        """Embed one query; what the model cannot read of it is left out."""
        prompt = self._settings.query_prompt
        _, encoded = next(self._encode([prompt + query], [len(prompt)], None))
        return encoded

    def head(self, title: str) -> str:
        """Return what the model reads before a passage: the configured prompt and as much of the title as fits."""
        prompt = self._settings.passage_prompt
        room = self._head_tokens - len(self.tokenize(prompt))
        short = shorten(title, self.tokenize, min(TITLE_TOKENS, room))
        return prompt + (f"{short}\n" if short else "")

    def _encode(
        self, texts: Sequence[str], heads: Sequence[int], projection: Floats | None
    ) -> Iterator[tuple[int, Encoded]]:
        """Embed texts; `heads` says how many characters in front of each are not its own."""
        read = self._tokenizer(
            list(texts),
            truncation=True,
            max_length=self.max_tokens,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        # Equals together, so that little is padded.
        order = sorted(range(len(texts)), key=lambda i: len(read["input_ids"][i]), reverse=True)
        for begin in range(0, len(order), BATCH):
            batch = order[begin : begin + BATCH]
            if self.gives_tokens:
                vectors, tokens = self._forward(read, batch, projection)
            else:
                vectors = self._vectors([texts[i] for i in batch])
                tokens = np.zeros((len(batch), len(read["input_ids"][batch[0]]), 0), dtype=np.float32)
            for row, i in enumerate(batch):
                ids = np.array(read["input_ids"][i], dtype=np.int32)
                spans = np.array(read["offset_mapping"][i], dtype=np.int32).reshape(-1, 2)
                # What the model does not know says nothing: two unknown words are not the same word.
                own = (ids != self._tokenizer.unk_token_id) & ~np.array(read["special_tokens_mask"][i], dtype=bool)
                own &= (spans[:, 0] >= heads[i]) & (spans[:, 1] > spans[:, 0])
                yield i, Encoded(vectors[row], tokens[row, : len(ids)][own], ids[own], spans[own] - heads[i])

    def _forward(self, read: Any, batch: Sequence[int], projection: Floats | None) -> tuple[Floats, Floats]:
        """Return (n, dimension) vectors and (n, longest, d) token vectors of some of the texts that were read."""
        import torch
        from torch.nn.functional import normalize

        inputs = [name for name in self._tokenizer.model_input_names if name in read]
        features = self._tokenizer.pad({n: [read[n][i] for i in batch] for n in inputs}, return_tensors="pt")
        # All arithmetic in torch: threads that numpy's library keeps spinning would slow the next forward pass.
        with torch.inference_mode():
            output = self.model.forward({n: values.to(self.model.device) for n, values in features.items()})
            contextual = output["token_embeddings"].float()
            if projection is not None:
                contextual = contextual @ torch.from_numpy(projection).to(contextual.device)
            tokens: Floats = normalize(contextual, dim=-1).cpu().numpy()
            vectors: Floats = normalize(output["sentence_embedding"].float(), dim=-1).cpu().numpy()
        return vectors, tokens

    def _vectors(self, texts: Sequence[str]) -> Floats:
        """Return (n, dimension) vectors, however the model makes them."""
        try:
            # No prompt but the configured one, which the texts begin with.
            vectors = self.model.encode(list(texts), prompt="", normalize_embeddings=True, show_progress_bar=False)
        except Exception as error:
            raise ModelUnavailable(
                f"The model {self._settings.model!r} does not embed texts: {reason_of(error)}.", "Choose another model."
            ) from error
        return np.asarray(vectors, dtype=np.float32)

    def _try_tokens(self) -> bool:
        """Return whether the model gives a vector for each token that its tokenizer tells the place of."""
        try:
            _, tokens = self._forward(self._tokenizer(["a word"]), [0], None)
        except Exception:
            # Pipelines of another kind fail here, each in its own way; what they can do is tried next.
            return False
        return tokens.ndim == 3 and tokens.shape[1] == len(self._tokenizer("a word")["input_ids"])  # noqa: PLR2004
