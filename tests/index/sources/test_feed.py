"""Feeds, well and badly made, over a web server on loopback."""

from __future__ import annotations

import json
from datetime import date
from html import escape

import pytest

from index import ArticleProblem, SourceFailure
from index.sources import Gone, Read, Remark, Remembered, Unchanged
from tests.index.fetch.web import Answer, Web
from tests.index.sources.visits import WORDS, Visits, page


def item(
    n: int | str, *, link: str | None = None, guid: str | None = None, date: str = "", body: str = "", summary: str = ""
) -> str:
    """Return an item of RSS; with a `body` the feed has its whole text."""
    parts = [
        f"<title>Item {n}</title>",
        f"<link>{escape(f'/{n}' if link is None else link)}</link>",
        f"<guid isPermaLink='false'>{escape(f'guid-{n}' if guid is None else guid)}</guid>" if guid != "" else "",
        f"<pubDate>{date or 'Mon, 23 Nov 2026 23:30:00 -0500'}</pubDate>",
        f"<description>{escape(summary or 'In short.')}</description>",
        f"<content:encoded>{escape(body)}</content:encoded>" if body else "",
    ]
    return f"<item>{''.join(parts)}</item>"


def rss(*items: str, title: str = "The Harbour Post", more: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>{title}</title>{more}{"".join(items)}</channel></rss>'
    )


def feed(web: Web, body: str | bytes, **options: object) -> Visits:
    web.page("/feed", body, "application/rss+xml", etag='"1"')
    return Visits(web, "feed", url=web.url("/feed"), **options)


async def test_an_entry_with_its_whole_text_is_used_as_it_is(web: Web) -> None:
    body = f"<h2>Crane</h2><p>{WORDS}</p><script>evil()</script><p style='display:none'>Buy.</p>"
    visits = await feed(web, rss(item(1, link="/1?utm_source=rss", body=body))).visit()

    (read,) = visits.of(Read)
    assert f"Crane\n\n{WORDS.strip()}" == read.article.text
    assert ("Item 1", web.url("/1"), date(2026, 11, 23)) == (
        read.article.title,
        read.article.url,
        read.article.published,
    )
    assert ("The Harbour Post", False) == (read.article.source, read.id_given)
    assert ("guid-1", "feed") == (read.origin.key, read.origin.dated_by)
    assert 0 == web.count("/1")
    assert [] == visits.told


async def test_an_entry_with_a_summary_is_read_from_its_page(web: Web) -> None:
    web.page("/1", page("On the page", head='<meta property="article:published_time" content="2026-11-20">'))
    web.page("/2", page("Undated"))
    cut = f"<p>{WORDS}</p><p>And then he … Continue reading →</p>"
    visits = await feed(web, rss(item(1), item(2, body=cut))).visit()

    first, second = visits.of(Read)
    assert ("On the page", date(2026, 11, 20), "meta") == (
        first.article.title, first.article.published, first.origin.dated_by,
    )  # fmt: skip
    assert (date(2026, 11, 23), "feed") == (second.article.published, second.origin.dated_by)
    assert WORDS.strip() in first.article.text
    assert "In short." not in first.article.text


async def test_the_same_article_has_one_id_from_the_feed_and_from_its_page(web: Web) -> None:
    web.page("/1", page("Item 1"))
    whole = await feed(web, rss(item(1, body=f"<p>{WORDS}</p>"))).visit()
    paged = await feed(web, rss(item(1))).visit()

    assert whole.articles[0].id == paged.articles[0].id


async def test_what_has_not_changed_is_not_read_again(web: Web) -> None:
    web.page("/1", page("One"), etag='"a"')
    visits = await feed(web, rss(item(1))).visit()
    await visits.visit()

    assert [Remembered, Unchanged] == [type(each) for each in visits.readings]
    assert 1 == web.count("/1")

    web.page("/2", page("Two"))
    web.page("/feed", rss(item(2), item(1)), "application/rss+xml", etag='"2"')
    await visits.visit()

    assert ["Two"] == visits.titles
    assert ["guid-1"] == [each.key for each in visits.of(Unchanged)]
    assert 2 == web.count("/1")  # the second time with its ETag
    assert not visits.source.complete


async def test_an_entry_that_says_when_it_was_updated_is_not_even_asked_for(web: Web) -> None:
    def atom(updated: str) -> str:
        return (
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>urn:1</id><title>One</title>'
            f'<link href="/1"/><updated>{updated}</updated></entry></feed>'
        )

    web.page("/1", page("One"))
    visits = await feed(web, atom("2026-11-01T00:00:00Z")).visit()
    web.page("/feed", atom("2026-11-01T00:00:00Z"), "application/atom+xml", etag='"2"')
    await visits.visit()

    assert (1, 1) == (web.count("/1"), len(visits.of(Unchanged)))

    web.page("/feed", atom("2026-11-02T00:00:00Z"), "application/atom+xml", etag='"3"')
    await visits.visit()

    assert (2, ["One"]) == (web.count("/1"), visits.titles)


async def test_a_page_that_is_gone_for_good_goes_and_one_that_fails_stays(web: Web) -> None:
    for number in (1, 2, 3):
        web.page(f"/{number}", page(f"Page {number}"))
    visits = await feed(web, rss(item(1), item(2), item(3))).visit()
    web.page("/feed", rss(item(1), item(2), item(3)) + " ", "application/rss+xml", etag='"2"')
    web.page("/1", "", status=410)
    web.page("/2", "", status=404)
    web.page("/3", "", status=500)
    await visits.visit()

    assert ["guid-1"] == [each.key for each in visits.of(Gone)]
    assert ["guid-2", "guid-3"] == [each.key for each in visits.of(ArticleProblem)]
    assert {"guid-2", "guid-3"} == set(visits.known)  # and the feed is not remembered, so that they are tried again

    web.page("/2", page("Page 2"))
    web.page("/3", page("Page 3"))
    await visits.visit()

    assert ["Page 2", "Page 3"] == visits.titles[-2:]


async def test_a_json_feed_is_a_feed(web: Web) -> None:
    items = [
        {"id": "1", "url": "/1", "title": "A < B", "content_html": f"<p>{WORDS}</p>", "date_published": "2026-11-01"},
        {"id": 2, "url": "/2", "content_text": f"{WORDS}\n\nThe <end>.", "authors": [{"name": "Ada"}]},
    ]
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items}
    visits = await feed(web, json.dumps(document)).visit()

    assert [("A < B", date(2026, 11, 1)), ("", None)] == [(each.title, each.published) for each in visits.articles]
    assert f"{WORDS.strip()}\n\nThe <end>." == visits.articles[1].text
    assert ("Ada",) == visits.articles[1].authors


async def test_a_feed_in_several_documents_is_read_as_far_as_is_wanted(web: Web) -> None:
    def part(n: int, following: int) -> str:
        return rss(item(n, body=f"<p>{n} {WORDS}</p>"), more=f'<atom:link rel="next" href="/feed?page={following}"/>')

    web.page("/feed?page=2", part(2, 3), "application/rss+xml")
    web.page("/feed?page=3", part(3, 2), "application/rss+xml")  # a loop
    visits = await feed(web, part(1, 2), pages=10).visit()

    assert ["Item 1", "Item 2", "Item 3"] == visits.titles

    assert ["Item 1"] == (await feed(web, part(1, 2)).visit()).titles


async def test_the_publisher_that_is_configured_goes_before_any_other(web: Web) -> None:
    web.page("/1", page("One"))
    visits = await feed(web, rss(item(1), item(2, body=f"<p>{WORDS}</p>")), publisher="Radio Varr").visit()

    assert ["Radio Varr", "Radio Varr"] == [article.source for article in visits.articles]


async def test_a_limit_takes_the_first_entries(web: Web) -> None:
    items = [item(n, body=f"<p>{WORDS}</p>") for n in range(5)]
    visits = await feed(web, rss(*items), limit=2).visit()

    assert ["Item 0", "Item 1"] == visits.titles


async def test_of_ten_thousand_entries_each_is_read(web: Web) -> None:
    items = [{"id": str(n), "title": f"{n}", "content_text": "Short."} for n in range(10_000)]
    document = {"version": "https://jsonfeed.org/version/1", "items": items}
    visits = await feed(web, json.dumps(document)).visit()

    assert 10_000 == len(visits.articles)


async def test_a_feed_that_has_moved_is_followed_and_told(web: Web) -> None:
    web.redirect("/old", "/feed", 301)
    feed(web, rss(item(1, body=f"<p>{WORDS}</p>")))
    visits = await Visits(web, "feed", url=web.url("/old")).visit()

    assert ["Item 1"] == visits.titles
    assert [f"/old: has moved for good to {web.url('/feed')}. Change its url."] == visits.told


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY a{n} "{10 * reference}">'
        for n, reference in enumerate(["&a;", *(f"&a{n};" for n in range(1, 9))], 1)
    )
    + "]><rss version='2.0'><channel><title>T</title><item><title>&a9;</title><description>&a9;</description></item>"
    "</channel></rss>"
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "is empty"),
        ("nonsense", "is no feed"),
        ("<!doctype html><html><head></head></html>", "It is a web page. Look for a link to its feed"),
        ("<html><link rel=alternate type='application/rss+xml' href='/real'></html>", "names as its feed: "),
        ('{"a": 1}', "is JSON, but no JSON Feed"),
        ('{"a": ' + "[" * 100_000, "is broken JSON"),
        ("<rss version='2.0'><channel>" + "<div>" * 100_000, "more than 300 elements in each other"),
        ("<rss version='2.0'><channel><item><title>cut off in the mid", "is broken"),
        (b"\x00\xff\x00\xff" * 1_000, "is no feed"),
        (b"\x1f\x8b\x08\x00broken", "is no feed"),
    ],
)
async def test_what_is_no_feed_fails_as_a_whole_and_is_told(web: Web, body: str | bytes, said: str) -> None:
    with pytest.raises(SourceFailure) as caught:
        await feed(web, body).visit()

    assert said in str(caught.value)
    assert str(caught.value).startswith(web.url("/feed"))


async def test_a_feed_that_is_not_there_fails_as_a_whole(web: Web) -> None:
    web.page("/feed", "", status=410)
    with pytest.raises(SourceFailure, match="410"):
        await Visits(web, "feed", url=web.url("/feed")).visit()


@pytest.mark.parametrize(
    ("items", "told"),
    [
        # links and names
        ([item(1, link="javascript:alert(1)")], 'leads to "javascript:alert(1)", which cannot be followed'),
        ([item(1, link="http://user:pw@host/")], None),
        ([item("", link="", guid="").replace("<title>Item </title>", "")], "neither name, address nor title"),
        # dates
        ([item(1, date="yesterday-ish", body=f"<p>{WORDS}</p>")], '"yesterday-ish", is no date'),
        ([item(1, date="Mon, 23 Nov 2099 10:00:00 GMT", body=f"<p>{WORDS}</p>")], "2099-11-23, which is yet to come"),
        # pages
        ([item(1, link="http://10.0.0.1/x")], "10.0.0.1"),
        ([item(1, link="file:///etc/passwd")], "which cannot be followed"),
        ([item(1, link="/nowhere")], "404"),
        ([item(1, link="/wall")], "pay"),
        ([item(1, link="/pdf")], "no web page"),
    ],
)
async def test_an_entry_that_cannot_be_used_is_told_and_the_others_are_read(
    web: Web, items: list[str], told: str | None
) -> None:
    web.page("/wall", page("W", "Subscribe to continue reading this article."))
    web.page("/pdf", b"%PDF-1.7", "application/pdf")
    visits = await feed(web, rss(*items, item("good", body=f"<p>{WORDS}</p>"))).visit()

    assert "Item good" == visits.titles[-1]
    assert told is None or [] != [said for said in visits.told if told in said], visits.told
    assert "pw@" not in str(visits.told)


async def test_entries_that_share_a_name_are_told_apart_by_their_addresses(web: Web) -> None:
    items = [item(n, guid="same", body=f"<p>{n} {WORDS}</p>") for n in (1, 2)]
    visits = await feed(web, rss(*items)).visit()

    assert ["Item 1", "Item 2"] == visits.titles


async def test_an_entity_bomb_does_not_go_off(web: Web) -> None:
    visits = await feed(web, BOMB).visit()

    assert any("broken" in said for said in visits.told)
    assert all(len(article.text) < 1_000 for article in visits.articles)


async def test_an_external_entity_is_not_read(web: Web) -> None:
    declared = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "' + web.url("/y") + '">]>'
    body = rss(item(1, body=f"<p>{WORDS}</p>")).replace("<rss", f"{declared}<rss").replace("Item 1", "&x;&y;Item")
    visits = await feed(web, body).visit()

    assert "root:" not in str(visits.articles)
    assert 0 == web.count("/y")


async def test_a_feed_that_breaks_off_gives_what_is_whole(web: Web) -> None:
    body = rss(item(1, body=f"<p>{WORDS}</p>"), item(2, body=f"<p>{WORDS}</p><p>The end.</p>"))
    visits = await feed(web, body[: body.index("The end")]).visit()

    assert ["Item 1"] == visits.titles
    assert 1 == sum("is broken" in said for said in visits.told)


async def test_a_wrong_charset_does_not_garble_what_can_be_read(web: Web) -> None:
    body = rss(item(1, body=f"<p>Grün, {WORDS}</p>"))
    for data, kind in (
        (body.encode(), "text/xml; charset=iso-8859-1"),
        (body.encode("latin-1"), "text/xml; charset=iso-8859-1"),
        (body.encode("latin-1"), "text/xml; charset=utf-8"),
        (body.replace("utf-8", "utf-16").encode("utf-16"), "text/xml"),
    ):
        web.script("/feed", Answer(200, data, {"Content-Type": kind}))
        visits = await Visits(web, "feed", url=web.url("/feed")).visit()

        assert visits.articles[0].text.startswith("Grün,"), kind


async def test_control_characters_never_reach_a_report_or_a_title(web: Web) -> None:
    body = rss(item(1, link="/\x1b[2Jx", body=f"<p>{WORDS}</p>")).replace("Item 1", "\x1b[31mRed\u202e")
    visits = await feed(web, body).visit()

    assert all(text.isprintable() for text in [*visits.titles, *visits.told]), visits.readings
    assert 1 == len(visits.of(Remark))
