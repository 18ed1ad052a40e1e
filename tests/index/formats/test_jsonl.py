"""JSON Lines: the contract that others write by, and texts kept byte for byte."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ArticleProblem
from index.formats import jsonl, read_files
from index.model import Article

# Any text that a file can hold; half characters are a problem of their own.
texts = st.text(st.characters(exclude_categories=["Cs"]))
written = texts.filter(str.strip)


def read(path: Path) -> list[Article | ArticleProblem]:
    return list(read_files([path]))


def read_line(folder: Path, **fields: object) -> Article | ArticleProblem:
    file = folder / "articles.jsonl"
    file.write_text(json.dumps({"title": "T", "text": "Some words.", **fields}), encoding="utf-8")
    [found] = read(file)
    return found


@given(
    bodies=st.lists(written, max_size=5),
    escaped=st.booleans(),
    ending=st.sampled_from(["\n", "\r\n", "\n\n \n"]),
    packed=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_text_is_kept_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[str], escaped: bool, ending: str, packed: bool, encoding: str
) -> None:
    lines = [
        json.dumps({"id": f"{n}", "title": "T", "text": body}, ensure_ascii=escaped) for n, body in enumerate(bodies)
    ]
    data = "".join(line + ending for line in lines).encode(encoding)
    file = tmp_path_factory.mktemp("jsonl") / ("a.jsonl.gz" if packed else "a.jsonl")
    file.write_bytes(gzip.compress(data) if packed else data)

    articles = [article for article in read(file) if isinstance(article, Article)]

    assert bodies == [article.text for article in articles]


@given(article_id=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=200))
def test_a_given_id_is_kept(tmp_path_factory: pytest.TempPathFactory, article_id: str) -> None:
    article = read_line(tmp_path_factory.mktemp("jsonl"), id=article_id)

    assert article_id == getattr(article, "id", article)


def test_every_field_of_the_contract_is_read_and_others_are_ignored(tmp_path: Path) -> None:
    article = read_line(
        tmp_path,
        id="a-1",
        title=" A  headline\n",
        url="https://example.org/a?b=1#c",
        published="2024-11-02",
        source="The Courier",
        authors=["Ada Bell", "Jo Marsh"],
        text=" As it\r\nis. ",
        score=[{"x": None}],
    )

    assert (
        Article(
            id="a-1",
            title="A headline",
            text=" As it\r\nis. ",
            url="https://example.org/a?b=1#c",
            published=date(2024, 11, 2),
            source="The Courier",
            authors=("Ada Bell", "Jo Marsh"),
        )
        == article
    )


def test_optional_fields_may_be_missing_null_or_empty(tmp_path: Path) -> None:
    optional = ("id", "url", "published", "source", "authors")

    articles = [read_line(tmp_path, **dict.fromkeys(optional, value)) for value in (None, "")]

    assert [read_line(tmp_path)] * 2 == articles


def test_an_empty_title_is_allowed(tmp_path: Path) -> None:
    article = read_line(tmp_path, title="")

    assert "" == getattr(article, "title", article)


def test_a_whole_number_serves_as_an_id(tmp_path: Path) -> None:
    article = read_line(tmp_path, id=17)

    assert "17" == getattr(article, "id", article)


def test_a_derived_id_stays_when_lines_come_and_go(tmp_path: Path) -> None:
    lines = [json.dumps({"title": f"T{n}", "text": "Words."}) + "\n" for n in range(4)]
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    before.write_text("".join(lines[1:3]))
    after.write_text("".join(reversed(lines)))

    kept = {article.id for article in read(before) if isinstance(article, Article)}

    assert 2 == len(kept)
    assert kept < {article.id for article in read(after) if isinstance(article, Article)}


def test_an_article_with_an_address_keeps_its_id_when_its_text_is_corrected(tmp_path: Path) -> None:
    before = read_line(tmp_path, url="https://example.org/a")
    after = read_line(tmp_path, url="https://example.org/a", title="Corrected", text="Other words.")

    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert before.id == after.id


def test_a_compressed_file_is_known_by_its_content(tmp_path: Path) -> None:
    line = json.dumps({"id": "a", "title": "T", "text": "Words."}).encode()
    (tmp_path / "packed.jsonl").write_bytes(gzip.compress(line))
    (tmp_path / "plain.jsonl.gz").write_bytes(line.replace(b'"a"', b'"b"'))

    assert ["a", "b"] == [getattr(found, "id", found) for found in read(tmp_path)]


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes('{"title": "T",\r "id": "a", "text": "\u2028\x85\x7f"}\r\n'.encode())

    assert ["\u2028\x85\x7f"] == [getattr(found, "text", found) for found in read(file)]


def test_an_empty_file_has_no_articles_and_no_problems(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"\n\n")

    assert [] == read(file)


def test_a_line_that_nobody_foresaw_is_a_problem_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_article = jsonl.make_article

    def stumble(fields: dict[str, object], text: str) -> Article:
        if text == "2":
            raise ZeroDivisionError
        return make_article(fields, text)

    monkeypatch.setattr(jsonl, "make_article", stumble)
    file = tmp_path / "a.jsonl"
    file.write_text("".join(json.dumps({"title": "T", "text": str(n)}) + "\n" for n in range(1, 4)))

    with caplog.at_level("DEBUG"):
        first, problem, last = read(file)

    assert ["1", "3"] == [getattr(found, "text", found) for found in (first, last)]
    assert isinstance(problem, ArticleProblem)
    assert (f"{file}:2", True) == (problem.where, "ZeroDivisionError" in problem.reason)
    assert [("DEBUG", True)] == [(record.levelname, bool(record.exc_info)) for record in caplog.records]


def test_a_date_beyond_all_numbers_is_a_problem_of_its_line(tmp_path: Path) -> None:
    found = read_line(tmp_path, published="Mon, 1 Jan 99999999999999999999 10:00:00 +0000")

    assert isinstance(found, ArticleProblem)
    assert (f"{tmp_path / 'articles.jsonl'}:1", True) == (found.where, '"published"' in found.reason)
