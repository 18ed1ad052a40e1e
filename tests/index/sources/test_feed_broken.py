"""Feeds that are broken, hostile, or no feeds at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import SourceFailure
from index.origins import Claim, write_origins
from index.sources import Read, Remark, Remembered, Unchanged
from tests.index.fetch.web import Answer, Web
from tests.index.sources.feeds import feed, item, rss
from tests.index.sources.visits import WORDS, Visits, page

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
        ("<!-- -->" * 100 + "nonsense", "is no feed"),
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
        ([item(1, link="/pdf")], "is broken, or no PDF"),
        ([item(1, link="/picture")], "no web page"),
    ],
)
async def test_an_entry_that_cannot_be_used_is_told_and_the_others_are_read(
    web: Web, items: list[str], told: str | None
) -> None:
    web.page("/wall", page("W", "Subscribe to continue reading this article."))
    web.page("/pdf", b"%PDF-1.7", "application/pdf")
    web.page("/picture", b"\x89PNG", "image/png")
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
    visits = await feed(web, body[: body.index("The end")], text="feed").visit()

    assert ["Item 1"] == visits.titles
    assert 1 == sum("is broken" in said for said in visits.told)


async def test_a_wrong_charset_does_not_garble_what_can_be_read(web: Web) -> None:
    body = rss(item(1, body=f"<p>Grün, {WORDS}</p>"))
    undeclared = body.replace(' encoding="utf-8"', "").replace("Grün", "Порт")
    for data, kind in (
        (body.encode(), "text/xml; charset=iso-8859-1"),
        (body.encode("latin-1"), "text/xml; charset=iso-8859-1"),
        (body.encode("latin-1"), "text/xml; charset=utf-8"),
        (body.replace("utf-8", "utf-16").encode("utf-16"), "text/xml"),
        (undeclared.encode("cp1251"), "text/xml; charset=windows-1251"),
    ):
        web.script("/feed", Answer(200, data, {"Content-Type": kind}))
        visits = await Visits(web, "feed", url=web.url("/feed")).visit()

        assert visits.articles[0].text.startswith(("Grün,", "Порт,")), kind


async def test_control_characters_never_reach_a_report_or_a_title(web: Web) -> None:
    body = rss(item(1, link="/\x1b[2Jx", body=f"<p>{WORDS}</p>")).replace("Item 1", "\x1b[31mRed\u202e")
    visits = await feed(web, body).visit()

    assert all(text.isprintable() for text in [*visits.titles, *visits.told]), visits.readings
    assert 1 == len(visits.of(Remark))


async def test_an_entry_that_is_called_as_the_feed_or_by_what_no_database_takes_does_no_harm(
    web: Web, tmp_path: Path
) -> None:
    names = [f" feed {web.url('/feed')}", f"feed {web.url('/feed')}", " options", "\ud800", "a" * 1_000_000]
    items = [{"id": name, "title": f"T{n}", "content_text": f"{n} {WORDS}"} for n, name in enumerate(names)]
    visits = feed(web, json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))
    await visits.visit()

    origins = [each.origin for each in visits.of(Read) + visits.of(Remembered)]
    assert (4, 2) == (len(visits.articles), len(visits.of(Remembered)))
    write_origins(tmp_path / "articles.db", [Claim("S", origin, None) for origin in origins])
    assert max(len(origin.key) for origin in origins) < 5_000
    assert 4 == len((await visits.visit()).of(Unchanged))
