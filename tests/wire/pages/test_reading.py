"""What a reader gets from an article page: the article, its quotes set off, hostile articles as text."""

from __future__ import annotations

import html
import re

import pytest

from bot.buttons import check
from bot.links import Span
from bot.pages.article import LONGEST_PART
from tests.wire.pages.site import CATALOGUES, EVIL, LONG, VOTE, WORK, Elements, Site


async def test_a_link_leads_to_the_article_with_the_quote_set_off(site: Site) -> None:
    response, page = await site.get(site.link(VOTE, WORK))

    assert response.status == 200
    assert response.content_type == "text/html"
    assert '<mark id="quote">Work begins in May</mark>. It ends in August.</p>' in page
    for shown in ("Council votes", "The Harbour Post", "11 Feb 2025", "Clara Penhallis", "Jonas Wyk"):
        assert shown in page
    assert 'href="https://news.example/vote" rel="noopener noreferrer nofollow external"' in page
    assert "  indented\n  lines</p>" in page


async def test_several_quotes_are_set_off_and_overlapping_ones_share_their_words(site: Site) -> None:
    spans = [Span(20, 38), Span(30, 47), Span(4, 38)]
    _, page = await site.get(site.link(VOTE, *spans))

    marked = re.findall(r"<mark(?: id=\"(.*?)\")?>(.*?)</mark>", page)
    assert [
        ("quote-3", "council voted."),
        ("quote", "Work begins in May"),
        ("quote-2", ". It ends"),
    ] == marked


@pytest.mark.parametrize("span", [Span(20, 38, "00000000"), Span(70, 900), Span(5, 5), Span(9, 3), Span(18, 20)])
async def test_a_quote_that_is_not_there_any_more_is_said_to_be_gone(site: Site, span: Span) -> None:
    response, page = await site.get(site.link(VOTE, span))

    assert response.status == 200
    assert CATALOGUES.default.text("page.changed") in html.unescape(page)
    assert "<mark" not in page


async def test_a_hostile_article_is_text_and_nothing_else(site: Site) -> None:
    _, plain_page = await site.get(site.link(VOTE))
    response, page = await site.get(site.link(EVIL, Span(0, 28)))
    elements, harmless = Elements(page), Elements(plain_page)

    assert response.status == 200
    assert set(elements.tags) <= {*harmless.tags, "mark"}
    assert not [name for name, _ in elements.attributes if name.startswith(("on", "src"))]
    assert not [value for name, value in elements.attributes if name == "href" and not value.startswith("#")]
    for words in (
        "<img src=x onerror=alert(1)>",
        "{{ 7 * 7 }} {% raw %}",
        "&amp; <!--",
        '</title><script>alert("title")',
    ):
        assert words in elements.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\ufffd]", page)


async def test_a_head_request_gets_the_headers_alone(site: Site) -> None:
    whole, page = await site.get(site.link(VOTE))
    response, nothing = await site.get(site.link(VOTE), "HEAD")

    assert nothing == ""
    for name in ("Content-Length", "ETag", "Content-Type", "Content-Security-Policy"):
        assert response.headers[name] == whole.headers[name]
    assert int(whole.headers["Content-Length"]) == len(page.encode())


async def test_what_a_browser_has_is_not_sent_again(site: Site) -> None:
    first, _ = await site.get(site.link(VOTE))
    tag = first.headers["ETag"]

    for known, status in [(tag, 304), (f'"x", W/{tag}', 304), ("*", 304), ('"x"', 200), ("nonsense", 200)]:
        response, page = await site.get(site.link(VOTE), **{"If-None-Match": known})
        assert (response.status, page == "") == (status, status == 304)
    other, _ = await site.get(site.link(VOTE, WORK), **{"If-None-Match": tag})
    assert other.status == 200


async def test_a_long_article_comes_in_parts_and_the_one_with_the_quote_comes_first(site: Site) -> None:
    quote = "Paragraph 7000 of many"
    at = LONG.text.index(quote)
    response, page = await site.get(site.link(LONG, Span(at, at + len(quote), check(quote))))
    seen = re.findall(r"Paragraph (\d+) of", page)
    previous = re.search(r'rel="prev" href="(.*?)"', page)
    assert previous

    assert response.status == 200
    assert f'<mark id="quote">{quote}</mark>' in page
    assert len(page) < 2 * LONGEST_PART
    _, before = await site.get(f"/article/long{html.unescape(previous[1])}")
    assert int(re.findall(r"Paragraph (\d+) of", before)[-1]) == int(seen[0]) - 1
    assert "<mark" not in before


async def test_all_parts_together_are_the_whole_article(site: Site) -> None:
    link = site.link(LONG)
    found = []
    for part in range(1, 20):
        _, page = await site.get(f"{link}&part={part}")
        found += re.findall(r"Paragraph (\d+) of", page)
        if 'rel="next"' not in page:
            break

    assert [str(n) for n in range(9_000)] == found
