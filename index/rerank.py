"""A second look at the best passages: a cross-encoder reads question and passage together, and sorts them anew.

Optional: it is a second model to fetch and costs a forward pass for each passage at every question. docs/models.md
says what to expect. Nothing heavy is loaded before the first passage is reranked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelUnavailable, reason_of
from index.hub import load_from_hub
from index.model import Hit

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# How many of the best passages are looked at again, if nothing else is configured.
DEFAULT_TOP = 20

# Pairs in one forward pass; as with passages, more are no faster on a processor.
BATCH = 32

_REMEDY = "Name another under [rerank] in footnote.toml, or leave rerank.model empty."


class Reranker:
    """A sentence-transformers cross-encoder on this machine. Use it from one thread at a time.

    Attributes:
        name: Of its model.
    """

    def __init__(self, model: str, top: int = DEFAULT_TOP) -> None:
        """Remember which model to load when it is needed.

        Args:
            model: A name on a model hub, or a local folder.
            top: How many of the best hits to look at again.
        """
        self.name = model
        self._top = top
        self._model: CrossEncoder | None = None

    def rerank(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        """Sort the best hits anew and leave the others behind them.

        The cross-encoder decides about the order alone: its scores are of a scale of its own, so the best hit gets the
        best of the scores that were there, the next the next. What is read from scores later holds as before. Its own
        score is the feature `rerank`.

        Args:
            query: The question.
            hits: Best first.

        Raises:
            ModelUnavailable: The model cannot be loaded, or it fails.
        """
        best, others = hits[: self._top], hits[self._top :]
        if not best:
            return []
        found = self._scores(query, [f"{hit.article.title}\n{hit.text}".strip() for hit in best])
        order = sorted(range(len(best)), key=lambda i: -found[i])
        return [
            *(
                replace(best[i], score=place.score, features={**best[i].features, "rerank": found[i]})
                for place, i in zip(best, order, strict=True)
            ),
            *others,
        ]

    def load(self) -> CrossEncoder:
        """Return the model, loaded if that has not been done.

        Raises:
            ModelUnavailable: It cannot be loaded.
        """
        if self._model is None:
            self._model = _load(self.name)
        return self._model

    def _scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the query, in the model's own measure; what is no number comes last."""
        from torch.nn import Identity

        model = self.load()
        try:
            # Without the model's sigmoid, which makes equals of what is far from its middle.
            found = model.predict(
                [(query, text) for text in texts],
                batch_size=BATCH,
                activation_fn=Identity(),
                show_progress_bar=False,
            )
        except Exception as error:
            raise ModelUnavailable(f"The reranker {self.name!r} failed: {reason_of(error)}.", _REMEDY) from error
        return [score if math.isfinite(score) else -math.inf for score in map(float, found)]


def _load(name: str) -> CrossEncoder:
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = Path(name)
    model: CrossEncoder
    try:
        if folder.is_dir():
            model = CrossEncoder(name, trust_remote_code=False)
        else:
            model = load_from_hub(
                lambda cached: CrossEncoder(name, trust_remote_code=False, local_files_only=cached), name
            )
    except Exception as error:
        # Half a dozen libraries raise here, each in its own way; the operator needs one sentence.
        if folder.is_dir():
            raise ModelUnavailable(
                f"The folder {folder} does not hold a cross-encoder that can be loaded: {reason_of(error)}.",
                "Give a folder that CrossEncoder.save() wrote, or leave rerank.model empty.",
            ) from error
        raise ModelUnavailable(
            f"The reranker {name!r} could not be fetched: {reason_of(error)}.",
            "Check its name and that this machine reaches the model hub, give a local folder instead, "
            "or leave rerank.model empty: it is optional.",
        ) from error
    made, kept = type(model.transformers_model).__name__, getattr(model.config, "architectures", None) or []
    if model.num_labels != 1 or (kept and made.endswith("ForSequenceClassification") and made not in kept):
        # The library would load any encoder and put a head of random weights on it.
        kind = f"gives {model.num_labels} scores to a pair" if model.num_labels != 1 else f"is a {kept[0]}"
        raise ModelUnavailable(f"The model {name!r} is no reranker: it {kind}.", _REMEDY)
    return model
