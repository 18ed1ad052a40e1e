"""Cut an article into passages: runs of whole sentences that the embedding model reads in full.

Every passage is a span of the article's text, one passage begins where the one before ends, and together they are
the whole text. Lengths are tokens of the embedding model's own tokenizer.
"""

from __future__ import annotations

import bisect
import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.language import article_language
from index.model import Article, Passage, passage_id

Span = tuple[int, int]
"""First character, and one past the last."""

TokenSpans = Callable[[str], Sequence[Span]]
"""A tokenizer: text -> the span of each token, in order of their starts."""

# A "sentence" longer than this is a table, a list without full stops or a blob: nobody can read it as one quote.
LONGEST_SENTENCE = 1_000  # characters

_LIST_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*•–]|\d{1,3}[.)])[ \t])")

# Titles in front of a name, whose dot sentencex takes for a sentence's end.
_TITLES = {
    "fr": re.compile(r"\b(?:M|MM|Mme|Mmes|Mlle|Me|Mgr|Dr|Pr)\.\s*\Z"),
    "hi": re.compile(r"(?<!\w)(?:डॉ|श्री|प्रो|पं|सु|कु|मो)\.\s*\Z"),
}
_LONGEST_TITLE = 12  # characters, white space after it counted


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage with its sentences, each a span of the article, together the whole passage."""

    passage: Passage
    sentences: tuple[Span, ...]


def split_sentences(text: str, language: str = "en") -> list[Span]:
    """Return the spans of the sentences of `text`; one begins where the one before ends, together they are the text.

    Args:
        text: Any text; white space belongs to the sentence before it.
        language: ISO 639-1 code.
    """
    from sentencex import get_sentence_boundaries

    title = _TITLES.get(language)
    starts: list[int] = []
    for boundary in get_sentence_boundaries(language, text):
        start, end = boundary["start_index"], boundary["end_index"]
        if title is None or not title.search(text, max(0, start - _LONGEST_TITLE), start):
            starts.append(start)
        starts.extend(item.end() for item in _LIST_ITEM.finditer(text, start, end))
    spans: list[Span] = []
    for start, end in itertools.pairwise([*sorted(set(starts)), len(text)]):
        if spans and not text[start:end].strip():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    if len(spans) > 1 and not text[slice(*spans[0])].strip():
        spans[:2] = [(spans[0][0], spans[1][1])]
    return spans


def cut_article(article: Article, tokenize: TokenSpans, passage_tokens: int, language: str = "en") -> list[Cut]:
    """Cut an article into passages of at most `passage_tokens` tokens, as equal in length as whole sentences allow.

    Args:
        article: Its text may be anything; an empty one has no passages.
        tokenize: The embedding model's tokenizer, without special tokens and without a limit.
        passage_tokens: The most tokens a passage may have.
        language: ISO 639-1 code for the splitting of sentences; "auto" has it found out.
    """
    text = article.text
    language = article_language(article, language)
    pieces = [
        piece
        for sentence in split_sentences(text, language)
        for piece in _pieces(text, sentence, tokenize, passage_tokens)
    ]
    sentences = [span for span, _ in pieces]
    seen: Counter[str] = Counter()
    cuts = []
    for run in _runs([tokens for _, tokens in pieces], passage_tokens):
        spans = tuple(sentences[run.start : run.stop])
        start, end = spans[0][0], spans[-1][1]
        words = text[start:end]
        identity = passage_id(article.id, article.title, words, seen[words])
        seen[words] += 1
        cuts.append(Cut(Passage(identity, article.id, start, end), spans))
    return cuts


def shorten(text: str, tokenize: TokenSpans, tokens: int) -> str:
    """Return the longest beginning of `text` that has at most `tokens` tokens."""
    spans = tokenize(text)
    while len(spans) > tokens:
        # The beginning alone may be tokenized into more pieces than it was within the whole: ask again.
        text = text[: spans[tokens][0]].rstrip() if tokens else ""
        spans = tokenize(text)
    return text


def _pieces(text: str, sentence: Span, tokenize: TokenSpans, most: int) -> Iterator[tuple[Span, int]]:
    """Split a sentence that is too long for a passage or for a reader, between words where there are any.

    Yields:
        Each piece and how many tokens it has.
    """
    start, end = sentence
    while start < end:
        # Never more than one sentence's worth at a time: a long blob would be tokenized over and over.
        stop = min(end, start + LONGEST_SENTENCE)
        tokens = tokenize(text[start:stop])
        if len(tokens) <= most and stop == end:
            yield (start, end), len(tokens)
            return
        if len(tokens) > most:
            stop = start + max(1, tokens[most][0])
        space = max(text.rfind(" ", start, stop), text.rfind("\n", start, stop)) + 1
        if space > start + (stop - start) // 2:
            stop = space
        # A piece on its own can have more tokens than it had inside its sentence (a word cut in two): halve until not.
        while (count := len(tokenize(text[start:stop]))) > most and stop - start > 1:
            stop = start + (stop - start) // 2
        yield (start, stop), count
        start = stop


def _runs(lengths: Sequence[int], most: int) -> Iterator[range]:
    """Group consecutive sentences so that no group has more than `most` tokens and none is needlessly short."""
    ends = list(itertools.accumulate(lengths))
    first = 0
    while first < len(lengths):
        done = ends[first - 1] if first else 0
        left = ends[-1] - done
        target = done + math.ceil(left / max(1, math.ceil(left / most)))
        # Up to the sentence that reaches an equal share, as far as it fits.
        last = min(bisect.bisect_left(ends, target, first), len(lengths) - 1)
        while last > first and ends[last] - done > most:
            last -= 1
        yield range(first, last + 1)
        first = last + 1
