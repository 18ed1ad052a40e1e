"""DOCX and EPUB: their words, and nothing that their packing could be made to do."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from index.errors import ArticleProblem
from index.formats import read_files
from index.formats.docx import docx_article
from index.formats.epub import epub_article
from index.formats.found import Unreadable
from index.formats.packed import part_name
from index.model import Article
from tests.index.formats.packages import CONTAINER, CORE, OPF, W, chapter, docx, epub, packed, paragraph

ITEM = "<w:numPr/>"
BODY = (
    paragraph("Harbour bridge report")
    + '<w:p><w:r><w:t xml:space="preserve">The bridge </w:t></w:r><w:hyperlink><w:r><w:t>reopened</w:t></w:r>'
    "</w:hyperlink><w:ins><w:r><w:t> on Tuesday</w:t></w:r></w:ins>"
    "<w:del><w:r><w:delText> on Monday</w:delText></w:r></w:del>"
    "<w:r><w:instrText>PAGE</w:instrText><w:br/><w:t>at noon.</w:t></w:r></w:p>"
    + paragraph("Steel: 2 million", ITEM)
    + paragraph("Paint: 1 million", ITEM)
    + f"<w:tbl><w:tr><w:tc>{paragraph('Year')}</w:tc><w:tc>{paragraph('Cars')}</w:tc></w:tr>"
    f"<w:tr><w:tc>{paragraph('2022')}</w:tc><w:tc>{paragraph('10,000')}</w:tc></w:tr></w:tbl>"
    + f"<w:sdt><w:sdtContent>{paragraph('The end &amp; all.')}</w:sdtContent></w:sdt>"
)
TEXT = """\
The bridge reopened on Tuesday
at noon.

- Steel: 2 million
- Paint: 1 million

Year | Cars
2022 | 10,000

The end & all."""


def test_a_word_document_is_an_article_without_what_was_deleted(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(docx(BODY, {"docProps/core.xml": CORE}))

    assert [
        Article(
            f"{tmp_path.name}/report.docx", "Harbour bridge report", TEXT, published=date(2024, 3, 5),
            authors=("Ada Bell", "Jo Marsh"),
        )
    ] == list(read_files([tmp_path]))  # fmt: skip


def test_the_words_of_a_box_are_said_once() -> None:
    box = f"<w:txbxContent>{paragraph('In the box.')}</w:txbxContent>"
    drawing = (
        f'<m:AlternateContent xmlns:m="m"><m:Choice>{box}</m:Choice><m:Fallback>{box}</m:Fallback></m:AlternateContent>'
    )

    found = docx_article(docx(f"<w:p><w:r><w:t>Before.</w:t>{drawing}</w:r></w:p>"), "a.docx")

    assert "Before.\nIn the box." == found.text


def test_what_a_document_states_wrongly_of_itself_counts_for_nothing() -> None:
    found = docx_article(
        docx(paragraph("Words."), {"docProps/core.xml": CORE.replace("2024-03-05T10:15:00Z", "?")}), "a"
    )
    broken = docx_article(docx(paragraph("Words."), {"docProps/core.xml": "<"}), "docs/old-news.docx")

    assert (None, "old news") == (found.published, broken.title)


def test_the_text_is_where_the_document_says_and_never_elsewhere() -> None:
    def relations(target: str, mode: str = "") -> str:
        return f'<R><r Type="http://x/officeDocument" Target="{target}" {mode}/></R>'

    moved = {
        "_rels/.rels": relations("/word/d2.xml"),
        "word/d2.xml": '<d xmlns:w="w"><w:body>' + paragraph("Two.") + "</w:body></d>",
    }

    assert "Two." == docx_article(docx(paragraph("One."), moved), "a").text
    for target, mode in (("../../etc/passwd", ""), ("http://evil.example/d.xml", 'TargetMode="External"')):
        read = docx_article(docx(paragraph("One."), {"_rels/.rels": relations(target, mode)}), "a")
        assert "One." == read.text


def test_a_book_is_an_article_of_its_chapters_in_reading_order(tmp_path: Path) -> None:
    (tmp_path / "bridge.epub").write_bytes(epub())

    assert [
        Article(
            f"{tmp_path.name}/bridge.epub", "The bridge", "Spring\n\nThe bridge was closed.\n\nIt reopened in autumn.",
            published=date(2024, 3, 5), source="Harbour Press", authors=("Ada Bell", "Jo Marsh"),
        )
    ] == list(read_files([tmp_path]))  # fmt: skip


def test_fonts_may_be_locked_and_words_may_not() -> None:
    def lock(method: str) -> dict[str, str | bytes]:
        return {"META-INF/encryption.xml": f'<e><EncryptionMethod Algorithm="{method}"/></e>'}

    assert "The bridge" == epub_article(epub(lock("http://www.idpf.org/2008/embedding")), "a").title
    with pytest.raises(Unreadable, match=r"is locked \(DRM\)"):
        epub_article(epub(lock("http://www.w3.org/2001/04/xmlenc#aes256-cbc")), "a")


@pytest.mark.parametrize(
    ("base", "reference", "name"),
    [
        ("OEBPS/book.opf", "a.xhtml", "OEBPS/a.xhtml"), ("OEBPS/book.opf", "../b.xhtml#top", "b.xhtml"),
        ("OEBPS/book.opf", "../../../etc/passwd", ""), ("OEBPS/book.opf", "/etc/passwd", "etc/passwd"),
        ("", "", ""), ("a", "http://[", ""),
    ],
)  # fmt: skip
def test_a_reference_names_a_part_of_the_document_or_none(base: str, reference: str, name: str) -> None:
    assert name == part_name(base, reference)


def lying(data: bytes) -> bytes:
    """Let a package say that its parts are small."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.infolist():
            data = data.replace(part.file_size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    return data


def locked(data: bytes) -> bytes:
    """Set the flag of encryption on every part."""
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data = data[: at + 8] + b"\x01" + data[at + 9 :]
        at += 4
    return data


ENTITIES = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ELSEWHERE = '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/evil.dtd">'
PLAIN = f"<d {W}><w:body>{paragraph('It.')}</w:body></d>"
BOMB = paragraph(" " * 40_000_000)

HOSTILE = {
    "no zip": (docx_article, b"no zip"),
    "cut off": (docx_article, docx(BODY)[:-30]),
    "damaged": (docx_article, docx(paragraph("words " * 500)).replace(b"\x9c", b"\x9d").replace(b"\xcb", b"\xcc")),
    "another zip": (docx_article, packed({"a.txt": "words"})),
    "old word": (docx_article, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    "encrypted": (docx_article, locked(docx(BODY))),
    "no xml": (docx_article, docx("<")),
    "no body": (docx_article, packed({"word/document.xml": "<d/>"})),
    "no words": (docx_article, docx(paragraph(" "))),
    "a bomb": (docx_article, docx(BOMB)),
    "a bomb that lies": (docx_article, lying(docx(BOMB))),
    "a bomb in a book": (epub_article, epub({"OEBPS/two.xhtml": BOMB})),
    "packed otherwise": (docx_article, packed({"word/document.xml": PLAIN}, zipfile.ZIP_LZMA)),
    "many parts": (docx_article, packed(dict.fromkeys(map(str, range(20_001)), ""))),
    "entities": (docx_article, docx(paragraph("&c;"), prolog=ENTITIES)),
    "an entity of a file": (docx_article, docx(paragraph("&a;"), prolog=OUTSIDE)),
    "deep": (docx_article, docx("<w:tbl><w:tr><w:tc>" * 2_000)),
    "entities in a book": (epub_article, epub({"OEBPS/book.opf": ENTITIES + OPF})),
    "no container": (epub_article, packed({"mimetype": "application/epub+zip"})),
    "a container that leads out": (
        epub_article, epub({"META-INF/container.xml": CONTAINER.replace("OEBPS/book.opf", "../../../etc/passwd")})
    ),
    "a chapter that leads out": (epub_article, epub({"OEBPS/book.opf": OPF.replace("two.x", "../../../etc/x")})),
}  # fmt: skip


@pytest.mark.parametrize(("read", "data"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_or_broken_document_is_refused_in_a_moment(read: object, data: bytes) -> None:
    began = time.process_time()
    try:
        said = read(data, "a").text  # type: ignore[operator]
    except Unreadable as unreadable:
        said = unreadable.reason
        assert said.endswith(".")
    else:
        # The rest of a book whose chapter leads nowhere is read.
        assert "The bridge was closed." in said

    assert time.process_time() - began < 10
    assert "root:" not in said


def test_a_chapters_entities_are_those_of_html_and_no_others() -> None:
    two = chapter("<p>Fish &amp; chips&mdash;&a;&xyz;</p>", OUTSIDE.replace("d [", "html ["))
    elsewhere = chapter("<p>More.</p>", ELSEWHERE.replace(" d ", " html "))

    text = epub_article(epub({"OEBPS/two.xhtml": two, "OEBPS/text/one a.xhtml": elsewhere}), "a").text

    assert "Fish & chips—" in text
    assert "root:" not in text


def test_names_that_lead_out_of_the_package_write_nothing(tmp_path: Path) -> None:
    file = tmp_path / "in" / "a.docx"
    file.parent.mkdir()
    file.write_bytes(docx(BODY, {"../evil.txt": "evil", "/tmp/evil.txt": "evil", "..\\evil.txt": "evil"}))

    [found] = read_files([file])

    assert isinstance(found, Article)
    assert [file.parent] == list(tmp_path.iterdir())
    assert [file] == list(file.parent.iterdir())


def test_a_broken_document_is_reported_and_the_rest_read(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"no zip")
    (tmp_path / "b.epub").write_bytes(epub())

    problem, book = read_files([tmp_path])

    reason = "is broken, or no DOCX file. Restore it, or save it anew."
    assert ArticleProblem(str(tmp_path / "a.docx"), reason, f"{tmp_path.name}/a.docx") == problem
    assert isinstance(book, Article)
