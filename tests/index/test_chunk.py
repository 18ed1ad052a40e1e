"""Passages are whole sentences at exact offsets, cover their article, and are read by the model in full."""

from __future__ import annotations

import re
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import LONGEST_SENTENCE, cut_article, shorten, split_sentences
from index.embed import Embedder
from index.model import Article
from index.settings import IndexSettings

any_text = st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from(" \n.?!aA-1"), max_size=600)


@cache
def embedder() -> Embedder:
    return Embedder(IndexSettings())


def pieces(text: str) -> list[tuple[int, int]]:
    """A tokenizer that cuts words into pieces of five letters, as fast as hypothesis wants it."""
    return [found.span() for found in re.finditer(r"\w{1,5}|[^\w\s]", text)]


@given(any_text)
def test_sentences_follow_one_another_and_cover_the_text(text: str) -> None:
    spans = split_sentences(text)

    assert text == "".join(text[start:end] for start, end in spans)


@given(any_text)
def test_no_sentence_is_white_space_alone_unless_the_text_is(text: str) -> None:
    spans = split_sentences(text)

    assert not text.strip() or all(text[start:end].strip() for start, end in spans)


def test_abbreviations_and_dates_do_not_end_a_sentence() -> None:
    text = "The U.S. President spoke on Sept. 13. Dr. Osei left at 5 p.m. on Friday."

    assert ["The U.S. President spoke on Sept. 13. ", "Dr. Osei left at 5 p.m. on Friday."] == [
        text[start:end] for start, end in split_sentences(text)
    ]


def test_each_item_of_a_list_is_a_sentence() -> None:
    text = "It asks for three things:\n- a new seal\n- a siren\n\nThe mayor agreed."

    assert 4 == len(split_sentences(text))


@settings(max_examples=300, deadline=None)
@given(any_text, st.integers(1, 40))
def test_passages_cover_the_article_within_their_limit(text: str, most: int) -> None:
    article = Article("a", "Title", text)
    cuts = cut_article(article, pieces, most)

    assert text == "".join(text[cut.passage.start : cut.passage.end] for cut in cuts)
    assert all(len(pieces(text[cut.passage.start : cut.passage.end])) <= most for cut in cuts)


@settings(max_examples=200, deadline=None)
@given(any_text, st.integers(1, 40))
def test_a_passage_is_its_sentences_and_no_two_passages_share_an_id(text: str, most: int) -> None:
    cuts = cut_article(Article("a", "Title", text), pieces, most)

    for cut in cuts:
        assert (cut.passage.start, cut.passage.end) == (cut.sentences[0][0], cut.sentences[-1][1])
        assert all(one[1] == next_one[0] for one, next_one in zip(cut.sentences, cut.sentences[1:], strict=False))
    assert len(cuts) == len({cut.passage.id for cut in cuts})


def test_passages_are_about_equal_in_length() -> None:
    text = " ".join(f"This is sentence number {i} of the article." for i in range(60))
    cuts = cut_article(Article("a", "Title", text), pieces, 200)
    lengths = [len(pieces(text[cut.passage.start : cut.passage.end])) for cut in cuts]

    assert max(lengths) - min(lengths) <= 30


def test_a_sentence_without_end_is_split_between_words() -> None:
    text = "word " * 1000
    cuts = cut_article(Article("a", "Title", text), pieces, 200)

    assert all(end - start <= LONGEST_SENTENCE for cut in cuts for start, end in cut.sentences)
    assert all(text[end - 1] == " " for cut in cuts for _, end in cut.sentences)


def test_the_words_of_an_unchanged_passage_keep_its_id_wherever_it_moves() -> None:
    tail = " ".join(f"Sentence {i} stays as it is." for i in range(30))
    before = {cut.passage.id for cut in cut_article(Article("a", "T", tail), pieces, 20)}
    after = {cut.passage.id for cut in cut_article(Article("a", "T", "New first words here. " * 4 + tail), pieces, 20)}

    assert before & after


@settings(max_examples=40, deadline=None)
@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=300),
    st.lists(
        st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=40)
        | st.sampled_from(["harbour", "antidisestablishmentarianism", "Ünïcödé", "漢字かな", "😀", "a.b@c"]),
        min_size=1,
        max_size=300,
    ),
)
def test_the_model_cuts_nothing_of_a_passage_or_of_what_it_sees_of_the_title(title: str, words: list[str]) -> None:
    model = embedder()
    article = Article("a", title, " ".join(words))

    for cut in cut_article(article, model.tokenize, IndexSettings().passage_tokens):
        whole = model.head(title) + article.text[cut.passage.start : cut.passage.end]
        special = 2  # [CLS] and [SEP]
        assert len(model.tokenize(whole)) + special <= model.max_tokens == 256


@given(any_text, st.integers(0, 20))
def test_a_title_is_shortened_to_a_beginning_of_itself(title: str, tokens: int) -> None:
    short = shorten(title, pieces, tokens)

    assert title.startswith(short)
    assert len(pieces(short)) <= tokens


def test_a_blob_without_sentences_is_cut_in_time_that_grows_with_its_length() -> None:
    tokenized = 0

    def counting(text: str) -> list[tuple[int, int]]:
        nonlocal tokenized
        tokenized += len(text)
        return pieces(text)

    blob = "cell,12,cell;" * 20_000
    cut_article(Article("a", "Title", blob), counting, 200)

    assert tokenized < 10 * len(blob)
