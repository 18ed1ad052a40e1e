"""Articles written for a test, and read with what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

from index.errors import ArticleProblem
from index.formats import read_files
from index.model import Article


def read(*locations: str | Path) -> tuple[list[Article], list[ArticleProblem]]:
    found = list(read_files(locations))
    return (
        [article for article in found if isinstance(article, Article)],
        [problem for problem in found if isinstance(problem, ArticleProblem)],
    )


def write(path: Path, text: str = "Some words.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def line(**fields: object) -> str:
    return json.dumps({"title": "T", "text": "Some words.", **fields}) + "\n"
