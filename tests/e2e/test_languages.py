"""Questions in eight languages over one index of them all: the right article, a whole sentence, word for word."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.ask import Asker, AsyncAsker, read_question
from bot.catalogues import load_catalogues
from bot.examples import Examples
from bot.model import Answer, Status
from bot.render import render_answer
from bot.wording import advice
from index import IndexSettings, build
from index.chunk import split_sentences
from index.embed import Embedder
from tests.many_languages import ARTICLES, QUESTIONS, Asked

CATALOGUES = load_catalogues()
PROMPTS = CATALOGUES.default


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder = tmp_path_factory.mktemp("languages")
    records = [{"id": article.id, "title": article.title, "text": article.text} for article in ARTICLES]
    (folder / "articles.jsonl").write_text("\n".join(json.dumps(record) for record in records), "utf-8")
    settings = IndexSettings()
    embedder = Embedder(settings)
    build([folder / "articles.jsonl"], folder / "home", settings, embedder=embedder)
    asker = Asker(folder / "home", settings, embedder=embedder)  # the model is loaded once
    yield asker
    asker.close()


def ask(asker: Asker, question: str) -> Answer:
    return asker.ask(read_question(question))


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: f"{asked.language}-{asked.article}")
def test_the_sentence_that_answers_is_shown_whole_and_word_for_word(asker: Asker, asked: Asked) -> None:
    answer = ask(asker, asked.question)
    texts = {article.id: article.text for article in ARTICLES}

    assert answer.status is not Status.NOTHING
    assert asked.article == answer.hits[0].article.id == answer.citations[0].article_id
    assert any(asked.answer in citation.quote for citation in answer.citations)
    for citation in answer.citations:
        text = texts[citation.article_id]
        sentences = split_sentences(text, citation.article_id[:2])
        ends = [len(text[:end].rstrip()) for _, end in sentences]

        assert citation.quote == text[citation.start : citation.end]
        assert citation.start in [start for start, _ in sentences] and citation.end in ends


@pytest.mark.parametrize(
    "question",
    [
        "谁赢得了世界杯？",
        "日本の首相は誰ですか？",
        "क्रिकेट मैच किसने जीता?",
        "من فاز بكأس العالم؟",
        "Кто выиграл чемпионат мира?",
    ],
)
def test_what_no_article_tells_is_not_answered_in_a_script_the_model_does_not_know(asker: Asker, question: str) -> None:
    assert ask(asker, question).status is not Status.ANSWERED


def test_a_question_in_a_script_that_no_article_is_in_is_told_which_languages_they_are_in(seed_asker: Asker) -> None:
    answer = ask(seed_asker, "盗まれた天文儀はどこで見つかりましたか？")

    assert answer.status is Status.NOTHING
    assert (
        PROMPTS.text("answer.other_language", languages="English, Deutsch")
        in render_answer(answer, PROMPTS).description
    )


def test_a_question_in_a_script_of_the_articles_gets_the_usual_advice(asker: Asker, seed_asker: Asker) -> None:
    for answer in (ask(asker, "日本の首相は誰ですか？"), ask(seed_asker, "Wer hat die Weltmeisterschaft gewonnen?")):
        assert PROMPTS.text("answer.try_again") == advice(answer, PROMPTS)


def test_the_status_counts_the_articles_of_each_language(asker: Asker) -> None:
    assert {"de": 2, "es": 2, "ru": 2, "ar": 2, "zh": 2, "ja": 2, "hi": 2, "en": 1} == asker.summary().languages


async def test_examples_of_questions_are_in_the_language_of_the_articles_that_answer_them(asker: Asker) -> None:
    found = await Examples(AsyncAsker(asker), CATALOGUES).some()

    assert CATALOGUES.for_locale("de").text("example.about", topic="Mühlenbrücke") in found
    assert CATALOGUES.for_locale("en").text("example.about", topic="Harrow Bay") in found
