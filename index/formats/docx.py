"""Word documents (DOCX): what they say, without what was deleted, and without notes and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from index.formats.fields import make_article, read_date, read_title
from index.formats.files import SourceFile
from index.formats.found import Unreadable
from index.formats.html import Element
from index.formats.packed import LARGEST_PACKED, Package, part_name
from index.formats.text import join_blocks, list_item, title_from_name
from index.model import Article

_MAIN = "word/document.xml"
_RELATIONS = "_rels/.rels"
_STATED = "docProps/core.xml"

# Left out with all that is in them: deleted and moved text, field codes, and the second version of a drawing's words.
_UNSAID = frozenset(("del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "sectPr", "tblPr", "tcPr"))
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SPACES = re.compile(r"[ \t\xa0]+")


def read_docx(file: SourceFile) -> Article:
    """Read a Word document: its text; title, author and day of making where it states them.

    Raises:
        Unreadable: It holds no text, is encrypted or broken, or was made to do harm.
    """
    return docx_article(file.read(LARGEST_PACKED), file.name)


def docx_article(data: bytes, name: str, fields: Mapping[str, object] | None = None) -> Article:
    """Return the article that a Word document is; see `read_docx`.

    Args:
        data: The document.
        name: What it is called: the article's id, and its title where it has none.
        fields: What is known of it from elsewhere, as `make_article` takes it; goes before what it states.

    Raises:
        Unreadable: See `read_docx`.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # OLE: Word's format of before 2007, and what holds an encrypted DOCX
        raise Unreadable("is encrypted, or in the old DOC format. Save it as DOCX without a password.")
    package = Package(data, "DOCX")
    body = next((part for part in package.xml(_main(package)) if _tag(part) == "body"), None)
    if body is None:
        raise package.broken()
    stated = _stated(package)
    given = {key: value for key, value in (fields or {}).items() if value is not None}
    title = read_title(given.get("title")) or read_title(stated.get("title")) or title_from_name(name)
    said = {"published": _day(stated.get("created")), "authors": stated.get("creator")}
    text = join_blocks(list(_blocks(body)), title)
    return make_article({**said, **given, "title": title}, text, default_id=name)


def _main(package: Package) -> str:
    """Return the name of the part that holds the text."""
    if package.has(_RELATIONS):
        for relation in package.xml(_RELATIONS):
            if str(relation.get("Type")).endswith("/officeDocument") and relation.get("TargetMode") != "External":
                return part_name("", relation.get("Target") or "") or _MAIN
    return _MAIN


def _stated(package: Package) -> dict[str, str]:
    try:
        return {_tag(each): (each.text or "").strip() for each in package.xml(_STATED)}
    except Unreadable:
        return {}


def _blocks(parent: Element) -> Iterator[str]:
    """Yield the paragraphs and tables in an element; a run of items of a list is one block."""
    items: list[str] = []
    for element in parent:
        tag = _tag(element)
        if tag == "p" and _is_item(element):
            if words := _words(element):
                items.append(list_item("- ", [words]))
            continue
        if items and tag in ("p", "tbl"):
            yield "\n".join(items)
            items = []
        if tag == "p":
            yield _words(element)
        elif tag == "tbl":
            rows = (row for row in element if _tag(row) == "tr")
            cells = ([" ".join(_blocks(cell)) for cell in row if _tag(cell) == "tc"] for row in rows)
            yield "\n".join(" | ".join(" ".join(cell.split()) for cell in row) for row in cells)
        elif tag not in _UNSAID:
            yield from _blocks(element)
    yield "\n".join(items)


def _is_item(paragraph: Element) -> bool:
    return any(_tag(each) == "numPr" for properties in paragraph if _tag(properties) == "pPr" for each in properties)


def _words(paragraph: Element) -> str:
    said: list[str] = []
    waiting: list[Element] = [*reversed(paragraph)]
    while waiting:
        element = waiting.pop()
        tag = _tag(element)
        if tag == "t":
            said.append(element.text or "")
        elif tag in _BREAKS:
            said.append(_BREAKS[tag])
        elif tag == "p":  # a box that stands beside the text
            said.append("\n" + _words(element) + "\n")
        elif tag not in _UNSAID:
            waiting.extend(reversed(element))
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(said).split("\n"))
    return "\n".join(line for line in lines if line)


def _tag(element: Element) -> str:
    """Return an element's name without its namespace, of which there are two (transitional and strict)."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _day(value: str | None) -> object:
    try:
        return read_date(value)
    except Unreadable:
        return None
