"""The bytes of a sitemap -> the addresses in it. Nothing here fetches anything."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from index.errors import SourceFailure
from index.fetch.url import redacted
from index.formats.encoding import decode
from index.formats.fields import read_date
from index.formats.found import Unreadable, printable

LARGEST_SITEMAP = 50_000_000
"""Bytes, unpacked: what the protocol allows (sitemaps.org)."""

MOST_ADDRESSES = 50_000
"""Addresses in one sitemap: what the protocol allows."""

_GZIP = b"\x1f\x8b"

# Pieces of gzip, one behind the other: of a million empty ones nothing comes but work.
_MOST_PIECES = 1_000

_ADDRESS_LINE = re.compile(rb"(?:\xef\xbb\xbf)?\s*https?://")
_LONGEST_FIELD = 2_048  # characters
_PARTS = ("loc", "lastmod", "title", "publication_date", "name")


@dataclass(frozen=True, slots=True)
class Listed:
    """An address in a sitemap, and what the sitemap says of it.

    Attributes:
        url: As it stands there.
        modified: When it was changed, as written; empty if that is no date.
        title: Of a news sitemap.
        published: The day of publication, of a news sitemap.
        publisher: Of a news sitemap.
    """

    url: str
    modified: str = ""
    title: str = ""
    published: date | None = None
    publisher: str = ""


@dataclass(slots=True)
class SitemapDocument:
    """What one sitemap holds.

    Attributes:
        pages: Addresses of pages.
        sitemaps: Addresses of other sitemaps, if it is an index.
        damage: Why it could be read in part only; empty if it was read whole.
    """

    pages: list[Listed] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)
    damage: str = ""


def read_sitemap(data: bytes, url: str) -> SitemapDocument:
    """Return the addresses in a sitemap, a news sitemap, an index of sitemaps, or a list of lines; packed or not.

    Raises:
        SourceFailure: It is none of them, or unpacks to more than a sitemap may have.
    """
    where = redacted(url)
    if data.startswith(_GZIP):
        data = _unpacked(data, where)
    if not data.strip():
        raise SourceFailure(f"{where} is empty.", "Check the address.")
    if _ADDRESS_LINE.match(data):
        return _read_lines(data, where)
    document, root = _read_xml(data)
    if root in {"urlset", "sitemapindex"}:
        return document
    if root in {"rss", "feed", "RDF"}:
        raise SourceFailure(f"{where} is a feed and no sitemap.", "Read it as a source of the kind feed.")
    instead = "It is a web page. " if root.lower() == "html" else ""
    raise SourceFailure(f"{where} is no sitemap.", f"{instead}A site's robots.txt often names its sitemaps.")


def _unpacked(data: bytes, where: str) -> bytes:
    unpacked, rest = b"", data
    members = 0
    while rest.startswith(_GZIP):  # several, one behind the other, are one
        members += 1
        if members > _MOST_PIECES:
            raise SourceFailure(f"{where} is packed in more than {_MOST_PIECES:,} pieces.", "Nothing of it was read.")
        unpacking = zlib.decompressobj(wbits=31)
        try:
            unpacked += unpacking.decompress(rest, LARGEST_SITEMAP + 1 - len(unpacked))
        except zlib.error as error:
            raise SourceFailure(f"{where} is broken gzip ({error}).", "Try again later, or tell the site.") from None
        if len(unpacked) > LARGEST_SITEMAP:
            raise SourceFailure(
                f"{where} unpacks to more than {LARGEST_SITEMAP // 1_000_000} MB, the most for a sitemap.",
                "Nothing of it was read.",
            )
        if not unpacking.eof:
            raise SourceFailure(f"{where} is broken gzip (it breaks off).", "Try again later, or tell the site.")
        rest = unpacking.unused_data
    return unpacked


def _read_lines(data: bytes, where: str) -> SitemapDocument:
    try:
        lines = [line.strip() for line in decode(data).split("\n")]
    except Unreadable as unreadable:
        raise SourceFailure(f"{where} {unreadable.reason}") from None
    return _within_limit(SitemapDocument([Listed(line) for line in lines if 0 < len(line) <= _LONGEST_FIELD]))


def _read_xml(data: bytes) -> tuple[SitemapDocument, str]:
    """Return what an XML document holds, and the name of its first element; neither entities nor files are opened."""
    from lxml import etree

    document = SitemapDocument()
    root = ""
    parts: dict[str, str] = {}
    reading: Any = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), recover=True, resolve_entities=False, no_network=True,
        load_dtd=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for event, element in reading:
            name = etree.QName(element).localname
            if event == "start":
                root = root or name
                if root not in {"urlset", "sitemapindex"}:
                    break
                continue
            if name in _PARTS:
                # The first counts: images and other things in a page's entry have a title and a place of their own.
                parts.setdefault(name, (element.text or "").strip()[:_LONGEST_FIELD])
            elif name == "url" and parts.get("loc"):
                document.pages.append(_listed(parts))
            elif name == "sitemap" and parts.get("loc"):
                document.sitemaps.append(parts["loc"])
            if name in {"url", "sitemap"}:
                parts = {}
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            if len(document.pages) + len(document.sitemaps) > MOST_ADDRESSES:
                break
    except etree.XMLSyntaxError as error:
        document.damage = _reason(error)
    if reading.error_log and not document.damage:
        document.damage = _reason(reading.error_log[0].message)
    return _within_limit(document), root


def _listed(parts: dict[str, str]) -> Listed:
    return Listed(
        url=parts["loc"],
        modified=parts.get("lastmod", "") if _day(parts.get("lastmod")) else "",
        title=parts.get("title", ""),
        published=_day(parts.get("publication_date")),
        publisher=parts.get("name", ""),
    )


def _within_limit(document: SitemapDocument) -> SitemapDocument:
    if len(document.pages) + len(document.sitemaps) > MOST_ADDRESSES:
        del document.pages[MOST_ADDRESSES:], document.sitemaps[MOST_ADDRESSES:]
        document.damage = f"more than {MOST_ADDRESSES} addresses, the most for one sitemap"
    return document


def _day(written: str | None) -> date | None:
    try:
        return read_date(written)
    except Unreadable:
        return None


def _reason(error: object) -> str:
    return printable(str(error).splitlines()[0] if str(error) else "broken XML")[:200]
