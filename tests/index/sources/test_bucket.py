"""Buckets: each file is fetched when its version has changed, and nothing but a store is reached."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from index import ArticleProblem, SourceFailure
from index.errors import ConfigProblem
from index.fetch import Fetcher
from index.sources import Origin, Read, Reading, Remembered, Unchanged, Visit, build_source
from index.sources import stored as stored_module
from index.sources.declared import Declared
from index.sources.protocol import OPTIONS_KEY
from tests.index.formats.pdfs import pdf

WORDS = "The harbour crane of Varr went back to work on Monday."


@pytest.fixture
def store() -> Iterator[fsspec.AbstractFileSystem]:
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    memory.pipe("/archive/news/crane.txt", f"{WORDS}".encode())
    memory.pipe("/archive/news/2024/report.pdf", pdf([WORDS], ["It cost four million."]))
    memory.pipe(
        "/archive/news/two.jsonl", b'{"id": "a", "title": "A", "text": "One."}\n{"title": "B", "text": "Two."}\n'
    )
    memory.pipe("/archive/news/.hidden.txt", b"hidden")
    memory.pipe("/archive/news/picture.png", b"\x89PNG")
    memory.pipe("/archive/other/a.txt", b"other")
    yield memory
    memory.store.clear()


async def visit(
    url: str = "memory://archive/news", known: dict[str, Origin] | None = None, **options: object
) -> list[Reading]:
    source = build_source(Declared("S", "bucket", {"url": url, **options}, Path(), "footnote.toml"))
    options = {OPTIONS_KEY: Origin(OPTIONS_KEY, source.fingerprint)} if known else {}  # the same ones as before
    readings = [each async for each in source.read(Visit(Fetcher(), {**options, **(known or {})}))]
    return [each for each in readings if not isinstance(each, Remembered)]


def remembered(readings: list[Reading]) -> dict[str, Origin]:
    return {each.origin.key: each.origin for each in readings if isinstance(each, Read | Unchanged)}


async def test_the_files_of_a_folder_in_a_bucket_are_articles(store: fsspec.AbstractFileSystem) -> None:
    readings = await visit(publisher="Varr Courier")

    read = [each for each in readings if isinstance(each, Read)]
    assert ["news/2024/report.pdf", "news/crane.txt", "a"] == [each.article.id for each in read][:3]
    assert 4 == len(readings) == len(read) == len(remembered(readings))
    assert {"Varr Courier"} == {each.article.source for each in read}
    assert "memory://archive/news/crane.txt" == read[1].where
    assert 2 == len(read[0].article.pages)


async def test_only_what_has_changed_is_fetched_again(store: fsspec.AbstractFileSystem) -> None:
    first = remembered(await visit())
    store.pipe("/archive/news/crane.txt", f"{WORDS} It broke again on Tuesday.".encode())
    store.rm("/archive/news/2024/report.pdf")

    second = await visit(known=first)

    assert [Read, Unchanged, Unchanged] == [type(each) for each in second]
    assert "news/crane.txt" == second[0].article.id if isinstance(second[0], Read) else False
    assert first.keys() - {"2024/report.pdf"} == remembered(second).keys()


async def test_what_is_too_large_or_broken_is_told_and_the_rest_is_read(
    store: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_module, "LARGEST_STORED", 1_000)
    store.pipe("/archive/news/large.txt", b"x" * 1_001)
    store.pipe("/archive/news/../../evil\x1b.txt", b"Some words.")
    store.pipe("/archive/news/broken.jsonl", b"[]\n")

    readings = await visit()

    problems = {each.key: each.reason for each in readings if isinstance(each, ArticleProblem)}
    assert "is larger than" in problems["large.txt"]
    assert "is one JSON list" in problems["broken.jsonl"]
    assert "crane.txt" in remembered(readings)
    assert all("\x1b" not in each.where for each in readings if isinstance(each, Read | ArticleProblem))


@pytest.mark.parametrize(
    ("broken", "problems"),
    [(b"[]\n", 1), (b'{"id": "a", "title": "A", "text": "One."}\n{"title": \n{"title": \n', 2)],
    ids=["as a whole", "in two lines"],
)
async def test_a_file_that_cannot_be_read_keeps_its_articles_and_is_read_again(
    store: fsspec.AbstractFileSystem, broken: bytes, problems: int
) -> None:
    first = remembered(await visit())
    whole = store.cat("/archive/news/two.jsonl")
    store.pipe("/archive/news/two.jsonl", broken)
    readings = await visit(known=first)
    second = remembered(readings)

    assert first.keys() == second.keys()
    assert problems == sum(isinstance(each, ArticleProblem) for each in readings)

    store.pipe("/archive/news/two.jsonl", whole)
    assert 2 == sum(isinstance(each, Read) for each in await visit(known=second))


async def test_a_line_that_is_broken_is_told_at_each_visit_and_keeps_its_article_alone(
    store: fsspec.AbstractFileSystem,
) -> None:
    path = "/archive/news/lines.jsonl"
    store.pipe(path, b"".join(b'{"id": "%c", "title": "T", "text": "Words."}\n' % name for name in b"xyz"))
    known = remembered(await visit())
    store.pipe(path, b'{"id": "x", "title": "T", "text": "Words."}\n{"id": "y", "title": "T", "text": 5}\n')
    for _ in range(2):
        readings = await visit(known=known)
        known = remembered(readings) | {"lines.jsonl#y": known["lines.jsonl#y"]}

        assert ["lines.jsonl#y"] == [each.key for each in readings if isinstance(each, ArticleProblem)]
        assert "lines.jsonl#z" not in known


async def test_a_bucket_that_is_not_there_or_empty_fails_as_a_whole(store: fsspec.AbstractFileSystem) -> None:
    with pytest.raises(SourceFailure, match="memory://archive/nothing"):
        await visit("memory://archive/nothing")


async def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(SourceFailure, match=r"pip install 'footnote\[gcs\]'"):
        await visit("gs://archive/news")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc", "/etc", "http://127.0.0.1/", "https://coast.example/a", "zip://a::s3://b/c", "s3://key:s3cr3t@bucket/a",
        "memory://", "s3://", "ftp://a/b", "simplecache::s3://a/b", "s3://bucket/a?token=s3cr3t", "github://a:b@c/",
    ],
)  # fmt: skip
def test_what_is_no_store_is_no_bucket(url: str) -> None:
    with pytest.raises(ConfigProblem) as told:
        build_source(Declared("S", "bucket", {"url": url}, Path(), "footnote.toml"))

    assert "s3cr3t" not in str(told.value)


async def test_credentials_are_never_shown(store: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUCKET_SECRET", "s3cr3t")

    def fail(*_args: object, **_options: object) -> None:
        raise PermissionError("https://archive.example/?X-Amz-Signature=s3cr3t")

    monkeypatch.setattr(type(store), "find", fail)
    with pytest.raises(SourceFailure) as told:
        await visit(secret_env="BUCKET_SECRET")

    assert "cannot be listed (PermissionError)" in str(told.value)
    assert "s3cr3t" not in repr(told.value)
