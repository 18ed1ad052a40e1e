"""Text to the terms it is found by.

They are its words, in lower case, without accents, stemmed; where a script puts no spaces between words, pairs of
characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from index.language import ENGLISH, LATIN

if TYPE_CHECKING:
    import tantivy

# Longer ones are no words, in characters.
_LONGEST = 80

# Ideographs, kana and Hangul, each kind for itself: "猫は" is one word and a particle.
_PAIRED = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〆]+|[\u3041-\u309f]+|[\u30a1-\u30ffー]+"
    "|[\uac00-\ud7a3]+"
)
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# A question may be for a word of one ideograph. Names in articles of other languages are longer.
_BY_CHARACTER = {"zh", "ja"}
# Thai, Lao, Burmese, Khmer: vowels and tones are characters of their own, so that a syllable has about three.
_TRIPLED = re.compile("[\u0e01-\u0e4e]+|[\u0e80-\u0ece]+|[\u1000-\u1049\u1050-\u109f]+|[\u1780-\u17d3]+")
# Scripts of India, whose signs join letters to words and are not letters to tantivy's tokenizer. No dandas.
_JOINED = re.compile("[\u0900-\u0963\u0966-\u0dff][\u0900-\u0963\u0966-\u0dff\u200c\u200d]*")
_DEVANAGARI = re.compile("[\u0900-\u097f]")
_ARABIC = re.compile("[\u0621-\u06ff]")
# Forms of width and ligature that stand for ordinary letters.
_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufeff\uff01-\uffef]")
# Letters of any script but Latin.
_BEYOND = re.compile("[\u0370-\u109f\u1780-\u17ff\u3041-\ud7a3\uf900-\ufdff\ufe70-\uffef\U00020000-\U0003ffff]")

# "and", "in", "like" and "for" with the article, which Arabic writes as one with the word. Snowball takes off only
# the article.
_PROCLITIC = re.compile("(?<![\u0621-\u06ff])(?:[وفبك]ال|لل)(?=[\u0621-\u06ff]{2})")

# Ramanathan and Rao, "A Lightweight Stemmer for Hindi" (2003): the longest of these that leaves two characters.
_HINDI_SUFFIXES = (
    "ाएंगी ाएंगे ाऊंगी ाऊंगा ाइयां ाइयों ाएगी ाएगा ाओगी ाओगे एंगी ेंगी एंगे ेंगे ूंगी ूंगा ातीं नाओं नाएं ताओं ताएं ियां ियों "
    "ाकर ाइए ाईं ाया ेगी ेगा ोगी ोगे ाने ाना ाते ाती ाता तीं ाओं ाएं ुओं ुएं ुआं कर ाओ िए ाई ाए ने नी ना ते ीं ती ता ां ों ें "
    "ो े ू ु ी ि ा"
)
_HINDI = re.compile(f"(.{{2,}}?)(?:{'|'.join(_HINDI_SUFFIXES.split())})")
# A dot that is often left out, a nasal sign that is often written as the other, and joiners that change only looks.
_HINDI_SPELLING = str.maketrans({"\u093c": None, "\u0901": "\u0902", "\u200c": None, "\u200d": None})


def terms(text: str, language: str, *, asked: bool = False) -> list[str]:
    """Return the terms of `text`, in no particular order where it is of several scripts.

    Args:
        text: A passage or a question.
        language: ISO 639-1 code: how words in Latin letters are stemmed. Those of other scripts need none.
        asked: It is a question: of ideographs that stand together, pairs alone are looked for.
    """
    if text.isascii() or not _BEYOND.search(text):
        return list(_words(latin(language), beyond=False).analyze(text))
    if _FORMS.search(text):
        text = unicodedata.normalize("NFKC", text)
    if _ARABIC.search(text):
        text = _PROCLITIC.sub("ال", text)
    found = [gram for run in _PAIRED.findall(text) for gram in _grams(run, 2)]
    found += [gram for run in _TRIPLED.findall(text) for gram in _grams(run, 3)]
    if language in _BY_CHARACTER and not asked:
        found += [character for run in _PAIRED.findall(text) if len(run) > 1 for character in _IDEOGRAPH.findall(run)]
    found += [_hindi(word) for run in _JOINED.findall(text) for word in _joined_words().analyze(run)]
    for script in (_PAIRED, _TRIPLED, _JOINED):
        text = script.sub(" ", text)
    return found + list(_words(latin(language), beyond=True).analyze(text))


def latin(language: str) -> str:
    """Return the language whose stemmer a text's words in Latin letters go through."""
    return language if language in LATIN else ENGLISH


def _grams(run: str, length: int) -> Iterator[str]:
    """Yield the overlapping pieces of a run; a shorter run is one piece."""
    for start in range(max(1, len(run) - length + 1)):
        yield run[start : start + length]


def _hindi(word: str) -> str:
    if not _DEVANAGARI.match(word):
        return word
    word = word.translate(_HINDI_SPELLING)
    stemmed = _HINDI.fullmatch(word)
    return stemmed[1] if stemmed else word


@cache
def _words(language: str, *, beyond: bool) -> tantivy.TextAnalyzer:
    """Return what splits words and stems them, those of other scripts as well if `beyond`.

    A stemmer leaves alone what is not of its script, so that one may follow another.
    """
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    builder = builder.filter(tantivy.Filter.remove_long(_LONGEST))
    for stemmer in (*(("arabic", "greek", "russian") if beyond else ()), LATIN[language]):
        builder = builder.filter(tantivy.Filter.stemmer(stemmer))
    return builder.filter(tantivy.Filter.ascii_fold()).build()


@cache
def _joined_words() -> tantivy.TextAnalyzer:
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(r"\w+"))
    return builder.filter(tantivy.Filter.remove_long(3 * _LONGEST)).filter(tantivy.Filter.stemmer("tamil")).build()
