"""WordPress and MediaWiki, as far as their APIs go, over a web server on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from index import ArticleProblem, SourceFailure
from index.sources import Gone, Unchanged, build_source
from index.sources.declared import Declared
from tests.index.fetch.web import Request, Web
from tests.index.sources.visits import WORDS, Visits

Query = dict[str, str]


def api(web: Web, path: str, answer: Callable[[Query], object]) -> list[Query]:
    """Answer a path by its query with JSON, or with a status alone; return the queries that came."""
    asked: list[Query] = []

    async def respond(request: Request, writer: asyncio.StreamWriter) -> None:
        query = {key: values[0] for key, values in parse_qs(urlsplit(request.path).query).items()}
        asked.append(query)
        found = answer(query)
        body = b"<html>" if isinstance(found, int | None) else json.dumps(found).encode()
        status = found if isinstance(found, int) else 200
        writer.write(
            f"HTTP/1.1 {status} Said\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        )
        await writer.drain()

    web.raw(path, respond)
    return asked


class Press:
    """A WordPress site of some posts: number -> when it was changed."""

    def __init__(self, web: Web, posts: dict[int, str]) -> None:
        self.posts = posts
        self.more: dict[str, object] = {}
        self.link = web.url
        api(web, "/blog/wp-json/", lambda _: {"name": "Varr &amp; Sea"})
        self.asked = api(web, "/blog/wp-json/wp/v2/posts", self.answer)

    def answer(self, query: Query) -> object:
        if "include" in query:
            return [self.post(int(number)) for number in query["include"].split(",") if int(number) in self.posts]
        size, page = int(query["per_page"]), int(query["page"])
        numbers = sorted(self.posts, reverse=True)[size * (page - 1) : size * page]
        return [{"id": n, "modified_gmt": self.posts[n]} for n in numbers] or (400 if page > 1 else [])

    def post(self, number: int) -> dict[str, object]:
        return {
            "id": number,
            "link": self.link(f"/blog/{number}/"),
            "date": "2026-11-01T23:30:00",
            "modified_gmt": self.posts[number],
            "title": {"rendered": f"Post {number} &#8211; it&#8217;s"},
            "content": {"rendered": f"<p>{WORDS}</p>", "protected": False},
            **self.more,
        }

    @property
    def texts(self) -> list[str]:
        return [query["include"] for query in self.asked if "include" in query]


async def test_posts_are_read_with_what_the_site_says_of_them(web: Web) -> None:
    Press(web, {7: "a"})
    (article,) = (await Visits(web, "wordpress", url=web.url("/blog")).visit()).articles

    assert ("Post 7 – it’s", date(2026, 11, 1), "Varr & Sea") == (article.title, article.published, article.source)
    assert (web.url("/blog/7/"), WORDS.strip()) == (article.url, article.text)


async def test_only_posts_that_were_changed_are_read_again_and_deleted_ones_are_gone(web: Web) -> None:
    press = Press(web, dict.fromkeys(range(200), "a"))
    visits = await Visits(web, "wordpress", url=web.url("/blog/")).visit()

    assert (200, 10) == (len(visits.articles), len(press.texts))

    press.posts[3] = "b"
    del press.posts[5]
    await visits.visit()

    assert ["Post 3 – it’s"] == visits.titles
    assert (198, "3") == (len(visits.of(Unchanged)), press.texts[-1])
    assert visits.source.complete
    assert "posts/5" not in visits.known


async def test_a_limit_takes_the_newest_posts(web: Web) -> None:
    Press(web, dict.fromkeys(range(9), "a"))
    visits = await Visits(web, "wordpress", url=web.url("/blog"), limit=2).visit()

    assert ["Post 8 – it’s", "Post 7 – it’s"] == visits.titles
    assert not visits.source.complete


async def test_a_post_behind_the_limit_stays_until_it_is_deleted(web: Web) -> None:
    press = Press(web, dict.fromkeys(range(150), "a"))
    visits = await Visits(web, "wordpress", url=web.url("/blog"), limit=150).visit()
    press.posts |= dict.fromkeys(range(150, 320), "a")
    del press.posts[3], press.posts[140]
    await visits.visit()

    assert ["posts/140", "posts/3"] == sorted(each.key for each in visits.of(Gone))
    assert not {"posts/3", "posts/140"} & set(visits.known)
    assert "posts/4" in visits.known


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: [],
        lambda press: [press.post(number) for number in range(9, 4, -1)],
        lambda press: [press.post(5)],
        lambda press: [press.post(number) for number in (7, 3)],
    ],
    ids=["nothing", "the newest", "the first of the list", "one that was not asked for"],
)
async def test_a_site_that_does_not_heed_which_posts_it_is_asked_for_loses_none(
    web: Web, answer: Callable[[Press], object]
) -> None:
    press = Press(web, dict.fromkeys(range(10), "a"))
    visits = await Visits(web, "wordpress", url=web.url("/blog")).visit()
    visits.source = build_source(Declared("S", "wordpress", {"url": web.url("/blog"), "limit": 4}))
    given = press.answer
    api(web, "/blog/wp-json/wp/v2/posts", lambda query: answer(press) if "include" in query else given(query)[:6])  # type: ignore[index]
    known = set(visits.known)
    await visits.visit()

    assert [] == visits.of(Gone)
    assert known == set(visits.known)
    assert "does not tell which of its older posts are there" in visits.told[-1]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"content": {"rendered": "", "protected": True}}, "protected by a password"),
        ({"content": {"rendered": "<script>x</script>", "protected": False}}, "has no text"),
        ({"content": None}, "cannot be read"),
        ({"title": 7}, "cannot be read"),
    ],
)
async def test_a_post_that_cannot_be_used_is_told(web: Web, more: dict[str, object], said: str) -> None:
    Press(web, {1: "a"}).more = more
    visits = await Visits(web, "wordpress", url=web.url("/blog")).visit()

    assert ["posts/1"] == [each.key for each in visits.of(ArticleProblem)]
    assert said in visits.told[0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"code": "rest_no_route"}, "is not what WordPress answers"),
        ([1], "is not what WordPress answers"),
        (403, "403"),
    ],
)
async def test_what_is_no_wordpress_fails_as_a_whole(web: Web, answer: object, said: str) -> None:
    Press(web, {})
    api(web, "/blog/wp-json/wp/v2/posts", lambda _: answer)
    with pytest.raises(SourceFailure, match=said):
        await Visits(web, "wordpress", url=web.url("/blog")).visit()


class Wiki:
    """A wiki of some pages: title -> number of its newest revision."""

    def __init__(self, web: Web, pages: dict[str, int]) -> None:
        self.pages = pages
        self.deleted: set[str] = set()
        self.redirects: set[str] = set()
        self.moved: dict[str, tuple[int, str]] = {}
        self.text = f"<div class='hatnote'>See also.</div><p>{WORDS}<sup class='reference'>[1]</sup></p>"
        self.link = web.url
        self.asked = api(web, "/w/api.php", self.answer)

    def answer(self, query: Query) -> object:
        titles = sorted(self.pages)
        if query["action"] == "parse":
            number = int(query["pageid"])
            if number > len(titles) or not self.text:
                return {"error": {"code": "nosuchpageid", "info": "There is no page with that id."}}
            return {"parse": {"pageid": number, "revid": self.pages[titles[number - 1]], "text": self.text}}
        if query.get("meta"):
            return {"query": {"general": {"sitename": "Varrpedia"}}}
        if "pageids" in query:
            asked = query["pageids"].split("|")
            return {"query": {"pages": [self.info(number) for number in asked]}}
        start = int(query.get("gapcontinue", 0))
        found = [
            {"pageid": number, "title": title, "lastrevid": self.pages[title], "fullurl": self.link(f"/wiki/{title}")}
            for number, title in enumerate(titles, 1)
        ][start : start + 2]
        more = {"continue": {"gapcontinue": str(start + 2)}} if start + 2 < len(titles) else {}
        return {"query": {"pages": found}, **more} if found else {}

    def info(self, number: str) -> dict[str, object]:
        if number in self.deleted:
            return {"pageid": int(number), "missing": True}
        if number in self.moved:
            return {"pageid": int(number), "ns": self.moved[number][0], "title": self.moved[number][1]}
        return {"pageid": int(number), "lastrevid": 1, **({"redirect": True} if number in self.redirects else {})}


async def test_a_wikis_pages_are_read_without_what_is_beside_their_text(web: Web) -> None:
    Wiki(web, {"Crane": 10, "Harbour": 11, "Pier": 12})
    visits = await Visits(web, "mediawiki", url=web.url("/w/api.php")).visit()

    assert ["Crane", "Harbour", "Pier"] == visits.titles
    article = visits.articles[0]
    assert (WORDS.strip(), "Varrpedia", web.url("/wiki/Crane")) == (article.text, article.source, article.url)


async def test_a_wikis_page_is_read_again_when_it_was_edited(web: Web) -> None:
    wiki = Wiki(web, {"Crane": 10, "Harbour": 11})
    visits = await Visits(web, "mediawiki", url=web.url("/w/api.php")).visit()
    wiki.pages["Harbour"] = 12
    await visits.visit()

    assert (["Harbour"], ["1"]) == (visits.titles, [each.key for each in visits.of(Unchanged)])

    wiki.pages["Crane"] = 13
    wiki.text = ""
    await visits.visit()
    assert {"2"} == set(visits.known)


async def test_a_limit_takes_the_first_pages_of_a_wiki(web: Web) -> None:
    Wiki(web, dict.fromkeys("ABCDE", 1))
    visits = await Visits(web, "mediawiki", url=web.url("/w/api.php"), limit=1).visit()

    assert (["A"], False) == (visits.titles, visits.source.complete)


async def test_a_page_of_a_wiki_behind_the_limit_stays_until_it_is_deleted(web: Web) -> None:
    wiki = Wiki(web, dict.fromkeys("ABCDE", 1))
    visits = await Visits(web, "mediawiki", url=web.url("/w/api.php"), limit=5).visit()
    visits.source = build_source(Declared("S", "mediawiki", {"url": web.url("/w/api.php"), "limit": 1}))
    wiki.deleted, wiki.redirects = {"4"}, {"5"}
    await visits.visit()

    assert ["4", "5"] == [each.key for each in visits.of(Gone)]
    assert {"1", "2", "3"} == set(visits.known)


async def test_a_page_of_a_wiki_that_was_moved_to_where_none_are_read_is_gone(web: Web) -> None:
    wiki = Wiki(web, dict.fromkeys((f"Crane {number}" for number in range(1, 6)), 1))
    visits = await Visits(web, "mediawiki", url=web.url("/w/api.php"), prefix="crane_").visit()
    options = {"url": web.url("/w/api.php"), "limit": 1, "prefix": "crane_"}
    visits.source = build_source(Declared("S", "mediawiki", options))
    wiki.moved = {"3": (2, "User:Crane 3"), "4": (0, "Pier"), "5": (0, "Crane 9")}
    await visits.visit()

    assert ["3", "4"] == [each.key for each in visits.of(Gone)]


@pytest.mark.parametrize(
    "answer",
    [{}, {"batchcomplete": True}, {"query": {}}, {"query": {"pages": []}}, {"query": {"pages": [{"pageid": 1}]}}],
)
async def test_a_wiki_that_does_not_say_that_a_page_is_gone_loses_none(web: Web, answer: object) -> None:
    wiki = Wiki(web, dict.fromkeys("ABCDE", 1))
    visits = await Visits(web, "mediawiki", url=web.url("/w/api.php")).visit()
    visits.source = build_source(Declared("S", "mediawiki", {"url": web.url("/w/api.php"), "limit": 1}))
    api(web, "/w/api.php", lambda query: answer if "pageids" in query else wiki.answer(query))
    await visits.visit()

    assert ([], set("12345")) == (visits.of(Gone), set(visits.known))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"error": {"code": "x", "info": "No\x1b[2J way"}}, "No.x1b.2J way"),
        ([], "is not what MediaWiki answers"),
        ({"query": []}, "failed"),
        (503, "503"),
    ],
)
async def test_what_is_no_wiki_fails_as_a_whole(web: Web, answer: object, said: str) -> None:
    api(web, "/w/api.php", lambda _: answer)
    with pytest.raises(SourceFailure, match=said):
        await Visits(web, "mediawiki", url=web.url("/w/api.php")).visit()
