"""The bytes of a feed (RSS, Atom, JSON Feed) -> its entries. Nothing here fetches anything."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urljoin

from index.errors import SourceFailure
from index.fetch.url import redacted
from index.formats.fields import read_date, read_url
from index.formats.found import Unreadable
from index.sources.fragment import one_line

MOST_ENTRIES = 20_000
"""Entries of one feed that are looked at; real ones have some tens, archives some thousands."""

LARGEST_FEED = 10_000_000
"""Bytes of one document of a feed: ten times what a hundred whole articles take."""

# Elements in each other; feeds have some twenty with the markup of articles in them. More only costs time.
_DEEPEST = 300

# Possessive: a thousand comments in front of something else would be taken apart in every way there is.
_BEGINS_AS_PAGE = re.compile(rb"(?is)(?:\xef\xbb\xbf)?\s*+(?>(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html[\s>])")
_BEGINS_AS_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_ROOT = re.compile(rb"<(?:\w{1,20}:)?(rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_END = re.compile(rb"</(?:\w{1,20}:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_END_WITHIN = 1_000
_ROOT_WITHIN = 20_000  # bytes: comments and the list of entities may stand in front of it
_ALTERNATE = re.compile(rb"<link[^>]{0,500}application/(?:rss|atom|feed)\+(?:xml|json)[^>]{0,500}>", re.IGNORECASE)
_HREF = re.compile(rb"""href\s*=\s*["']?([^"'\s>]{1,500})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, as the feed has it.

    Attributes:
        key: Its own name, or else its address, or else its title: the same at every visit.
        url: An http(s) address, whole; None if it has none that can be followed.
        link: What stands in its place otherwise.
        title: As plain text.
        content: The whole article as HTML, if the feed has it.
        summary: What the feed has instead, as HTML.
        published: The day of publication.
        undated: What stands in its place, where that is no date.
        updated: When it was changed, as written.
        authors: Names.
    """

    key: str
    url: str | None
    link: str = ""
    title: str = ""
    content: str = ""
    summary: str = ""
    published: date | None = None
    undated: str = ""
    updated: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """What one document of a feed holds.

    Attributes:
        title: The feed's.
        entries: In its order.
        following: The address of the document with older entries (RFC 5005, JSON Feed), if there is one.
        damage: What is wrong with its XML, if it could only be read in part.
        left_out: Entries beyond the most that are looked at.
        nameless: Entries with neither name, address nor title.
    """

    title: str
    entries: tuple[Entry, ...]
    following: str | None = None
    damage: str = ""
    left_out: int = 0
    nameless: int = 0


def read_feed(data: bytes, url: str, content_type: str = "", charset: str | None = None) -> FeedDocument:
    """Return what a feed holds.

    Args:
        data: The document.
        url: Where it came from; links in it are relative to that.
        content_type: As the server named it.
        charset: The encoding that the server named.

    Raises:
        SourceFailure: It is no feed; the message says what it is instead.
    """
    where = redacted(url)
    if not data.strip():
        raise SourceFailure(f"{where} is empty.", "Check the address.")
    if _BEGINS_AS_JSON.match(data):
        return _distinct(_json_feed(data, url))
    if _BEGINS_AS_PAGE.match(data) or not _ROOT.search(data[:_ROOT_WITHIN].replace(b"\0", b"")):
        raise SourceFailure(f"{where} is no feed.", _instead(data, url))
    return _distinct(_xml_feed(data, url, content_type, charset))


def _xml_feed(data: bytes, url: str, content_type: str, charset: str | None) -> FeedDocument:
    import feedparser

    kind = content_type if "xml" in content_type else "application/xml"
    _check_depth(data, url)
    headers = {"content-location": url, "content-type": f"{kind}; charset={charset}" if charset else kind}
    # Wrapped, as it would open what looks like an address or a path. Markup is cleaned where it becomes text.
    found = feedparser.parse(
        io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    broken = found.get("bozo_exception")
    if not found.version and not found.entries:
        raise SourceFailure(
            f"{redacted(url)} cannot be read as a feed{f' ({_reason(broken)})' if broken else ''}.",
            "Check the address in a feed reader.",
        )
    # What was cut off in the middle of an entry would be taken for the whole of it.
    whole = found.entries if not broken or _END.search(data[-_END_WITHIN:].replace(b"\0", b"")) else found.entries[:-1]
    entries = [_xml_entry(entry, url) for entry in whole[:MOST_ENTRIES]]
    links = found.feed.get("links", [])
    following = next(
        (link.get("href") for rel in ("next", "prev-archive") for link in links if link.get("rel") == rel), None
    )
    return FeedDocument(
        found.feed.get("title", ""),
        tuple(entry for entry in entries if entry.key),
        web_address(following, url),
        _reason(broken) if broken and not isinstance(broken, feedparser.CharacterEncodingOverride) else "",
        max(0, len(found.entries) - MOST_ENTRIES),
        sum(not entry.key for entry in entries),
    )


def _check_depth(data: bytes, url: str) -> None:
    from xml.parsers import expat

    depth = 0

    def deeper(name: str, attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise SourceFailure(f"{redacted(url)} has more than {_DEEPEST} elements in each other.", "Check it.")

    def higher(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = deeper, higher
    # What is wrong with it is for feedparser to say, which reads what can be read.
    with suppress(expat.ExpatError, ValueError, LookupError):
        parser.Parse(data, True)


def _xml_entry(entry: Mapping[str, Any], base: str) -> Entry:
    link = str(entry.get("link") or "")
    address = web_address(link, base)
    dated = str(entry.get("published") or entry.get("updated") or "")
    day = _day(dated, entry.get("published_parsed") or ("updated" in entry and entry.get("updated_parsed")) or None)
    contents = [str(content.get("value") or "") for content in entry.get("content", ())]
    authors = [str(author.get("name") or "") for author in entry.get("authors", ())] or [str(entry.get("author") or "")]
    return Entry(
        key=str(entry.get("id") or "").strip() or address or _title(entry),
        url=address,
        link=link,
        title=_title(entry),
        content=max(contents, key=len, default=""),
        summary=str(entry.get("summary") or ""),
        published=day,
        undated="" if day else dated,
        # feedparser gives the publication for an entry that was never changed.
        updated=str(entry["updated"]) if "updated" in entry else "",
        authors=tuple(name for name in authors if name),
    )


def _title(entry: Mapping[str, Any]) -> str:
    title = str(entry.get("title") or "")
    marked_up = "html" in str(entry.get("title_detail", {}).get("type"))
    return one_line(title) if marked_up else title


def _json_feed(data: bytes, url: str) -> FeedDocument:
    from index.formats.encoding import decode

    try:
        feed = json.loads(decode(data))
    except (ValueError, RecursionError, Unreadable) as error:
        raise SourceFailure(f"{redacted(url)} is broken JSON ({_reason(error)}).", "Check the address.") from None
    items = feed.get("items")
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(items, list):
        raise SourceFailure(f"{redacted(url)} is JSON, but no JSON Feed.", "Check the address.")
    entries = [_json_entry(item, url) for item in items[:MOST_ENTRIES] if isinstance(item, dict)]
    return FeedDocument(
        _said(feed, "title"),
        tuple(entry for entry in entries if entry.key),
        web_address(_said(feed, "next_url"), url),
        left_out=max(0, len(items) - MOST_ENTRIES),
        nameless=sum(not entry.key for entry in entries),
    )


def _json_entry(item: Mapping[str, Any], base: str) -> Entry:
    from html import escape

    link = _said(item, "url") or _said(item, "external_url")
    address = web_address(link, base)
    dated = _said(item, "date_published")
    paragraphs = re.split(r"\n\s*\n", _said(item, "content_text"))
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs if paragraph.strip())
    authors = item.get("authors") or [item.get("author")]
    people = [author for author in authors if isinstance(author, dict)] if isinstance(authors, list) else []
    named = [_said(author, "name") for author in people]
    return Entry(
        key=_said(item, "id").strip() or address or _said(item, "title"),
        url=address,
        link=link,
        title=_said(item, "title"),
        content=_said(item, "content_html") or text,
        summary=escape(_said(item, "summary")),
        published=_day(dated),
        undated="" if _day(dated) else dated,
        updated=_said(item, "date_modified"),
        authors=tuple(name for name in named if name),
    )


def _day(written: str, parsed: Sequence[int] | None = None) -> date | None:
    """Return the day that was meant: in its own time zone, or where only feedparser understands it, in UTC."""
    try:
        return read_date(written)
    except Unreadable:
        pass
    try:
        return date(*parsed[:3]) if parsed else None
    except (ValueError, OverflowError):
        return None


def _said(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _distinct(document: FeedDocument) -> FeedDocument:
    """Give entries of one name but several addresses their address as a name: some feeds name all entries alike."""
    pairs = {(entry.key, entry.url) for entry in document.entries if entry.url}
    shared = {key for key, count in Counter(key for key, _ in pairs).items() if count > 1}
    return replace(
        document,
        entries=tuple(
            replace(entry, key=entry.url) if entry.key in shared and entry.url else entry for entry in document.entries
        ),
    )


def web_address(link: object, base: str) -> str | None:
    """Return a link as a whole http(s) address; None for any other, such as `javascript:`."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        return read_url(urljoin(base, link.strip()))
    except ValueError:
        return None


def _instead(data: bytes, url: str) -> str:
    """Return what to do about a document that is no feed: if it is a page that names its feeds, which those are."""
    feeds = []
    for link in _ALTERNATE.findall(data[:500_000])[:5]:
        href = _HREF.search(link)
        if href and (address := web_address(href[1].decode("utf-8", "replace"), url)):
            feeds.append(address)
    if feeds:
        return f"It is a web page, and names as its feed: {', '.join(dict.fromkeys(feeds))}."
    if _BEGINS_AS_PAGE.match(data):
        return "It is a web page. Look for a link to its feed on it, or read it as a source of the kind page."
    return "Check the address."


def _reason(error: object) -> str:
    from index.formats.found import printable

    lines = str(error).strip().splitlines()
    return printable(lines[0].removeprefix("<unknown>:"))[:200] if lines else type(error).__name__
