"""An article keeps its history of versions from build to build, without a word of what it said before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index import Article
from index.archive import Archive, write_archive
from index.versions import MOST, Version, write_versions

FIRST = datetime(2026, 11, 24, 8, 30, 15, 999, tzinfo=UTC)
TEXT = "The bridge is of steel. It opens in summer. Nobody was hurt."
ARTICLE = Article("1", "Bridge", TEXT, source="Post")


class Builds:
    """Generations' articles, one after the other, a day apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    @property
    def newest(self) -> Path:
        return self.folder / f"{self.count}.db"

    def build(self, *articles: Article, previous: Path | None = None) -> None:
        before = previous or (self.newest if self.count else None)
        self.count += 1
        write_archive(self.newest, articles)
        write_versions(self.newest, before, FIRST + timedelta(days=self.count - 1))

    def of(self, article_id: str) -> list[Version]:
        with closing(Archive(self.newest)) as archive:
            return archive.versions(article_id)


@pytest.fixture
def builds(tmp_path: Path) -> Builds:
    return Builds(tmp_path)


def test_a_version_tells_when_it_was_seen_and_what_had_changed(builds: Builds) -> None:
    later = Article("1", "The bridge", TEXT.replace("summer", "winter") + " It is blue.", source="Post")
    builds.build(ARTICLE)
    builds.build(ARTICLE, Article("2", "Other", "Words."))
    builds.build(later, Article("2", "Other", "Words."))
    start = FIRST.replace(microsecond=0)

    assert [
        Version(ARTICLE.content_hash, start),
        Version(later.content_hash, start + timedelta(days=2), ("title", "text"), 2, 1),
    ] == builds.of("1")
    assert [start + timedelta(days=1)] == [version.seen_at for version in builds.of("2")]
    assert [] == builds.of("3")


def test_nothing_of_an_old_text_and_nothing_of_an_article_that_is_gone_is_kept(builds: Builds) -> None:
    builds.build(ARTICLE, Article("2", "Other", "Words."))
    builds.build(Article("1", "Bridge", "All is well.", source="Post"))
    with closing(sqlite3.connect(builds.newest)) as connection:
        everything = "\n".join(connection.iterdump())

    assert "steel" not in everything
    assert "Words." not in everything and "'2'" not in everything
    builds.build(Article("1", "Bridge", "All is well.", source="Post"), Article("2", "Other", "Words."))
    assert 1 == len(builds.of("2"))


def test_of_very_many_versions_the_first_and_the_last_are_kept(builds: Builds) -> None:
    for number in range(MOST + 5):
        builds.build(Article("1", "Bridge", f"It is {number}."))
    versions = builds.of("1")

    assert MOST == len(versions)
    assert FIRST.replace(microsecond=0) == versions[0].seen_at
    assert timedelta(days=MOST + 4) == versions[-1].seen_at - versions[0].seen_at


@pytest.mark.parametrize("before", [b"", b"no database", None])
def test_what_cannot_be_read_of_before_is_noted_anew(builds: Builds, tmp_path: Path, before: bytes | None) -> None:
    broken = tmp_path / "before.db"
    if before is None:
        write_archive(broken, [ARTICLE])
    else:
        broken.write_bytes(before)
    builds.build(ARTICLE, previous=broken)

    assert [ARTICLE.content_hash] == [version.hash for version in builds.of("1")]
