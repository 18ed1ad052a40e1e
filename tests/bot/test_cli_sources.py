"""`footnote sources`: what it prints, what it writes, and its exit status."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from index.source_states import SourceReport, write_states
from tests.index.fetch.web import Answer, Web
from tests.index.sources.visits import WORDS, page

BEFORE = """\
# Ours.
home = "h"   # kept

[fetch]
allow_hosts = ["127.0.0.1"]
per_host_seconds = 0

[[sources]]
name = "Notes"   # by hand
kind = "files"
path = "articles"

[bot]
# The last words.
language = "de"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("FOOTNOTE_HOME", "FOOTNOTE_CONFIG", "FOOTNOTE_SOURCES"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "footnote.toml").write_text(BEFORE, encoding="utf-8")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "crane.md").write_text(f"---\npublished: 2026-11-01\n---\n# Crane\n\n{WORDS}\n")
    return tmp_path


@pytest.fixture
def web():
    with Web() as served:
        yield served


def sources(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["sources", *map(str, arguments)])


def test_a_source_is_added_with_everything_else_as_it_was(folder: Path) -> None:
    result = sources("add", "Town", "sitemap", "url=https://example.org/", "only=/a/*", "only=/b/*", "limit=50")

    text = (folder / "footnote.toml").read_text(encoding="utf-8")
    assert 0 == result.exit_code, result.output
    assert "footnote sources test" in result.stdout
    assert [] == [line for line in BEFORE.splitlines() if line not in text.splitlines()]
    expected = {
        "name": "Town",
        "kind": "sitemap",
        "url": "https://example.org/",
        "only": ["/a/*", "/b/*"],
        "limit": 50,
    }
    assert expected == tomllib.loads(text)["sources"][1]


def test_a_source_that_is_removed_leaves_the_file_as_it_was_before_it(folder: Path) -> None:
    sources("add", "Town", "feed", "url=https://example.org/feed")
    result = sources("remove", "town")

    assert 0 == result.exit_code, result.output
    assert tomllib.loads(BEFORE) == tomllib.loads((folder / "footnote.toml").read_text(encoding="utf-8"))

    assert 0 == sources("remove", "Notes").exit_code
    assert "sources" not in tomllib.loads((folder / "footnote.toml").read_text(encoding="utf-8"))
    assert "# The last words." in (folder / "footnote.toml").read_text(encoding="utf-8")


def test_the_first_source_of_all_makes_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "footnote.toml").unlink()
    assert 0 == sources("add", "Notes", "files", "path=articles").exit_code

    assert {"sources": [{"name": "Notes", "kind": "files", "path": "articles"}]} == tomllib.loads(
        (folder / "footnote.toml").read_text(encoding="utf-8")
    )


def test_a_path_is_written_as_it_leads_there_from_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "etc").mkdir()
    (folder / "etc" / "f.toml").write_text("")
    monkeypatch.setenv("FOOTNOTE_CONFIG", "etc/f.toml")
    assert 0 == sources("add", "Notes", "files", "path=articles", "path=/abs", "path=~/x").exit_code

    (written,) = tomllib.loads((folder / "etc" / "f.toml").read_text(encoding="utf-8"))["sources"]
    assert ["../articles", "/abs", "~/x"] == written["path"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["notes", "files", "path=other"], "There is a source"),
        (["Other", "files", "path=articles"], 'The source "Notes" in footnote.toml is the same'),
        (["X", "fead", "url=https://a/b"], 'kind "fead", which there is not. There are: files, '),
        (["X", "feed", "link=https://a/b"], "known here: limit, max_minutes, pages, publisher, shrink, text, url"),
        (["X", "feed", "url=ftp://a/b"], "it must begin with http:// or https://"),
        (["X", "feed", "url=https://me:secret@a/b"], "a user or password does not belong into it"),
        (["X", "feed"], "url: it is missing"),
        (["X", "feed", "https://a/b"], "is no option: write it as KEY=VALUE"),
        (["a/b", "feed", "url=https://a/b"], "is no name for a source"),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_written(folder: Path, arguments: list[str], said: str) -> None:
    result = sources("add", *arguments)

    assert 2 == result.exit_code
    assert said in result.output, result.output
    assert "secret" not in result.output
    assert BEFORE == (folder / "footnote.toml").read_text(encoding="utf-8")


def test_a_file_that_is_broken_is_left_as_it_is(folder: Path) -> None:
    (folder / "footnote.toml").write_text("[index\n")
    result = sources("add", "X", "feed", "url=https://a/b")

    assert (2, "[index\n") == (result.exit_code, (folder / "footnote.toml").read_text())
    assert "is not valid TOML" in result.output


def test_the_list_tells_of_each_source_how_its_last_reading_went(folder: Path) -> None:
    sources("add", "Post", "feed", "url=https://example.org/feed?key=hidden")
    (folder / "h").mkdir()
    reports = [
        SourceReport("Notes", "files", "read", 12, 3),
        SourceReport("Post", "feed", "failed", 7, 0, 0, "It is down.\x1b[2J Try again."),
    ]
    write_states(folder / "h", reports)

    rows = json.loads(sources("list", "--json").stdout)["sources"]
    assert [("Notes", 12, "read"), ("Post", 7, "failed")] == [
        (row["name"], row["articles"], row["state"]) for row in rows
    ]
    assert "https://example.org/feed?key=…" == rows[1]["where"]

    shown = sources("list").stdout
    assert "Post failed since 20" in shown
    assert "It is down. Try again." in shown.replace("[2J", "").replace("  ", " ")
    assert "\x1b[2J" not in shown


def test_without_any_source_the_list_says_how_to_add_one(folder: Path) -> None:
    (folder / "footnote.toml").write_text("")
    assert "footnote sources add" in sources("list").stdout
    assert 2 == sources("test").exit_code


def test_a_test_says_what_works_and_what_does_not(web: Web) -> None:
    web.page("/a", page("Harbour"))
    web.page("/feed", "<html></html>")
    sources("add", "Pages", "page", f"url={web.url('/a')}", f"url={web.url('/b')}")
    assert 0 == sources("test").exit_code

    sources("add", "Broken", "feed", f"url={web.url('/feed')}")
    result = sources("test")

    assert 1 == result.exit_code
    assert "✓ Notes (files): 1 article read" in result.stdout
    assert "Harbour (no date" in result.stdout
    assert f"Skipped {web.url('/b')}: " in result.stdout
    assert f"✗ Broken (feed): {web.url('/feed')} is no feed. It is a web page." in result.stdout
    assert 0 == sources("test", "notes").exit_code
    assert [True, True, False] == [each["works"] for each in json.loads(sources("test", "--json").stdout)]
    assert "There are: Notes, Pages, Broken" in sources("test", "Else").output


def test_a_source_of_which_nothing_can_be_read_does_not_work(web: Web) -> None:
    sources("add", "Pages", "page", f"url={web.url('/nowhere')}")
    assert 1 == sources("test", "Pages").exit_code


def test_a_preview_shows_the_articles_as_they_would_be_indexed(web: Web) -> None:
    web.page("/1", page("One", head='<meta property="article:published_time" content="2026-11-20">'))
    web.page("/2", "", status=404)
    web.page("/3", page("Three"))
    urls = [f"url={web.url(path)}" for path in ("/1", "/2", "/3")]
    sources("add", "Pages", "page", *urls, "publisher=Radio Varr")
    result = sources("preview", "Pages", "--limit", "2")

    assert 0 == result.exit_code
    assert "1. One\n   2026-11-20 (meta) · Radio Varr · " in result.stdout
    assert f"{web.url('/1')}\n   The harbour crane of Varr" in result.stdout
    assert f"Skipped {web.url('/2')}: " in result.stdout
    assert "2. Three\n   no date" in result.stdout

    articles = json.loads(sources("preview", "Pages", "--limit", "1", "--json").stdout)["articles"]
    assert [("One", "2026-11-20", "meta")] == [
        (each["title"], each["published"], each["dated_by"]) for each in articles
    ]


def test_a_preview_shows_no_query_of_an_address_that_is_gone(web: Web) -> None:
    web.script("/a", Answer(410))
    web.redirect("/b", "/a?key=secret", 302)
    sources("add", "Pages", "page", f"url={web.url('/a')}?key=secret", f"url={web.url('/b')}?key=secret")
    result = sources("preview", "Pages")

    assert 1 == result.exit_code
    assert "secret" not in result.output
    assert f"Skipped {web.url('/a')}?key=…: is gone (HTTP 410)." in result.output
    assert f"Skipped {web.url('/b')}?key=…: is gone (HTTP 410)." in result.output


def test_the_configuration_shows_the_sources() -> None:
    result = CliRunner().invoke(app, ["config"])

    assert "sources.Notes.path" in result.stdout
