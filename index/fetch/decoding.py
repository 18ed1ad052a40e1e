"""Compressed bodies, decompressed no further than they may be large."""

from __future__ import annotations

import zlib

ACCEPTED = "gzip, deflate"

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"


class Undecodable(Exception):
    """A body is not what its Content-Encoding says, or that is one that was not asked for. The message says which."""


class Identity:
    """A body that is not compressed."""

    def feed(self, data: bytes, room: int) -> bytes:
        """Return the data; where it is more than `room` bytes, at least one more than that."""
        return data[: room + 1]

    def finish(self) -> None:
        """Nothing can be missing."""


class Inflater:
    """A body compressed with DEFLATE: as gzip (one member or more), as zlib, or bare as some servers send it."""

    def __init__(self, coding: str) -> None:
        self._gzip = coding == "gzip"
        self._stream = zlib.decompressobj(_GZIP) if self._gzip else None
        self._head = b""
        self._after = b""  # the first two bytes behind a member, as far as they are there
        self._begun = False

    def feed(self, data: bytes, room: int) -> bytes:
        """Decompress.

        Args:
            data: The next of what was received.
            room: How many bytes are still wanted; no more than one more are made.

        Raises:
            Undecodable: It is broken.
        """
        self._begun = self._begun or bool(data)
        if self._stream is None:
            self._head += data
            if len(self._head) < 2:  # noqa: PLR2004 - a zlib header's length
                return b""
            data, bare = self._head, not _has_zlib_header(self._head)
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)
        made = b""
        try:
            while data:
                if self._stream.eof:
                    # What follows is a further member, or padding that all readers ignore.
                    data, self._after = self._after + data, b""
                    if not self._gzip or not data.startswith(_GZIP_MAGIC):
                        self._after = data[:2]
                        break
                    self._stream = zlib.decompressobj(_GZIP)
                made += self._stream.decompress(data, room + 1 - len(made))
                if len(made) > room:
                    break
                data = self._stream.unused_data
        except zlib.error:
            raise Undecodable("is broken where it is compressed") from None
        return made

    def finish(self) -> None:
        """Check that the end was reached.

        Raises:
            Undecodable: It breaks off. A body without a single byte is whole.
        """
        if self._begun and not (self._stream and self._stream.eof):
            raise Undecodable("breaks off where it is compressed")


def decoder_of(content_encoding: str) -> Identity | Inflater:
    """Return what decompresses a body.

    Raises:
        Undecodable: It is compressed otherwise than was asked for, or more than once.
    """
    coding = content_encoding.strip().lower().removeprefix("x-")
    if coding in {"", "identity"}:
        return Identity()
    if coding in {"gzip", "deflate"}:
        return Inflater(coding)
    raise Undecodable(f"is compressed as {content_encoding[:40]!r}, which was not asked for")


def _has_zlib_header(data: bytes) -> bool:
    """Tell zlib's header (RFC 1950, 2.2) from a bare stream's beginning."""
    return data[0] & 0x0F == zlib.DEFLATED and (data[0] * 256 + data[1]) % 31 == 0
