"""Databases: the rows of a query are articles; nothing is written, nothing is waited for without end, nothing told."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index import ArticleProblem, SourceFailure
from index.errors import ConfigProblem
from index.fetch import Fetcher
from index.sources import Origin, Read, Reading, Remark, Unchanged, Visit, build_source
from index.sources.declared import Declared

QUERY = """SELECT number AS id, headline AS Title, body AS text, day AS published, 'Varr Courier' AS source
FROM news ORDER BY number IS NULL, number"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "news 100%.db"
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("CREATE TABLE news (number INTEGER, headline TEXT, body TEXT, day TEXT)")
        opened.executemany(
            "INSERT INTO news VALUES (?, ?, ?, ?)",
            [(1, "Crane", "It works: 12:30 :now.", "2026-11-02"), (2, "Ferry", "", None), (3, "Pier", "Of oak.", "?"),
             (4, "Lamp", b"\xff", None), (None, "Mast", "Of pine.", None)],
        )  # fmt: skip
    return path


def state(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def visit(url: str, query: str = QUERY, **options: object) -> Sequence[Reading]:
    source = build_source(Declared("S", "sql", {"url": url, "query": query, **options}, Path(), "footnote.toml"))
    return [each async for each in source.read(Visit(Fetcher()))]


async def test_the_rows_of_a_query_are_articles_and_those_that_are_none_are_told(database: Path) -> None:
    readings = await visit(f"sqlite:///{database}")

    read = [each for each in readings if isinstance(each, Read)]
    problems = [each for each in readings if isinstance(each, ArticleProblem)]
    assert [("1", "Crane", "It works: 12:30 :now.", date(2026, 11, 2), "Varr Courier", True)] == [
        (a.id, a.title, a.text, a.published, a.source, each.id_given) for each in read[:1] for a in [each.article]
    ]
    assert ["1", read[1].article.id] == [each.origin.key for each in read]
    assert [None, "3", "4"] == [each.key for each in problems]
    assert "has no text, so that the article counts as withdrawn" in problems[0].reason
    assert f"sqlite:///{database} id 2" == problems[0].where


@pytest.mark.parametrize(("body", "sure", "key"), [("Of oak.", True, "url"), ("", True, "url"), ("", False, None)])
async def test_a_row_that_cannot_be_read_and_does_not_say_which_it_is_lets_nothing_be_missed(
    database: Path, body: str, sure: bool, key: str | None
) -> None:
    address = "'https://news.example/pier'" if key else "NULL"
    query = f"SELECT 'Pier' AS title, '{body}' AS text, {address} AS url"
    source = build_source(Declared("S", "sql", {"url": f"sqlite:///{database}", "query": query}))
    readings = [each async for each in source.read(Visit(Fetcher(), {"lamp": Origin("lamp", "1")}))]

    (reading,) = (each for each in readings if isinstance(each, Read | ArticleProblem))
    named = reading.origin.key if isinstance(reading, Read) else reading.key
    assert (key, True) == (named and named.partition("-")[0], source.complete)
    assert sure == (not [each for each in readings if isinstance(each, Remark)])
    stay = [(each.key, each.broken) for each in readings if isinstance(each, Unchanged)]
    assert ([] if sure else [("lamp", source.where)]) == stay


async def test_a_colon_a_cast_and_a_percent_sign_of_a_query_are_its_own(database: Path) -> None:
    readings = await visit(
        f"sqlite:///{database}", "SELECT 'a:b' AS title, body AS text FROM news WHERE body LIKE 'It%' AND '%s' <> ':x'"
    )

    assert ["a:b"] == [each.article.title for each in readings if isinstance(each, Read)]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT headline, body FROM news", "gives no column title or text"),
        ("SELECT title FROM nowhere", "no such table"),
        ("DELETE FROM news", "does not read"),
        ("-- words\nDROP TABLE news", "does not read"),
        (
            "WITH x AS (SELECT 1) DELETE FROM news RETURNING headline AS title, body AS text",
            "readonly|read-only|query_only",
        ),
        ("SELECT 1 AS title, 2 AS text; DROP TABLE news", "one statement"),
    ],
)
async def test_a_query_that_gives_no_articles_or_writes_fails_and_changes_nothing(
    database: Path, query: str, told: str
) -> None:
    before = state(database.parent)

    with pytest.raises(SourceFailure, match=told):
        await visit(f"sqlite:///{database}", query)

    assert before == state(database.parent)


async def test_a_query_that_never_ends_is_stopped(database: Path) -> None:
    began = time.monotonic()

    with pytest.raises(SourceFailure, match="interrupted"):
        await visit(
            f"sqlite:///{database}",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS title, 1 AS text FROM n",
            timeout=0.2,
        )

    assert time.monotonic() - began < 10


async def test_a_database_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(SourceFailure, match="cannot be asked"):
        await visit(f"sqlite:///{tmp_path}/none.db")

    assert {} == state(tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ada:s3cr3t@127.0.0.1:9/news?connect_timeout=2",
        "mysql+pymysql://ada:s3cr3t@127.0.0.1:9/news",
        "nothing://ada:s3cr3t@127.0.0.1/news",
        "s3cr3t",
    ],
)
async def test_what_is_secret_of_an_address_is_never_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWS_DATABASE", url)
    source = build_source(Declared("S", "sql", {"url_env": "NEWS_DATABASE", "query": QUERY}, Path(), "footnote.toml"))

    with pytest.raises(SourceFailure) as told:
        [each async for each in source.read(Visit(Fetcher()))]

    assert "s3cr3t" not in f"{told.value} {source.where}"


def test_a_query_is_needed() -> None:
    with pytest.raises(ConfigProblem, match="query"):
        build_source(Declared("S", "sql", {"url": "sqlite:///a.db"}, Path(), "footnote.toml"))


async def test_a_database_that_never_answers_is_not_waited_for(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = threading.Event()

    def rows(_: object) -> Iterator[dict[str, object]]:
        let_go.wait(20)
        yield {}

    monkeypatch.setattr("index.sources.sql._LENIENCE", 0.0)
    monkeypatch.setattr("index.sources.sql.SqlQuery._rows", rows)
    try:
        with pytest.raises(SourceFailure, match=r"gave nothing for 0\.1 seconds"):
            await visit(f"sqlite:///{database}", timeout=0.1)
    finally:
        let_go.set()
