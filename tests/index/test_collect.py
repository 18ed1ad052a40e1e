"""What becomes of configured sources: what fails keeps yesterday's articles, what shrinks is not believed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from index import BuildFailed, current_id
from index.archive import Archive
from index.generations import current_folder
from index.generations.publishing import holding
from index.origins import Claim, read_origins
from index.source_states import SourceReport, read_states, write_states
from index.sources import build_source
from index.sources.declared import Declared
from index.sources.protocol import OPTIONS_KEY, Origin, Reading, Remembered, Visit
from tests.index.collecting import claims, rebuild, states, texts
from tests.index.homes import write_three
from tests.index.shelf import Shelf

TEN = tuple(f"a{number}" for number in range(10))


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


def test_all_sources_together_are_the_index(home: Path, blog: Shelf, news: Shelf, tmp_path: Path) -> None:
    report = rebuild(home, write_three(tmp_path / "articles"), blog, news)

    assert {"bridge", "ferry", "museum", "one", "two", "three"} == set(texts(home))
    assert {"blog": ("read", 2), "news": ("read", 1)} == states(report)
    named = {("blog", "one", "one"), ("blog", "two", "two"), ("news", "three", "three")}
    nameless = {("", f"articles/{name}.jsonl#{name}", name) for name in ("bridge", "ferry", "museum")}
    assert named | nameless == claims(home)


def test_what_is_as_it_was_is_not_read_again_and_nothing_is_published(home: Path, blog: Shelf) -> None:
    before = rebuild(home, blog)
    after = rebuild(home, blog)

    assert {"one", "two"} == set(blog.known)
    assert (before.generation, False, 2) == (after.generation, after.published, after.unchanged)
    assert SourceReport("blog", "shelf", "read", 2, 2, 0, None, after.sources[0].seconds) == after.sources[0]


def test_one_changed_article_keeps_the_text_of_those_that_were_not_read(home: Path, blog: Shelf) -> None:
    rebuild(home, blog)
    blog.put("two", text="Two is told differently now.")
    report = rebuild(home, blog)

    assert (0, 1, 0, 1) == (report.added, report.changed, report.removed, report.unchanged)
    assert 1 == report.embedded
    assert "What stands under one is told in one sentence here." == texts(home)["one"]
    assert "Two is told differently now." == texts(home)["two"]


@pytest.mark.parametrize("failure", ["The server is down.", "bug"])
def test_a_source_that_fails_keeps_what_it_had_and_the_others_go_on(
    home: Path, blog: Shelf, news: Shelf, failure: str
) -> None:
    rebuild(home, blog, news)
    blog.failure, blog.articles = failure, {"one": "Half of what it has, when it failed."}
    news.put("four")
    report = rebuild(home, blog, news)

    assert {"blog": ("failed", 2), "news": ("read", 2)} == states(report)
    assert {"one", "two", "three", "four"} == set(texts(home))
    assert "What stands under one is told in one sentence here." == texts(home)["one"]
    assert ["blog"] == [source.name for source in report.in_trouble]
    assert "\n" not in (report.sources[0].failure or "")

    blog.failure = ""
    report = rebuild(home, blog, news)
    assert {"blog": ("read", 1), "news": ("read", 2)} == states(report)
    assert {"one", "three", "four"} == set(texts(home))


class Configured(Shelf):
    """A shelf that remembers its options, as what is configured does."""

    fingerprint = "options"

    async def read(self, visit: Visit) -> AsyncIterator[Reading]:
        yield Remembered(Origin(OPTIONS_KEY, self.fingerprint))
        async for each in super().read(visit):
            yield each


def test_a_source_that_takes_too_long_gives_what_was_read_and_keeps_the_rest(home: Path, blog: Shelf) -> None:
    blog.etag = "before"
    rebuild(home, blog)
    blog.put("one", text="The one has changed since.")
    blog.etag, blog.slow_after, blog.max_minutes = "after", 2, 0.005
    report = rebuild(home, blog)

    assert {"blog": ("failed", 2)} == states(report)
    assert "0.005 minutes" in (report.sources[0].failure or "")
    assert report.in_trouble
    assert "The one has changed since." == texts(home)["one"]
    assert "two" in texts(home)["two"]

    blog.slow_after = 0
    assert {"blog": ("read", 2)} == states(rebuild(home, blog))
    assert "before" == blog.known["itself"].etag, "what was not read to its end is not taken for read"


def test_other_options_hold_for_all_of_a_source_though_a_visit_is_cut_off(home: Path) -> None:
    """Neither is what was read forgotten, so that it is read again each night, nor is the rest taken for read."""
    blog = Configured("blog")
    blog.put("one", "two")
    rebuild(home, blog)
    blog.put("one", text="The one is told by another publisher.")
    blog.fingerprint, blog.slow_after, blog.max_minutes = "other options", 2, 0.005
    rebuild(home, blog)
    blog.slow_after, blog.max_minutes = 0, 1.0
    rebuild(home, blog)

    assert "other options" == blog.known[OPTIONS_KEY].etag
    assert ("The one is told by another publisher.", None) == (blog.known["one"].etag, blog.known["two"].etag)


def test_with_which_options_a_source_was_read_is_known_though_its_first_visit_was_cut_off(home: Path) -> None:
    blog = Configured("blog")
    blog.put("one", "two")
    blog.slow_after, blog.max_minutes = 2, 0.005
    rebuild(home, blog)
    rebuild(home, blog)

    assert "options" == blog.known[OPTIONS_KEY].etag


def test_with_which_options_a_source_was_read_is_known_though_an_article_was_left_out(home: Path, blog: Shelf) -> None:
    news = Configured("news")
    news.put("one", text="Another article altogether.")
    rebuild(home, blog, news)
    rebuild(home, blog, news)

    assert {OPTIONS_KEY} == set(news.known)


def test_a_source_that_was_given_another_name_keeps_what_it_had(home: Path) -> None:
    old, new = Configured("old", complete=False), Configured("new", complete=False)
    old.put("one", "two")
    rebuild(home, old)
    new.failure = "down"
    report = rebuild(home, new)

    assert {"new": ("failed", 2)} == states(report)
    assert {"one", "two"} == set(texts(home))
    assert {"new"} == {source for source, _, _ in claims(home)}


def test_nothing_that_a_terminal_obeys_is_told(home: Path, blog: Shelf, news: Shelf) -> None:
    blog.broken = ["\x1b]0;owned\x07"]
    news.failure = "\x1b[2J"
    report = rebuild(home, blog, news, dry_run=True)

    assert [("blog/\\x1b]0;owned\\x07", "\\x1b[2J Try later.")] == [
        (problem.where, report.sources[1].failure) for problem in report.problems
    ]


def test_since_when_a_source_fails_is_kept_until_it_is_read(home: Path, blog: Shelf) -> None:
    rebuild(home, blog)
    read_at = read_states(home)["blog"].read_at
    blog.failure = "down"
    rebuild(home, blog)
    kept = json.loads((home / "sources.json").read_text())
    kept["sources"][0]["since"] = "2026-01-01T00:00:00+00:00"
    (home / "sources.json").write_text(json.dumps(kept))
    rebuild(home, blog)
    state = read_states(home)["blog"]

    assert ("failed", 2, "down Try later.", "2026-01-01T00:00:00+00:00", read_at) == (
        state.state, state.articles, state.failure, state.since, state.read_at,
    )  # fmt: skip
    blog.failure = ""
    rebuild(home, blog)
    assert ("read", None, None) == (read_states(home)["blog"].state, *[read_states(home)["blog"].since] * 2)


def test_where_every_source_fails_at_the_first_build_each_reason_is_told(home: Path, blog: Shelf) -> None:
    blog.failure = "The server is down."

    with pytest.raises(BuildFailed, match=r"(?s)left as it is\..*blog: The server is down\. Try later\."):
        rebuild(home, blog)
    assert "failed" == read_states(home)["blog"].state


def test_a_source_that_says_the_same_under_each_address_is_held(home: Path) -> None:
    shelf = Shelf("site", given=False)
    shelf.put(*TEN)
    rebuild(home, shelf)
    shelf.put(*TEN, text="We are back soon: our engineers are at work.")
    held = rebuild(home, shelf)

    assert {"site": ("held", 10)} == states(held)
    assert "It gives 1 of the 10 articles it had" in (held.sources[0].failure or "")
    assert 10 == len(set(texts(home).values()))


def test_a_source_of_which_little_is_left_is_held_until_that_is_accepted(home: Path) -> None:
    shelf = Shelf("wiki page")
    shelf.put(*TEN)
    rebuild(home, shelf)
    shelf.articles = {"a0": "One that is left."}
    held = rebuild(home, shelf)

    assert {"wiki page": ("held", 10)} == states(held)
    assert set(TEN) == set(texts(home))
    assert 'footnote index rebuild "wiki page" --accept-shrink' in (held.sources[0].failure or "")
    assert "One that is left." not in texts(home).values()

    assert {"wiki page": ("held", 10)} == states(rebuild(home, shelf))
    accepted = rebuild(home, shelf, accept_shrink=True)
    assert {"wiki page": ("read", 1)} == states(accepted)
    assert (9, 9) == (accepted.removed, accepted.sources[0].gone)
    assert {"a0": "One that is left."} == texts(home)


def test_articles_that_have_moved_within_their_source_are_not_counted_as_gone(home: Path, tmp_path: Path) -> None:
    folder = write_three(tmp_path / "articles")
    source = build_source(Declared("Archive", "files", {"path": str(folder)}))
    rebuild(home, source)
    (folder / "bridge.jsonl").rename(folder / "bridges.jsonl")
    (folder / "ferry.jsonl").unlink()
    (report,) = rebuild(home, source).sources

    assert (2, 2, 1) == (report.articles, report.unchanged, report.gone)


@pytest.mark.parametrize(("left", "state"), [(1, "held"), (2, "read")])
def test_a_source_is_believed_from_its_share_of_articles_on(home: Path, left: int, state: str) -> None:
    shelf = Shelf("blog")
    shelf.put(*TEN)
    rebuild(home, shelf)
    shelf.articles = {name: shelf.articles[name] for name in TEN[:left]}

    assert state == rebuild(home, shelf).sources[0].state


@pytest.mark.parametrize(
    ("there", "left", "gone", "shrink", "state"),
    [(2, 0, 0, 0.2, "held"), (9, 0, 0, 0.2, "held"), (9, 0, 8, 0.2, "held"), (9, 1, 0, 0.2, "read"),
     (1, 0, 0, 0.2, "read"), (9, 0, 9, 0.2, "read"), (9, 0, 0, 0.0, "read")],
)  # fmt: skip
def test_a_small_source_is_held_where_nothing_is_left_of_it_that_is_not_said_to_be_gone(
    home: Path, blog: Shelf, there: int, left: int, gone: int, shrink: float, state: str
) -> None:
    shelf = Shelf("site", shrink=shrink)
    shelf.put(*TEN[:there])
    rebuild(home, shelf, blog)
    shelf.articles = {name: shelf.articles[name] for name in TEN[:left]}
    shelf.gone = list(TEN[:gone])

    assert state == rebuild(home, shelf, blog).sources[0].state


def test_what_has_left_a_window_stays_unless_it_is_said_to_be_gone(home: Path) -> None:
    feed = Shelf("feed", complete=False)
    feed.put(*TEN)
    rebuild(home, feed)
    feed.articles = {"new": "Only this is in the feed now."}
    feed.gone = ["a3"]
    report = rebuild(home, feed)

    assert {*TEN, "new"} - {"a3"} == set(texts(home))
    assert (1, 1, 0) == (report.added, report.removed, report.changed)
    assert {"new", *TEN} - {"a3"} == {claim.article_id for claim in read_origins(home)}


def test_an_article_that_cannot_be_read_today_stays_as_it_was(home: Path, blog: Shelf) -> None:
    rebuild(home, blog)
    del blog.articles["two"]
    blog.broken = ["two", "nine"]
    report = rebuild(home, blog)

    assert {"one", "two"} == set(texts(home))
    assert ["is behind a wall. What was read of it before stays.", "is behind a wall."] == [
        problem.reason for problem in report.problems
    ]


def test_what_a_source_remembers_of_itself_is_known_at_the_next_visit_though_nothing_is_published(
    home: Path, blog: Shelf
) -> None:
    first = rebuild(home, blog)
    blog.etag = "v1"
    second = rebuild(home, blog)
    rebuild(home, blog)

    assert (first.generation, False) == (second.generation, second.published)
    assert "v1" == blog.known["itself"].etag
    assert {"one", "two", "itself"} == set(blog.known)

    blog.put("more")
    rebuild(home, blog)
    assert not (home / "origins.db").exists()
    assert "itself" in {claim.origin.key for claim in read_origins(home)}


def test_what_a_killed_rebuild_left_beside_the_generations_is_cleared_away(home: Path) -> None:
    home.mkdir()
    left = [home / name for name in (".origins.77", ".origins.77-journal", ".sources.json.77", ".CURRENT.77")]
    for path in left:
        path.touch()
    with holding(home):
        pass

    assert not any(path.exists() for path in left)


def test_what_was_learned_beside_another_generation_is_not_believed(home: Path, blog: Shelf) -> None:
    rebuild(home, blog)
    blog.etag = "v1"
    rebuild(home, blog)
    beside = (home / "origins.db").read_bytes()
    blog.put("more")
    blog.etag = ""
    rebuild(home, blog)
    (home / "origins.db").write_bytes(beside)

    assert {("blog", name, name) for name in ("one", "two", "more")} == claims(home)
    (home / "origins.db").write_bytes(b"no database")
    assert {("blog", name, name) for name in ("one", "two", "more")} == claims(home)


def test_a_dry_run_of_sources_leaves_no_trace(home: Path, blog: Shelf) -> None:
    report = rebuild(home, blog, dry_run=True)

    assert (2, {"blog": ("read", 2)}) == (report.added, states(report))
    assert not home.exists()


def test_a_full_rebuild_asks_for_everything_anew_but_keeps_what_cannot_be_read(
    home: Path, blog: Shelf, news: Shelf
) -> None:
    rebuild(home, blog, news)
    news.failure = "down"
    report = rebuild(home, blog, news, full=True)

    assert [None, None] == [origin.etag for origin in blog.known.values()]
    assert 3 == report.embedded
    assert {"one", "two", "three"} == set(texts(home))


def test_where_yesterdays_articles_cannot_be_read_a_failed_source_stops_the_build(home: Path, blog: Shelf) -> None:
    news = Shelf("news")
    news.put("three")
    rebuild(home, blog, news)
    serving = current_id(home)
    (current_folder(home) / "articles.db").write_bytes(b"nothing that SQLite knows")
    news.failure = "The server is down."

    with pytest.raises(BuildFailed, match=r"news keeps what it has.*The server is down.*--full"):
        rebuild(home, blog, news)
    assert serving == current_id(home)
    assert {"blog": ("read", 2), "news": ("failed", 0)} == states(rebuild(home, blog, news, full=True))


def test_files_and_folders_alone_have_no_sources(home: Path, tmp_path: Path) -> None:
    report = rebuild(home, write_three(tmp_path / "articles"))

    assert ((), {""}) == (report.sources, {claim.source for claim in read_origins(home)})
    assert not (home / "sources.json").exists()
    assert Archive(current_folder(home) / "articles.db").article("ferry")


def test_a_broken_file_of_states_is_as_none(home: Path, blog: Shelf) -> None:
    rebuild(home, blog)
    for broken in ("", "{", '{"sources": [1]}', '{"sources": [{"name": "blog"}]}', json.dumps({"sources": {}})):
        (home / "sources.json").write_text(broken)
        assert {} == read_states(home)
    rebuild(home, blog)
    assert "read" == read_states(home)["blog"].state


@pytest.mark.parametrize(
    "altered",
    [
        {"since": 5}, {"since": "yesterday"}, {"since": "2026-01-01"}, {"read_at": []}, {"tried_at": {}},
        {"failure": 1}, {"articles": "3"}, {"articles": True}, {"state": "lost"}, {"state": []}, {"kind": None},
    ],
)  # fmt: skip
def test_a_state_that_somebody_has_altered_counts_for_nothing_and_is_replaced(
    home: Path, altered: dict[str, object]
) -> None:
    home.mkdir()
    write_states(home, [SourceReport("blog", "shelf", "failed", 3, failure="down")])
    (state,) = json.loads((home / "sources.json").read_text())["sources"]
    (home / "sources.json").write_text(json.dumps({"sources": [state | altered]}))
    assert {} == read_states(home)

    write_states(home, [SourceReport("blog", "shelf", "failed", 3, failure="down")])
    assert "failed" == read_states(home)["blog"].state


def test_states_that_cannot_be_noted_do_no_harm_to_what_was_built(
    home: Path, blog: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    (home / "sources.json").mkdir(parents=True)
    report = rebuild(home, blog)

    assert (True, {"one", "two"}) == (report.published, set(texts(home)))
    assert "sources.json" in caplog.text


def test_claims_are_compared_without_the_time_they_were_fetched() -> None:
    from dataclasses import replace

    from index.origins import same_origins
    from index.sources.protocol import Origin

    claim = Claim("blog", Origin("one", '"1"', None, "2026-01-01T00:00:00+00:00"), "one")
    later = replace(claim, origin=replace(claim.origin, fetched_at="2026-02-02T00:00:00+00:00"))

    assert same_origins([claim], [later])
    assert not same_origins([claim], [replace(later, origin=replace(later.origin, etag='"2"'))])
