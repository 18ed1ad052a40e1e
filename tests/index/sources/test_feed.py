"""Feeds over a web server on loopback: what is read from them, and what is not read again."""

from __future__ import annotations

import json
from datetime import date

from index import ArticleProblem
from index.sources import Gone, Read, Unchanged
from tests.index.fetch.web import Web
from tests.index.sources.feeds import feed, item, rss
from tests.index.sources.visits import WORDS, Visits, page


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


async def test_an_entry_without_an_address_keeps_its_id_when_it_is_corrected(web: Web) -> None:
    (first,) = (await feed(web, rss(item(1, link="", body=f"<p>{WORDS}</p>"))).visit()).articles
    (second,) = (await feed(web, rss(item(1, link="", body=f"<p>Corrected: {WORDS}</p>"))).visit()).articles

    assert first.id == second.id
    assert first.text != second.text


async def test_what_has_not_changed_is_not_read_again(web: Web) -> None:
    web.page("/1", page("One"), etag='"a"')
    visits = await feed(web, rss(item(1))).visit()
    await visits.visit()

    assert ["guid-1"] == [each.key for each in visits.of(Unchanged)]
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
    assert 3 == web.count("/feed")

    assert ["Item 1"] == (await feed(web, part(1, 2)).visit()).titles


async def test_the_publisher_that_is_configured_goes_before_any_other(web: Web) -> None:
    web.page("/1", page("One"))
    visits = await feed(web, rss(item(1), item(2, body=f"<p>{WORDS}</p>")), publisher="Radio Varr").visit()

    assert ["Radio Varr", "Radio Varr"] == [article.source for article in visits.articles]


async def test_with_other_options_everything_is_read_anew(web: Web) -> None:
    web.page("/1", page("One"), etag='"a"')
    visits = await feed(web, rss(item(1))).visit()
    other = Visits(web, "feed", url=web.url("/feed"), publisher="Radio Varr")
    other.known, other.remembered = visits.known, visits.remembered
    await other.visit()

    assert ["Radio Varr"] == [article.source for article in other.articles]

    fewer = Visits(web, "feed", url=web.url("/feed"), publisher="Radio Varr", limit=5, shrink=0.1)
    fewer.known, fewer.remembered = other.known, other.remembered
    await fewer.visit()

    assert ([], 1) == (fewer.articles, len(fewer.of(Unchanged)))


async def test_a_limit_takes_the_first_entries(web: Web) -> None:
    items = [item(n, body=f"<p>{WORDS}</p>") for n in range(5)]
    visits = await feed(web, rss(*items), limit=2).visit()

    assert ["Item 0", "Item 1"] == visits.titles


async def test_a_limit_that_was_raised_reads_more_of_a_feed_that_is_as_it_was(web: Web) -> None:
    visits = await feed(web, rss(*(item(n, body=f"<p>{n} {WORDS}</p>") for n in range(3))), limit=1).visit()
    assert [] == (await visits.visit()).titles
    more = Visits(web, "feed", url=web.url("/feed"), limit=2)
    more.known, more.remembered = visits.known, visits.remembered
    await more.visit()

    assert {"guid-0", "guid-1"} == set(more.known)
    assert [] == (await more.visit()).titles
    every = Visits(web, "feed", url=web.url("/feed"))
    every.known, every.remembered = more.known, more.remembered
    assert {"guid-0", "guid-1", "guid-2"} == set((await every.visit()).known)


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
