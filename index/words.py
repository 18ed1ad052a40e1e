"""Reading texts in pieces, for models of every kind: the model's own tokenizer where it can tell places, else words."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from index.chunk import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# One sign of a script that is written without spaces, a word, or any other sign. No word is endless.
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]|\w{1,32}|[^\w\s]")

# As many different words as are told apart, a few of them taken for each other; about as many as a tokenizer knows.
_DIFFERENT = 1 << 16


class Words:
    """Called as a fast tokenizer is: a text's words, each numbered by its letters, large or small."""

    unk_token_id = None

    def __call__(self, text: str | Sequence[str], **_: object) -> dict[str, Any]:
        """Return the number and the span of each word, for one text or several."""
        if not isinstance(text, str):
            read = [self(one) for one in text]
            return {
                name: [one[name] for one in read] for name in ("input_ids", "offset_mapping", "special_tokens_mask")
            }
        found = list(_WORD.finditer(text))
        spans: list[Span] = [word.span() for word in found]
        numbers = [zlib.crc32(word[0].casefold().encode("utf-8", "replace")) % _DIFFERENT for word in found]
        return {"input_ids": numbers, "offset_mapping": spans, "special_tokens_mask": [0] * len(found)}

    def __len__(self) -> int:
        return _DIFFERENT

    def num_special_tokens_to_add(self) -> int:
        """Return 0: nothing is put around a text."""
        return 0


def tokenizer_of(model: SentenceTransformer) -> Any:
    """Return what reads a model's texts in pieces and tells their places: its fast tokenizer, or `Words`."""
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast

    tokenizer = getattr(model, "tokenizer", None)
    if isinstance(tokenizer, Tokenizer):
        return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_object=tokenizer, unk_token=getattr(tokenizer.model, "unk_token", None)
        )
    return tokenizer if getattr(tokenizer, "is_fast", False) else Words()
