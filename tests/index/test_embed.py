"""The embedding model is the one that was asked for and pinned, or there is an error that says what to do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from index import IndexSettings, ModelAltered, ModelUnavailable, build, open_index
from index.embed import TITLE_TOKENS, Embedder
from index.weights import DEFAULT_MODEL_SHA256, default_model_folder, verify_weights


@cache
def embedder() -> Embedder:
    return Embedder(IndexSettings())


def test_no_threads_of_numpys_hold_up_the_model() -> None:
    threadpool_limits(2, user_api="blas")

    Embedder(IndexSettings())

    # None where numpy computes with what has no threads that could be told.
    assert {1} >= {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_weights_that_are_not_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    altered = tmp_path / "model.safetensors"
    shutil.copy(default_model_folder() / "model.safetensors", altered)
    verify_weights(altered, DEFAULT_MODEL_SHA256)
    with altered.open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)[0]
        file.seek(1_000_000)
        file.write(bytes([byte ^ 1]))

    with pytest.raises(ModelAltered, match="pip install"):
        verify_weights(altered, DEFAULT_MODEL_SHA256)


def test_a_hub_that_cannot_be_reached_is_said_with_what_to_do(tmp_path: Path) -> None:
    # A process of its own, whose hub is a closed port of this machine: the libraries read the address at import.
    code = (
        "from index import Article, Hit, IndexSettings, ModelUnavailable, Passage, Reranker\n"
        "from index.embed import Embedder\n"
        "try: Embedder(IndexSettings(model='somebody/some-model'))\nexcept ModelUnavailable as error: print(error)\n"
        "hit = Hit(Passage('p', 'a', 0, 1), Article('a', 'T', 'x'), 1.0, 0, 1)\n"
        "try: Reranker('somebody/a-reranker').rerank('?', [hit])\nexcept ModelUnavailable as error: print(error)"
    )
    environment = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)

    assert "'somebody/some-model' could not be fetched" in done.stdout, done.stderr[-2000:]
    assert "The reranker 'somebody/a-reranker' could not be fetched" in done.stdout, done.stderr[-2000:]
    assert 2 == done.stdout.count("give a local folder instead")


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"SentenceTransformer\.save"):
        Embedder(IndexSettings(model=str(tmp_path)))


def test_passages_longer_than_the_model_reads_are_refused_with_the_most_that_fits() -> None:
    with pytest.raises(ModelUnavailable, match="passage_tokens to 210 or less"):
        Embedder(IndexSettings(passage_tokens=300))

    Embedder(IndexSettings(passage_tokens=210))


def test_a_local_folder_with_prompts_serves_a_whole_index(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.txt").write_text("The lighthouse was painted white in 1911.")
    settings = IndexSettings(model=str(default_model_folder()), query_prompt="query: ", passage_prompt="passage: ")
    build([articles], tmp_path / "home", settings)
    with open_index(tmp_path / "home", settings) as index:
        assert "1911" in index.search("When was the lighthouse painted?")[0].text
        assert index.embedder.head("Title").startswith("passage: Title")
        plain = embedder().encode_query("lighthouse").vector

        assert not np.allclose(plain, index.embedder.encode_query("lighthouse").vector)


def test_the_vectors_are_those_of_the_library_itself() -> None:
    texts = ["The lighthouse was painted white.", "Short.", "A much longer text. " * 12, "漢字 and émigrés"]
    expected = embedder().model.encode([f"A title\n{text}" for text in texts], normalize_embeddings=True)
    found = dict(embedder().encode_passages(["A title"] * 4, texts))

    for i, vector in enumerate(expected):
        np.testing.assert_allclose(vector, found[i].vector, atol=1e-5)


def test_each_token_vector_belongs_to_characters_of_the_text_itself() -> None:
    text = "The lighthouse was painted white in 1911."
    _, encoded = next(embedder().encode_passages(["A title in front"], [text]))

    assert "Thelighthousewaspaintedwhitein1911." == "".join(text[start:end] for start, end in encoded.spans)
    assert len(encoded.tokens) == len(encoded.token_ids) == len(encoded.spans)
    np.testing.assert_allclose(1.0, np.linalg.norm(encoded.tokens, axis=1), atol=1e-5)


def test_a_long_title_is_cut_for_the_model() -> None:
    head = embedder().head("Lighthouse news " * 500)

    assert len(embedder().tokenize(head)) <= TITLE_TOKENS
    assert "" == embedder().head("")
