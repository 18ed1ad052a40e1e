"""The table of passages finds each by its row, by its id and by its article."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index import Article, Filter, GenerationBroken, Passage
from index.labels import Labels
from index.passages import Columns, PassageTable, write_passages

ARTICLES = [
    Article("a", "A", "", published=date(2026, 1, 5), source="Coastwire"),
    Article("b/ö", "B", "", source="COASTWIRE"),
    Article("empty", "No passage", "", published=date(2025, 1, 5)),
    Article("ö", "C", "", published=date(2026, 3, 1)),
]
COUNTS = [2, 1, 0, 3]
# Two begin alike, as by chance hashes may.
IDS = ["ff" * 16, "00" * 16, "ab" * 8 + "01" * 8, "ab" * 8 + "00" * 8, "10" * 16, "20" * 16]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    columns, ids = Columns(), iter(IDS)
    for article, count in zip(ARTICLES, COUNTS, strict=True):
        for i in range(count):
            columns.add(Passage(next(ids), article.id, 10 * i, 10 * i + 10))
        columns.end_article()
    write_passages(tmp_path / "passages", columns, ARTICLES)
    return tmp_path / "passages"


@pytest.fixture
def table(folder: Path) -> PassageTable:
    return PassageTable(folder)


def test_each_passage_is_found_by_its_row_and_its_id(table: PassageTable) -> None:
    owners = [article.id for article, count in zip(ARTICLES, COUNTS, strict=True) for _ in range(count)]

    assert IDS == [passage.id for passage in table]
    assert owners == [passage.article_id for passage in table]
    assert list(range(6)) == [table.row(name) for name in IDS]
    assert (Passage(IDS[5], "ö", 20, 30), 6) == (table[-1], len(table))


@pytest.mark.parametrize("name", ["", "f", "no id", "ab" * 16, IDS[0].upper(), f" {IDS[0]}", "ff" * 8, "ff" * 17])
def test_what_is_no_id_finds_nothing(table: PassageTable, name: str) -> None:
    assert None is table.row(name)


def test_each_article_is_found_by_its_id_and_none_by_another(table: PassageTable) -> None:
    assert [0, 1, 2, 3] == [table.number(article.id) for article in ARTICLES]
    assert [None] * 4 == [table.number(name) for name in ("", "A", "b", "öö")]
    assert [range(2), range(2, 3), range(3, 3), range(3, 6)] == [table.rows_of(number) for number in range(4)]


def test_filters_let_rows_through_by_day_publisher_and_article(table: PassageTable) -> None:
    labels = Labels(table)

    assert [0, 1, 3, 4, 5] == labels.allowed(Filter(since=date(2020, 1, 1))).tolist()
    assert [0, 1, 2] == labels.allowed(Filter(sources=("coastwire",))).tolist()
    assert [0, 1] == labels.allowed(Filter(sources=("Coastwire",), without=("b/ö", "unknown"))).tolist()
    assert [] == labels.allowed(Filter(until=date(2025, 12, 31))).tolist()
    assert [2, 3, 4, 5] == labels.rows_of(("ö", "b/ö", "ö", "unknown")).tolist()
    assert [0, date(2026, 1, 5).toordinal()] == labels.published([2, 1]).tolist()


def test_a_table_that_is_damaged_is_named(folder: Path) -> None:
    (folder / "first.npy").write_bytes(b"damaged")

    with pytest.raises(GenerationBroken, match="--full"):
        PassageTable(folder)
