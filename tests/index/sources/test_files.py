"""Files and folders as a source."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from index import ArticleProblem, SourceFailure, read_files
from index.sources import Files, Read, Reading, Visit


async def _read(source: Files) -> list[Reading]:
    # A source of files never asks for its fetcher.
    return [reading async for reading in source.read(Visit(None))]  # type: ignore[arg-type]


async def test_files_are_read_as_without_a_source(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Harbour\n\nThe crane is back.\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"id": "x", "title": "T", "text": "Words."}\nnonsense\n', encoding="utf-8")

    readings = await _read(Files([tmp_path]))

    assert list(read_files([tmp_path])) == [each.article if isinstance(each, Read) else each for each in readings]
    read = [each for each in readings if isinstance(each, Read)]
    expected = [
        (f"{tmp_path.name}/a.md", False, str(tmp_path / "a.md")),
        (f"{tmp_path.name}/b.jsonl#x", True, f"{tmp_path / 'b.jsonl'}:1"),
    ]
    assert expected == [(each.origin.key, each.id_given, each.where) for each in read]
    assert 1 == sum(isinstance(each, ArticleProblem) for each in readings)


async def test_a_file_that_breaks_is_told_under_the_name_of_its_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The crane is back.", encoding="utf-8")
    (read,) = await _read(Files([tmp_path]))
    (tmp_path / "a.txt").write_bytes(b"")
    (problem,) = await _read(Files([tmp_path]))

    assert isinstance(read, Read)
    assert isinstance(problem, ArticleProblem)
    assert read.origin.key == problem.key


async def test_a_folder_that_is_not_there_fails_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(SourceFailure, match="no file or folder"):
        await _read(Files([tmp_path / "nowhere"]))


async def test_others_run_while_files_are_read(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.md").write_text(f"Article {number}.\n", encoding="utf-8")
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(count())
    readings = await _read(Files([tmp_path]))
    other.cancel()

    assert 20 == len(readings)
    assert turns > 1
