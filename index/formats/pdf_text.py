"""Reads one PDF from standard input and writes its text, page by page, as JSON: `python -m index.formats.pdf_text`.

What it writes is `{"pages": […], "title", "author", "made"}`, or `{"refused": sentence}`.
"""

from __future__ import annotations

import io
import json
import logging
import sys
import warnings
from typing import Any

from index.formats.files import LARGEST_ARTICLE

# Bytes of memory and seconds of the processor that the process may take.
_MOST_MEMORY = 2_000_000_000
_MOST_SECONDS = 120

_MOST_PAGES = 10_000

# Bytes of one part when it is unpacked, and parts set into one another on a page: many times what a page of text has.
_LARGEST_PART = 30_000_000
_MOST_PARTS = 1_000


class Refused(Exception):
    """The PDF cannot be read; the message is a sentence that says what to do."""


def read(data: bytes) -> dict[str, Any]:
    """Return the text of each page, and what the PDF states of itself.

    Raises:
        Refused: It is none, is encrypted or broken, or has more pages or text than is read.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("is encrypted. Save it without a password.")
        count = len(reader.pages)
        if count > _MOST_PAGES:
            raise Refused(f"has {count:,} pages, more than the {_MOST_PAGES:,} of one article. Split it.")
        pages: list[str] = []
        for number, page in enumerate(reader.pages, start=1):
            pages.append(_words(page, number))
            if sum(map(len, pages)) > LARGEST_ARTICLE:
                raise Refused(f"has more than {LARGEST_ARTICLE // 1_000_000} million letters. Split it.")
        return {"pages": pages, **_stated(reader)}
    except DependencyError as error:
        raise Refused(
            "is encrypted in a way that needs a further package (pip install cryptography). Install it, or save the "
            "file without encryption."
        ) from error
    except LimitReachedError as error:
        raise Refused("unpacks to far more than a text, or leads in circles. Export it anew.") from error
    except RecursionError as error:
        raise Refused("is nested too deep, or leads in circles. Export it anew.") from error
    except PyPdfError as error:
        raise Refused("is broken, or no PDF. Restore it, or export it anew.") from error


def _words(page: Any, number: int) -> str:
    from pypdf.errors import PyPdfError

    try:
        words: str = page.extract_text()
    except (PyPdfError, RecursionError, MemoryError):
        raise
    except Exception as error:  # The library raises whatever its parts do for what is broken.
        raise Refused(
            f"cannot be read on page {number} ({type(error).__name__} in its reader). Restore it, or export it anew."
        ) from error
    return words


def _stated(reader: Any) -> dict[str, str | None]:
    """Return the title, the author and the day of making, each empty or None where it is not stated or broken."""
    try:
        stated = reader.metadata
        made = stated.creation_date if stated else None
        day = made.date().isoformat() if made else None
    except Exception:
        stated, day = None, None
    return {"title": _line(stated, "/Title"), "author": _line(stated, "/Author"), "made": day}


def _line(stated: Any, key: str) -> str:
    value = stated.get(key) if stated else None
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def main() -> None:
    """Read standard input, write standard output; whatever happens, something that can be understood."""
    logging.disable()
    warnings.simplefilter("ignore")
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    except (ImportError, ValueError, OSError):
        pass  # A system without them; whoever waits for this process still does not wait for ever.
    try:
        said = read_within_limits(sys.stdin.buffer.read())
    except Refused as refused:
        said = {"refused": str(refused)}
    except MemoryError:
        said = {"refused": "takes too much memory to read. Split it, or export it anew."}
    except Exception as error:
        said = {"refused": f"is broken ({type(error).__name__} in its reader). Restore it, or export it anew."}
    sys.stdout.buffer.write(json.dumps(said).encode("ascii"))


def read_within_limits(data: bytes) -> dict[str, Any]:
    """Do what `read` does, with what the PDF library limits held to what a text needs."""
    from pypdf import apply_configuration

    with apply_configuration(
        zlib_maximum_output_length=_LARGEST_PART,
        lzw_maximum_output_length=_LARGEST_PART,
        run_length_maximum_output_length=_LARGEST_PART,
        array_based_stream_maximum_output_length=_LARGEST_PART,
        xform_maximum_invocations_per_extraction=_MOST_PARTS,
    ):
        return read(data)


if __name__ == "__main__":
    main()
