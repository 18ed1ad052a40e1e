"""Articles to measure with: any collection given, or one made by shuffling the sentences of the sample articles."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.data import data_folder
from index import Article
from index.chunk import split_sentences
from index.formats import read_files


def read(path: Path | None, count: int) -> list[Article]:
    """Return `count` articles, from `path` or made up; fewer if `path` has fewer."""
    found = read_files([path]) if path else _shuffled(count)
    articles = [item for item in found if isinstance(item, Article)]
    return articles[:count]


def questions_of(path: Path | None, articles: Sequence[Article], most: int = 300) -> list[str]:
    """Return the first questions of a file of JSON Lines, or some made of the articles' own words."""
    if path is None:
        return [f"What is known of {' '.join(article.text.split()[5:12])}?" for article in articles[:most]]
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines if line.strip()][:most]


def write(articles: list[Article], path: Path) -> Path:
    """Write articles as JSON Lines and return the path."""
    with path.open("w", encoding="utf-8") as file:
        for article in articles:
            record = {
                "id": article.id,
                "title": article.title,
                "text": article.text,
                "source": article.source,
                "published": article.published.isoformat() if article.published else None,
            }
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def _shuffled(count: int, sentences: int = 12) -> Iterator[Article]:
    samples = [article for article in read_files([data_folder("seeds")]) if isinstance(article, Article)]
    pool = [article.text[start:end].strip() for article in samples for start, end in split_sentences(article.text)]
    chance = random.Random(1)
    for i in range(count):
        like = chance.choice(samples)
        text = " ".join(chance.choice(pool) for _ in range(sentences))
        yield Article(f"made-{i}", f"{like.title} ({i})", text, published=like.published, source=like.source)
