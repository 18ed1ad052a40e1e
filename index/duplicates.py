"""Syndicated copies: articles that say the same in nearly the same words, found when the index is built.

MinHash (Broder, "On the resemblance and containment of documents", 1997) finds the pairs worth a look; each of them is
then compared as it is. A copy may be shortened, edited, or stand between other words, but it tells the same numbers and
names: a report that follows a pattern, such as yesterday's weather, and an article whose figures were corrected are
articles of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.bands import sharing
from index.model import Article

Signature = NDArray[np.uint32]

# Words in a row that are compared. Of three, an edited word costs three; of more, too much of an edited text is gone.
SHINGLE = 3

# How a signature is looked up: 42 bands of 3 values find 98 % of the pairs that share 45 % of what they have in all.
BANDS, ROWS = 42, 3
_SEED, _SCHEME = 1, "affine32"

# Of the shorter one's words in a row, the share that the other has too.
ALIKE = 0.5
# Of the shorter one's numbers and names, the share that the other has too.
SAME_FACTS = 0.9
# The shorter one's length, as a share of the other's: what quotes a paragraph is no copy.
LENGTH = 0.4
# Copies are published within so many days of each other; what a year later says the same is another year's.
DAYS = 7
# Too few words to tell a copy by.
SHORTEST = 40

# Words; of scripts without spaces, letters.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
_FACT = re.compile(r"(?<![.!?:\n\"“”] )(?<!^)\b[A-Z][^\W\d_]+|\d[\d.,:]*\d|\d", re.M)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is known of which articles are alike, handed on from generation to generation.

    Attributes:
        signatures: Each article's MinHash values, (126,) uint32, by its id; articles of few words have none.
        pairs: Two articles that are copies of each other, the smaller id first.
    """

    signatures: Mapping[str, Signature] = field(default_factory=dict)
    pairs: frozenset[tuple[str, str]] = frozenset()


def compare(articles: Mapping[str, Article], fresh: Collection[str], before: Likeness) -> Likeness:
    """Find the copies among articles.

    What comes out does not depend on what was known before: that only saves the work.

    Args:
        articles: All of them, by id.
        fresh: Ids of those that are new or changed since `before`.
        before: What was known of the others.
    """
    old = {name: values for name, values in before.signatures.items() if name in articles and name not in fresh}
    signed = ((name, _signature(articles[name].text)) for name in sorted(fresh))
    new = {name: signature for name, signature in signed if signature is not None}
    names = [*old, *new]
    pairs = {pair for pair in before.pairs if pair[0] in old and pair[1] in old}
    words = cache(lambda name: words_of(articles[name].text))
    values = np.array([*old.values(), *new.values()], dtype=np.uint32).reshape(-1, BANDS * ROWS)
    for row, others in sharing(values, len(old)):
        name = names[row]
        for other in (names[k] for k in others):
            if _of_one_time(articles[name], articles[other]) and are_copies(words(name), words(other)):
                pairs.add((min(name, other), max(name, other)))
    return Likeness({**old, **new}, frozenset(pairs))


def originals(pairs: Iterable[tuple[str, str]], articles: Mapping[str, Article]) -> dict[str, str]:
    """Return which article each copy is a copy of, by the copy's id.

    The original is the one that was published first, then the longest: nobody is a copy of a copy.
    """
    alike: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        alike[one].add(other)
        alike[other].add(one)
    found: dict[str, str] = {}
    first: set[str] = set()
    for name in sorted(alike, key=lambda name: _first(articles[name])):
        if name not in found:
            first.add(name)
            found.update((copy, name) for copy in alike[name] if copy not in found and copy not in first)
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """What of an article is compared.

    Attributes:
        count: How many words it has.
        shingles: Hashes of its words, three in a row, ascending. They are this process's own, and 8 bytes each: the
            words of all that may be alike are kept until the last is compared.
        facts: Hashes of its numbers, and of what is written with a capital letter inside a sentence.
    """

    count: int
    shingles: NDArray[np.int64]
    facts: frozenset[int]


def words_of(text: str) -> Words:
    """Return what of a text is compared."""
    words = _WORD.findall(text.casefold())
    shingles = np.sort(np.fromiter(map(hash, _shingles(words)), dtype=np.int64))
    return Words(len(words), shingles, frozenset(map(hash, _FACT.findall(text))))


def are_copies(one: Words, other: Words) -> bool:
    """Return whether two texts say the same in nearly the same words."""
    short, long = sorted((one, other), key=lambda words: words.count)
    if short.count < SHORTEST or short.count < LENGTH * long.count:
        return False
    if len(short.facts & long.facts) < SAME_FACTS * len(short.facts):
        return False
    shared = np.intersect1d(short.shingles, long.shingles, assume_unique=True)
    return len(shared) >= ALIKE * len(short.shingles)


def _of_one_time(one: Article, other: Article) -> bool:
    if one.published is None or other.published is None:
        return True
    return abs((one.published - other.published).days) <= DAYS


def _shingles(words: Sequence[str]) -> set[str]:
    return {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


def _signature(text: str) -> Signature | None:
    """Return an article's MinHash values; None of too few words to tell a copy by."""
    from datasketch import MinHash

    words = _WORD.findall(text.casefold())
    if len(words) < SHORTEST:
        return None
    sketch = MinHash(num_perm=BANDS * ROWS, seed=_SEED, scheme=_SCHEME)
    sketch.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in _shingles(words)])
    signature: Signature = sketch.hashvalues
    return signature


def _first(article: Article) -> tuple[str, int, str]:
    day = article.published.isoformat() if article.published else "9999"
    return day, -len(article.text), article.id
