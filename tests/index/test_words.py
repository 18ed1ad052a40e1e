"""Models without usable token vectors serve as well: sentences are then scored by the words they share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bot.ask import Asker
from bot.cli import app
from bot.model import Question
from index import IndexSettings, ModelUnavailable, build, generation_status, open_index
from index.embed import Embedder
from index.weights import default_model_folder
from index.words import Words

ARTICLES = {
    "lighthouse": "The lighthouse was painted white in 1911. Its lamp burns oil. The keeper has two goats.",
    "ferry": "The ferry to Ordavel sails at noon. It carries sixty cars. Dogs travel free.",
    "bridge": "The bridge was closed for repairs. Engineers found a crack. 橋は閉鎖された。",
}
QUESTION = "When was the lighthouse painted?"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Folders of tiny models, as the library writes them."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import BoW, Dense, StaticEmbedding
    from tokenizers import Tokenizer

    torch.manual_seed(7)
    words = sorted({word.strip(".").lower() for text in ARTICLES.values() for word in text.split()})
    pipelines = {
        # Its tokenizer tells places, but it only sums vectors up.
        "static": StaticEmbedding(
            Tokenizer.from_file(str(default_model_folder() / "tokenizer.json")), embedding_dim=48
        ),
        # It counts words, and its tokenizer knows no places.
        "bag of words": BoW(words),
        "no text": Dense(8, 8),
    }
    folders = {}
    for name, module in pipelines.items():
        folders[name] = str(tmp_path_factory.mktemp("model"))
        SentenceTransformer(modules=[module], device="cpu").save(folders[name])
    return folders


@pytest.fixture(scope="module")
def homes(
    models: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Path, IndexSettings]]:
    """Return a home with a small index for each model, built once."""
    built: dict[str, tuple[Path, IndexSettings]] = {}
    folder = tmp_path_factory.mktemp("articles")
    for name, text in ARTICLES.items():
        (folder / f"{name}.txt").write_text(text)

    def home(model: str) -> tuple[Path, IndexSettings]:
        if model not in built:
            settings = IndexSettings(model=models[model])
            built[model] = (tmp_path_factory.mktemp("home"), settings)
            build([folder], built[model][0], settings)
        return built[model]

    return home


KINDS = pytest.mark.parametrize("kind", ["static", "bag of words"])


@KINDS
def test_an_index_without_token_vectors_answers_by_the_words(
    kind: str, homes: Callable[..., tuple[Path, IndexSettings]]
) -> None:
    asker = Asker(*homes(kind))
    answer = asker.ask(Question(QUESTION))
    asker.close()

    assert answer.citations[0].quote.startswith("The lighthouse was painted white in 1911.")
    for hit in answer.hits:
        assert all(s.features["similarity"] == s.features["overlap"] for s in hit.sentences)


@KINDS
def test_the_status_says_how_sentences_are_read(kind: str, homes: Callable[..., tuple[Path, IndexSettings]]) -> None:
    home, _ = homes(kind)
    said = CliRunner().invoke(app, ["index", "status", "--home", str(home)]).stdout
    plain = json.loads(CliRunner().invoke(app, ["index", "status", "--home", str(home), "--json"]).stdout)

    assert "Reader          word overlap (the model gives no token vectors)" in said
    assert "word overlap" == plain["reader"]


def test_the_default_model_is_read_by_late_interaction(seed_home: Path) -> None:
    assert "late interaction" == generation_status(seed_home).summary.reader


@KINDS
def test_what_is_unchanged_is_taken_over_with_its_words(
    kind: str, homes: Callable[..., tuple[Path, IndexSettings]], tmp_path: Path
) -> None:
    _, settings = homes(kind)
    (tmp_path / "articles").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "articles" / f"{name}.txt").write_text(text)
    embedder = Embedder(settings)
    build([tmp_path / "articles"], tmp_path / "home", settings, embedder=embedder)
    (tmp_path / "articles" / "ferry.txt").write_text("The ferry sails no more.")
    report = build([tmp_path / "articles"], tmp_path / "home", settings, embedder=embedder)
    with open_index(tmp_path / "home", settings, embedder) as index:
        found = index.search("Does the ferry sail?")

    assert (1, 3) == (report.embedded, report.passages)
    assert 0.0 < found[0].features["whole_overlap"]
    assert "The ferry sails no more." == found[0].text


def test_a_static_model_reads_passages_of_any_length(models: dict[str, str]) -> None:
    embedder = Embedder(IndexSettings(model=models["static"], passage_tokens=8192))
    _, encoded = next(embedder.encode_passages(["Title"], ["word " * 8000]))

    assert 8000 == len(encoded.spans)
    assert (8000, 0) == encoded.tokens.shape
    np.testing.assert_allclose(1.0, np.linalg.norm(encoded.vector), atol=1e-5)


def test_a_model_that_embeds_no_text_is_refused(models: dict[str, str]) -> None:
    with pytest.raises(ModelUnavailable, match="does not embed texts"):
        Embedder(IndexSettings(model=models["no text"]))


def test_words_know_their_places_and_no_large_letters() -> None:
    text = "The Lamp, the lamp: 橋は " + "x" * 100
    read = Words()(text)
    pieces = [text[start:end] for start, end in read["offset_mapping"]]

    assert ["The", "Lamp", ",", "the", "lamp", ":", "橋", "は"] == pieces[:8]
    assert text.replace(" ", "") == "".join(pieces)
    assert read["input_ids"][0] == read["input_ids"][3]
    assert read["input_ids"][1] == read["input_ids"][4] != read["input_ids"][0]
    assert [read["input_ids"]] == Words()([text])["input_ids"]
