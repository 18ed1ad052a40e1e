"""Sitemaps and single pages over a web server on loopback."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import date

import pytest

from index import ArticleProblem, SourceFailure
from index.sources import Gone, Read, Unchanged
from index.sources.sitemap_document import read_sitemap
from tests.index.fetch.web import Web
from tests.index.sources.visits import Visits, page

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(web: Web, *entries: str | tuple[str, str]) -> str:
    """Return a sitemap of paths or whole addresses, some with the day they were changed."""
    listed = [entry if isinstance(entry, tuple) else (entry, "") for entry in entries]
    rows = (
        f"<url><loc>{path if ':' in path else web.url(path)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for path, day in listed
    )
    return f"<?xml version='1.0' encoding='UTF-8'?><urlset {NAMESPACE}>{''.join(rows)}</urlset>"


def index_of(web: Web, *paths: str) -> str:
    rows = "".join(f"<sitemap><loc>{path if ':' in path else web.url(path)}</loc></sitemap>" for path in paths)
    return f"<sitemapindex {NAMESPACE}>{rows}</sitemapindex>"


def pages(web: Web, names: Iterable[str]) -> None:
    for name in names:
        web.page(f"/{name}", page(name.upper()))


def of(web: Web, body: str | bytes, path: str = "/sitemap.xml", **options: object) -> Visits:
    web.page(path, body, "application/xml")
    return Visits(web, "sitemap", url=web.url(path), **options)


async def test_every_page_that_is_listed_is_read_and_what_is_no_longer_listed_is_gone(web: Web) -> None:
    pages(web, "abc")
    visits = await of(web, sitemap(web, "/a", "/b", "/c")).visit()

    assert ["A", "B", "C"] == visits.titles
    assert visits.source.complete

    of(web, sitemap(web, "/a", "/b"))
    await visits.visit()

    assert {web.url("/a"), web.url("/b")} == set(visits.known)


async def test_pages_that_are_new_or_changed_are_asked_for_first_and_the_others_each_time_in_another_order(
    web: Web,
) -> None:
    """So that visits that are cut off reach every page in the end."""
    names = [f"p{number}" for number in range(20)]
    pages(web, [*names, "new", "changed"])
    listed = [*(f"/{name}" for name in names), ("/changed", "2026-11-01")]
    visits = await of(web, sitemap(web, *listed)).visit()
    orders = []
    for day in ("2026-11-02", "2026-11-03"):
        of(web, sitemap(web, *listed[:-1], ("/changed", day), "/new"))
        visits.known.pop(web.url("/new"), None)
        await visits.visit()
        orders.append([each.origin.key for each in visits.of(Read)])

    assert [[web.url("/changed"), web.url("/new")]] * 2 == [order[:2] for order in orders]
    assert (sorted(orders[0]), True) == (sorted(orders[1]), orders[0] != orders[1])


async def test_a_page_is_not_asked_for_unless_the_sitemap_says_it_changed(web: Web) -> None:
    pages(web, "ab")
    visits = await of(web, sitemap(web, ("/a", "2026-11-01"), ("/b", "2026-11-01T10:00:00+01:00"))).visit()
    of(web, sitemap(web, ("/a", "2026-11-01"), ("/b", "2026-11-02")))
    await visits.visit()

    assert [web.url("/a")] == [each.key for each in visits.of(Unchanged)]
    assert (["B"], 1, 2) == (visits.titles, web.count("/a"), web.count("/b"))


async def test_a_page_that_changes_twice_on_a_day_is_asked_for_until_that_day_is_over(web: Web) -> None:
    pages(web, "a")
    visits = await of(web, sitemap(web, ("/a", "2026-11-24"))).visit()
    web.page("/a", page("A, corrected"))

    assert ["A, corrected"] == (await visits.visit()).titles


async def test_a_page_that_leads_on_by_its_markup_is_asked_for_without_the_version_of_the_other(web: Web) -> None:
    web.page("/a", f"<html><head><meta http-equiv=refresh content='0; url={web.url('/b')}'></head></html>")
    web.page("/b", page("B"), etag='"b"')
    visits = await of(web, sitemap(web, "/a")).visit()

    assert ["B"] == visits.titles
    assert [(None, None)] == [(origin.etag, origin.last_modified) for origin in visits.known.values()]


async def test_a_page_without_a_day_of_change_is_asked_for_with_its_etag(web: Web) -> None:
    web.page("/a", page("A"), etag='"1"')
    visits = await of(web, sitemap(web, ("/a", "not a day"))).visit()
    await visits.visit()

    assert ([web.url("/a")], 2) == ([each.key for each in visits.of(Unchanged)], web.count("/a"))


async def test_an_index_is_followed_to_its_sitemaps_once_each(web: Web) -> None:
    pages(web, "abc")
    web.page("/1.xml.gz", gzip.compress(sitemap(web, "/a").encode()), "application/gzip")
    web.page("/2.xml", index_of(web, "/3.txt", "/sitemap.xml", "/2.xml", "/1.xml.gz"))  # loops
    web.page("/3.txt", f"\ufeff{web.url('/b')}\r\n{web.url('/c')}\r\n", "text/plain")
    visits = await of(web, index_of(web, "/1.xml.gz", "/2.xml")).visit()

    assert ["A", "B", "C"] == visits.titles
    assert [1, 1, 1] == [web.count(path) for path in ("/1.xml.gz", "/2.xml", "/3.txt")]


async def test_a_news_sitemap_gives_what_the_page_does_not_say(web: Web) -> None:
    web.page("/a", page("A"))
    news = (
        "<news:news><news:publication><news:name>Radio Varr</news:name></news:publication>"
        "<news:publication_date>2026-11-20T08:00:00Z</news:publication_date><news:title>N</news:title></news:news>"
        "<image:image><image:loc>http://x/y.png</image:loc><image:title>Picture</image:title></image:image>"
    )
    body = sitemap(web, "/a").replace("</loc>", f"</loc>{news}")
    body = body.replace("<urlset ", "<urlset xmlns:news='urn:n' xmlns:image='urn:i' ")
    (read,) = (await of(web, body).visit()).of(Read)

    assert (date(2026, 11, 20), "sitemap", "Radio Varr") == (
        read.article.published, read.origin.dated_by, read.article.source,
    )  # fmt: skip


async def test_the_newest_pages_are_read_first_and_known_ones_stay_while_they_are_listed(web: Web) -> None:
    pages(web, "abcd")
    days = {name: f"2026-11-0{number}" for number, name in enumerate("abc", 1)}
    visits = await of(web, sitemap(web, *((f"/{name}", day) for name, day in days.items())), limit=2).visit()

    assert ["C", "B"] == visits.titles
    assert ["/sitemap.xml: lists 3 pages: the 2 newest are read. Raise limit to read more."] == visits.told

    of(web, sitemap(web, ("/d", "2026-11-04"), *((f"/{name}", day) for name, day in days.items())))
    await visits.visit()

    assert ["D"] == visits.titles
    assert {web.url(f"/{name}") for name in "bcd"} == set(visits.known)
    assert visits.source.complete


async def test_known_pages_beyond_the_limit_stay_when_an_option_changes(web: Web) -> None:
    pages(web, "ab")
    visits = await of(web, sitemap(web, ("/a", "2026-11-01")), limit=1).visit()
    more = of(web, sitemap(web, ("/a", "2026-11-01"), ("/b", "2026-11-02")), limit=1, publisher="Radio Varr")
    more.known, more.remembered = visits.known, visits.remembered
    await more.visit()

    assert {web.url("/a"), web.url("/b")} == set(more.known)


async def test_paths_can_be_wanted_and_left_out(web: Web) -> None:
    pages(web, ["news/a", "news/b-print", "tag/c"])
    visits = await of(web, sitemap(web, "/news/a", "/news/b-print", "/tag/c"), only="/news/*", skip=["*-print"]).visit()

    assert ["NEWS/A"] == visits.titles


async def test_two_addresses_of_one_page_are_one_article(web: Web) -> None:
    pages(web, ["a"])
    visits = await of(web, sitemap(web, "/a", "/a/amp", "/a?utm_source=x")).visit()

    assert (["A"], []) == (visits.titles, visits.told)


async def test_of_a_front_page_its_sitemap_is_read(web: Web) -> None:
    pages(web, "a")
    of(web, sitemap(web, "/a"))
    visits = await Visits(web, "sitemap", url=web.url("/")).visit()

    assert ["A"] == visits.titles


async def test_addresses_of_other_sites_are_left_out_unless_they_are_named(web: Web) -> None:
    pages(web, "a")
    body = sitemap(web, "/a", "http://10.0.0.1/x?key=secret", "file:///etc/passwd", "javascript:alert(1)")
    visits = await of(web, body).visit()

    assert ["A"] == visits.titles
    assert "lists 3 addresses of other sites" in visits.told[0]
    assert "secret" not in visits.told[0]

    named = await of(web, body, sites="10.0.0.1").visit()
    assert ["http://10.0.0.1/x?key=secret"] == [each.key for each in named.of(ArticleProblem)]


async def test_a_sitemap_within_it_that_fails_takes_nothing_away(web: Web) -> None:
    pages(web, "ab")
    web.page("/1.xml", sitemap(web, "/a"))
    web.page("/2.xml", sitemap(web, "/b"))
    visits = await of(web, index_of(web, "/1.xml", "/2.xml", "http://10.0.0.1/s.xml")).visit()
    web.page("/2.xml", "", status=500)
    await visits.visit()

    assert not visits.source.complete
    assert {web.url("/a"), web.url("/b")} == set(visits.known)
    assert "HTTP 500" in str(visits.told)
    assert "another site" in str(visits.told)


def bomb() -> bytes:
    return gzip.compress(b" " * 60_000_000)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "is empty"),
        ("<html><body>Hello</body></html>", "It is a web page"),
        ("<!DOCTYPE html><html><body>Hello</body></html>", "It is a web page"),
        ("<rss version='2.0'></rss>", "is a feed and no sitemap"),
        ("nonsense", "is no sitemap"),
        (b"\x00\xff" * 500, "is no sitemap"),
        (b"\x1f\x8b\x08\x00broken", "is broken gzip"),
        (gzip.compress(b"") * 1_001, "more than 1,000 pieces"),
        (bomb(), "unpacks to more than 50 MB"),
    ],
)
async def test_what_is_no_sitemap_fails_as_a_whole_and_is_told(web: Web, body: str | bytes, said: str) -> None:
    with pytest.raises(SourceFailure) as caught:
        await of(web, body).visit()

    assert said in str(caught.value)
    assert str(caught.value).startswith(web.url("/sitemap.xml"))


async def test_a_sitemap_that_breaks_off_gives_what_is_whole_and_takes_nothing_away(web: Web) -> None:
    pages(web, "ab")
    visits = await of(web, sitemap(web, "/a", "/b")).visit()
    body = sitemap(web, "/a", "/b")
    await of(web, body[: body.index("/b<")]).visit()
    await visits.visit()

    assert not visits.source.complete
    assert "is read in part only" in str(visits.told)
    assert {web.url("/a"), web.url("/b")} == set(visits.known)


def test_no_entity_is_opened() -> None:
    declared = '<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    body = f"{declared}<urlset {NAMESPACE}><url><loc>http://a/&x;&b;</loc></url></urlset>"
    document = read_sitemap(body.encode(), "http://a/s.xml")

    assert ["http://a/"] == [listed.url for listed in document.pages]


def test_of_more_addresses_than_a_sitemap_may_have_the_rest_is_left_out() -> None:
    body = "\n".join(f"http://a/{number}" for number in range(60_000))
    document = read_sitemap(body.encode(), "http://a/s.txt")

    assert (50_000, "more than 50000 addresses, the most for one sitemap") == (len(document.pages), document.damage)


async def test_a_listed_page_that_is_no_article_is_told_and_the_others_are_read(web: Web) -> None:
    pages(web, "z")
    web.page("/soft", page("Page not found", "Sorry, the page you were looking for was not found."))
    web.page("/gone", "", status=410)
    web.redirect("/out", "http://10.0.0.1/")
    web.page("/empty", "")
    visits = await of(web, sitemap(web, "/soft", "/gone", "/out", "/empty", "/z")).visit()

    assert ["Z"] == visits.titles
    assert [web.url(path) for path in ("/soft", "/out", "/empty")] == [each.key for each in visits.of(ArticleProblem)]
    assert [web.url("/gone")] == [each.key for each in visits.of(Gone)]


async def test_single_pages_are_read_by_their_addresses(web: Web) -> None:
    pages(web, "ab")
    web.page("/moved", "<html><head><meta http-equiv=refresh content='0; url=/b'></head><body></body></html>")
    visits = await Visits(web, "page", url=[web.url("/a"), web.url("/moved"), web.url("/a")]).visit()

    assert ["A", "B"] == visits.titles
    assert visits.source.complete
    assert f"{web.url('/a')} and 1 more" == visits.source.where
