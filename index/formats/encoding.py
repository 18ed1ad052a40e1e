"""Bytes of unknown encoding -> text with plain newlines."""

from __future__ import annotations

import codecs
import re

from index.formats.found import Unreadable

# Longest mark first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# The legacy encodings that text on the web and on desktops is in (WHATWG Encoding Standard, section 4.2), without the
# hundred others that only blur the guess. The first is by far the most common and wins a tie.
_LEGACY = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
    "iso8859_2", "koi8_r", "koi8_u", "gb18030", "big5", "euc_jp", "cp932", "iso2022_jp", "cp949",
)  # fmt: skip

# What a document may name, in Python's spelling; Python has other codecs that are no encodings of text.
_DECLARABLE = re.compile(r"cp(125\d|866|874|932|949)|(ascii|iso8859|koi8|mac|gb|big5|euc|shift|iso2022|tis).*")

# What it means by that: the superset that browsers read (same standard).
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip


def decode(data: bytes, declared: str = "") -> str:
    r"""Return the text that `data` encodes, without byte order mark, every line ending as `\n`.

    A byte order mark decides; then UTF-8, where it fits without an error; then what the document declares; then a guess
    among the legacy encodings in use.

    Args:
        data: A whole file.
        declared: The encoding that the document itself names, if it does.

    Raises:
        Unreadable: It is no text, or no encoding fits it.
    """
    text = _decode(data, declared)
    if "\0" in text:
        raise Unreadable("holds binary data, not text. Give the text, or a name with the right ending.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes, declared: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise _broken(encoding, error.start + len(mark)) from error
    if b"\0" in data:
        return _decode_wide(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data):
            raise _broken("utf-8", error.start) from error
    if legacy := _known(declared):
        try:
            return data.decode(legacy)
        except UnicodeDecodeError:
            pass  # A page that names the wrong encoding is common; what fits counts.
    return _guess(data)


def _decode_wide(data: bytes) -> str:
    """Decode what has zero bytes: UTF-16 without a mark, where Latin letters have them all on one side."""
    little = data[1::2].count(0) > data[::2].count(0)
    text = data.decode("utf-16-le" if little else "utf-16-be", "replace")
    readable = all(c.isprintable() or c.isspace() for c in text) and "\ufffd" not in text
    return text if readable else "\0"


def _is_mostly_utf8(data: bytes) -> bool:
    """Tell a damaged UTF-8 file from a legacy one, where bytes in a row hardly ever make a UTF-8 character."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(not c.isascii() for c in text) - broken
    return whole > 4 * broken


def _known(declared: str) -> str | None:
    """Return the codec for the legacy encoding that a document names, None if it names none."""
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(name, name) if _DECLARABLE.fullmatch(name) else None


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    encoding = common = _LEGACY[0]
    matches = from_bytes(data, cp_isolation=list(_LEGACY), enable_fallback=False)
    if best := matches.best():
        usual = next((match for match in matches if common in match.could_be_from_charset), None)
        if usual is None or usual.chaos > best.chaos or usual.coherence < best.coherence:
            encoding = best.encoding
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("is in an encoding that cannot be told. Save it as UTF-8.") from error
    return "\0" if any(c < " " and not c.isspace() and c != "\x1b" for c in text) else text


def _broken(encoding: str, byte: int) -> Unreadable:
    name = encoding.upper().removesuffix("-LE").removesuffix("-BE")
    return Unreadable(f"is {name} text that is broken at byte {byte + 1}. Restore it, or save it as UTF-8 again.")
