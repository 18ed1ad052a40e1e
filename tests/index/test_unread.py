"""A model reads what its tokenizer has words for; what it spells out letter by letter is matched by words instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import IndexSettings, build, open_index
from index.embed import Embedder
from index.unread import is_unread
from tests.many_languages import ARTICLES, QUESTIONS, Asked

UNREAD = {"ru", "ar", "zh", "ja", "hi"}


@pytest.fixture(scope="module")
def english() -> Embedder:
    return Embedder(IndexSettings())


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    """A tiny model of random weights, whose tokenizer has pieces of words of all the languages, as large ones do."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(7)
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    texts = [f"{article.title} {article.text}" for article in ARTICLES] + [asked.question for asked in QUESTIONS]
    special = ["<s>", "</s>", "<pad>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=2_000, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(texts * 3, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    folder = tmp_path_factory.mktemp("model")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>",
        model_max_length=256,
    ).save_pretrained(folder / "transformer")  # fmt: skip
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=300, pad_token_id=2,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder / "transformer")
    transformer = Transformer(str(folder / "transformer"), max_seq_length=256)
    SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu").save(str(folder / "model"))
    return IndexSettings(
        model=str(folder / "model"), query_prompt="query: ", passage_prompt="passage: ", passage_tokens=150
    )


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.article)
def test_an_english_model_does_not_read_what_it_spells_out(english: Embedder, asked: Asked) -> None:
    assert (asked.language in UNREAD) is is_unread(asked.question, english.encode_query(asked.question), english)


def test_english_is_always_read(english: Embedder) -> None:
    for question in ("Who is J. K. R.?", "U.S. v. X?", "Who founded the Yuan dynasty (元朝)?", "?!"):
        assert not is_unread(question, english.encode_query(question), english)


def test_a_multilingual_model_is_not_bypassed(multilingual: IndexSettings, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for article in ARTICLES:
        (folder / f"{article.id}.txt").write_text(article.text, "utf-8")
    build([folder], tmp_path / "home", multilingual)
    with open_index(tmp_path / "home", multilingual) as index:
        read = [
            asked.language
            for asked in QUESTIONS
            if not is_unread(asked.question, index.embedder.encode_query(asked.question), index.embedder)
        ]
        first = [index.search(asked.question)[0].article.id.split("/")[-1] for asked in QUESTIONS]

    assert UNREAD <= set(read)
    assert all(name.startswith(asked.language) for name, asked in zip(first, QUESTIONS, strict=True))
