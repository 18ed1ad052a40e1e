"""Which language a text is in: by its script, and where many languages share one, by its commonest words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from index.model import Article

if TYPE_CHECKING:
    import tantivy

# Stands for "each article's own" where a language is configured.
AUTO = "auto"

ENGLISH = "en"

# Snowball's stemmers as tantivy names them, by ISO 639-1 code, of the languages that are written in Latin letters.
LATIN = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "sv": "swedish", "tr": "turkish",
}  # fmt: skip

# Of a long text, as much is looked at, in characters.
_LOOKED_AT = 1_000

# Another language than English must have so many of its function words among a text's words, and so many more than
# English: English names and loan words are everywhere. With this share of English ones, a text is looked at no further.
_FEWEST = 0.12
_AHEAD = 0.08
_ENOUGH = 0.25

# Function words of the languages that tantivy has no list of.
_FUNCTION_WORDS = {
    "ro": "și să în din de la cu este nu care va vor fi au ce pe un al ale sau mai dar pentru prin după ca cele a o "
    "sunt fost lui lor acest această iar către până",
    "tr": "ve bir bu için ile da de çok olarak olan ne gibi daha ama ki en ya her o kadar sonra göre ise değil var "
    "iki üzerinde tarafından olduğunu",
}

_KANA = re.compile("[\u3041-\u30ff]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_LETTERS_OF = {
    code: re.compile(f"[{letters}]")
    for code, letters in {
        "ar": "\u0620-\u06ff", "am": "\u1200-\u139f", "bn": "\u0980-\u09ff", "el": "\u0370-\u03ff",
        "gu": "\u0a80-\u0aff", "he": "\u05d0-\u05ea", "hi": "\u0900-\u097f", "hy": "\u0530-\u058f",
        "ka": "\u10a0-\u10ff", "km": "\u1780-\u17ff", "kn": "\u0c80-\u0cff", "ko": "\uac00-\ud7a3",
        "lo": "\u0e80-\u0eff", "ml": "\u0d00-\u0d7f", "my": "\u1000-\u109f", "or": "\u0b00-\u0b7f",
        "pa": "\u0a00-\u0a7f", "ru": "\u0400-\u052f", "si": "\u0d80-\u0dff", "ta": "\u0b80-\u0bff",
        "te": "\u0c00-\u0c7f", "th": "\u0e00-\u0e7f",
    }.items()
}  # fmt: skip
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_BEYOND_LATIN = re.compile("[\u0370-\u1fff\u3041-\ud7a3]")


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the language that `text` is most likely in.

    Languages that share a script other than Latin count as the one with most readers: Ukrainian as Russian, Marathi as
    Hindi. Latin letters with few function words that are known count as English.
    """
    text = text[:_LOOKED_AT]
    return language_by_script(text) or _latin(text)


def language_by_script(text: str) -> str | None:
    """Return the language that a text's script tells; None if most of its letters are Latin."""
    text = text[:_LOOKED_AT]
    if text.isascii() or not _BEYOND_LATIN.search(text):
        return None
    code, letters = max(_beyond_latin(text).items(), key=lambda item: item[1])
    return code if letters > len(_LATIN_LETTER.findall(text)) else None


def article_language(article: Article, configured: str) -> str:
    """Return the language of an article, where `configured` leaves it open."""
    return language_of(f"{article.title}\n{article.text[:_LOOKED_AT]}") if configured == AUTO else configured


def _beyond_latin(text: str) -> dict[str, int]:
    """Return how many letters there are of each script; an ideograph stands for two, as it says more."""
    counts = {code: len(letters.findall(text)) for code, letters in _LETTERS_OF.items()}
    han, kana = len(_HAN.findall(text)), len(_KANA.findall(text))
    # A Chinese text may quote a Japanese name; a Japanese one cannot do without kana.
    counts["ja" if 10 * kana > han + kana else "zh"] = 2 * (han + kana)
    return counts


def _latin(text: str) -> str:
    words = _counter(None).analyze(text)
    if not words:
        return ENGLISH
    english = _known(ENGLISH, text, words)
    share = sum(word in english for word in words) / len(words)
    if share >= _ENOUGH:
        return ENGLISH
    known = {code: english if code == ENGLISH else _known(code, text, words) for code in LATIN}
    # A word that several languages have says less for each of them.
    having = Counter(word for functions in known.values() for word in functions)
    scores = {code: sum(1 / having[word] for word in words if word in known[code]) for code in LATIN}
    code = max(scores, key=lambda code: scores[code])
    enough = max(_FEWEST, share + _AHEAD) * len(words)
    return code if sum(word in known[code] for word in words) >= enough else ENGLISH


def _known(code: str, text: str, words: Sequence[str]) -> set[str]:
    """Return those of a text's words that are function words of a language."""
    return set(words) - set(_counter(code).analyze(text))


@cache
def _counter(code: str | None) -> tantivy.TextAnalyzer:
    """Return what turns a text into its words, without the function words of a language if one is given."""
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    if code in _FUNCTION_WORDS:
        builder = builder.filter(tantivy.Filter.custom_stopword(_FUNCTION_WORDS[code].split()))
    elif code is not None:
        builder = builder.filter(tantivy.Filter.stopword(LATIN[code]))
    return builder.build()
