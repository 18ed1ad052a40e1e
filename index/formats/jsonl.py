"""JSON Lines: an article a line, plain or compressed.

A line is `{"id"?, "title", "url"?, "published"?, "source"?, "authors"?, "text"}`. The text is kept byte for byte, so
that offsets into it mean the same to everyone; fields of other names are ignored.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import stat
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TextIO

from index.errors import ArticleProblem
from index.formats.fields import is_withdrawn, make_article, read_string, stated_id
from index.formats.files import LARGEST_ARTICLE, SourceFile, cannot_read, part_of
from index.formats.found import WITHDRAWN, Found, Unreadable, Withdrawn, unforeseen
from index.model import Article

_GZIP = b"\x1f\x8b"


def read_jsonl(file: SourceFile) -> Iterator[Found | ArticleProblem]:
    """Yield the article of each line, or what is wrong with it, without holding more than a line.

    A file that breaks off, or is damaged inside, gives the articles up to there and one problem. A problem has the key
    of its article, or that of the file where nobody can tell which article it would be.
    """
    number = 0
    try:
        with ExitStack() as open_files:
            for number, line in enumerate(_lines(_open(file, open_files)), start=1):
                where = f"{file.where}:{number}"
                record = None
                try:
                    record = _record(line)
                    if record is not None and is_withdrawn(record):
                        yield Withdrawn(where, WITHDRAWN, _key(record, file.key))
                        continue
                    found = _found(record, where, file.key) if record is not None else None
                except Unreadable as unreadable:
                    yield ArticleProblem(where, unreadable.reason, _key(record, file.key))
                except Exception as error:
                    yield ArticleProblem(where, unforeseen(error, where), _key(record, file.key))
                else:
                    if found is not None:
                        yield found
    except Unreadable as unreadable:
        yield ArticleProblem(file.where, unreadable.reason, file.key)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield _damaged(file, number, f"the compressed data is cut off or damaged ({error})")
    except UnicodeDecodeError as error:
        yield _damaged(file, number, f"the text is not valid {error.encoding.upper()}")
    except OSError as error:
        where = f"{file.where}:{number + 1}" if number else file.where
        yield ArticleProblem(where, cannot_read(error).reason, file.key)


def _open(file: SourceFile, open_files: ExitStack) -> TextIO:
    """Open a JSONL file as text, by its content: compressed or not, with or without a byte order mark.

    Raises:
        Unreadable: It holds no lines of JSON.
    """
    if not stat.S_ISREG(file.path.stat().st_mode):
        raise Unreadable("is no regular file. Replace it by a copy of its content.")
    data: io.BufferedReader | gzip.GzipFile = open_files.enter_context(file.path.open("rb"))
    if data.peek(len(_GZIP)).startswith(_GZIP):
        data = open_files.enter_context(gzip.GzipFile(fileobj=data))
    start = data.peek(512)
    encoding = "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in start:
        raise Unreadable("holds binary data, not text. Save it as UTF-8 text, one JSON object a line.")
    if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"["):
        raise Unreadable("is one JSON list. Write it as JSON Lines: one object a line, without brackets and commas.")
    # Bytes that are no UTF-8 come through as half characters, so that they spoil their own line alone.
    errors = "strict" if encoding == "utf-16" else "surrogateescape"
    return open_files.enter_context(io.TextIOWrapper(data, encoding, errors, newline="\n"))


def _lines(text: TextIO) -> Iterator[str | None]:
    """Yield each line; None for one that is too long to be held."""
    while line := text.readline(LARGEST_ARTICLE):
        whole = len(line) < LARGEST_ARTICLE or line.endswith("\n")
        yield line if whole else None
        while not whole:
            rest = text.readline(LARGEST_ARTICLE)
            whole = len(rest) < LARGEST_ARTICLE or rest.endswith("\n")


def _found(record: dict[str, object], where: str, file: str) -> Found:
    article = _article(record)
    return Found(article, where, id_given=record.get("id") not in (None, ""), key=part_of(file, article.id))


def _key(record: dict[str, object] | None, file: str) -> str:
    """Return what the article of a broken line is called, and the file where the line does not say which it is."""
    try:
        named = stated_id(record or {})
    except Unreadable:
        named = ""
    return part_of(file, named) if named else file


def _record(line: str | None) -> dict[str, object] | None:
    """Return the object that a line holds; None for an empty line.

    Raises:
        Unreadable: It holds none.
    """
    if line is None:
        raise Unreadable(
            f"is a line of more than {LARGEST_ARTICLE // 1_000_000} million characters. Split the article."
        )
    if not line.strip():
        return None
    try:
        line.encode("utf-8")
        record = json.loads(line)
    except UnicodeEncodeError as error:
        raise Unreadable(f"is not valid UTF-8 at character {error.start + 1}. Save the file as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"is not valid JSON ({error.msg} at character {error.pos + 1}). Write one whole JSON object a line."
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("is JSON with numbers too long or lists too deep to read. Take them out.") from error
    if not isinstance(record, dict):
        raise Unreadable('is JSON, but no object. Write it like {"title": "…", "text": "…"}.')
    return record


def _article(record: dict[str, object]) -> Article:
    for field in ("title", "text"):
        if record.get(field) is None:
            raise Unreadable(f'has no "{field}". Add it, or remove the line.')
    return make_article(record, read_string("text", record["text"]))


def _damaged(file: SourceFile, lines: int, how: str) -> ArticleProblem:
    return ArticleProblem(
        f"{file.where}:{lines + 1}",
        f"cannot be read from here on: {how}. Make or fetch the file again; what came before it is read.",
        file.key,
    )
