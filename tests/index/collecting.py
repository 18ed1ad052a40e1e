"""Rebuilds from sources, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from index import Report, build, read_articles
from index.origins import read_origins
from tests.index.homes import SETTINGS, embedder


def rebuild(home: Path, *sources: Any, **options: Any) -> Report:
    return build(sources, home, SETTINGS, embedder=embedder(), **options)


def texts(home: Path) -> dict[str, str]:
    return {article.id: article.text for article in read_articles(home)}


def states(report: Report) -> dict[str, tuple[str, int]]:
    return {source.name: (source.state, source.articles) for source in report.sources}


def claims(home: Path) -> set[tuple[str, str, str | None]]:
    return {(claim.source, claim.origin.key, claim.article_id) for claim in read_origins(home)}
