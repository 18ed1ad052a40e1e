"""Two small generations in one home, built once for all files of these tests; each test gets a copy."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.index.homes import rebuild, write, write_three


@dataclass(frozen=True)
class Two:
    """A home whose second generation has one article more than the first, and one changed."""

    home: Path
    articles: Path
    first: str
    second: str


@pytest.fixture(scope="session")
def built_two(tmp_path_factory: pytest.TempPathFactory) -> Two:
    folder = tmp_path_factory.mktemp("two")
    articles = write_three(folder / "articles")
    first = rebuild(articles, folder / "home").generation
    write(articles, "flood", "The river rose to 6.42 metres on Tuesday night.")
    write(articles, "ferry", "The ferry to the island now runs on hydrogen.")
    second = rebuild(articles, folder / "home").generation
    return Two(folder / "home", articles, first, second)


@pytest.fixture
def two(built_two: Two, tmp_path: Path) -> Two:
    home, articles = tmp_path / "home", tmp_path / "articles"
    shutil.copytree(built_two.home, home)
    shutil.copytree(built_two.articles, articles)
    return Two(home, articles, built_two.first, built_two.second)
