"""A search returns the right passages, within the filter, each article and each text once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import Article, Filter, Hit, IndexSettings, Passage, build, open_index, read_copies
from index.merge import PER_ARTICLE, WIDEST, merge_neighbours
from index.retrieve import Index


@pytest.fixture(scope="module")
def index(seed_home: Path) -> Iterator[Index]:
    with open_index(seed_home, IndexSettings()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("How high did the water rise in Tollen?", "6.42 metres"),
        ("What kept the sluice gate shut on the night of the flood?", "worn hydraulic seal"),
        ("Where was the stolen astrolabe found?", "cello case"),
    ],
)
def test_the_passage_with_the_answer_is_among_the_first_two(index: Index, query: str, words: str) -> None:
    assert any(words in hit.text for hit in index.search(query)[:2])


def test_every_hit_is_a_span_of_its_article_made_of_its_sentences(index: Index) -> None:
    for hit in index.search("bridge opening crowd", limit=20):
        assert hit.text == hit.article.text[hit.start : hit.end]
        assert all(hit.start <= s.start < s.end <= hit.end for s in hit.sentences)
        assert "".join(hit.text.split()) == "".join(
            "".join(hit.article.text[s.start : s.end].split()) for s in hit.sentences
        )


def test_scores_fall_and_no_passage_is_listed_twice(index: Index) -> None:
    hits = index.search("Who won the election and what did the bridge cost?", limit=20)
    spans = sorted((hit.article.id, hit.start, hit.end) for hit in hits)

    assert all(one.score >= other.score for one, other in itertools.pairwise(hits[:PER_ARTICLE]))
    assert all(a[0] != b[0] or a[2] < b[1] for a, b in itertools.pairwise(spans)), "neighbours are merged"


def test_a_syndicated_copy_is_named_not_listed(index: Index) -> None:
    hits = index.search("Where was the stolen astrolabe found?")

    assert 1 == sum("cello case" in hit.text for hit in hits if hit.copies)
    assert 1 == len(next(hit for hit in hits if "cello case" in hit.text).copies)


days = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    since=st.none() | days,
    until=st.none() | days,
    sources=st.lists(st.sampled_from(["Coastwire", "radio varr", "ELSK VALLEY COURIER", "Nobody"]), max_size=2),
)
def test_nothing_outside_the_filter_is_returned(
    index: Index, since: date | None, until: date | None, sources: list[str]
) -> None:
    where = Filter(since, until, tuple(sources))

    for hit in index.search("the bridge, the flood and the museum", limit=50, where=where):
        day, source = hit.article.published, hit.article.source or ""
        assert since is None or (day is not None and day >= since)
        assert until is None or (day is not None and day <= until)
        assert not sources or source.casefold() in {name.casefold() for name in sources}


def test_a_filter_that_lets_everything_through_changes_nothing_but_the_undated(index: Index) -> None:
    query = "How many people came to the bridge opening?"
    everything = [hit.passage for hit in index.search(query) if hit.article.published]
    filtered = [hit.passage for hit in index.search(query, where=Filter(since=date(1900, 1, 1)))]

    assert everything == filtered[: len(everything)]


def test_a_filter_that_lets_nothing_through_returns_nothing(index: Index) -> None:
    assert [] == index.search("bridge", where=Filter(sources=("Nobody",)))


def test_an_article_that_is_held_back_is_not_found_and_others_are_in_its_place(index: Index) -> None:
    query = "Where was the stolen astrolabe found?"
    everything = index.search(query, limit=50)
    gone = (everything[0].article.id, *everything[0].copies)
    left = index.search(query, limit=50, where=Filter(without=gone))

    assert left
    assert not {name for hit in left for name in (hit.article.id, *hit.copies)} & set(gone)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_a_query_and_none_is_query_syntax(index: Index, query: str) -> None:
    assert all(np.isfinite(hit.score) for hit in index.search(query))


@pytest.mark.parametrize("query", ['title:"bridge" AND (', "row:0 OR *", "^~[]{}", "a" * 5000, "?", ""])
def test_query_syntax_is_plain_words(index: Index, query: str) -> None:
    index.search(query)


def test_an_articles_passages_are_in_reading_order_and_leave_nothing_out(index: Index) -> None:
    hit = index.search("How high did the water rise in Tollen?")[0]
    passages = index.passages_of(hit.article.id)
    between = [hit.article.text[a.end : b.start] for a, b in itertools.pairwise(passages)]

    assert hit.passage in passages and len(passages) > 1
    assert not "".join(between).strip()
    assert {hit.article.id} == {passage.article_id for passage in passages}
    assert [] == index.passages_of("no such article")


@given(st.permutations(range(8)), st.integers(1, 8), st.integers(1, WIDEST))
def test_hits_that_touch_become_one_unless_it_would_be_too_wide(order: list[int], count: int, width: int) -> None:
    article = Article("a", "Title", "x" * 8 * width)
    hits = [
        Hit(Passage(str(i), "a", i * width, (i + 1) * width), article, -place, i * width, (i + 1) * width)
        for place, i in enumerate(order[:count])
    ]
    merged = merge_neighbours(hits)
    spans = sorted((hit.start, hit.end) for hit in merged)

    assert sum(hit.end - hit.start for hit in hits) == sum(end - start for start, end in spans)
    for (start, end), (next_start, next_end) in itertools.pairwise(spans):
        assert end < next_start or next_end - start > WIDEST
    assert sorted((hit.score for hit in merged), reverse=True) == [hit.score for hit in merged]


def test_words_that_the_model_does_not_know_are_not_the_same_word(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("የድልድዩ ግንባታ ተጠናቀቀ። ድልድዩ ትናንት ተመረቀ። ከንቲባው ንግግር አደረጉ።")
    (folder / "b.txt").write_text("The lighthouse was painted white in 1911.")
    build([folder], tmp_path / "home", IndexSettings())
    with open_index(tmp_path / "home", IndexSettings()) as index:
        for hit in index.search("ዝሆኖች ምን ይበላሉ?"):
            assert 0.0 == hit.features["whole_overlap"]


def test_the_newest_articles_are_counted_and_their_first_passages_returned(index: Index) -> None:
    hits, count = index.newest(3)
    everything, _ = index.newest(100)
    days = [hit.article.published for hit in everything]
    dated = [day for day in days if day]

    assert (3, index.summary.articles) == (len(hits), count)
    assert hits == everything[:3]
    assert sorted(dated, reverse=True) == dated == days[: len(dated)]
    assert all(hit.start == 0 and hit.sentences for hit in everything)


def test_articles_about_something_hold_every_word_of_it_in_one_passage_or_the_title(index: Index) -> None:
    hits, count = index.newest(100, about="floods in Tollen")
    narrowed, _ = index.newest(100, Filter(sources=("coastwire",)), "flood")

    assert count == len(hits) > 1
    assert all("tollen" in (hit.article.title + hit.article.text).lower() for hit in hits)
    assert {"Coastwire"} == {hit.article.source for hit in narrowed}
    assert ([], 0) == index.newest(100, about="dragon flood")
    assert ([], 0) == index.newest(100, about="?!")


def test_a_copy_in_nearly_the_same_words_is_named_beside_the_hit_not_listed(tmp_path: Path) -> None:
    text = (
        "The harbour master of Oskland closed the north quay on Monday after cracks were found in three of its piles. "
        "Ships are sent to the south quay until divers have looked at all 46 of them. The work is to take nine days. "
        "Fishermen said that the cracks had been seen in spring, and that nobody had listened to them then."
    )
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "first.txt").write_text(text)
    (folder / "copy.txt").write_text(text.replace("closed", "shut").replace("nobody had", "no one"))
    (folder / "other.txt").write_text("The lighthouse was painted white in 1911.")

    build([folder], tmp_path / "home", IndexSettings())
    with open_index(tmp_path / "home", IndexSettings()) as index:
        first, *others = index.search("Why was the north quay closed?")

    assert {"articles/first.txt", "articles/copy.txt"} == {first.article.id, *first.copies}
    assert ["articles/other.txt"] == [hit.article.id for hit in others]
    assert {"articles/copy.txt": "articles/first.txt"} == read_copies(tmp_path / "home")
