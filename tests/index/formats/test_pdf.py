"""PDF files: their words with their pages; what cannot be read says why, whatever it was made to do."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from index.errors import ArticleProblem
from index.formats import pdf as reader
from index.formats import read_files
from index.formats.found import Unreadable
from index.formats.pdf import article_of_pages
from index.formats.pdf_text import Refused, read, read_within_limits
from index.model import Article
from tests.index.formats.pdfs import CATALOG, assembled, drawn, pdf, stream

ONE = ["The bridge over the harbour reopened on Tuesday (after", "six months of repairs), and it cost four million."]
TWO = ["The ferries made their last trip on Monday evening."]
INFO = "/Title (Harbour bridge report) /Author (Ada Bell; Jo Marsh) /CreationDate (D:20240305101500+01'00')"


def article(data: bytes, name: str = "docs/report.pdf") -> Article:
    return article_of_pages(read_within_limits(data), name, {})


def test_a_pdf_is_an_article_with_its_pages(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(pdf(ONE, TWO, info=INFO))

    [found] = read_files([tmp_path])

    text = f"{' '.join(ONE)}\n\n{TWO[0]}"
    assert isinstance(found, Article)
    assert text == found.text
    assert (0, text.index("The ferries")) == found.pages
    assert ("Harbour bridge report", date(2024, 3, 5)) == (found.title, found.published)
    assert (("Ada Bell", "Jo Marsh"), f"{tmp_path.name}/report.pdf") == (found.authors, found.id)


def test_a_pdf_that_breaks_or_stops_its_reader_is_a_problem_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"no PDF")
    (tmp_path / "b.txt").write_text("Some words about the bridge.")
    broken, words = read_files([tmp_path])
    monkeypatch.setattr(reader, "LONGEST_READING", 0.01)

    [late] = read_files([tmp_path / "a.pdf"])

    reason = "is broken, or no PDF. Restore it, or export it anew."
    assert ArticleProblem(str(tmp_path / "a.pdf"), reason, f"{tmp_path.name}/a.pdf") == broken
    assert isinstance(words, Article)
    assert isinstance(late, ArticleProblem)
    assert "seconds or too much memory" in late.reason


@pytest.mark.parametrize("title", ["", "untitled", "Microsoft Word - report v2.doc", "bericht.indd", "Document1", "  "])
def test_a_title_that_a_program_gave_is_none(title: str) -> None:
    found = article(pdf(ONE, info=f"/Title ({title}) /Author (Administrator)"))

    assert ("report", ()) == (found.title, found.authors)


@pytest.mark.parametrize("info", ["/CreationDate (nonsense)", "/CreationDate 7 /Title 7 /Author [7]", "/Title <fffe>"])
def test_what_a_pdf_states_wrongly_of_itself_counts_for_nothing(info: str) -> None:
    found = article(pdf(ONE, info=info))

    assert (" ".join(ONE), None) == (found.text, found.published)


def test_a_pdf_that_is_encrypted_for_nobody_is_read_and_another_is_told() -> None:
    import io

    from pypdf import PdfReader, PdfWriter

    def locked(password: str) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(ONE))))
        writer.encrypt(password, "owner", algorithm="RC4-128")
        written = io.BytesIO()
        writer.write(written)
        return written.getvalue()

    assert " ".join(ONE) == article(locked("")).text
    with pytest.raises(Refused, match=r"is encrypted\. Save it without a password\."):
        read(locked("secret"))


PICTURE = stream(b"\0" * 16, b"/Subtype /Image /Width 4 /Height 4 /ColorSpace /DeviceGray /BitsPerComponent 8")


@pytest.mark.parametrize(
    "data",
    [
        pdf(b"q 500 0 0 700 0 0 cm /Im1 Do Q", b"/Im1 Do", resources=b"/XObject << /Im1 5 0 R >>", more=[PICTURE]),
        pdf(["Scan 1"], b"", b"", b""),
        pdf(b""),
    ],
    ids=["pictures", "a stamp", "nothing"],
)
def test_pages_that_are_pictures_are_told(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"has no text: its pages are pictures"):
        article(data)


def test_signs_that_stand_for_no_letters_are_told() -> None:
    with pytest.raises(Unreadable, match=r"does not say which letters"):
        article_of_pages({"pages": ["\ue001\ue002\ufffd" * 20], "title": "", "author": "", "made": None}, "a.pdf", {})


FORM = b"/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R /Y 6 0 R >> /Font << /F1 3 0 R >> >>"
X = b"/XObject << /X 5 0 R >>"
WORDS = drawn(ONE)

HOSTILE = {
    "empty": b"",
    "only a head": b"%PDF-1.7\n",
    "cut off": pdf(ONE)[:400],
    "an xref that leads nowhere": pdf(ONE).replace(b"startxref\n", b"startxref\n99999"),
    "an xref that leads to itself": pdf(ONE, trailer=b"/Prev 9"),
    "no pages": assembled([CATALOG]),
    "pages that hold themselves": assembled([CATALOG, b"<< /Type /Pages /Count 2 /Kids [2 0 R 2 0 R] >>"]),
    "pages by the million": assembled([CATALOG, b"<< /Type /Pages /Count 1 /Kids [%s] >>" % (b"2 0 R " * 50_000)]),
    "a form that draws itself": pdf(b"/X Do", resources=X, more=[stream(b"/X Do /X Do", FORM)]),
    "two forms that draw each other": pdf(
        b"/X Do", resources=X, more=[stream(b"/Y Do /Y Do", FORM), stream(b"/X Do /X Do", FORM)]
    ),
    "a bomb": pdf(b"( ) Tj\n" * 12_000_000, packed=True),
    "a bomb in a bomb": pdf(
        b"/X Do " * 3, resources=X, more=[stream(b"[" + b"() " * 500_000, FORM, packed=True)]
    ),
    "a length that lies": pdf(ONE).replace(b"/Length ", b"/Length 99999999"),
    "a reference to itself": pdf(ONE, info="/Title 4 0 R"),
    "nested without end": pdf(b"[" * 100_000 + WORDS),
    "dictionaries without end": pdf(b"<<" * 2_000 + WORDS),
    "a number without end": pdf(b"9" * 200_000 + b" 0 Td" + WORDS),
    "a script and a file to open": pdf(
        ONE, catalog=CATALOG[:-2] + b"/OpenAction << /S /Launch /F (/etc/passwd) >> /AA << /S /JavaScript /JS (x) >> >>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_pdf_is_read_or_refused_in_a_moment(data: bytes) -> None:
    began = time.process_time()
    try:
        said = " ".join(read_within_limits(data)["pages"])
    except Refused as refused:
        said = str(refused)

    assert time.process_time() - began < 20
    assert "root:" not in said
    assert len(said) < 1_000_000


def test_what_reads_a_pdf_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a secret")

    assert "a secret" not in reader._harmless_environment().values()
