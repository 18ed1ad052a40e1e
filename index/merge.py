"""Hits as a reader wants them: no article crowds out the others, and passages that touch are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from index.duplicates import are_copies, words_of
from index.model import Hit

# How wide a hit may become by merging, in characters: about three passages, what a person reads as one.
WIDEST = 3_500

# Of one article's passages, how many may stand before those of other articles.
PER_ARTICLE = 4


def fold_copies(hits: Sequence[Hit], copies: Callable[[str], Collection[str]]) -> list[Hit]:
    """Name the copies of a passage in other articles beside the first of them, and list that one alone.

    Args:
        hits: Best first.
        copies: Returns the ids of the articles that are syndicated copies of one, or that it is a copy of.
    """
    by_words: dict[str, int] = {}
    kept: list[Hit] = []
    for hit in hits:
        words = " ".join(hit.text.split())
        same = by_words.get(words)
        if same is None:
            same = _said_before(hit, kept, copies(hit.article.id))
        if same is None:
            by_words[words] = len(kept)
            kept.append(hit)
        elif hit.article.id not in {kept[same].article.id, *kept[same].copies}:
            kept[same] = replace(kept[same], copies=(*kept[same].copies, hit.article.id))
    return kept


def _said_before(hit: Hit, hits: Sequence[Hit], alike: Collection[str]) -> int | None:
    """Return which of the hits in articles that are alike says nearly the same, if one does."""
    near = [i for i, other in enumerate(hits) if other.article.id in alike]
    words = words_of(hit.text) if near else None
    return next((i for i in near if words and are_copies(words, words_of(hits[i].text))), None)


def spread(hits: Sequence[Hit]) -> list[Hit]:
    """Move what one article has beyond its share behind the others' hits, the order otherwise kept."""
    count: Counter[str] = Counter()
    early: list[Hit] = []
    late: list[Hit] = []
    for hit in hits:
        count[hit.article.id] += 1
        (early if count[hit.article.id] <= PER_ARTICLE else late).append(hit)
    return early + late


def merge_neighbours(hits: Sequence[Hit]) -> list[Hit]:
    """Merge hits of an article that touch into the best of them, as long as the whole stays readable."""
    merged: list[Hit] = []
    for hit in hits:
        i = next((i for i, better in enumerate(merged) if _touch(better, hit)), None)
        if i is None:
            merged.append(hit)
            continue
        merged[i] = _joined(merged[i], hit)
        # It may have closed the gap to another one, which then goes up into the better of the two.
        j = next((j for j, other in enumerate(merged) if j != i and _touch(merged[i], other)), None)
        if j is not None:
            first, second = sorted((i, j))
            merged[first] = _joined(merged[first], merged[second])
            del merged[second]
    return merged


def _touch(one: Hit, other: Hit) -> bool:
    return (
        one.article.id == other.article.id
        and one.copies == other.copies
        and (one.end == other.start or other.end == one.start)
        and max(one.end, other.end) - min(one.start, other.start) <= WIDEST
    )


def _joined(better: Hit, other: Hit) -> Hit:
    return replace(
        better,
        start=min(better.start, other.start),
        end=max(better.end, other.end),
        sentences=tuple(sorted((*better.sentences, *other.sentences), key=lambda sentence: sentence.start)),
    )
