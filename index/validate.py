"""Check a new generation before it is published."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np

from index.archive import Archive
from index.copies import Copies
from index.dense import DenseIndex
from index.errors import BuildFailed
from index.lexical import LexicalIndex
from index.model import passage_id
from index.passages import PassageTable
from index.tokens import TokenIndex

# Passages that are looked up by their own vector. The approximate search may miss one now and then, not many.
SAMPLE = 32
MUST_FIND = 0.9
NEAR = 10

STEP = 5_000  # passages that Chroma is asked for at once

# What single precision makes of the cosine of a vector with itself.
ROUNDING = 1e-4


def validate(workshop: Path) -> None:
    """Check that the parts agree, that every passage is where it says, and that passages find themselves.

    Raises:
        BuildFailed: Something is not right; the message says what.
    """
    with ExitStack() as opened:
        archive = opened.enter_context(closing(Archive(workshop / "articles.db")))
        dense = opened.enter_context(closing(DenseIndex(workshop / "dense")))
        passages = PassageTable(workshop / "passages")
        Copies(workshop / "copies")
        counts = {
            "passages": len(passages),
            "vectors": len(dense.vectors),
            "Chroma": len(dense),
            "words": len(LexicalIndex(workshop / "lexical")),
            "tokens": len(TokenIndex(workshop / "tokens")),
        }
        if len(set(counts.values())) != 1:
            raise _failed(f"its parts hold different numbers of passages: {counts}")
        for first in range(0, len(passages), STEP):
            if not dense.holds([passages.id(row) for row in range(first, min(first + STEP, len(passages)))]):
                raise _failed("Chroma holds other passages than the articles do")
        _check_offsets(archive, passages)
        rows = np.linspace(0, len(passages) - 1, min(SAMPLE, len(passages))).astype(int)
        found = 0
        for row in rows.tolist():
            near = dense.search(dense.vectors[row], NEAR)
            same = [name for name, cosine in near if cosine > 1 - ROUNDING]
            # Where all are the same, it has more copies in other articles than were looked at.
            found += passages.id(row) in same or len(same) == NEAR
        if found < MUST_FIND * len(rows):
            raise _failed(f"only {found} of {len(rows)} passages find themselves")


def _check_offsets(archive: Archive, passages: PassageTable) -> None:
    """Every passage's words hash to its id and lead back to its row; those of an article are the whole of it."""
    number = -1
    for number, article in enumerate(archive.articles()):
        if number >= passages.articles or passages.name(number) != article.id:
            raise _failed(f"the passages are not those of article {article.id!r}")
        reached, seen = 0, Counter[str]()
        for row in passages.rows_of(number):
            start, end = passages.span(row)
            words = article.text[start:end]
            name = passage_id(article.id, article.title, words, seen[words])
            if start != reached or passages.id(row) != name or passages.row(name) != row:
                raise _failed(f"a passage of article {article.id!r} is not where it should be ({start}-{end})")
            seen[words] += 1
            reached = end
        if reached != len(article.text):
            raise _failed(f"the passages of article {article.id!r} end at {reached} of {len(article.text)} characters")
    if number + 1 != passages.articles:
        raise _failed(f"article {passages.name(number + 1)!r} has passages but no text")


def _failed(reason: str) -> BuildFailed:
    return BuildFailed(
        f"The new index was not published: {reason}.",
        "The index before still serves. Build again with --full; if it fails again, report it.",
    )
