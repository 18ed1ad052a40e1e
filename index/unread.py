"""Questions that the model reads letter by letter or not at all: their sentences are matched by words instead.

Late interaction compares the model's tokens. An English model has none for the words of another script: it falls back
to single letters, which every sentence has, or knows nothing. What stands in then is the share of the question's terms
that a sentence has, the rare ones counting more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from index.chunk import Span
from index.embed import Embedder, Encoded
from index.interaction import Match
from index.language import ENGLISH, language_by_script, language_of
from index.lexical import LexicalIndex
from index.terms import terms

# A model reads a question if its tokens have as many letters on average, and if it knows this share of them. Of
# Russian, Arabic, Hindi, Chinese and Japanese, an English model has one each; a multilingual one two or three, of
# Chinese and Japanese 1.4 and more.
LETTERS = 1.2
KNOWN = 0.9

# Words by which people ask, and the commonest others, which say nothing of what they ask for.
_ASKING = (
    "кто что чей чья чьё какой какая какое какие когда где куда откуда сколько как почему зачем ли это был была были "
    "من ما ماذا متى أين كم كيف لماذا هل أي هو هي في على إلى عن "
    "क्या कौन किसने किसका किसके किसको कब कहाँ कितना कितनी कितने कैसे क्यों कौनसा है हैं था थी थे में ने को का की के से पर "
    "什么 什麼 多少 谁 誰 哪 哪里 哪裡 哪些 几 幾 怎么 怎麼 为什么 為什麼 何 何時 何人 "
    "누가 무엇 언제 어디 얼마 어떻게 왜 몇 ποιος ποια ποιο πότε πού πόσο πόσα γιατί πώς"
)
_HIRAGANA = re.compile("[\u3041-\u309f]+")
INFLECTION = 0.2  # what a pair of hiragana counts for, most of which are particles and endings


def is_unread(query: str, encoded: Encoded, embedder: Embedder) -> bool:
    """Return whether a question is in a script whose words the model does not know."""
    if language_by_script(query) is None:
        return False
    letters = sum(character.isalnum() for character in query)
    pieces, known = _worded(query, embedder.tokenize(query)), _worded(query, encoded.spans.tolist())
    # A configured prompt may have taken the first piece.
    return letters < LETTERS * pieces or known < KNOWN * (pieces - 1)


def _worded(query: str, spans: Iterable[Sequence[int]]) -> int:
    """Return how many pieces of a question have letters or digits in them."""
    return sum(any(character.isalnum() for character in query[start:end]) for start, end in spans)


def match_terms(query: str, passages: Sequence[tuple[str, Sequence[Span]]], lexical: LexicalIndex) -> list[Match]:
    """Match a question with passages by the share of its terms that their sentences have.

    Args:
        query: Plain words.
        passages: The words of each, and the spans of its sentences in them.
        lexical: Knows how the question is searched and how rare its terms are.
    """
    asked = [term for term in lexical.terms(query) if term not in _asking()]
    weights = {term: lexical.rarity(term) * (INFLECTION if _HIRAGANA.fullmatch(term) else 1) for term in asked}
    total = sum(weights.values()) or 1.0

    def likeness(found: set[str]) -> float:
        # The root brings it to where late interaction puts as good a match, which what comes after is fitted on.
        return math.sqrt(sum(weight for term, weight in weights.items() if term in found) / total)

    matches = []
    for text, sentences in passages:
        language = language_of(text)
        found = [set(terms(text[start:end], language)) for start, end in sentences]
        around = [set(), *found, set()]
        signals = {
            "similarity": [likeness(words) for words in found],
            "overlap": [likeness(words) for words in found],
            "before": [likeness(words | before) for words, before in zip(found, around, strict=False)],
            "after": [likeness(words | after) for words, after in zip(found, around[2:], strict=True)],
            # Of scripts without capital letters nobody can tell which words are names.
            "names": [1.0 for _ in found],
        }
        whole = likeness(set().union(*found))
        matches.append(
            Match({name: np.array(values, dtype=np.float32) for name, values in signals.items()}, whole, whole)
        )
    return matches


@cache
def _asking() -> frozenset[str]:
    """Return the terms that the words of asking are turned into."""
    return frozenset(term for word in _ASKING.split() for term in terms(word, ENGLISH, asked=True))
