"""Encodings: what is certain is never guessed, what is guessed is right for real sentences."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats import read_files
from index.formats.encoding import decode
from index.formats.found import Unreadable
from index.model import Article

SENTENCES = {
    "cp1252": [
        "Le maire a déclaré que l’école était fermée à cause de la tempête.",
        "Der Bürgermeister sagte, die Straße würde größer.",
        "El niño comió en la mañana, según señaló.",
        "It’s a “quoted” word – here.",
        "café",
    ],
    "cp1250": ["Příliš žluťoučký kůň úpěl ďábelské ódy, řekl předseda vlády."],
    "cp1251": ["Кабинет министров принял решение о строительстве новой школы."],
    "koi8-r": ["Кабинет министров принял решение о строительстве новой школы."],
    "cp1253": ["Ο πρωθυπουργός ανακοίνωσε χθες το νέο νομοσχέδιο."],
    "cp1254": ["Başbakan dün yeni yasayı açıkladı, İstanbul'da gölge düştü."],
    "cp1256": ["أعلن رئيس الوزراء أمس مشروع قانون جديد"],
    "shift_jis": ["日本の首相は昨日、新しい法案を発表した。"],
    "euc_jp": ["日本の首相は昨日、新しい法案を発表した。"],
    "gb18030": ["中国总理昨天宣布了新的法案。"],
    "big5": ["總理昨天宣布了新的法案。"],
    "euc_kr": ["총리는 어제 새로운 법안을 발표했다."],
    "utf-16-le": ["The bridge reopened.", "Die Straße größer."],
    "utf-16-be": ["The bridge reopened.", "Die Straße größer."],
}


@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1).filter(
        lambda text: not text.startswith("\ufeff")
    ),
    marked=st.sampled_from(
        [
            (b"", "utf-8"),
            (codecs.BOM_UTF8, "utf-8"),
            (codecs.BOM_UTF16_LE, "utf-16-le"),
            (codecs.BOM_UTF16_BE, "utf-16-be"),
            (codecs.BOM_UTF32_LE, "utf-32-le"),
            (codecs.BOM_UTF32_BE, "utf-32-be"),
        ]
    ),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_utf8_and_anything_with_a_mark_is_exact_but_for_its_line_endings(
    text: str, marked: tuple[bytes, str], ending: str
) -> None:
    mark, encoding = marked

    assert text == decode(mark + text.replace("\n", ending).encode(encoding), declared="koi8-r")


@pytest.mark.parametrize(
    ("encoding", "text"), [(encoding, text) for encoding in SENTENCES for text in SENTENCES[encoding]]
)
def test_a_sentence_in_a_legacy_encoding_is_read_right(encoding: str, text: str) -> None:
    assert text == decode(text.encode(encoding))


def test_what_the_document_declares_goes_before_a_guess() -> None:
    text = "Мэр"

    assert [text, text] == [decode(text.encode(name), declared=name) for name in ("koi8-r", "cp1251")]


@pytest.mark.parametrize("declared", ["utf-8", "rot13", "unicode_escape", "no-such-encoding", "a\0b", "", "undefined"])
def test_a_declaration_that_names_no_legacy_encoding_is_passed_over(declared: str) -> None:
    assert "It’s \\u0041 café here." == decode("It’s \\u0041 café here.".encode("cp1252"), declared)


def test_latin1_means_windows_1252_as_it_does_in_browsers() -> None:
    assert "“x”" == decode(b"\x93x\x94", declared="iso-8859-1")


@given(st.binary(max_size=300))
def test_any_bytes_are_text_without_zeros_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except Unreadable as refused:
        assert refused.reason.endswith(".")
        return

    assert "\0" not in text
    assert "\r" not in text
    text.encode("utf-8")


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_every_format_of_whole_files_is_read_in_any_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    text = "Le maire a déclaré que l’école était fermée à cause de la tempête."
    page = f"<html><head><title>Titre</title></head><body>\r\n<p>{text}</p></body></html>" if "html" in name else text
    (tmp_path / name).write_bytes(page.encode(encoding))

    [article] = read_files([tmp_path])

    assert isinstance(article, Article)
    assert text == article.text
