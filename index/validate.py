"""Check a new generation before it is published."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from index.archive import Archive
from index.dense import DenseIndex
from index.errors import BuildFailed
from index.lexical import LexicalIndex
from index.model import passage_id
from index.tokens import TokenIndex

# Passages that are looked up by their own vector. The approximate search may miss one now and then, not many.
SAMPLE = 32
MUST_FIND = 0.9
NEAR = 10

# What single precision makes of the cosine of a vector with itself.
ROUNDING = 1e-4


def validate(workshop: Path) -> None:
    """Check that the parts agree, that every passage is where it says, and that passages find themselves.

    Raises:
        BuildFailed: Something is not right; the message says what.
    """
    archive = Archive(workshop / "articles.db")
    dense = DenseIndex(workshop / "dense")
    try:
        passages = archive.passages()
        counts = {
            "passages": len(passages),
            "vectors": len(dense.vectors),
            "Chroma": len(dense),
            "words": len(LexicalIndex(workshop / "lexical")),
            "tokens": len(TokenIndex(workshop / "tokens")),
        }
        if len(set(counts.values())) != 1:
            raise _failed(f"its parts hold different numbers of passages: {counts}")
        if dense.ids() != {passage.id for passage in passages}:
            raise _failed("Chroma holds other passages than the articles do")
        _check_offsets(archive)
        rows = np.linspace(0, len(passages) - 1, min(SAMPLE, len(passages))).astype(int)
        found = 0
        for row in rows:
            near = dense.search(dense.vectors[row], NEAR)
            same = [name for name, cosine in near if cosine > 1 - ROUNDING]
            # Where all are the same, it has more copies in other articles than were looked at.
            found += passages[row].id in same or len(same) == NEAR
        if found < MUST_FIND * len(rows):
            raise _failed(f"only {found} of {len(rows)} passages find themselves")
    finally:
        dense.close()
        archive.close()


def _check_offsets(archive: Archive) -> None:
    """Every passage's words hash to its id, and the passages of an article are the whole of it, in order."""
    spans: dict[str, list[tuple[int, int, str]]] = {}
    for passage in archive.passages():
        spans.setdefault(passage.article_id, []).append((passage.start, passage.end, passage.id))
    for article in archive.articles():
        reached, seen = 0, Counter[str]()
        for start, end, name in spans.pop(article.id, []):
            words = article.text[start:end]
            if start != reached or name != passage_id(article.id, article.title, words, seen[words]):
                raise _failed(f"a passage of article {article.id!r} is not where it should be ({start}-{end})")
            seen[words] += 1
            reached = end
        if reached != len(article.text):
            raise _failed(f"the passages of article {article.id!r} end at {reached} of {len(article.text)} characters")
    if spans:
        raise _failed(f"article {next(iter(spans))!r} has passages but no text")


def _failed(reason: str) -> BuildFailed:
    return BuildFailed(
        f"The new index was not published: {reason}.",
        "The index before still serves. Build again with --full; if it fails again, report it.",
    )
