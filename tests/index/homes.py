"""Small homes to build in: three articles, one loaded model."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from index import IndexSettings, Report, build, open_index
from index.embed import Embedder
from index.retrieve import Index

SETTINGS = IndexSettings()


@cache
def embedder() -> Embedder:
    return Embedder(SETTINGS)


def rebuild(articles: Path, home: Path, **options: Any) -> Report:
    return build([articles], home, SETTINGS, embedder=embedder(), **options)


def opened(home: Path) -> Index:
    return open_index(home, SETTINGS, embedder())


def write(folder: Path, name: str, text: str, title: str = "") -> None:
    (folder / f"{name}.jsonl").write_text(
        json.dumps({"id": name, "title": title or name.title(), "text": text, "published": "2026-05-01"}) + "\n",
        encoding="utf-8",
    )


def write_three(folder: Path) -> Path:
    folder.mkdir()
    write(folder, "bridge", "The old bridge was closed on Monday. It will be replaced by a swing bridge of steel.")
    write(folder, "ferry", "The ferry to the island runs on batteries. It carries 180 passengers at a time.")
    write(folder, "museum", "Thieves took an astrolabe from the museum. It was found in a cello case.")
    return folder


def first(home: Path, query: str) -> str:
    with opened(home) as index:
        return index.search(query)[0].article.id
