"""Backends: whatever computes the model, an index holds the same; what computes something else is refused."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from index.backends import AGREEMENT, _agreement, computed_by, installed
from index.embed import Embedder
from index.errors import ModelUnavailable
from index.settings import BACKENDS, TORCH, IndexSettings

TEXTS = ["The ferry leaves at nine.", "A much longer sentence about tides, moorings and the price of rope. " * 9]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(IndexSettings())


@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != TORCH])
def test_a_backend_gives_the_vectors_that_torch_gives_or_says_what_to_install(backend: str, embedder: Embedder) -> None:
    if not installed(backend):
        with pytest.raises(ModelUnavailable, match=f"footnote\\[{backend}\\]"):
            Embedder(IndexSettings(backend=backend))
        return

    other = Embedder(IndexSettings(backend=backend))
    assert embedder.fingerprint == other.fingerprint
    expected, found = (dict(e.encode_passages(["", ""], TEXTS)) for e in (embedder, other))
    for i in expected:
        assert np.allclose(expected[i].vector, found[i].vector, atol=1e-4)
        assert np.allclose(expected[i].tokens, found[i].tokens, atol=1e-3)


def test_what_computes_the_model_does_not_decide_what_an_index_holds() -> None:
    assert IndexSettings().fingerprint() == IndexSettings(backend="openvino").fingerprint()


def test_a_model_that_computes_something_else_does_not_agree(embedder: Embedder) -> None:
    altered = copy.deepcopy(embedder.model)
    with torch.no_grad():
        for weight in altered.parameters():
            weight.add_(torch.randn_like(weight) * 0.005)

    assert _agreement(embedder.model, embedder.model) >= AGREEMENT
    assert _agreement(embedder.model, altered) < AGREEMENT


def test_torch_is_used_as_it_is(embedder: Embedder) -> None:
    assert computed_by(TORCH, embedder.model, embedder.fingerprint) is embedder.model
