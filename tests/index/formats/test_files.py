"""Folders and files as sources: what is read, in which order, under which id, and what is reported instead."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import ArticleProblem, DuplicateArticle, SourceFailure
from index.formats import read_files
from index.model import Article
from tests.index.reading import line, read, write


def test_a_folder_is_read_with_its_folders_in_the_order_of_names(tmp_path: Path) -> None:
    names = ["b/2.md", "a.txt", "b/10.md", "c.htm", "B.markdown", "b/a/z.TXT", "d.jsonl.gz"]
    for name in names:
        write(tmp_path / "news" / name, f"<html><body><p>Words of {name}, a page about it.</p></body></html>")
    (tmp_path / "news" / "d.jsonl.gz").write_bytes(gzip.compress(line(id="packed").encode()))

    articles, problems = read(tmp_path / "news")

    assert [] == problems
    assert [
        "news/B.markdown", "news/a.txt", "news/b/10.md", "news/b/2.md", "news/b/a/z.TXT", "news/c.htm", "packed",
    ] == [article.id for article in articles]  # fmt: skip


def test_hidden_files_and_other_formats_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    for name in (".hidden.md", ".git/b.md", "picture.png", "notes.rst", "no-suffix", "a.md.bak", "jsonl"):
        write(tmp_path / name)

    articles, problems = read(tmp_path)

    assert ([f"{tmp_path.name}/a.md"], []) == ([article.id for article in articles], problems)


def test_a_file_of_another_format_is_a_problem_when_it_is_given_by_name(tmp_path: Path) -> None:
    _, [problem] = read(write(tmp_path / "a.odt"))

    assert str(tmp_path / "a.odt") == problem.where
    assert ".md" in problem.reason
    assert ".jsonl.gz" in problem.reason


@pytest.mark.parametrize("location", ["missing", "missing.md", "a.md/within", "https://example.org/a", "nul\0byte"])
def test_a_location_that_is_not_there_fails_before_anything_is_read(tmp_path: Path, location: str) -> None:
    write(tmp_path / "a.md")

    with pytest.raises(SourceFailure, match="There is no file or folder") as failure:
        read_files([tmp_path, tmp_path / location if "://" not in location else location])

    assert failure.value.remedy
    assert "\0" not in str(failure.value)


def test_a_folder_without_articles_is_reported(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    _, [problem] = read(tmp_path)

    assert (str(tmp_path), True) == (problem.where, "holds no articles" in problem.reason)


def test_an_article_keeps_its_id_wherever_its_folder_lies_and_whatever_is_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = write(tmp_path / "here/news/x/a.md"), write(tmp_path / "there/news/x/a.md")
    write(there.with_name("0.md"))
    monkeypatch.chdir(here.parent.parent)

    ids = [
        {article.id for article in read(location)[0]}
        for location in (here.parents[1], there.parents[1], ".", "../news/x/..")
    ]

    assert [{"news/x/a.md"}, {"news/x/a.md", "news/x/0.md"}, {"news/x/a.md"}, {"news/x/a.md"}] == ids


def test_a_file_given_by_name_has_the_id_it_has_in_its_folder(tmp_path: Path) -> None:
    file = write(tmp_path / "news/a.md")

    assert read(tmp_path / "news")[0] == read(file)[0]


def test_folders_of_the_same_name_are_told_apart_by_what_is_above_them(tmp_path: Path) -> None:
    for name in ("x/news/a.md", "y/news/a.md", "z/a.md"):
        write(tmp_path / name)

    articles, problems = read(tmp_path / "x/news", tmp_path / "y/news", tmp_path / "z", tmp_path / "x/news")

    assert (["x/news/a.md", "y/news/a.md", "z/a.md"], []) == ([article.id for article in articles], problems)


def test_a_file_that_two_locations_hold_is_read_once(tmp_path: Path) -> None:
    file = write(tmp_path / "news/a.md", "---\nid: mine\n---\nWords.")

    articles, problems = read(tmp_path / "news", file, tmp_path, str(file))

    assert (["mine"], []) == ([article.id for article in articles], problems)


def test_a_given_id_that_is_taken_is_an_error_that_names_both_places(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "---\nid: same\n---\nWords.")
    write(tmp_path / "b.jsonl", line(id="other") + line(id="same"))

    with pytest.raises(DuplicateArticle) as duplicate:
        list(read_files([tmp_path]))

    assert '"same"' in str(duplicate.value)
    assert str(tmp_path / "a.md") in str(duplicate.value)
    assert f"{tmp_path / 'b.jsonl'}:2" in str(duplicate.value)


def test_a_derived_id_that_is_taken_skips_the_later_article_and_names_the_first(tmp_path: Path) -> None:
    url = "https://example.org/a"
    file = write(
        tmp_path / "a.jsonl", line(url=url) + line(url=url, text="Others.") + line() + line() + line(title="U")
    )

    articles, problems = read(file)

    assert 3 == len(articles)
    assert [f"{file}:2", f"{file}:4"] == [problem.where for problem in problems]
    assert [f"{file}:1" in problems[0].reason, f"{file}:3" in problems[1].reason] == [True, True]


def test_a_link_out_of_the_folder_is_not_followed_and_reported(tmp_path: Path) -> None:
    write(tmp_path / "secret/a.md")
    write(tmp_path / "news/b.md")
    (tmp_path / "news/file.md").symlink_to(tmp_path / "secret/a.md")
    (tmp_path / "news/folder").symlink_to(tmp_path / "secret")
    (tmp_path / "news/nowhere.md").symlink_to(tmp_path / "gone.md")

    articles, problems = read(tmp_path / "news")

    assert ["news/b.md"] == [article.id for article in articles]
    assert [
        (str(tmp_path / "news/file.md"), True, False),
        (str(tmp_path / "news/folder"), True, False),
        (str(tmp_path / "news/nowhere.md"), False, True),
    ] == [(p.where, "out of the folder" in p.reason, "nowhere" in p.reason) for p in problems]


def test_links_within_the_folder_give_each_article_once_and_loops_are_harmless(tmp_path: Path) -> None:
    write(tmp_path / "news/x/a.md")
    write(tmp_path / "news/..data/config.md")
    (tmp_path / "news/0.md").symlink_to("x/a.md")
    (tmp_path / "news/config.md").symlink_to("..data/config.md")
    (tmp_path / "news/x/up").symlink_to("..")
    (tmp_path / "news/self.md").symlink_to("self.md")

    articles, problems = read(tmp_path / "news")

    assert ["news/config.md", "news/x/a.md"] == [article.id for article in articles]
    assert [str(tmp_path / "news/self.md")] == [problem.where for problem in problems]


def test_a_location_that_is_a_link_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "real/a.md")
    (tmp_path / "link").symlink_to("real")

    articles, problems = read(tmp_path / "link")

    assert (["link/a.md"], []) == ([article.id for article in articles], problems)


def test_a_file_name_of_any_bytes_gives_an_id_and_a_place_that_print(tmp_path: Path) -> None:
    for name in (b"\xff\xfe.md", b"a\x1b[31m\nb.md", "e\u0301.md".encode(), "\u202egpj.md".encode()):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("Words.")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xfe\x1b.txt")).write_text("")

    articles, [problem] = read(tmp_path)

    assert {"\\xff\\xfe.md", "a\\x1b[31m\\nb.md", "é.md", "\\u202egpj.md"} == {a.id.partition("/")[2] for a in articles}
    for shown in [problem.where, *(article.id for article in articles), *(article.title for article in articles)]:
        assert shown.isprintable()
        shown.encode("utf-8")


def test_articles_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", line(id="1") + line(id="2"))
    later = write(tmp_path / "b.md")

    articles = read_files([tmp_path])
    first = next(articles)
    later.unlink()
    rest = list(articles)

    assert isinstance(first, Article)
    assert ["2"] == [article.id for article in rest if isinstance(article, Article)]
    assert [str(later)] == [problem.where for problem in rest if isinstance(problem, ArticleProblem)]


def test_importing_the_readers_loads_none_of_the_formats_libraries() -> None:
    heavy = {"trafilatura", "lxml", "frontmatter", "yaml", "markdown_it", "charset_normalizer"}
    program = f"import sys, index.formats; print(sorted({heavy!r} & set(sys.modules)))"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert "[]\n" == loaded
