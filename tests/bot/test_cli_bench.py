"""`footnote bench`: the fastest backend that gives torch's vectors is named, and what is missing says how to get it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from index.backends import installed
from index.weights import default_model_folder


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A footnote.toml that names a tiny model, which only sums vectors up."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(default_model_folder() / "tokenizer.json"))
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=16)], device="cpu")
    model.save(str(tmp_path / "model"))
    (tmp_path / "footnote.toml").write_text(f'[index]\nmodel = "{tmp_path / "model"}"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOOTNOTE_CONFIG", raising=False)
    return tmp_path


def test_backends_are_measured_and_what_is_not_installed_is_told(configured: Path) -> None:
    result = CliRunner().invoke(app, ["bench", "--json"])
    found = json.loads(result.stdout)

    assert 0 == result.exit_code
    assert found["in_force"] == "torch"
    measured = {speed["backend"]: speed for speed in found["backends"]}
    assert {"torch", "onnx", "openvino"} == {*measured, *found["failed"]}
    assert found["fastest"] == max(measured.values(), key=lambda speed: speed["passages_per_second"])["backend"]
    assert all(f"footnote[{name}]" in said for name, said in found["failed"].items() if not installed(name))


def test_a_model_that_cannot_be_loaded_is_told(configured: Path) -> None:
    (configured / "footnote.toml").write_text(f'[index]\nmodel = "{configured}"\n')

    result = CliRunner().invoke(app, ["bench"])

    assert 1 == result.exit_code
    assert "does not hold a model" in result.stderr
