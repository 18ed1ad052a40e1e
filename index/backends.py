"""What computes the embedding model: torch, or the same weights through ONNX Runtime or OpenVINO.

Both are reached through sentence-transformers. The model is exported once, kept on this machine beside other caches,
and compared with torch each time that it is loaded: what an index holds never depends on what computed it.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import warnings
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelUnavailable, reason_of
from index.settings import TORCH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

# Cosine of the vectors that torch and another backend give the same text, at least. Rounding makes it 0.9999999; a
# quantised or broken export is far below.
AGREEMENT = 0.99999

# Texts that they are compared on: of several lengths, so that padding is compared too.
_TRIED = (
    "a word",
    "Where was the stolen astrolabe found?",
    "The harbour was closed for a week. " * 12,
)

# What a backend needs, beside sentence-transformers.
_NEEDS = {
    "onnx": ("onnxruntime", "optimum", "optimum.onnxruntime"),
    "openvino": ("openvino", "optimum", "optimum.intel"),
}

# OpenVINO would compute in bfloat16 where the processor can, which gives other vectors.
_OPTIONS: dict[str, dict[str, Any]] = {
    "onnx": {"provider": "CPUExecutionProvider"},
    "openvino": {"ov_config": {"INFERENCE_PRECISION_HINT": "f32"}},
}


def installed(backend: str) -> bool:
    """Return whether what a backend needs is installed; torch always is."""
    return all(find_spec(module) is not None for module in _NEEDS.get(backend, ()))


def require(backend: str) -> None:
    """Check that a backend is installed.

    Raises:
        ModelUnavailable: It is not.
    """
    if not installed(backend):
        raise ModelUnavailable(
            f"The backend {backend!r} is not installed.",
            f"pip install 'footnote[{backend}]', or set backend to 'torch'.",
        )


def computed_by(backend: str, model: SentenceTransformer, weights: str) -> SentenceTransformer:
    """Return a model that computes what `model` does.

    Args:
        backend: One of `index.settings.BACKENDS`.
        model: Loaded with torch.
        weights: Its fingerprint.

    Raises:
        ModelUnavailable: The backend is not installed, cannot take the model, or computes something else.
    """
    if backend == TORCH:
        return model
    require(backend)
    kept = _cache() / f"{weights}-{backend}"
    try:
        with _quiet():
            if kept.is_dir():
                exported = _load(kept, backend)
                if _agreement(model, exported) >= AGREEMENT:
                    return exported
                log.warning("What %s kept of the model in %s is damaged; it is exported anew.", backend, kept)
                shutil.rmtree(kept)
            exported = _export(model, backend, kept)
            agreement = _agreement(model, exported)
    except Exception as error:
        # Half a dozen libraries raise here, each in its own way; the operator needs one sentence.
        raise ModelUnavailable(
            f"The backend {backend!r} cannot compute this model: {reason_of(error)}.",
            f"Set backend to 'torch'; if it worked before, remove {kept} first.",
        ) from error
    if agreement < AGREEMENT:
        raise ModelUnavailable(
            f"The backend {backend!r} computes other vectors than torch (cosine {agreement:.5f}).",
            "Set backend to 'torch'.",
        )
    return exported


def _load(folder: Path, backend: str, **more: Any) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        str(folder),
        backend=backend,  # type: ignore[arg-type]  # one of the names it knows
        model_kwargs={**_OPTIONS[backend], **more},
        trust_remote_code=False,
        local_files_only=True,
    )


def _export(model: SentenceTransformer, backend: str, kept: Path) -> SentenceTransformer:
    """Export a model, keep it, and return it as it was kept."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as aside:
        plain, exported = Path(aside) / "torch", Path(aside) / backend
        model.save_pretrained(str(plain))
        _load(plain, backend, export=True).save_pretrained(str(exported))
        if not kept.exists():  # another process may have been faster
            exported.rename(kept)
    return _load(kept, backend)


def _agreement(model: SentenceTransformer, other: SentenceTransformer) -> float:
    """Return the least cosine between the vectors that two models give the same texts."""
    one, two = (
        m.encode(list(_TRIED), prompt="", normalize_embeddings=True, show_progress_bar=False) for m in (model, other)
    )
    return float((one * two).sum(axis=1).min())


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "footnote" / "models"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep to itself what the exporting libraries warn their own developers of."""
    loud = [logging.getLogger(name) for name in ("optimum", "nncf")]
    levels = [logger.level for logger in loud]
    for logger in loud:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loud, levels, strict=True):
            logger.setLevel(level)
