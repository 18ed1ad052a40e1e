"""The report is one page that needs nothing else, whatever stands in questions and articles."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot.evaluation.evaluated import Shortfall, evaluate
from bot.evaluation.model import BadLine, Outcome, Quoted, Retrieved, Unanswered
from bot.evaluation.report import render_report
from bot.evaluation.table import show_evaluation
from tests.bot.outcomes import any_outcomes, outcome, run

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>",
    "{{ 7 * 7 }} {% raw %}",
    "</style><style>body{display:none}",
    "javascript:alert(1)",
    "\u202egnp.exe \x1b[31m \ud800",
    "[bold]red[/bold]",
]


class Page(HTMLParser):
    """What is in a page: its elements, their attributes, its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attributes]

    def handle_data(self, data: str) -> None:
        self.words += data


def page_of(*outcomes: Outcome, before: list[Outcome] | None = None) -> Page:
    evaluated = evaluate(run(*outcomes), run(*before) if before else None, draws=20)
    return Page(render_report(evaluated))


def hostile_outcome(text: str) -> Outcome:
    one = outcome(text, question=text, answers=[f"x {text}"], group=text, text=text)
    return replace(
        one,
        gold=replace(one.gold, evidence=(text,)),
        quotes=(Quoted(text, text, 0, 1, False),),
        retrieved=(Retrieved(text, 0, 1, True, title=text, url=text, label=text, text=f"{text} x {text}"),),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words_and_nothing_else(text: str) -> None:
    harmless, page = page_of(hostile_outcome("words")), page_of(hostile_outcome(text))

    assert sorted(set(harmless.tags)) == sorted(set(page.tags))
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not [value for name, value in page.attributes if name in {"href", "src"} and not value.startswith("#")]
    assert not set(page.words) & set("\u202e\x1b")


@given(st.text(min_size=1, max_size=30), any_outcomes(4))
@settings(max_examples=10)
def test_any_run_makes_a_page_without_scripts_or_requests(text: str, outcomes: list[Outcome]) -> None:
    page = page_of(hostile_outcome(text), *outcomes, before=outcomes)

    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base"} & set(page.tags)
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes


def test_a_missed_question_shows_what_was_retrieved_and_what_was_chosen() -> None:
    passage = Retrieved(
        "a", 0, 9, True, "A title", "https://post.example/a", "Post, 1 Jan 2026", "It lay in a Cello case."
    )
    missed = replace(outcome("m", question="Where was it?", quotes=["It was gone."]), retrieved=(passage,))
    evaluated = evaluate(run(missed, outcome("hit", question="And now?", quotes=["cello case"])), draws=20)
    html = render_report(evaluated)
    page = Page(html)

    for words in ("Where was it?", "It was gone.", "A title", "Post, 1 Jan 2026", "holds the answer", "evidence"):
        assert words in page.words
    assert "<mark>Cello case</mark>" in html
    assert ("href", "https://post.example/a") in page.attributes
    assert "And now?" not in page.words


def test_what_went_wrong_stands_on_the_page() -> None:
    one = replace(
        run(outcome("m")),
        skipped=(BadLine(3, "Line 3 is not JSON."),),
        unanswered=(Unanswered("x", "Question 'x' could not be answered."),),
        notes=("Two are drafts.",),
    )
    words = Page(render_report(evaluate(one, draws=20), [Shortfall("shown_hit", 0.9, 0.5)])).words

    for said in (
        "Line 3 is not JSON.",
        "Question 'x' could not",
        "Two are drafts.",
        "shown_hit is 0.5 (50.0 %), less than",
    ):
        assert said in words


def test_a_comparison_shows_each_question_won_and_lost() -> None:
    before = [outcome("1", question="First?", quotes=["gone"]), outcome("2", question="Second?", quotes=["cello case"])]
    after = [outcome("1", question="First?", quotes=["cello case"]), outcome("2", question="Second?", quotes=["gone"])]
    words = page_of(*after, before=before).words

    assert "Won 1, lost 1." in " ".join(words.split())
    assert "Won: 1" in words
    assert "Lost: 1" in words


@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_table_shows_figures_groups_and_losses_as_text(width: int) -> None:
    outcomes = [*map(hostile_outcome, HOSTILE), outcome("n", answers=()), outcome("h", quotes=["cello case"])]
    console = Console(record=True, width=width, force_terminal=False)
    show_evaluation(console, evaluate(run(*outcomes), run(*outcomes), draws=20))
    shown = console.export_text()

    for words in ("answer_hit", "false_answers", "95 % interval", "where they were lost", "Compared with", "Won: 0"):
        assert words in shown
    assert not set(shown) & set("\x1b\u202e")


def test_an_empty_run_has_a_page_and_a_table_all_the_same() -> None:
    console = Console(record=True, width=80)
    show_evaluation(console, evaluate(run(), draws=20))

    assert "0 questions" in console.export_text()
    assert "0 questions" in page_of().words


@pytest.mark.parametrize("before", [0, 300])
@pytest.mark.parametrize("after", [0, 300])
def test_an_excerpt_is_around_the_known_answer_and_cuts_no_word(before: int, after: int) -> None:
    text = "early " * before + "It lay in a cello case. " + "later " * after
    one = replace(outcome("m"), retrieved=(Retrieved("a", 0, 9, True, text=text),))
    html = render_report(evaluate(run(one), draws=20))
    words = html.partition("in a <mark>cello case</mark>.")

    assert words[1]
    shown = " ".join(Page(html).words.partition("holds the answer")[2].split())
    assert {"early", "It", "lay", "in", "a", "cello", "case.", "later", "…"} >= set(shown.split())
    assert ("early" in shown, "later" in shown) == (before > 0, after > 0)
    assert len(shown) < 500
