"""What cannot be read is named with its place and its reason, and what is around it is read."""

from __future__ import annotations

import codecs
import gzip
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import SourceFailure
from index.formats import read_files
from index.formats.files import LARGEST_ARTICLE
from tests.index.reading import line, read, write

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
    list(read_files([]))
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
        read_files([unprivileged / name])
