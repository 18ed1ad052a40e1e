"""Documents that are a ZIP of XML files: DOCX and EPUB. Their parts are read into memory by name, never written."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from index.formats.found import Unreadable, shown
from index.formats.html import Element

LARGEST_PACKED = 100_000_000
"""Bytes of the file: most of a large one are its pictures."""

# Bytes of one part, and of all that are read of a document, when they are unpacked; parts; and how much smaller packing
# makes XML at most, by some way, where it is large.
_LARGEST_PART = 30_000_000
_LARGEST_TEXT = 100_000_000
_MOST_PARTS = 20_000
_HIGHEST_RATIO = 200
_SMALL = 1_000_000

_ENCRYPTED = 0x1

# What the standards of both allow. Of others one can ask for 4 GB of memory before it unpacks a byte.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Package:
    """The parts of one document."""

    def __init__(self, data: bytes, kind: str) -> None:
        """Open it.

        Args:
            data: The whole file.
            kind: What it is to be, for messages: "DOCX", "EPUB".

        Raises:
            Unreadable: It is no ZIP, or one made to do harm.
        """
        self.kind = kind
        self._left = _LARGEST_TEXT
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            parts = self._zip.infolist()
        except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError) as error:
            raise self.broken() from error
        if len(parts) > _MOST_PARTS:
            raise Unreadable(f"has {len(parts):,} parts, more than any document. Save it anew.")
        self._parts = {part.filename: part for part in parts}

    def broken(self) -> Unreadable:
        """Return what is said of a file whose parts cannot be understood."""
        return Unreadable(f"is broken, or no {self.kind} file. Restore it, or save it anew.")

    def has(self, name: str) -> bool:
        """Tell whether there is a part of this name."""
        return name in self._parts

    def read(self, name: str) -> bytes:
        """Return a part, however large it says that it is.

        Raises:
            Unreadable: There is none of this name, or it cannot be unpacked within the limits.
        """
        part = self._parts.get(name)
        if part is None:
            raise Unreadable(f"has no part {shown(name)}: it is no whole {self.kind} file. Save it anew.")
        if part.flag_bits & _ENCRYPTED:
            raise Unreadable("is encrypted. Save it without a password.")
        if part.compress_type not in _PACKINGS:
            raise Unreadable(f"is packed in a way that no {self.kind} file is. Save it anew.")
        most = min(_LARGEST_PART, self._left, max(part.compress_size * _HIGHEST_RATIO, _SMALL))
        try:
            with self._zip.open(part) as packed:
                content = packed.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise self.broken() from error
        if len(content) > most:
            raise Unreadable("unpacks to far more than a text. Save it anew, without what is not text.")
        self._left -= len(content)
        return content

    def xml(self, name: str) -> Element:
        """Return the root of a part that is XML. Entities stand for nothing, and nothing is fetched.

        Raises:
            Unreadable: See `read`; or it is no XML, or declares entities.
        """
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            root = etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise self.broken() from error
        kinds = root.getroottree().docinfo.internalDTD
        if kinds is not None and next(kinds.iterentities(), None) is not None:
            raise Unreadable(f"declares entities in {shown(name)}, which no {self.kind} file needs. Save it anew.")
        return root


def part_name(base: str, reference: str) -> str:
    """Return the name of the part that another refers to; one that leads out of the document names none."""
    from urllib.parse import unquote, urlsplit

    try:
        path = unquote(urlsplit(reference).path)
    except ValueError:
        return ""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) if path else ""
    return "" if joined.startswith("..") else joined.lstrip("/")
