"""Articles -> draft questions by rule, each with its answer and evidence, to be corrected by hand. Pure."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation.observe import contains
from bot.evaluation.wording import asked_of
from index.model import Article

Split = Callable[[str], Sequence[tuple[int, int]]]
"""A text -> the spans of its sentences."""

# Of one article, how many sentences are looked at: news says what matters first.
_LOOKED_AT = 40

# What a sentence must have to be asked about: enough to go on, not too much to read. Bytes, so that scripts with one
# character a word pass; and characters.
_LEAST_BYTES = 45
_MOST_CHARACTERS = 240

# How words begin that refer to what stands before, and marks of what somebody is quoted with.
_REFERRING = frozenset(
    "he she they it his her hers their theirs its this that these those both such other others another one "
    "but and so yet then however also later earlier meanwhile instead here there now as".split()
)
_QUOTED = frozenset('"“”„«»‹›')


@dataclass(frozen=True, slots=True)
class Draft:
    """A question that a rule has made of a sentence.

    Attributes:
        kind: Of its answer: name, number or date.
        evidence: The sentence.
        articles: Ids of every article that carries it, the one it was taken from first.
    """

    question: str
    answer: str
    kind: str
    evidence: str
    articles: tuple[str, ...]


def draft_questions(articles: Sequence[Article], split: Split, count: int, seed: int = 0) -> list[Draft]:
    """Draft up to `count` questions, spread over the articles and over kinds of answer.

    Args:
        articles: In any order.
        split: Into sentences.
        count: How many are wanted; fewer come where the articles have no more to ask about.
        seed: The same articles, count and seed give the same questions.
    """
    order = sorted(articles, key=lambda article: article.id)
    # Not a secret, only a choice that can be repeated.
    random.Random(seed).shuffle(order)  # noqa: S311
    chosen: list[Draft] = []
    used: Counter[str] = Counter()
    asked: set[str] = set()
    left: dict[str, list[Draft]] = {}
    turn = order
    while turn and len(chosen) < count:
        for article in turn:
            if article.id not in left:
                left[article.id] = [draft for _, draft in sorted(_drafts(article, split), key=lambda one: -one[0])]
            options = left[article.id] = [draft for draft in left[article.id] if draft.evidence not in asked]
            if options:
                draft = min(options, key=lambda option: used[option.kind])
                chosen.append(draft)
                used[draft.kind] += 1
                asked.add(draft.evidence)
            if len(chosen) == count:
                break
        turn = [article for article in turn if left.get(article.id)]
    return [_with_copies(draft, order) for draft in chosen]


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """Return a draft as a line of a file of questions."""
    return {
        "id": f"draft-{hashlib.blake2b(draft.question.encode('utf-8', 'replace'), digest_size=5).hexdigest()}",
        "question": draft.question,
        "answers": [draft.answer],
        "answerable": True,
        "group": f"answerable_{draft.kind}",
        "evidence": [{"article_id": name, "text": draft.evidence} for name in draft.articles],
        "draft": True,
    }


def _drafts(article: Article, split: Split) -> Iterator[tuple[float, Draft]]:
    """Yield what can be asked of an article, with how well."""
    for place, (start, end) in enumerate(split(article.text)[:_LOOKED_AT]):
        sentence = article.text[start:end].strip()
        if not _stands_alone(sentence):
            continue
        for asked in asked_of(sentence):
            if contains(sentence, [asked.answer]) and not contains(asked.question, [asked.answer]):
                draft = Draft(asked.question, asked.answer, asked.kind, sentence, (article.id,))
                yield asked.quality - place / _LOOKED_AT, draft


def _stands_alone(sentence: str) -> bool:
    """Tell whether a sentence can be understood without those around it, as far as its form tells."""
    if len(sentence.encode("utf-8", "replace")) < _LEAST_BYTES or len(sentence) > _MOST_CHARACTERS:
        return False
    if not sentence.isprintable() or _QUOTED & set(sentence) or sentence[-1] not in ".!。！؟।":
        return False
    first = sentence.split(maxsplit=1)[0]
    return first[0].isalnum() and not first[0].islower() and first.casefold() not in _REFERRING


def _with_copies(draft: Draft, articles: Sequence[Article]) -> Draft:
    first = draft.articles[0]
    copies = sorted(article.id for article in articles if article.id != first and draft.evidence in article.text)
    return Draft(draft.question, draft.answer, draft.kind, draft.evidence, (first, *copies))
