"""Saved web pages: the article on the page, without what surrounds it."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from index.formats.encoding import decode
from index.formats.fields import make_article, read_title
from index.formats.files import SourceFile
from index.formats.found import Unreadable
from index.formats.text import WHITE_SPACE, join_blocks, list_item, title_from_name
from index.model import Article

Element = Any
"""lxml's element, which has no types."""

Extracted = Any
"""trafilatura's `Document`: `title`, `url`, `date`, `sitename`, `author`, each may be None, and `body`, a tree."""

# Where a page names its encoding: in <meta charset=…>, <meta http-equiv… content="…; charset=…"> or <?xml encoding=…?>.
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_DECLARED_WITHIN = 4_096  # bytes; browsers look at the first 1,024

# Only what the page says of its date counts, not any year in its words; and a page says the same on every day it is
# read, so the bounds are far away and not today.
DATES: Mapping[str, Any] = {
    "original_date": True,
    "extensive_search": False,
    "min_date": "1000-01-01",
    "max_date": "2999-12-31",
}

# What a reader of the page does not see is not what it says: hidden words are there for machines.
_STYLE = "translate(@style, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ ', 'abcdefghijklmnopqrstuvwxyz')"
HIDDEN = [
    "//body//*[@hidden]",
    f"//body//*[contains({_STYLE}, 'display:none') or contains({_STYLE}, 'visibility:hidden')]",
]

_BLOCKS = frozenset(("p", "head", "list", "table", "quote", "div"))


def read_html(file: SourceFile) -> Article:
    """Read a web page that was saved as a file: title, address, date, authors and publisher are the page's own.

    A page without a date that it states as such is an article without one.

    Raises:
        Unreadable: No article is found on the page.
    """
    page = extract(decode_page(file.read()))
    if page is None:
        raise Unreadable("holds no article that can be told from the rest of the page. Save its text as a .txt file.")
    title = read_title(page.title) or title_from_name(file.name)
    fields = {
        "title": title,
        "url": page.url,
        "published": page.date,
        "source": page.sitename,
        "authors": page.author,
    }
    return make_article(fields, page_text(page, title), default_id=file.name)


def decode_page(data: bytes, declared: str = "") -> str:
    """Return a page's markup; an encoding that came with it goes before the one that the page names itself.

    Raises:
        Unreadable: It is no text, or no encoding fits it.
    """
    named = _DECLARED.search(data[:_DECLARED_WITHIN])
    return decode(data, declared or (named[1].decode("ascii") if named else ""))


def extract(page: str | Element, also_hidden: Sequence[str] = ()) -> Extracted | None:
    """Return the article that a page shows and what the page says of it; None where none can be told from the rest.

    Args:
        page: The markup, or its tree (lxml), which is left as it is.
        also_hidden: XPath expressions of what is no part of the article.
    """
    from trafilatura import bare_extraction

    # It logs each page that it gives up, without saying which; that is reported here, with the file's name.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return bare_extraction(
        page,
        include_comments=False,
        with_metadata=True,
        date_extraction_params=dict(DATES),
        prune_xpath=[*HIDDEN, *also_hidden],
    )


def page_text(page: Extracted, title: str) -> str:
    """Return the text of an extracted article: paragraphs, headings and lists, without the title in front."""
    return join_blocks(_blocks(page.body), title)


def _blocks(parent: Element) -> list[str]:
    """Return the blocks of plain text in an element of the extracted tree (trafilatura's tags), none of them empty."""
    blocks: list[str] = []
    run = [_inline(parent.text)]
    for element in parent:
        if element.tag in _BLOCKS or (element.tag == "code" and "\n" in "".join(element.itertext())):
            blocks.append(_lines(run))
            match element.tag:
                case "list":
                    blocks.append(_list(element))
                case "table":
                    rows = (" | ".join(" ".join(_blocks(cell)) for cell in row) for row in element.iter("row"))
                    blocks.append("\n".join(rows))
                case "code":
                    blocks.append("".join(element.itertext()).strip("\n"))
                case _:
                    blocks.extend(_blocks(element))
            run = []
        else:
            run.append(_words(element))
        run.append(_inline(element.tail))
    blocks.append(_lines(run))
    return [block for block in blocks if block.strip()]


def _list(element: Element) -> str:
    ordered = element.get("rend") == "ol"
    items = (_blocks(item) for item in element)
    return "\n".join(
        list_item(f"{number}. " if ordered else "- ", blocks)
        for number, blocks in enumerate((blocks for blocks in items if blocks), start=1)
    )


def _words(element: Element) -> str:
    """Return what an inline element says; a line break is a new line."""
    said = ["\n" if element.tag == "lb" else "", _inline(element.text)]
    for part in element:
        said += [_words(part), _inline(part.tail)]
    return "".join(said)


def _inline(words: str | None) -> str:
    return WHITE_SPACE.sub(" ", words or "")


def _lines(run: list[str]) -> str:
    lines = (WHITE_SPACE.sub(" ", line).strip(" ") for line in "".join(run).split("\n"))
    return "\n".join(lines).strip("\n")
