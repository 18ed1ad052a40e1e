"""Plain text files."""

from __future__ import annotations

import re
from pathlib import PurePath

from index.formats.encoding import decode
from index.formats.fields import make_article
from index.formats.files import SourceFile
from index.formats.front_matter import split_front_matter
from index.model import Article

WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
"""A run of what HTML and Markdown take for one space; a no-break space is a character of its own."""

# A first line that stands alone and does not end like a sentence: the way headlines are written in plain text.
_HEADLINE = re.compile(r"\s*(\S[^\n]{0,148}[^\s.,;:])[ \t]*\n[ \t]*\n")


def read_text(file: SourceFile) -> Article:
    """Read a text file, with or without front matter; what is not front matter is kept as it is.

    The title is the front matter's, else a headline in the text, else the file's name.

    Raises:
        Unreadable: It holds no article.
    """
    fields, text = split_front_matter(decode(file.read()))
    headline = _HEADLINE.match(text)
    title = headline[1] if headline else title_from_name(file.name)
    return make_article(fields, text, default_id=file.name, default_title=title)


def title_from_name(name: str) -> str:
    """Return a file's name as a title: `news/harbour-bridge_reopens.txt` is "harbour bridge reopens"."""
    return PurePath(name).stem.replace("-", " ").replace("_", " ")


def join_blocks(blocks: list[str], title: str) -> str:
    """Return paragraphs, headings and lists as one text with blank lines between them.

    Args:
        blocks: In reading order; each without blank space around it.
        title: The article's title: a first block that only repeats it is left out.
    """
    if blocks and " ".join(blocks[0].split()).casefold() == title.casefold():
        blocks = blocks[1:]
    return "\n\n".join(block for block in blocks if block)


def list_item(marker: str, blocks: list[str]) -> str:
    """Return an item of a list: its blocks line by line behind the marker, further lines set in under the first."""
    return marker + "\n".join(blocks).replace("\n", "\n" + " " * len(marker))
