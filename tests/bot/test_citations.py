"""Nothing is shown as a quote that does not stand, word for word, in the article it names."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citations import verify
from bot.model import Citation
from index import Article

ARTICLE = Article("a", "A title", "One sentence. Another one.", "https://example.com/a", date(2026, 1, 2), "Post")
GOOD = Citation(9, "a", "other title", "https://evil.example", "Other", None, "p", "Another one.", 14, 26)


def lookup(name: str) -> Article | None:
    return ARTICLE if name == "a" else None


def test_citations_are_numbered_in_order_and_labelled_by_the_article_itself() -> None:
    one, two = verify([GOOD, replace(GOOD, quote="One sentence.", start=0, end=13)], lookup)

    assert (1, 2) == (one.n, two.n)
    assert ("A title", "https://example.com/a", "Post", date(2026, 1, 2)) == (
        one.title,
        one.url,
        one.source,
        one.published,
    )


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, quote="Another one!"),
        replace(GOOD, start=13),
        replace(GOOD, end=25),
        replace(GOOD, start=-12, end=26),
        replace(GOOD, quote="Another one", start=-12, end=-1),
        replace(GOOD, article_id="gone"),
        replace(GOOD, quote="", start=5, end=5),
        replace(GOOD, quote="", start=90, end=99),
    ],
)
def test_a_quote_that_is_not_there_is_dropped_and_logged(bad: Citation, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        kept = verify([bad, GOOD], lookup)

    assert [GOOD.quote] == [citation.quote for citation in kept]
    assert [1] == [citation.n for citation in kept]
    assert "not in the article" in caplog.text


@given(st.text(max_size=30), st.integers(-40, 40), st.integers(-40, 40))
def test_whatever_is_kept_is_a_span_of_its_article(quote: str, start: int, end: int) -> None:
    for kept in verify([replace(GOOD, quote=quote, start=start, end=end)], lookup):
        assert kept.quote
        assert 0 <= kept.start < kept.end <= len(ARTICLE.text)
        assert ARTICLE.text[kept.start : kept.end] == kept.quote
