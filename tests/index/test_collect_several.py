"""Several sources in one index: which of them an article belongs to, and what becomes of it with them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index import Article, BuildFailed, GenerationBroken
from index.archive import Archive, write_archive
from index.collect import Before, Collected, merge
from index.config import Config, load
from index.generations import current_folder, read_manifest
from index.origins import Claim
from index.rebuild import rebuild as from_the_command_line
from index.source_states import read_states
from index.sources import build_source, build_sources
from index.sources.declared import Declared
from index.sources.protocol import Origin, Read
from index.visits import Visited
from tests.index.collecting import claims, rebuild, states, texts
from tests.index.fetch.web import Web
from tests.index.homes import write, write_three
from tests.index.shelf import Shelf
from tests.index.sources.visits import WORDS, page


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def blog() -> Shelf:
    shelf = Shelf("blog")
    shelf.put("one", "two")
    return shelf


@pytest.fixture
def news() -> Shelf:
    shelf = Shelf("news")
    shelf.put("three")
    return shelf


def test_one_source_is_refreshed_by_its_name_and_the_others_are_not_asked(
    home: Path, blog: Shelf, news: Shelf, tmp_path: Path
) -> None:
    articles = write_three(tmp_path / "articles")
    rebuild(home, articles, blog, news)
    write(articles, "bridge", "Not read now.")
    blog.put("five")
    news.put("six")
    report = rebuild(home, articles, blog, news, only=["blog"])

    assert {"blog": ("read", 3), "news": ("kept", 1)} == states(report)
    assert (1, 0, 0, 6) == (report.added, report.changed, report.removed, report.unchanged)
    assert 1 == news.visits
    assert {"six"} == set(news.articles) - set(texts(home))
    assert ("news", "three", "three") in claims(home)
    assert "kept" != read_states(home)["news"].state


@pytest.mark.parametrize("articles", [0, 2])
def test_files_and_folders_take_the_place_of_those_without_a_name_alone(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], articles: int
) -> None:
    """As a path on the command line does; where no source is configured, it is all there is."""
    old, new, archive = (tmp_path / name for name in ("old", "new", "archive"))
    for folder in (old, new, archive):
        folder.mkdir()
    write(old, "bridge", "The old bridge was closed on Monday.")
    write(new, "ferry", "The ferry to the island runs on batteries.")
    for name in ("crane", "museum")[:articles]:
        write(archive, name, f"What stands in the archive of the {name}.")
    text = f'[[sources]]\nname = "Archive"\nkind = "files"\npath = "{archive}"\n' if articles else ""
    (tmp_path / "footnote.toml").write_text(text)
    monkeypatch.setenv("FOOTNOTE_CONFIG", str(tmp_path / "footnote.toml"))
    configured = build_sources(load(Config).config)
    rebuild(home, old, *configured)
    shutil.rmtree(archive)

    assert 0 == from_the_command_line([new], home, full=False, dry_run=True, strict=True, as_json=True)
    report = json.loads(capsys.readouterr().out)
    assert (1, 1, articles) == (report["added"], report["removed"], report["unchanged"])
    assert [("Archive", "kept", 2)][:articles] == [(s["name"], s["state"], s["articles"]) for s in report["sources"]]

    rebuild(home, new, *configured, only=[])
    assert {"ferry", *("crane", "museum")[:articles]} == set(texts(home))
    assert [str(new)] == read_manifest(current_folder(home)).locations


def test_a_source_that_is_no_longer_configured_takes_its_articles_along(home: Path, blog: Shelf, news: Shelf) -> None:
    rebuild(home, blog, news)
    rebuild(home, blog)

    assert {"one", "two"} == set(texts(home))
    assert {"blog"} == set(read_states(home))


def test_two_addresses_of_one_article_are_one_and_both_sources_have_it(home: Path) -> None:
    feed, site = Shelf("feed", given=False), Shelf("site", given=False)
    for shelf in (feed, site):
        shelf.put("page", text=f"As the {shelf.name} has it.")
        shelf.urls["page"] = "https://example.org/page"
    report = rebuild(home, feed, site)

    assert {"page": "As the feed has it."} == texts(home)
    assert () == report.problems
    assert {("feed", "page", "page"), ("site", "page", "page")} == claims(home)

    feed.failure = "down"
    site.put("page", text="As the site has it today.")
    rebuild(home, feed, site)
    assert {"page": "As the site has it today."} == texts(home)
    feed.failure, feed.articles = "", {}
    rebuild(home, feed, site)
    assert {"page": "As the site has it today."} == texts(home)


def test_a_page_its_print_and_its_amp_dress_are_one_article_and_stay_so(home: Path) -> None:
    with Web() as web:
        paths = ("/amp/crane", "/crane/print", "/crane")
        for path in paths:
            web.page(path, page("Crane", f"{WORDS} This is {path}."), etag=f'"{path}"')
        settings = web.settings()
        pages = build_source(Declared("Pages", "page", {"url": [web.url(path) for path in paths]}))
        first, second = (rebuild(home, pages, fetch=settings) for _ in range(2))

    assert [(), ()] == [report.problems for report in (first, second)]
    assert (1, 0, False) == (first.added, second.changed, second.published)
    assert 3 == len([claim for claim in claims(home) if claim[2]])


@pytest.mark.parametrize("canonical", [None, "/archive/2026/crane"])
@pytest.mark.parametrize("order", [1, -1])
def test_an_article_keeps_its_text_when_only_its_print_or_amp_page_has_changed(
    home: Path, canonical: str | None, order: int
) -> None:
    plain = canonical or "/crane"
    link = ""

    def put(path: str, words: str) -> None:
        web.page(path, page("Crane", f"{WORDS} {words}", link), etag=f'"{words}"')

    with Web() as web:
        if canonical:
            link = f'<link rel="canonical" href="{web.url(canonical)}">'
        dressed = ("/amp/crane", "/crane/print") if canonical is None else ("/c/amp", "/c/print")
        for path in (plain, *dressed):
            put(path, f"As {path} had it.")
        urls = [web.url(path) for path in (plain, *dressed)][::order]
        pages = build_source(Declared("Pages", "page", {"url": urls}))
        rebuild(home, pages, fetch=web.settings())
        for path in dressed:
            put(path, f"As {path} has it.")
            report = rebuild(home, pages, fetch=web.settings())
            assert (0, False, ()) == (report.changed, report.published, report.problems)
        (text,) = texts(home).values()
        assert f"As {plain} had it." in text

        put(plain, "As it was corrected.")
        assert 1 == rebuild(home, pages, fetch=web.settings()).changed
        (text,) = texts(home).values()
        assert "As it was corrected." in text


def test_pages_that_give_one_address_as_theirs_and_are_not_one_are_told(home: Path) -> None:
    with Web() as web:
        paths = ("/news/crane", "/news/ferry")
        for path in paths:
            link = f'<link rel="canonical" href="{web.url("/news/all")}">'
            web.page(path, page(path[6:].title(), f"{WORDS} This is {path}.", link))
        pages = build_source(Declared("Pages", "page", {"url": [web.url(path) for path in paths]}))
        report = rebuild(home, pages, fetch=web.settings())

    said = f'counts as one article with "Crane": both give {web.url("/news/all")} as their address.'
    assert [(web.url("/news/ferry"), said)] == [(remark.where, remark.said) for remark in report.remarks]


def test_an_id_that_two_articles_claim_is_the_first_sources_and_is_told(home: Path, blog: Shelf, news: Shelf) -> None:
    news.put("one", text="Another article altogether.")
    news.etag = "v1"
    report = rebuild(home, blog, news)

    assert "What stands under one is told in one sentence here." == texts(home)["one"]
    assert [("news/one", True)] == [
        (p.where, '"one", which an article of "blog" has' in p.reason) for p in report.problems
    ]
    assert {"blog": ("read", 2), "news": ("read", 1)} == states(report)
    # Else it would never come up again, were the source unchanged.
    assert ("news", "itself", None) not in claims(home)


def test_nobody_takes_an_id_over_while_the_source_that_has_it_is_away(home: Path, blog: Shelf, news: Shelf) -> None:
    rebuild(home, news, blog)
    blog.failure = "down"
    news.put("one", text="Not what the blog says.")
    report = rebuild(home, news, blog)

    assert "What stands under one is told in one sentence here." == texts(home)["one"]
    assert ["news/one"] == [problem.where for problem in report.problems]


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """Return an archive whose one article has a day that is none."""
    path = tmp_path / "articles.db"
    write_archive(path, [Article("one", "One", "Words.", None, date(2026, 11, 24))])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE articles SET published = 'some day'")
    return path


def test_an_article_that_is_damaged_in_the_index_is_told_with_a_remedy(damaged: Path) -> None:
    with closing(Archive(damaged)) as archive:
        with pytest.raises(GenerationBroken, match="--full"):
            archive.article("one")
        with pytest.raises(GenerationBroken, match="--full"):
            list(archive.articles())


def test_where_the_index_cannot_be_read_a_source_that_is_not_asked_loses_nothing(
    home: Path, blog: Shelf, news: Shelf
) -> None:
    rebuild(home, blog, news)
    (current_folder(home) / "articles.db").write_bytes(b"damaged")
    with pytest.raises(BuildFailed, match=r"news keeps what it has .* Ask all sources: footnote index rebuild$"):
        rebuild(home, blog, news, only=["blog"])

    rebuild(home, blog, news)
    assert {*blog.articles, *news.articles} == set(texts(home))


def test_an_article_that_is_not_asked_for_anew_is_taken_over_only_as_it_was_read(home: Path, blog: Shelf) -> None:
    rebuild(home, blog)
    with closing(sqlite3.connect(current_folder(home) / "articles.db")) as database, database:
        database.execute("UPDATE articles SET text = replace(text, 'one', 'two') WHERE id = 'one'")
    blog.put("three")
    with pytest.raises(GenerationBroken, match=r"'one' .* is not as it was read.*--full"):
        rebuild(home, blog)

    rebuild(home, blog, full=True)
    assert "What stands under one is told in one sentence here." == texts(home)["one"]


def test_an_article_whose_other_cannot_be_read_is_another(damaged: Path, blog: Shelf, news: Shelf) -> None:
    """Whoever has the id keeps it, and what was read is told: a rebuild from the ground up reaches its end."""
    read = Read(Article("one", "One", "As the blog has it."), "blog/one", True, Origin("one"))
    found = Collected()
    with closing(Archive(damaged)) as archive:
        before = Before(archive.hashes(), [Claim("news", Origin("one"), "one", True)], archive.article)
        visits = {"blog": Visited({"one": read}, complete=True), "news": Visited(failure="down")}
        merge(found, [blog, news], visits, before)

    assert ({}, {"one"}) == (found.read, found.kept)
    assert [("blog/one", True)] == [(p.where, 'of "news" has' in p.reason) for p in found.problems]
