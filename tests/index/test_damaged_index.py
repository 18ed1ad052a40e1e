"""An index that cannot be told or read any more: what is in it alone is not lost by the rebuild that mends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import BuildFailed
from index.generations import current_folder, read_manifest
from index.generations.home import generations_folder, served
from index.generations.operations import rollback
from index.generations.retention import published
from tests.index.collecting import rebuild, states, texts
from tests.index.homes import SETTINGS, write_three
from tests.index.shelf import Shelf

NAMELESS = {"bridge", "ferry", "museum"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def feed() -> Shelf:
    """Return a feed that has given two articles and gives the newest alone."""
    shelf = Shelf("feed", complete=False)
    shelf.put("one", "two")
    return shelf


@pytest.fixture
def site() -> Shelf:
    shelf = Shelf("site")
    shelf.put("three")
    return shelf


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\n", b"../../etc\n", b"20200101T000000Z-000000\n"])
def test_a_damaged_current_costs_neither_articles_nor_the_generation_that_has_them(
    home: Path, feed: Shelf, site: Shelf, content: bytes | None
) -> None:
    first = rebuild(home, feed, site).generation
    (home / "CURRENT").unlink() if content is None else (home / "CURRENT").write_bytes(content)
    site.failure = "down"
    del feed.articles["one"]
    report = rebuild(home, feed, site)

    assert report.published
    assert {"feed": ("read", 2), "site": ("failed", 1)} == states(report)
    assert {"one", "two", "three"} == set(texts(home))
    assert (report.generation, first) == served(home)
    assert first == read_manifest(current_folder(home)).previous
    feed.put("four")
    rebuild(home, feed, site)
    assert {"one", "two", "three", "four"} == set(texts(home))


def test_the_generations_that_a_damaged_current_does_not_name_can_be_gone_back_to_when_it_is_mended(
    home: Path, site: Shelf
) -> None:
    first = rebuild(home, site).generation
    site.put("four")
    second = rebuild(home, site).generation
    (home / "CURRENT").write_bytes(b"")
    del site.articles["three"]
    third = rebuild(home, site).generation

    assert third == served(home)[0]
    assert {first, second} == set(served(home)[1:]), "whether what is missing was deleted is not known"
    assert first == rollback(home, SETTINGS, first)


def test_nothing_is_lost_by_one_source_alone_where_current_is_damaged(home: Path, tmp_path: Path, site: Shelf) -> None:
    articles = write_three(tmp_path / "articles")
    rebuild(home, articles, site)
    (home / "CURRENT").write_bytes(b"")
    site.put("four")
    rebuild(home, articles, site, only=["site"])

    assert {*NAMELESS, "three", "four"} == set(texts(home))
    assert [str(articles)] == read_manifest(current_folder(home)).locations


@pytest.mark.parametrize("part", ["articles.db", "manifest.json"])
def test_a_source_that_gives_its_newest_alone_loses_nothing_where_the_index_is_damaged(
    home: Path, feed: Shelf, site: Shelf, part: str
) -> None:
    first = rebuild(home, feed, site).generation
    site.put("four")
    second = rebuild(home, feed, site).generation
    (current_folder(home) / part).write_bytes(b"damaged")
    del feed.articles["one"]
    with pytest.raises(BuildFailed, match=r"feed does not give all .* rollback; or .* --full"):
        rebuild(home, feed, site)
    assert (second, first) == served(home)

    rebuild(home, feed, site, full=True)
    assert {"two", "three", "four"} == set(texts(home))
    assert (second, first) == served(home)[1:], "what is missing is in one that is kept"
    assert generations_folder(home) / first in published(home)


def test_going_back_mends_a_damaged_index(home: Path, feed: Shelf) -> None:
    rebuild(home, feed)
    feed.put("three")
    rebuild(home, feed)
    (current_folder(home) / "articles.db").write_bytes(b"damaged")
    rollback(home, SETTINGS)
    del feed.articles["one"]
    rebuild(home, feed)

    assert {"one", "two", "three"} == set(texts(home))


def test_one_source_alone_does_not_take_the_place_of_files_without_a_name_in_a_damaged_index(
    home: Path, tmp_path: Path, site: Shelf
) -> None:
    """As the bot asks for it that watches a folder."""
    articles = write_three(tmp_path / "articles")
    rebuild(home, articles, site)
    (current_folder(home) / "articles.db").write_bytes(b"damaged")
    with pytest.raises(BuildFailed, match=r"without a name .* Read everything: footnote index rebuild$"):
        rebuild(home, articles, site, only=["site"])

    rebuild(home, articles, site)
    assert {*NAMELESS, "three"} == set(texts(home))
