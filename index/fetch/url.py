"""Addresses as they are told: without what is secret in them."""

from __future__ import annotations

from urllib.parse import urlsplit

from index.formats.found import printable

_LONGEST = 300  # characters; an address longer than that says nothing more to a reader


def place_of(key: str) -> str:
    """Return what a source calls an article as it can stand in a message: an address is shown like any other."""
    return redacted(key) if key.startswith(("http://", "https://")) else printable(key)


def redacted(url: str) -> str:
    """Return an address as it can stand in a message or a log: no password, no values of its query, one line.

    >>> redacted("https://me:secret@example.org/feed?key=abc&page=2#top")
    'https://example.org/feed?key=…&page=…'
    """
    try:
        parts = urlsplit(url)
        _ = parts.port  # of what is none, nobody knows where its password ends
    except ValueError:
        return "an address that cannot be read"
    named = [f"{name}=…" if equals else "…" for name, equals, _ in (p.partition("=") for p in parts.query.split("&"))]
    query = f"?{'&'.join(named)}" if parts.query else ""
    host = parts.netloc.rpartition("@")[2]
    path = parts.path if host else parts.path.rpartition("@")[2]
    shown = printable(f"{parts.scheme}://{host}{path}{query}" if host else f"{parts.scheme}:{path}{query}")
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
