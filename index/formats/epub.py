"""EPUB books: their chapters in reading order, as one article."""

from __future__ import annotations

from collections.abc import Mapping

from index.formats.fields import make_article, read_date, read_title
from index.formats.files import LARGEST_ARTICLE, SourceFile
from index.formats.found import Unreadable
from index.formats.html import Element, decode_page
from index.formats.packed import LARGEST_PACKED, Package, part_name
from index.formats.seen import seen_blocks
from index.formats.text import join_blocks, title_from_name
from index.model import Article

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))

# Fonts are encoded so that they are not taken out of a book; its words are open.
_FONTS_ALONE = frozenset(("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"))


def read_epub(file: SourceFile) -> Article:
    """Read a book: its text; title, authors, publisher and date where it states them.

    Raises:
        Unreadable: It holds no text, is locked or broken, or was made to do harm.
    """
    return epub_article(file.read(LARGEST_PACKED), file.name)


def epub_article(data: bytes, name: str, fields: Mapping[str, object] | None = None) -> Article:
    """Return the article that a book is; see `read_epub`.

    Args:
        data: The book.
        name: What it is called: the article's id, and its title where it has none.
        fields: What is known of it from elsewhere, as `make_article` takes it; goes before what it states.

    Raises:
        Unreadable: See `read_epub`.
    """
    package = Package(data, "EPUB")
    if package.has(_ENCRYPTION):
        methods = {each.get("Algorithm") for each in package.xml(_ENCRYPTION).iter("{*}EncryptionMethod")}
        if methods - _FONTS_ALONE:
            raise Unreadable("is locked (DRM): only its reader may open it. Give a copy without it.")
    opf_name = next((root.get("full-path") for root in package.xml(_CONTAINER).iter("{*}rootfile")), None) or ""
    opf = package.xml(part_name("", opf_name))
    blocks: list[str] = []
    length = 0
    for chapter in _chapters(opf, opf_name):
        found = _chapter(package, chapter)
        length += sum(map(len, found))
        if length > LARGEST_ARTICLE:
            raise Unreadable(f"has more than {LARGEST_ARTICLE // 1_000_000} million letters. Split it.")
        blocks += found
    given = {key: value for key, value in (fields or {}).items() if value is not None}
    title = read_title(given.get("title")) or read_title(_first(opf, "title")) or title_from_name(name)
    said = {
        "published": _day(_first(opf, "date")),
        "source": _first(opf, "publisher"),
        "authors": [author for each in opf.iter("{*}creator") if (author := _said(each))],
    }
    return make_article({**said, **given, "title": title}, join_blocks(blocks, title), default_id=name)


def _chapters(opf: Element, opf_name: str) -> list[str]:
    """Return the names of the parts that are read one after the other, each once."""
    parts = {
        item.get("id"): part_name(opf_name, item.get("href") or "")
        for item in opf.iter("{*}item")
        if item.get("media-type") in _CHAPTERS
    }
    order = (each.get("idref") for each in opf.iter("{*}itemref") if each.get("linear") != "no")
    return list(dict.fromkeys(parts[name] for name in order if parts.get(name)))


def _chapter(package: Package, name: str) -> list[str]:
    from lxml import html

    # As a browser reads it: what an entity stands for is a fixed list, and nothing else is ever looked up.
    markup = decode_page(package.read(name)).encode("utf-8")
    if not markup.strip():
        return []
    return seen_blocks(html.document_fromstring(markup, html.HTMLParser(encoding="utf-8", remove_pis=True)))


def _first(opf: Element, name: str) -> str:
    return next((said for each in opf.iter(f"{{*}}{name}") if (said := _said(each))), "")


def _said(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _day(value: str) -> object:
    try:
        return read_date(value)
    except Unreadable:
        return None
