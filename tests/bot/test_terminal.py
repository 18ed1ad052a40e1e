"""An answer on a terminal: readable for a person, harmless whatever the articles hold, whole when piped."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.model import Answer, Citation, Question, Status
from bot.prompts import load_prompts
from bot.terminal import show_answer
from index import Filter, Summary

PROMPTS = load_prompts()
SUMMARY = Summary("g1", 20, 40, date(2025, 2, 11), date(2026, 10, 6), 0, {"The Harbour Post": 20}, "m", "2026-01-01")
WORDS = "The bridge was opened on a Sunday, and more people came than had been counted on by anybody in the city hall."
ADDRESS = "https://harbour.example/" + "a-long-way-to-an-article-" * 6
ESCAPE = "\x1b"


def citation(n: int, article: str = "a", quote: str = WORDS) -> Citation:
    return Citation(n, article, f"Title {article}", ADDRESS, "The Harbour Post", date(2026, 9, 20), "p", quote, 0, 9)


def answer(*citations: Citation, status: Status = Status.ANSWERED, text: str = "") -> Answer:
    return Answer(Question("When?"), status, 0.91, text, citations, (), SUMMARY, timings_ms={"retrieve": 4.0})


def shown(answer: Answer, *, terminal: bool = False, width: int = 60) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=width, color_system=None, highlight=False)
    show_answer(console, answer, PROMPTS)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_an_article_that_is_quoted_twice_is_one_source_with_both_numbers() -> None:
    lines = shown(answer(citation(1), citation(2, "b"), citation(3))).splitlines()

    assert "[1] [3] Title a, The Harbour Post, 20 Sep 2026" in lines
    assert "[2] Title b, The Harbour Post, 20 Sep 2026" in lines


def test_piped_every_quote_is_one_line_without_blanks_at_its_end() -> None:
    lines = shown(answer(citation(1))).splitlines()

    assert f"[1] “{WORDS}”" in lines
    assert all(line == line.rstrip() for line in lines)


def test_on_a_terminal_quotes_are_set_to_its_width() -> None:
    lines = shown(answer(citation(1)), terminal=True, width=60).splitlines()

    assert max(len(line) for line in lines if "harbour.example" not in line and "Searched" not in line) <= 60
    assert WORDS in " ".join(" ".join(lines).split())


@pytest.mark.parametrize("terminal", [True, False])
def test_an_address_is_never_broken(terminal: bool) -> None:
    assert ADDRESS in shown(answer(citation(1)), terminal=terminal, width=40)


def test_an_article_without_date_publisher_title_or_address_is_still_a_source() -> None:
    bare = replace(citation(1), title="", url=None, source=None, published=None)

    assert (
        f"[1] {PROMPTS.text('answer.untitled')}, {PROMPTS.text('answer.undated')}" in shown(answer(bare)).splitlines()
    )


def test_what_is_said_beside_the_quotes_is_shown() -> None:
    assert "It was a Sunday [1]." in shown(answer(citation(1), text="It was a Sunday [1]."))


def test_nothing_says_so_and_what_was_searched() -> None:
    narrowed = replace(answer(status=Status.NOTHING), question=Question("When?", filter=Filter(since=date(2026, 1, 1))))
    text = shown(narrowed)

    assert PROMPTS.text("answer.nothing") in text
    assert "Searched 20 articles from 11 Feb 2025 to 6 Oct 2026, only from 1 Jan 2026 on" in text
    assert "[1]" not in text


@given(
    st.text(), st.sampled_from([f"{ESCAPE}[2J", f"{ESCAPE}]8;;x\x07", "\x9b31m", "\u202e", "\ud800", "[bold]", "\r"])
)
def test_nothing_an_article_holds_is_obeyed(text: str, attack: str) -> None:
    foreign = text + attack + text
    cited = Citation(1, foreign, foreign, f"https://a.example/{foreign}", foreign, None, "p", foreign, 0, 9)
    for terminal in (True, False):
        seen = shown(answer(cited, text=foreign), terminal=terminal, width=10_000)

        assert not {character for character in seen if character != "\n"} & set(
            map(chr, [*range(32), *range(127, 160)])
        )
        assert not set(seen) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ud800")
        assert ("[bold]" in seen) >= (attack == "[bold]")
