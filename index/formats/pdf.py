"""PDF files: their text, with the place where each page begins in it.

A PDF is a program more than a text, and can be made to take all of a machine's time and memory. It is read in a process
of its own (`index.formats.pdf_text`), which is stopped when it takes too much of either; nothing in it is executed and
nothing that it refers to is fetched.
"""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.formats.fields import make_article, read_title
from index.formats.files import SourceFile
from index.formats.found import Unreadable
from index.formats.pages import join_pages
from index.formats.text import title_from_name
from index.model import Article

_log = logging.getLogger(__name__)

LARGEST_PDF = 100_000_000
"""Bytes: most of a large one are its pictures."""

LONGEST_READING = 120
"""Seconds, of the clock and of the processor: room for some thousand pages."""

# Titles that programs give: a file's name, or the like.
_NO_TITLE = re.compile(
    r"untitled.*|slide 1|document\d*|microsoft (word|powerpoint|excel) - .*"
    r"|.*\.(docx?|pptx?|xlsx?|odt|indd|qxd|dvi|tex|pdf|rtf)",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(r"(administrator|admin|user|owner|unknown|author|\w+\\\w+)", re.IGNORECASE)

# Letters of a page that is a picture with nothing but a stamp on it.
_FEWEST_LETTERS = 10
# Share of characters that stand for no known letter, from which on the text is of no use.
_MOST_UNKNOWN = 0.2
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff]")


def read_pdf(file: SourceFile) -> Article:
    """Read a PDF file: its text with its pages; title, author and day of making where it states them.

    Raises:
        Unreadable: It holds no text, is encrypted or broken, or takes too much to read.
    """
    return pdf_article(file.read(LARGEST_PDF), file.name)


def pdf_article(data: bytes, name: str, fields: Mapping[str, object] | None = None) -> Article:
    """Return the article that a PDF is; see `read_pdf`.

    Args:
        data: The PDF.
        name: What it is called: the article's id, and its title where it has none.
        fields: What is known of it from elsewhere, as `make_article` takes it; goes before what it states.

    Raises:
        Unreadable: See `read_pdf`.
    """
    return article_of_pages(_read_apart(data), name, fields or {})


def article_of_pages(read: Mapping[str, Any], name: str, fields: Mapping[str, object]) -> Article:
    """Return the article of what `index.formats.pdf_text` has read.

    Raises:
        Unreadable: There is no text in it, or none that can be used.
    """
    pages = read["pages"]
    letters = sum(len(page) - page.count(" ") for page in pages)
    if letters < _FEWEST_LETTERS * len(pages) or not letters:
        raise Unreadable(
            "has no text: its pages are pictures, as of a scanner. Let a program recognise the letters (OCR), and give "
            "what it makes of it."
        )
    if len(_UNKNOWN.findall("".join(pages))) > _MOST_UNKNOWN * letters:
        raise Unreadable("does not say which letters its signs stand for. Export it anew, or recognise them (OCR).")
    stated = read_title(read["title"])
    title = read_title(fields.get("title")) or ("" if _NO_TITLE.fullmatch(stated) else stated) or title_from_name(name)
    text, starts = join_pages(pages, title)
    author = read["author"]
    said = {"published": read["made"], "authors": None if _NO_AUTHOR.fullmatch(author.strip()) else author}
    given = {key: value for key, value in fields.items() if value is not None}
    article = make_article({**said, **given, "title": title}, text, default_id=name)
    return replace(article, pages=starts)


def _harmless_environment() -> dict[str, str]:
    """Return what a program needs to start here, and no secret: what reads a hostile file is told none."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ}


def _read_apart(data: bytes) -> Mapping[str, Any]:
    """Let another process read a PDF, and wait for it only so long.

    Raises:
        Unreadable: It says why it cannot be read, takes too long, or comes to an end by itself.
    """
    command = [sys.executable, "-P", "-m", "index.formats.pdf_text"]
    # The very code that runs here, wherever this was started.
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]))
    try:
        done = subprocess.run(  # noqa: S603 -- our own module; the PDF is its input and no part of the command
            command,
            input=data,
            capture_output=True,
            timeout=LONGEST_READING,
            check=False,
            env={**_harmless_environment(), "PYTHONPATH": path},
        )
        read: Mapping[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as expired:
        raise Unreadable(_TOO_MUCH) from expired
    except ValueError as error:  # It came to its end before it said anything.
        if done.returncode > 0:
            _log.error("The reader of PDF files does not run: %s", done.stderr.decode("utf-8", "replace"))
            raise Unreadable("cannot be read, as the reader of PDF files does not run. See the log for why.") from error
        raise Unreadable(_TOO_MUCH) from error
    if refused := read.get("refused"):
        raise Unreadable(refused)
    return read


# Environment variables that Python and the system's libraries start with.
_NEEDED = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "LANG", "LC_ALL")

_TOO_MUCH = (
    f"takes more than {LONGEST_READING} seconds or too much memory to read. Split it, or export it anew from the "
    "program that made it."
)
