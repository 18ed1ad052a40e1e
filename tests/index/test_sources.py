"""Folders and files as sources: what is read, in which order, under which id, and what is reported instead."""

from __future__ import annotations

import codecs
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import ArticleProblem, DuplicateArticle, SourceFailure
from index.model import Article
from index.sources import read_sources
from index.sources.files import LARGEST_ARTICLE


def read(*locations: str | Path) -> tuple[list[Article], list[ArticleProblem]]:
    found = list(read_sources(locations))
    return (
        [article for article in found if isinstance(article, Article)],
        [problem for problem in found if isinstance(problem, ArticleProblem)],
    )


def write(path: Path, text: str = "Some words.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def line(**fields: object) -> str:
    return json.dumps({"title": "T", "text": "Some words.", **fields}) + "\n"


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
    _, [problem] = read(write(tmp_path / "a.pdf"))

    assert str(tmp_path / "a.pdf") == problem.where
    assert ".md" in problem.reason
    assert ".jsonl.gz" in problem.reason


@pytest.mark.parametrize("location", ["missing", "missing.md", "a.md/within", "https://example.org/a", "nul\0byte"])
def test_a_location_that_is_not_there_fails_before_anything_is_read(tmp_path: Path, location: str) -> None:
    write(tmp_path / "a.md")

    with pytest.raises(SourceFailure, match="There is no file or folder") as failure:
        read_sources([tmp_path, tmp_path / location if "://" not in location else location])

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
        list(read_sources([tmp_path]))

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

    articles = read_sources([tmp_path])
    first = next(articles)
    later.unlink()
    rest = list(articles)

    assert isinstance(first, Article)
    assert ["2"] == [article.id for article in rest if isinstance(article, Article)]
    assert [str(later)] == [problem.where for problem in rest if isinstance(problem, ArticleProblem)]


def test_importing_the_readers_loads_none_of_the_formats_libraries() -> None:
    heavy = {"trafilatura", "lxml", "frontmatter", "yaml", "markdown_it", "charset_normalizer"}
    program = f"import sys, index.sources; print(sorted({heavy!r} & set(sys.modules)))"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert "[]\n" == loaded


GOOD_LINE = line(id="good").encode()
CUT_GZIP = gzip.compress(GOOD_LINE + b"".join(line(id=str(n), text=os.urandom(40).hex()).encode() for n in range(9000)))

# name of the file, its bytes, the line that is named, words of the reason
BROKEN: list[tuple[str, bytes, str, str]] = [
    ("empty.md", b"", "", "no text"),
    ("blank.txt", b" \n\t\n", "", "no text"),
    ("only-front-matter.md", b"---\ntitle: A\n---\n", "", "no text"),
    ("only-title.md", b"# A title\n", "", "no text"),
    ("yaml.md", b"---\ntitle: a: b\n---\nWords.", ":2", "not valid YAML"),
    ("tab.md", b"---\ntitle: a\n\tx: b\n---\nWords.", ":3", "not valid YAML"),
    ("unclosed.md", b"---\ntitle: a\n\nWords.", ":1", "never ends"),
    ("python.md", b"---\ntitle: !!python/object/apply:os.system [id]\n---\nWords.", ":2", "not valid YAML"),
    ("deep.md", b"---\ntitle: " + b"[" * 9000 + b"\n---\nWords.", "", "not valid YAML"),
    ("toml.md", b"+++\ntitle = \n+++\nWords.", "", "not valid TOML"),
    ("list-title.md", b"---\ntitle: [a, b]\n---\nWords.", "", '"title" is a list'),
    ("map-authors.md", b"---\nauthors: {name: A}\n---\nWords.", "", '"authors" is an object'),
    ("bomb.md", b"---\na: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(ord("b"), ord("j"))
    ) + b"authors: *i\n---\nWords.", "", '"authors" is a list with other things than text'),
    ("date.md", b"---\ndate: 02/11/26\n---\nWords.", "", "2026-11-02"),
    ("no-such-day.md", b"---\npublished: 2026-02-30\n---\nWords.", "", "no date"),
    ("binary.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "", "binary"),
    ("control.txt", b"\x7fELF\x02\x01\x03 caf\xe9", "", "binary"),
    ("cut-utf8.txt", "Die Straße größer, schöner, äöü.".encode() + b"\xc3", "", "UTF-8 text that is broken at byte"),
    ("odd-utf16.txt", b"\xff\xfeh\0i", "", "UTF-16 text that is broken"),
    ("empty.html", b"<html></html>", "", "no article"),
    ("menu.html", b"<html><title>x</title><body><script>var a = 1;</script></body></html>", "", "no article"),
    ("large.txt", b"x" * (LARGEST_ARTICLE + 1), "", "20 MB"),
    ("not-json.jsonl", GOOD_LINE + b'{"title": "a" "text"}\n', ":2", "not valid JSON"),
    ("cut.jsonl", GOOD_LINE + b'{"title": "a", "te', ":2", "not valid JSON"),
    ("array-line.jsonl", GOOD_LINE + b'["title"]\n', ":2", "no object"),
    ("json-list.jsonl", b'[\n{"title": "a", "text": "b"},\n', "", "JSON Lines"),
    ("no-title.jsonl", GOOD_LINE + b'{"text": "b"}\n', ":2", 'no "title"'),
    ("no-text.jsonl", GOOD_LINE + b'{"title": "b", "text": null}\n', ":2", 'no "text"'),
    ("blank-text.jsonl", GOOD_LINE + b'{"title": "b", "text": " \\n "}\n', ":2", "has no text"),
    ("number-text.jsonl", GOOD_LINE + b'{"title": "b", "text": 7}\n', ":2", '"text" is a number'),
    ("number-date.jsonl", GOOD_LINE + line(published=1700000000).encode(), ":2", '"published" is a number'),
    ("object-url.jsonl", GOOD_LINE + line(url={}).encode(), ":2", '"url" is an object'),
    ("list-source.jsonl", GOOD_LINE + line(source=["x"]).encode(), ":2", '"source" is a list'),
    ("bool-id.jsonl", GOOD_LINE + line(id=True).encode(), ":2", '"id" is true or false'),
    ("control-id.jsonl", GOOD_LINE + line(id="a\nb").encode(), ":2", "do not print"),
    ("number-authors.jsonl", GOOD_LINE + line(authors=[1]).encode(), ":2", "a list with other things than text"),
    ("half-text.jsonl", GOOD_LINE + b'{"title": "b", "text": "a \\ud83d b"}\n', ":2", "half a character (\\ud83d)"),
    ("half-title.jsonl", GOOD_LINE + b'{"title": "\\udc00", "text": "a"}\n', ":2", '"title" has half a character'),
    ("latin.jsonl", GOOD_LINE + b'{"title": "\xe4", "text": "a"}\n', ":2", "not valid UTF-8"),
    ("deep.jsonl", GOOD_LINE + b"[" * 100_000 + b"\n", ":2", "too deep"),
    ("digits.jsonl", GOOD_LINE + b'{"title": "a", "text": "b", "n": ' + b"9" * 5000 + b"}\n", ":2", "too long"),
    ("long.jsonl", GOOD_LINE + b'{"title": "' + b"x" * (2 * LARGEST_ARTICLE) + b'"}\n', ":2", "20 million characters"),
    ("binary.jsonl", b"\0\1\2\3", "", "binary"),
    ("cut.jsonl.gz", CUT_GZIP[: len(CUT_GZIP) // 2], ":", "cut off or damaged"),
    ("damaged.jsonl.gz", gzip.compress(GOOD_LINE)[:10] + b"\xff" * 20, ":1", "cut off or damaged"),
    ("utf32.txt", codecs.BOM_UTF32_LE + b"abc", "", "UTF-32 text that is broken"),
    ("checksum.jsonl.gz", gzip.compress(GOOD_LINE)[:-8] + bytes(8), ":2", "cut off or damaged"),
    ("utf16-cut.jsonl", b"\xff\xfe" + GOOD_LINE.decode().encode("utf-16-le") + b"{", ":2", "not valid UTF-16"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "at", "words"), BROKEN, ids=[name for name, *_ in BROKEN])
def test_a_broken_article_is_named_with_its_reason_and_its_neighbours_are_read(
    tmp_path: Path, name: str, data: bytes, at: str, words: str
) -> None:
    write(tmp_path / "0.md", "Before it.")
    (tmp_path / name).write_bytes(data)
    write(tmp_path / "zzz.md", "After it.")

    articles, [problem] = read(tmp_path)

    assert ["Before it.", "After it."] == [articles[0].text, articles[-1].text]
    if at == ":2" and "jsonl" in name:
        assert "good" in [article.id for article in articles]
    assert problem.where.startswith(f"{tmp_path / name}{at}")
    assert words in problem.reason
    assert problem.reason.endswith(".")
    assert len(problem.reason) < 400


def test_the_lines_around_a_broken_line_are_read(tmp_path: Path) -> None:
    lines = [data.partition(b"\n")[2] for name, data, at, _ in BROKEN if at == ":2" and name.endswith(".jsonl")]
    good = [line(id=f"good {n}").encode() for n in range(len(lines))]
    lines = [broken if broken.endswith(b"\n") else broken + b"\n" for broken in lines if b"\0" not in broken]
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"".join(a + b for a, b in zip(good, lines, strict=False)) + b"\n \n" + line(id="last").encode())

    articles, problems = read(file)

    assert [f"good {n}" for n in range(len(lines))] + ["last"] == [article.id for article in articles]
    assert [f"{file}:{2 * n + 2}" for n in range(len(lines))] == [problem.where for problem in problems]


@pytest.mark.parametrize("name", ["pipe.md", "pipe.jsonl"])
def test_a_pipe_is_reported_and_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)

    _, [problem] = read(tmp_path)

    assert (str(tmp_path / name), True) == (problem.where, "no regular file" in problem.reason)


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of a user who may not read everything, and this process as that user."""
    list(read_sources([]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65_534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            for path in sorted(folder.rglob("*")):
                path.chmod(0o777)


def test_a_file_or_folder_that_may_not_be_read_is_reported(unprivileged: Path) -> None:
    write(unprivileged / "a.txt")
    write(unprivileged / "b.txt").chmod(0)
    write(unprivileged / "c.jsonl", line()).chmod(0)
    write(unprivileged / "d/e.txt").parent.chmod(0)

    articles, problems = read(unprivileged)

    assert 1 == len(articles)
    assert [str(unprivileged / name) for name in ("b.txt", "c.jsonl", "d")] == [problem.where for problem in problems]
    assert all("permission denied" in problem.reason for problem in problems)


@pytest.mark.parametrize("name", ["b.txt", "d"])
def test_a_location_that_may_not_be_read_fails(unprivileged: Path, name: str) -> None:
    write(unprivileged / "b.txt").chmod(0)
    write(unprivileged / "d/e.txt").parent.chmod(0)

    with pytest.raises(SourceFailure, match="permission"):
        read_sources([unprivileged / name])
