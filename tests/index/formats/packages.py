"""DOCX and EPUB files for the tests, written by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="t">'
    "<dc:title>Harbour bridge report</dc:title><dc:creator>Ada Bell; Jo Marsh</dc:creator>"
    "<dcterms:created>2024-03-05T10:15:00Z</dcterms:created></cp:coreProperties>"
)
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
OPF = (
    '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
    "<dc:title>The bridge</dc:title><dc:creator>Ada Bell</dc:creator><dc:creator>Jo Marsh</dc:creator>"
    "<dc:publisher>Harbour Press</dc:publisher><dc:date>2024-03-05</dc:date></metadata><manifest>"
    '<item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="a" href="text/one%20a.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="n" href="notes.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="i" href="cover.png" media-type="image/png"/></manifest>'
    '<spine><itemref idref="i"/><itemref idref="a"/><itemref idref="b"/><itemref idref="n" linear="no"/></spine>'
    "</package>"
)


def packed(parts: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", packing) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return written.getvalue()


def docx(body: str, parts: Mapping[str, str | bytes] | None = None, prolog: str = "") -> bytes:
    document = f"{prolog}<w:document {W}><w:body>{body}</w:body></w:document>"
    return packed({"word/document.xml": document, **(parts or {})})


def paragraph(words: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def chapter(body: str, prolog: str = "") -> str:
    return f'{prolog}<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{body}</body></html>'


def epub(parts: Mapping[str, str | bytes] | None = None) -> bytes:
    book = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": OPF,
        "OEBPS/text/one a.xhtml": chapter("<h1>Spring</h1><p>The bridge was <b>clos</b>ed.</p>"),
        "OEBPS/two.xhtml": chapter("<p>It reopened&nbsp;in autumn.</p><script>alert(1)</script>"),
        "OEBPS/notes.xhtml": chapter("<p>A note that is not in the way.</p>"),
    }
    return packed({**book, **(parts or {})})
