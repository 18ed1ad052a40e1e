"""A quote from an article with pages names the page it is on, wherever the quote is shown."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console

from bot.answer_json import answer_to_json
from bot.catalogues import load_catalogues
from bot.citations import verify
from bot.links import OWN, Span
from bot.model import Answer, Citation, Question, Status
from bot.reading import Reading
from bot.render import render_answer
from bot.render_passage import render_passage
from bot.terminal import show_answer
from index import Article, Passage, Summary

CATALOGUES = load_catalogues()
PROMPTS = CATALOGUES.default
SUMMARY = Summary("g1", 1, 4, date(2026, 1, 2), date(2026, 1, 2), 0, {"Post": 1}, "m", "2026-01-01")
ARTICLE = Article("a", "Report", "One page.\n\nTwo pages. Both.", None, date(2026, 1, 2), "Post", pages=(0, 11, 11))
ONE = Citation(1, "a", "Report", None, "Post", date(2026, 1, 2), "p", "One page.", 0, 9)
TWO = Citation(2, "a", "Report", None, "Post", date(2026, 1, 2), "p", "Two pages.", 11, 21)


def answer(article: Article = ARTICLE, *citations: Citation) -> Answer:
    cited = verify(citations or (ONE, TWO), {"a": article}.get)
    return Answer(Question("When?"), Status.ANSWERED, 0.91, "", cited, (), SUMMARY)


def test_a_place_is_on_the_last_page_that_begins_at_or_before_it() -> None:
    assert [1, 1, 3, 3] == [ARTICLE.page_of(offset) for offset in (0, 10, 11, 27)]
    assert replace(ARTICLE, pages=()).page_of(0) is None


def test_pages_are_part_of_what_an_article_says_and_no_page_changes_nothing() -> None:
    without = replace(ARTICLE, pages=())

    assert (
        without.content_hash == Article("a", ARTICLE.title, ARTICLE.text, None, date(2026, 1, 2), "Post").content_hash
    )
    assert 3 == len({article.content_hash for article in (without, ARTICLE, replace(ARTICLE, pages=(0, 12, 12)))})


def test_the_page_is_the_articles_own_and_in_json_only_where_there_is_one() -> None:
    with_pages = answer_to_json(answer(ARTICLE, replace(ONE, page=7), TWO))["citations"]
    without = answer_to_json(answer(replace(ARTICLE, pages=())))["citations"]

    assert [1, 3] == [citation["page"] for citation in with_pages]
    assert ["page" in citation for citation in without] == [False, False]


def test_the_terminal_names_the_pages_with_the_source() -> None:
    console = Console(file=io.StringIO(), width=80, color_system=None, highlight=False)
    show_answer(console, answer(), PROMPTS)

    assert isinstance(console.file, io.StringIO)
    assert "[1] [2] Report, Post, 2 Jan 2026, p. 1, 3" in console.file.getvalue().splitlines()


@pytest.mark.parametrize(("language", "said"), [("en", "p. 1, 3"), ("de", "S. 1, 3"), ("ja", "1, 3 ページ")])
def test_discord_names_the_pages_in_the_readers_language(language: str, said: str) -> None:
    assert said in str(render_answer(answer(), CATALOGUES.for_locale(language)))


def test_a_passage_that_is_read_says_which_page_the_quote_is_on() -> None:
    passage = Passage("ab", "a", 0, len(ARTICLE.text))

    quoted = render_passage(Reading(ARTICLE, [passage], 0, (11, 21)), PROMPTS)
    unquoted = render_passage(Reading(ARTICLE, [passage], 0), PROMPTS)

    assert ["Post, 2 Jan 2026, p. 3", "Post, 2 Jan 2026, p. 1"] == [quoted.footer, unquoted.footer]


def test_a_link_opens_the_page_that_the_quote_is_on() -> None:
    url = "https://coast.example/report.pdf"
    article = replace(ARTICLE, url=url + "#top")
    passage = Passage("ab", "a", 0, len(ARTICLE.text))

    shown = render_answer(answer(article, TWO), PROMPTS)

    assert f"{url}#page=3" in str(shown)
    assert f"{url}#page=3" == render_passage(Reading(article, [passage], 0, (11, 21)), PROMPTS).url
    assert f"{url}#top" == OWN.to("a", url + "#top", "", [Span(0, 1)], len(url) + 4, page=3)
