"""A page: its article, its address, its date with the origin."""

from __future__ import annotations

from datetime import date

import pytest

from index.webpage import Problem, read_page
from tests.index.formats.pdfs import pdf
from tests.index.webpage.pages import BODY, HEADLINE, PARAGRAPHS, TEXT, URL, article, page

PUBLISHED = '<meta property="article:published_time" content="2024-03-05T23:30:00+01:00">'
OTHER_YEAR = PUBLISHED.replace("2024", "2023")
LD = '<script type="application/ld+json">{}</script>'


def test_a_page_gives_its_article_and_what_it_says_of_it() -> None:
    read = read_page(article(f'<meta name="author" content="Ada Bell and Jo Marsh">{PUBLISHED}'), URL + "?utm_source=x")

    assert read.problem is None
    assert read.article is not None
    assert (HEADLINE, TEXT, URL) == (read.article.title, read.article.text, read.article.url)
    assert (date(2024, 3, 5), "meta") == (read.article.published, read.dated_by)
    assert ("The Coast Courier", ("Ada Bell", "Jo Marsh")) == (read.article.source, read.article.authors)
    assert ((), False, None) == (read.notes, read.noindex, read.redirect)


def test_the_operators_publisher_goes_before_the_sites() -> None:
    read = read_page(article(), URL, publisher="Coast")

    assert read.article is not None
    assert "Coast" == read.article.source


def test_the_canonical_address_is_the_articles() -> None:
    link = '<link rel="canonical" href="/news/bridge?utm_medium=feed#top">'

    read = read_page(article(link), "https://www.coast.example/n/77?ref=feed")

    assert read.article is not None
    assert "https://www.coast.example/news/bridge" == read.article.url == read.url == read.canonical


def test_an_amp_page_and_the_page_are_one_article() -> None:
    amp = read_page(article(f'<link rel="canonical" href="{URL}">'), URL + "/amp")
    web = read_page(article(f'<link rel="amphtml" href="{URL}/amp">'), "http://www.coast.example/news/bridge/")

    assert amp.article is not None
    assert web.article is not None
    assert amp.article.id == web.article.id
    assert (URL + "/amp",) == web.variants


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://agency.example/wire/7">',
        '<meta property="og:url" content="https://evil.example/">',
    ],
)
def test_a_canonical_address_on_another_site_is_told_and_not_taken(head: str) -> None:
    read = read_page(article(head), URL)

    assert (URL, None) == (read.url, read.canonical)
    assert ["another site" in note for note in read.notes] == [True]


def test_a_canonical_address_of_the_front_page_is_told_and_not_taken() -> None:
    read = read_page(article('<link rel="canonical" href="https://coast.example/">'), URL)

    assert URL == read.url
    assert ["front page" in note for note in read.notes] == [True]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "data:text/html,x", ""])
def test_a_canonical_address_that_is_no_web_address_counts_for_nothing(address: str) -> None:
    read = read_page(article(f'<link rel="canonical" href="{address}">'), URL)

    assert read.article is not None
    assert URL == read.article.url


def test_noindex_is_told_and_the_article_read() -> None:
    read = read_page(article('<meta name="robots" content="NoIndex, nofollow">'), URL)

    assert read.article is not None
    assert read.noindex
    assert ["asks not to be found by search engines (noindex)."] == list(read.notes)


@pytest.mark.parametrize(
    ("head", "body", "url", "dated"),
    [
        (LD.format('{"@type": "NewsArticle", "datePublished": "2024-03-05T08:00:00Z"}') + OTHER_YEAR,
         "", URL, (date(2024, 3, 5), "json-ld")),
        (LD.format('{"@graph": [{"@type": "WebSite"}, {"@type": ["Article"], "datePublished": "2024-03-05"}]}'),
         "", URL, (date(2024, 3, 5), "json-ld")),
        (LD.format('{"@type": "Article", "datePublished": "2024-03-05", oops'), "", URL, (date(2024, 3, 5), "json-ld")),
        (PUBLISHED, '<time datetime="2020-01-01">1 January</time>', URL, (date(2024, 3, 5), "meta")),
        ("", '<time datetime="2024-03-05T10:00">Tuesday</time>', URL, (date(2024, 3, 5), "time")),
        ("", "", "https://coast.example/2024/03/05/bridge", (date(2024, 3, 5), "url")),
        ("", '<p class="byline">Published 5 March 2024</p>', URL, (date(2024, 3, 5), "page")),
        ("", "", URL, None),
    ],
    ids=["json-ld", "graph", "broken json-ld", "meta", "time", "url", "page", "none"],
)  # fmt: skip
def test_a_date_comes_with_its_origin(head: str, body: str, url: str, dated: tuple[date, str] | None) -> None:
    read = read_page(article(head, body=body + BODY), url)

    assert read.article is not None
    assert (dated or (None, None)) == (read.article.published, read.dated_by)


def test_the_date_of_another_article_on_the_page_is_not_this_ones() -> None:
    other = '{"@type": "NewsArticle", "url": "https://coast.example/other", "datePublished": "2019-01-01"}'
    own = f'{{"@type": "NewsArticle", "url": "{URL}", "datePublished": "2024-03-05"}}'
    aside = '<aside><article><time datetime="2018-01-01">Old</time></article></aside>'

    by_data = read_page(article(LD.format(f"[{other}, {own}]")), URL)
    by_time = read_page(article(before=aside, body='<time datetime="2024-03-05">5 March</time>' + BODY), URL)

    assert [(date(2024, 3, 5), "json-ld"), (date(2024, 3, 5), "time")] == [
        (read.article and read.article.published, read.dated_by) for read in (by_data, by_time)
    ]


def test_a_listings_date_serves_where_the_page_states_none() -> None:
    without = read_page(article(), URL, published=date(2024, 3, 6))
    stated = read_page(article(PUBLISHED), URL, published=date(2024, 3, 6))

    assert [(date(2024, 3, 6), "listing"), (date(2024, 3, 5), "meta")] == [
        (read.article and read.article.published, read.dated_by) for read in (without, stated)
    ]


def test_bytes_are_read_in_the_servers_encoding_then_the_pages() -> None:
    text = article().replace("harbour", "мост").replace('<meta charset="utf-8">', "")

    by_server = read_page(text.encode("cp1251", "ignore"), URL, charset="windows-1251")
    by_page = read_page(
        text.replace("<head>", '<head><meta charset="windows-1251">').encode("cp1251", "ignore"),
        URL,
        content_type="text/html",
    )

    assert [True, True] == [bool(read.article) and "мост" in read.article.text for read in (by_server, by_page)]


@pytest.mark.parametrize("kind", ["video/mp4", "image/png", "application/json; charset=utf-8"])
def test_what_is_no_page_is_told_by_its_type(kind: str) -> None:
    read = read_page(b"\x89PNG", URL, content_type=kind)

    assert read.problem is not None
    assert Problem.NOT_A_PAGE is read.problem.problem
    assert kind.partition(";")[0] in read.problem.reason


@pytest.mark.parametrize(
    "content",
    [
        "<html><body>" + "<div>" * 20_000 + "Words",
        "<p>" + "<b>" * 20_000 + "Words",
        article(LD.format("[" * 50_000)),
        article(LD.format('{"@graph":' * 5_000)),
        article("<meta name=robots content=x>" * 20_000),
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + article(body=f"<p>&a;</p>{BODY}"),
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
        + article(body=f"<p>&b;</p>{BODY}"),
        "<?xml version='1.0' encoding='utf-16'?>" + article(),
        article(body="<p>" + "we and our partners " * 20_000 + "</p>"),
        article(before="<a>" * 3_000),
        "\x00\x01binary",
        b"\xff\xfe\x00",
        "<html><base href='http://['>" + BODY,
        "<html><head><meta http-equiv=refresh content='0;url=http://['></head>",
        page("", title="<" * 10_000),
    ],
    ids=range(15),
)
def test_a_hostile_page_is_read_or_told_and_reads_no_file(content: str | bytes) -> None:
    read = read_page(content, URL)

    assert (read.article is None) is (read.problem is not None)
    assert read.article is None or "root:" not in read.article.text
    assert read.problem is None or read.problem.reason.endswith(".")


def test_entities_stand_for_their_characters_and_markup_in_them_for_itself() -> None:
    read = read_page(
        article(body=f"<p>Fish &amp; chips &#x2014; &lt;b&gt;5&nbsp;&euro;&lt;/b&gt; a piece.</p>{BODY}"), URL
    )

    assert read.article is not None
    assert "Fish & chips — <b>5 €</b> a piece." == read.article.text.partition("\n\n")[0]
    assert PARAGRAPHS[0] in read.article.text


def test_a_pdf_at_an_address_is_an_article_with_pages() -> None:
    made = pdf(["The bridge reopened on Tuesday."], ["It cost four million."], info="/CreationDate (D:20240305)")

    by_type = read_page(made, URL + "/report%202.pdf", content_type="application/pdf")
    by_words = read_page(
        made, URL, content_type="application/octet-stream", published=date(2024, 3, 6), publisher="Coast"
    )

    assert by_type.article is not None
    assert by_words.article is not None
    assert ("report 2", date(2024, 3, 5), "document") == (
        by_type.article.title,
        by_type.article.published,
        by_type.dated_by,
    )
    assert (URL, date(2024, 3, 6), "listing") == (by_words.article.url, by_words.article.published, by_words.dated_by)
    assert [2, 2] == [len(read.pages) for read in (by_type.article, by_words.article)]
    assert ["url", "url"] == [read.id.partition("-")[0] for read in (by_type.article, by_words.article)]


def test_a_document_that_cannot_be_read_says_why() -> None:
    word = read_page(b"PK", URL, content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    empty = read_page(b"%PDF-1.7", URL)

    assert ["no DOC", "no PDF"] == [
        read.problem.reason.partition("or ")[2][:6].strip() for read in (word, empty) if read.problem
    ]
