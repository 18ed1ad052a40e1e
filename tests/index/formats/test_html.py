"""Saved web pages: the article's words and what the page says of itself, and nothing of its frame."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.formats import read_files
from index.model import Article

DATE = '<meta property="article:published_time" content="2024-03-05T23:30:00+01:00">'
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Bridge reopens | The Coast Courier</title>
<link rel="canonical" href="https://coast.example/news/bridge">
<meta property="og:site_name" content="The Coast Courier"><meta name="author" content="Ada Bell and Jo Marsh">
{DATE}</head><body>
<nav><a href="/">Home</a> <a href="/x">All the news</a></nav>
<article><h1>Harbour bridge reopens</h1>
<p>The bridge over the
   harbour reopened on <b>Tues</b>day after <a href="/x">six months</a> of 5 * 3 repairs &amp;amp; tests.</p>
<p>“We are glad,” said the mayor.<br># Nobody was hurt.</p><h2>What it <i>cost</i></h2>
<p>---</p><p>It cost 4.2 million, as the council had said it would two years before the work began.</p>
<ul><li>Steel: 2 million<ul><li>From abroad</li></ul></li><li>Paint: 1 million</li></ul>
<ol><li>First</li><li>Second</li></ol>
<table><tr><th>Year</th><th>Cars</th></tr><tr><td>2022</td><td>10,000</td></tr></table>
<blockquote><p>A block quote.</p></blockquote><pre><code>x = 1
  y = 2</code></pre></article>
<footer>Copyright 2021 The Coast Courier. All rights reserved.</footer><script>var advert = 1;</script></body></html>
"""

TEXT = """\
The bridge over the harbour reopened on Tuesday after six months of 5 * 3 repairs &amp; tests.

“We are glad,” said the mayor.
# Nobody was hurt.

What it cost

---

It cost 4.2 million, as the council had said it would two years before the work began.

- Steel: 2 million
  - From abroad
- Paint: 1 million

1. First
2. Second

Year | Cars
2022 | 10,000

A block quote.

x = 1
  y = 2"""


def read(folder: Path, page: str | bytes) -> Article:
    file = folder / "old-news.html"
    file.write_bytes(page if isinstance(page, bytes) else page.encode("utf-8"))
    [found] = read_files([file])
    assert isinstance(found, Article), found
    return found


def test_a_page_gives_its_article_with_what_it_says_of_itself(tmp_path: Path) -> None:
    assert Article(
        id=f"{tmp_path.name}/old-news.html",
        title="Harbour bridge reopens",
        text=TEXT,
        url="https://coast.example/news/bridge",
        published=date(2024, 3, 5),
        source="The Coast Courier",
        authors=("Ada Bell", "Jo Marsh"),
    ) == read(tmp_path, PAGE)


def test_a_page_that_states_no_date_is_undated_whatever_years_it_mentions(tmp_path: Path) -> None:
    article = read(tmp_path, PAGE.replace(DATE, ""))

    assert article.published is None
    assert "2022" in article.text


@pytest.mark.parametrize("day", [date(1969, 7, 21), date(2190, 1, 2)])
def test_a_date_is_the_pages_own_and_not_measured_against_today(tmp_path: Path, day: date) -> None:
    assert day == read(tmp_path, PAGE.replace("2024-03-05", day.isoformat())).published


def test_a_page_without_a_title_is_called_by_its_files_name(tmp_path: Path) -> None:
    article = read(tmp_path, "<html><body><p>Only some words about the bridge in the harbour.</p></body></html>")

    assert ("old news", None, None, ()) == (article.title, article.url, article.source, article.authors)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "https://user:word@coast.example/a"])
def test_an_address_that_is_no_web_address_is_left_off(tmp_path: Path, address: str) -> None:
    article = read(tmp_path, PAGE.replace("https://coast.example/news/bridge", address))

    assert article.url is None
    assert TEXT == article.text


@pytest.mark.parametrize(
    "declaration",
    ['<meta charset="windows-1251">', "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>"],
)
def test_the_encoding_that_a_page_declares_counts(tmp_path: Path, declaration: str) -> None:
    page = f"<html><head>{declaration}<title>Мэр</title></head><body><p>Мэр сказал: да.</p></body></html>"

    article = read(tmp_path, page.encode("cp1251"))

    assert ("Мэр", "Мэр сказал: да.") == (article.title, article.text)


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>" + "<div>" * 20_000 + "Some words in the depth of the page.",
        "<html><body><p>" + "<b>" * 20_000 + "Some words in the depth of the page.",
        "<html><body>" + "<p>Some words, and again.</p>" * 5_000,
        '<html><head><meta charset="x\'\x00"></head><body><p>Words',
        "<html><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><body><p>Words of the page: &a;</p></body></html>",
    ],
    ids=["deep", "bold", "long", "zero", "entity"],
)
def test_a_hostile_page_is_read_or_reported_and_reads_no_other_file(tmp_path: Path, page: str) -> None:
    file = tmp_path / "a.html"
    file.write_text(page)

    [found] = read_files([file])

    assert "root:" not in getattr(found, "text", "")
    assert getattr(found, "reason", ".").endswith(".")


def test_a_page_that_is_given_up_says_so_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.html").write_text("<html></html>")

    list(read_files([tmp_path]))

    assert [] == caplog.records
