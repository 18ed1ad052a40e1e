"""A cross-encoder, made here and read by the library as any other, sorts the best hits anew and nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.ask import Asker
from index import Article, Hit, IndexSettings, ModelUnavailable, Passage, Reranker, open_index
from index.config import Config, load
from index.weights import default_model_folder

QUESTION = "Where was the stolen astrolabe found?"


@pytest.fixture(scope="module")
def make_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Write a tiny cross-encoder of random weights into a folder of its own."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    def make(labels: int = 1) -> Path:
        folder = tmp_path_factory.mktemp("cross-encoder")
        torch.manual_seed(7)
        tokenizer = AutoTokenizer.from_pretrained(str(default_model_folder()))
        config = BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=64,
            num_labels=labels,
            initializer_range=0.5,
        )
        BertForSequenceClassification(config).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return make


@pytest.fixture(scope="module")
def model(make_model: Callable[..., Path]) -> Path:
    return make_model()


def hits(*texts: str) -> list[Hit]:
    """Hits of those texts, each a little worse than the one before."""
    return [
        Hit(
            Passage(f"p{n}", f"a{n}", 0, len(text)),
            Article(f"a{n}", f"Title {n}", text),
            10.0 - n**2,
            0,
            len(text),
            features={"cosine": 0.5},
        )
        for n, text in enumerate(texts)
    ]


TEXTS = (
    "It was found in a cello case.",
    "The bridge is closed.",
    "Rain is expected.",
    "Nobody knows.",
    "A ferry sank.",
)


def test_the_best_hits_stand_in_the_models_order_and_the_others_behind_them(model: Path) -> None:
    from sentence_transformers import CrossEncoder

    before = hits(*TEXTS)
    after = Reranker(str(model), top=4).rerank(QUESTION, before)
    judged = CrossEncoder(str(model)).predict([(QUESTION, f"{hit.article.title}\n{hit.text}") for hit in before[:4]])
    expected = [hit.passage.id for _, hit in sorted(zip(judged, before, strict=False), key=lambda pair: -pair[0])]

    assert expected != [hit.passage.id for hit in before[:4]], "else this test could not fail"
    assert expected == [hit.passage.id for hit in after[:4]]
    assert before[4:] == after[4:]


def test_scores_keep_their_measure_and_fall_from_hit_to_hit(model: Path) -> None:
    before = hits(*TEXTS)
    after = Reranker(str(model), top=4).rerank(QUESTION, before)

    assert [hit.score for hit in before] == [hit.score for hit in after]
    assert [0.5] * 5 == [hit.features["cosine"] for hit in after]
    assert all(one.features["rerank"] > other.features["rerank"] for one, other in itertools.pairwise(after[:4]))
    assert "rerank" not in after[4].features


def test_without_hits_no_model_is_needed() -> None:
    assert [] == Reranker("no such model").rerank(QUESTION, [])


def test_what_the_model_cannot_read_at_once_is_cut_for_it_alone(model: Path) -> None:
    long = hits("word " * 5000, "short")
    after = Reranker(str(model)).rerank("why " * 500, long)

    assert {hit.text for hit in long} == {hit.text for hit in after}


def test_a_score_that_is_no_number_comes_last(make_model: Callable[..., Path]) -> None:
    from safetensors.torch import load_file, save_file

    folder = make_model()
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"] = weights["classifier.bias"] + float("nan")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    before = hits(*TEXTS)

    assert [hit.passage for hit in before] == [hit.passage for hit in Reranker(str(folder)).rerank(QUESTION, before)]


@pytest.mark.parametrize("damage", ["empty", "weights", "configuration"])
def test_a_folder_that_cannot_be_loaded_is_said_with_what_to_do(
    damage: str, make_model: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path if damage == "empty" else make_model()
    if damage == "weights":
        (folder / "model.safetensors").write_bytes(b"no weights")
    elif damage == "configuration":
        (folder / "config.json").write_text("{")

    with pytest.raises(ModelUnavailable, match=r"does not hold a cross-encoder .*CrossEncoder\.save"):
        Reranker(str(folder)).rerank(QUESTION, hits("One."))


def test_a_model_that_gives_no_single_score_is_refused(make_model: Callable[..., Path]) -> None:
    with pytest.raises(ModelUnavailable, match="is no reranker: it gives 3 scores to a pair"):
        Reranker(str(make_model(labels=3))).rerank(QUESTION, hits("One."))


def test_an_encoder_that_the_library_would_give_random_weights_is_refused() -> None:
    with pytest.raises(ModelUnavailable, match="is no reranker: it is a BertModel"):
        Reranker(str(default_model_folder())).rerank(QUESTION, hits("One."))


def test_a_search_is_reranked_and_still_holds_every_sentence(seed_home: Path, model: Path) -> None:
    with open_index(seed_home, IndexSettings()) as index:
        plain = index.search(QUESTION, limit=30)
        embedder = index.embedder
    with open_index(seed_home, IndexSettings(), embedder, Reranker(str(model), top=5)) as index:
        found = index.search(QUESTION, limit=30)
    sentences = [{(s.passage_id, s.start, s.end) for hit in some for s in hit.sentences} for some in (plain, found)]

    assert sentences[0] == sentences[1]
    assert [hit.passage for hit in plain] != [hit.passage for hit in found]
    assert sum("rerank" in hit.features for hit in found) <= 5


def test_an_asker_says_at_once_that_its_reranker_is_missing(seed_home: Path, tmp_path: Path) -> None:
    asker = Asker(seed_home, IndexSettings(), Reranker(str(tmp_path)))

    with pytest.raises(ModelUnavailable, match=r"leave rerank\.model empty"):
        asker.open()


def test_the_reranker_is_configured_and_does_not_belong_to_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = load(Config).config
    (tmp_path / "footnote.toml").write_text('[rerank]\nmodel = "somebody/a-reranker"\ntop = 7\n')
    after = load(Config).config

    assert before.rerank.reranker() is None
    assert after.rerank.reranker() is not None
    assert ("somebody/a-reranker", 7) == (after.rerank.model, after.rerank.top)
    assert before.index.settings().fingerprint() == after.index.settings().fingerprint()
