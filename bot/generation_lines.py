"""Generations and what was done with them, for a person and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.markup import clean
from bot.status import ago, size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.generations.listing import Difference, Listed
    from index.model import Article

# Articles named of each kind; --json has them all.
_NAMED = 20


def listed_lines(rows: Sequence[Listed]) -> list[str]:
    """Return a table of generations, a line each."""
    heads = ("", "generation", "built", "articles", "passages", "size", "")
    cells = [heads, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heads))]
    right = (3, 4, 5)
    return [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]


def listed_json(row: Listed) -> dict[str, Any]:
    """Return one generation as plain values."""
    from dataclasses import asdict

    return asdict(row)


def difference_lines(found: Difference) -> list[str]:
    """Return how two generations differ."""
    kinds = (("Added", found.added), ("Changed", found.changed), ("Removed", found.removed))
    counts = ", ".join(f"{len(articles):,} {kind.lower()}" for kind, articles in kinds)
    lines = [f"From {found.before} to {found.after}: {counts}, {found.unchanged:,} unchanged."]
    for kind, articles in kinds:
        lines += [f"{kind:8} {clean(article.id)}  {clean(article.title)}" for article in articles[:_NAMED]]
        if len(articles) > _NAMED:
            lines.append(f"         … and {len(articles) - _NAMED:,} more; --json names them all")
    return lines


def difference_json(found: Difference) -> dict[str, Any]:
    """Return how two generations differ, as plain values."""
    return {
        "before": found.before,
        "after": found.after,
        "added": [_article(article) for article in found.added],
        "changed": [_article(article) for article in found.changed],
        "removed": [_article(article) for article in found.removed],
        "unchanged": found.unchanged,
    }


def _article(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
        "source": article.source,
    }


def _cells(row: Listed) -> tuple[str, ...]:
    mark = "*" if row.role == "current" else " "
    read = "read" if row.read else ""
    size = size_text(row.bytes_on_disk)
    if row.problem:
        return mark, row.id, "?", "?", "?", size, f"damaged: {clean(row.problem)}"
    note = ", ".join(part for part in (row.role, read) if part)
    return mark, row.id, f"{ago(row.age_seconds)} ago", f"{row.articles:,}", f"{row.passages:,}", size, note
