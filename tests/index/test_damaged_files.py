"""Files and folders that are damaged, with a name and without: what was read of them before stays until it is known."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from index import Report
from index.sources import build_source
from index.sources.declared import Declared
from tests.index.collecting import claims, rebuild, texts

Build = Callable[..., Report]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    return tmp_path / "articles"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(params=["named", "nameless"])
def build_it(request: pytest.FixtureRequest, home: Path, folder: Path) -> Build:
    if request.param == "nameless":
        return lambda **options: rebuild(home, folder, **options)
    declared = Declared("Archive", "files", {"path": str(folder), "shrink": 0.0}, folder.parent, "footnote.toml")
    return lambda **options: rebuild(home, build_source(declared), **options)


def line(name: str, **fields: Any) -> str:
    return json.dumps({"id": name, "title": name.title(), "text": f"What {name} has to tell is told here.", **fields})


def told(report: Report) -> list[str]:
    return [problem.reason for problem in report.problems]


def noted(report: Report) -> list[str]:
    return [remark.said for remark in report.remarks]


ONE_STAYS = (
    "is why an article that was read of it before may be missing; it stays as it was. "
    "Mend it; or, if they are gone, give --accept-shrink."
)


def test_lines_behind_a_break_in_packed_data_stay_as_they_were(build_it: Build, home: Path, folder: Path) -> None:
    names = [f"a{number}" for number in range(30)]
    # Texts that differ, so that the first half of the bytes holds some of the lines.
    lines = [line(name, text=Random(name).randbytes(500).hex()) for name in names]
    whole = gzip.compress("\n".join(lines).encode())
    (folder / "all.jsonl.gz").write_bytes(whole)
    build_it()
    before = texts(home)
    (folder / "all.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    report = build_it()

    assert set(names) == set(before)
    assert before == texts(home)
    assert (0, 0, 1) == (report.removed, report.changed, len(report.problems))
    assert "cannot be read from here on" in report.problems[0].reason
    assert [True] == [" articles that were read of it before may be missing" in said for said in noted(report)]


def test_what_is_gone_from_a_file_is_gone_once_it_is_whole_again(build_it: Build, home: Path, folder: Path) -> None:
    file = folder / "all.jsonl"
    file.write_text("\n".join(map(line, ("one", "two", "three"))), encoding="utf-8")
    build_it()
    file.write_text(f"{line('one')}\n{{broken", encoding="utf-8")
    damaged = build_it()
    again = build_it()
    kept = set(texts(home))
    file.write_text(line("one"), encoding="utf-8")
    mended = build_it()

    assert {"one", "two", "three"} == kept
    assert (0, 0, 2) == (damaged.removed, again.removed, mended.removed)
    assert not mended.problems
    assert {"one"} == set(texts(home))


def test_what_only_a_broken_line_keeps_is_gone_when_that_is_accepted(build_it: Build, home: Path, folder: Path) -> None:
    file = folder / "all.jsonl"
    file.write_text("\n".join(["{broken", *map(line, ("one", "two", "three"))]), encoding="utf-8")
    build_it()
    file.write_text("\n".join(["{broken", line("one"), line("two", text=5)]), encoding="utf-8")
    kept = build_it()
    again = build_it(full=True)
    accepted = build_it(accept_shrink=True)

    assert (0, 0, 1) == (kept.removed, again.removed, accepted.removed)
    assert ([ONE_STAYS], []) == (noted(kept), noted(accepted))
    assert {"one", "two"} == set(texts(home)), "what is broken itself is there"


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_an_article_of_which_a_line_has_but_the_id_is_withdrawn_and_told(
    build_it: Build, home: Path, folder: Path, text: str | None
) -> None:
    file = folder / "all.jsonl"
    file.write_text("\n".join(map(line, ("one", "two", "three"))), encoding="utf-8")
    build_it()
    file.write_text("\n".join([line("one"), line("two", text=text), "{broken"]), encoding="utf-8")
    report = build_it()

    assert {"one", "three"} == set(texts(home))
    assert ["has no text, so that the article counts as withdrawn. If it is not, add its text."] == told(report)[:1]


def test_a_broken_line_that_says_which_article_it_is_keeps_that_one_alone(
    build_it: Build, home: Path, folder: Path
) -> None:
    file = folder / "all.jsonl"
    addressed = {"title": "At an address", "url": "https://news.example/a", "text": "It is told under an address."}
    file.write_text("\n".join([line("one"), line("two"), json.dumps(addressed)]), encoding="utf-8")
    build_it()
    before = texts(home)
    file.write_text("\n".join([line("two", text=5), json.dumps(addressed | {"text": None})]), encoding="utf-8")
    report = build_it()

    assert {name: text for name, text in before.items() if name != "one"} == texts(home)
    assert 1 == report.removed
    assert all(reason.endswith("What was read of it before stays.") for reason in told(report))
    assert 2 == len(report.problems)


def test_a_broken_line_keeps_no_whole_one_of_its_article_from_being_read(
    build_it: Build, home: Path, folder: Path
) -> None:
    (folder / "all.jsonl").write_text(f"{line('one', text=5)}\n{line('one')}\n{line('one', text=6)}", encoding="utf-8")
    report = build_it()

    assert {"one": "What one has to tell is told here."} == texts(home)
    assert 2 == len(report.problems)


def test_an_article_with_an_id_of_its_own_stays_when_its_file_breaks(build_it: Build, home: Path, folder: Path) -> None:
    (folder / "a.md").write_text("---\nid: crane\ntitle: Crane\n---\nThe crane is back.\n", encoding="utf-8")
    (folder / "b.md").write_text("# Ferry\n\nThe ferry sails.\n", encoding="utf-8")
    build_it()
    before = texts(home)
    (folder / "a.md").write_bytes(b"\x00\x01\x02" * 50)
    (folder / "b.md").write_bytes(b"")
    report = build_it()

    assert {"crane", "articles/b.md"} == set(before)
    assert before == texts(home)
    assert all(reason.endswith("What was read of it before stays.") for reason in told(report))


def test_the_articles_of_a_folder_that_cannot_be_looked_into_stay(
    build_it: Build, home: Path, folder: Path, tmp_path: Path
) -> None:
    (folder / "old").mkdir()
    (folder / "old" / "a.md").write_text("# Crane\n\nThe crane is back.\n", encoding="utf-8")
    (folder / "older.md").write_text("# Ferry\n\nThe ferry sails.\n", encoding="utf-8")
    (folder / "new.md").write_text("# Quay\n\nThe quay is dry.\n", encoding="utf-8")
    build_it()
    (folder / "old").rename(tmp_path / "elsewhere")
    (folder / "old").symlink_to(tmp_path / "elsewhere")
    (folder / "older.md").unlink()
    report = build_it()

    assert {"articles/old/a.md", "articles/new.md"} == set(texts(home))
    assert ["is a link that leads out of the folder"] == [reason.partition(".")[0] for reason in told(report)]
    assert [ONE_STAYS] == noted(report)


def test_an_article_that_moved_out_of_a_broken_file_is_taken_from_where_it_is(
    build_it: Build, home: Path, folder: Path
) -> None:
    (folder / "all.jsonl").write_text(line("one"), encoding="utf-8")
    build_it()
    (folder / "all.jsonl").write_text("{broken", encoding="utf-8")
    (folder / "other.jsonl").write_text(line("one", text="One is told anew."), encoding="utf-8")
    report = build_it()

    assert {"one": "One is told anew."} == texts(home)
    assert 1 == len(report.problems)


def test_files_whose_names_look_alike_are_told_apart(build_it: Build, home: Path, folder: Path) -> None:
    for number, name in enumerate(("a#b.md", "a%23b.md", "\u00e9.md", "e\u0301.md")):
        (folder / name).write_text(f"---\nid: n{number}\n---\nNumber {number} is told here.\n", encoding="utf-8")
    build_it()

    assert {"n0", "n1", "n2", "n3"} == set(texts(home)) == {claim[2] for claim in claims(home) if claim[2]}
