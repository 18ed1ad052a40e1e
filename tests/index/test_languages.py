"""Articles are cut and found in their own language, whatever languages stand beside them; English stays as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import tantivy

from bot.data import data_folder
from index import Article, GenerationMismatch, IndexSettings
from index.chunk import split_sentences
from index.formats import read_files
from index.generations import Manifest
from index.language import article_language, language_by_script, language_of
from index.lexical import LexicalIndex, write_lexical
from index.terms import terms
from tests.many_languages import ARTICLES, QUESTIONS, Asked

SEEDS = [article for article in read_files([data_folder("seeds")]) if isinstance(article, Article)]


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    """The word index of all languages at once, a passage an article."""
    folder = tmp_path_factory.mktemp("languages") / "lexical"
    write_lexical(folder, "auto", ((row, article, article.text) for row, article in enumerate(ARTICLES)))
    return LexicalIndex(folder)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_the_language_of_an_article_is_found_out(article: Article) -> None:
    assert article.id[:2] == article_language(article, "auto")
    assert "nl" == article_language(article, "nl")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le conseil municipal a décidé de réparer le pont, et les travaux dureront deux ans.", "fr"),
        ("De gemeenteraad heeft besloten de oude brug te herstellen, en dat kost twee jaar.", "nl"),
        ("Belediye meclisi eski köprünün onarılmasına karar verdi ve bu bir yıl sürecek.", "tr"),
        ("Consiliul a decis să repare podul vechi, iar lucrările vor începe în martie și nu costă mult.", "ro"),
        ("The Yuan dynasty (Chinese: 元朝) was founded by Kublai Khan.", "en"),
        ("Trump, Biden, 24 Sept. 2013, NASA", "en"),
        ("서울시는 화요일에 다리를 고치기로 했다.", "ko"),
        ("", "en"),
        ("2:1 !?", "en"),
    ],
)
def test_the_language_of_a_text_is_found_out(text: str, language: str) -> None:
    assert language == language_of(text)


def test_english_is_searched_by_the_terms_that_the_ranking_was_tuned_on() -> None:
    """Words in lower case, stemmed, without accents: the weights of the ranking rest on BM25 over these."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    builder = builder.filter(tantivy.Filter.remove_long(80)).filter(tantivy.Filter.stemmer("english"))
    tuned_on = builder.filter(tantivy.Filter.ascii_fold()).build()
    english = [article for article in SEEDS if article_language(article, "auto") == "en"]

    assert len(english) >= 19
    for article in english:
        assert tuned_on.analyze(article.text) == terms(article.text, language_of(article.text))


def test_words_of_one_stem_are_one_term() -> None:
    for language, words in {
        "de": "Brücke Brücken",
        "es": "biblioteca bibliotecas",
        "ru": "город города",
        "ar": "المدينة والمدينة مدينة",
        "hi": "किताबें किताबों",
        "en": "stones stone",
    }.items():
        assert 1 == len(set(terms(words, language))), words


def test_spellings_that_look_the_same_are_one_term() -> None:
    assert terms("2025年", "ja") == terms("２０２５年", "ja")
    assert terms("ёлка", "ru") == terms("елка", "ru")
    assert terms("सफ़ाई", "hi") == terms("सफाई", "hi")
    assert terms("كتاب", "ar") == terms("كتـــاب", "ar") == terms("كِتَاب", "ar")


def test_where_no_spaces_stand_pairs_of_characters_are_terms() -> None:
    assert {"北京", "京大", "大学"} <= set(terms("北京大学", "zh"))
    assert ["猫", "は", "黒", "い"] == terms("猫は黒い", "ja", asked=True)
    assert "猫" in terms("三匹猫", "ja")
    assert {"nasa", "打ち"[0]} <= set(terms("NASAの打ち上げ", "ja"))


def test_words_that_joining_signs_hold_together_are_not_taken_apart() -> None:
    assert ["दिल्ल"] == terms("दिल्ली", "hi")
    assert ["தமிழ்"] == terms("தமிழ்", "ta")


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: f"{asked.language}-{asked.article}")
def test_the_right_article_comes_first_among_those_of_all_languages(lexical: LexicalIndex, asked: Asked) -> None:
    row, score = lexical.search(asked.question, 3)[0]

    assert asked.article == ARTICLES[row].id
    assert score > 0


def test_a_question_in_a_script_that_no_article_is_in_finds_nothing(lexical: LexicalIndex) -> None:
    assert [] == lexical.search("Πόσο κοστίζει η γέφυρα;", 3)
    assert [] == lexical.search("สะพานราคาเท่าไร", 3)


def test_an_article_scores_the_same_whatever_languages_stand_beside_it_as_far_as_its_words_are_its_own(
    tmp_path: Path,
) -> None:
    """Stems of one language are not looked for in another: German takes the s off "news", which would find "new"."""
    english = Article("en", "A", "The new mayor opened a new harbour with a new ferry and the whole town was there.")
    german = Article("de", "B", "Der Stadtrat hat am Dienstag beschlossen, die alte Brücke nicht zu sanieren.")
    write_lexical(tmp_path / "both", "auto", [(0, english, english.text), (1, german, german.text)])

    assert [] == LexicalIndex(tmp_path / "both").search("news", 5)
    assert [1] == [row for row, _ in LexicalIndex(tmp_path / "both").search("Brücken", 5)]


def test_how_many_articles_are_in_which_language_is_counted(tmp_path: Path) -> None:
    passages = ((row, article, article.text) for row, article in enumerate(ARTICLES))

    assert {"de": 2, "es": 2, "ru": 2, "ar": 2, "zh": 2, "ja": 2, "hi": 2, "en": 1} == write_lexical(
        tmp_path / "lexical", "auto", passages
    )


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", ["Am 3. März sagte Dr. Meier zu. ", "Es kostet ca. 3,5 Mio. Euro."]),
        ("es", ["El Sr. Gómez vendrá. ", "¿Cuándo empezarán? ", "EE. UU. no participa."]),
        ("fr", ["M. Dupont a dit oui. ", "Mme. Roy a dit non."]),
        ("ru", ["Работы начнутся в 2026 г. и продлятся два года. ", "Вход бесплатный."]),
        ("ar", ["هل السكان سعداء؟ ", "لا أحد يعلم."]),
        ("zh", ["市长说：“我们等了很久。现在终于可以动工了。”", "造价3.5亿元。"]),
        ("ja", ["町長は「長い間待った。ようやくだ」と述べた。", "費用は三百円だ。"]),
        ("hi", ["डॉ. शर्मा ने कहा कि काम शुरू होगा। ", "लागत 3.5 करोड़ है।"]),
    ],
)
def test_sentences_end_as_in_their_language(language: str, sentences: list[str]) -> None:
    text = "".join(sentences)

    assert sentences == [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "language"), [("谁？", "zh"), ("だれ？", "ja"), ("Who?", None), ("Wer war Пётр?", None), ("क्या?", "hi")]
)
def test_a_script_tells_a_language_where_it_is_not_latin(text: str, language: str | None) -> None:
    assert language == language_by_script(text)


def test_an_index_of_an_older_layout_says_that_it_has_to_be_built_anew() -> None:
    settings = IndexSettings()
    manifest = Manifest("g", "", {"model": "m"}, "f", "w", "", 1, 1, None, None, 0, {}, [])

    with pytest.raises(GenerationMismatch, match=r"older version .* built anew.*footnote index rebuild"):
        manifest.require(settings)
    with pytest.raises(GenerationMismatch, match="newer version"):
        replace(manifest, layout=99).require(settings)
