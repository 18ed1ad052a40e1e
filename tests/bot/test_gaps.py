"""What was not answered is grouped by meaning and counted; ratings become questions for an evaluation."""

from __future__ import annotations

import csv
import io
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from bot.ask import Asker
from bot.cli import app
from bot.evaluation.questions import read_questions
from bot.gaps import gaps_of, wordings_of
from bot.gathering import vectors_of
from bot.ledger import Ledger
from tests.bot.ledger.records import ALICE, BOB, CHANNEL, GUILD, WHEN, ask_with

NOW = datetime.now(UTC)
TEA, COST, TOLL, DEATHS, HOUSES = (
    "What is the price of tea?",
    "How much does tea cost?",
    "What was the death toll of the Tollen flood?",
    "How many people died in the Tollen flood?",
    "Who repaired the lighthouse lamp?",
)


def unanswered(question: str, **changes: Any) -> Any:
    return ask_with(**{"question": question, "status": "nothing", "at": NOW, "citations": (), **changes})


def test_the_same_question_is_counted_however_it_is_written() -> None:
    asks = [unanswered(text) for text in ("Who built it?", "who built it", "WHO built it??", "When?")]
    first, second = gaps_of(asks, [asks[0].id, asks[0].id, asks[2].id])

    assert ("Who built it?", 3, 3, 0) == (first.question, first.count, first.wishes, first.related)
    assert ("When?", 1) == (second.question, second.count)


def test_what_was_answered_since_is_no_gap() -> None:
    before, after = unanswered("Who built it?", at=WHEN), unanswered("When was it?", at=WHEN)
    answered = [("who built it", WHEN + timedelta(days=1)), ("When was it?", WHEN - timedelta(days=1))]

    assert ["When was it?"] == [gap.question for gap in gaps_of([before, after], answered=answered)]


def test_a_follow_up_is_counted_as_it_was_understood() -> None:
    asks = [unanswered("And in 2024?", understood="How many died in 2024?"), unanswered("How many died in 2024?")]

    assert [("How many died in 2024?", 2)] == [(gap.question, gap.count) for gap in gaps_of(asks)]


def test_a_thousand_questions_are_grouped_in_seconds() -> None:
    generator = np.random.default_rng(1)
    asks = [unanswered(f"Question {number}?") for number in range(1_200)]
    vectors = {ask.question: vector / np.linalg.norm(vector) for ask in asks for vector in [generator.normal(size=384)]}
    begun = time.process_time()

    assert 1_200 == len(gaps_of(asks, vectors=vectors))
    assert time.process_time() - begun < 10


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        for question in (TEA, TOLL, COST, DEATHS, HOUSES, DEATHS):
            ledger.asks.record(unanswered(question))
        ledger.asks.record(unanswered("=HYPERLINK(1)", guild=GUILD + 5))
        ledger.asks.record(unanswered("Too long ago?", at=NOW - timedelta(days=60)))
        wished = unanswered("  Who is it? ")
        ledger.asks.record(wished)
        ledger.wishes.wish(wished.id, BOB, CHANNEL, direct=True)
    return tmp_path


def run(home: Path, *arguments: str, expect: int = 0) -> str:
    result = CliRunner().invoke(app, [*arguments, "--home", str(home)])

    assert expect == result.exit_code, result.output
    return result.stdout


def test_without_an_index_gaps_are_grouped_by_their_words(home: Path) -> None:
    found = json.loads(run(home, "gaps", "--json", "--server", str(GUILD)))

    assert [(DEATHS, 2), ("  Who is it? ", 1)] == [(gap["question"], gap["count"]) for gap in found[:2]]
    assert 1 == found[1]["wishes"]


def test_a_spreadsheet_gets_rows_and_no_formula(home: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(home, "gaps", "--csv"))))

    assert 7 == len(rows)
    assert "'=HYPERLINK(1)" in {row["question"] for row in rows}


def test_the_operator_reads_gaps_as_a_table(home: Path) -> None:
    shown = run(home, "gaps", "--limit", "1")

    assert DEATHS in shown and "… and 6 more" in shown
    run(home, "gaps", "--since", "soon", expect=2)
    run(home, "gaps", "--csv", "--json", expect=2)


def test_with_the_index_gaps_are_grouped_by_meaning(seed_asker: Asker) -> None:
    asks = [unanswered(question) for question in (TEA, TOLL, COST, DEATHS, HOUSES, DEATHS)]
    vectors = seed_asker.look(lambda index: vectors_of(index, wordings_of(asks)))
    found = {frozenset(gap.wordings): gap.count for gap in gaps_of(asks, vectors=vectors)}

    assert {frozenset({DEATHS, TOLL}): 3, frozenset({TEA, COST}): 2, frozenset({HOUSES}): 1} == found


def test_ratings_are_questions_that_an_evaluation_reads(home: Path) -> None:
    with Ledger(f"sqlite:///{home / 'ledger.db'}") as ledger:
        good, bad, nothing = ask_with(), ask_with(question="Who?"), unanswered("What is tungsten's price?")
        for ask, helpful in ((good, True), (bad, False), (nothing, True)):
            ledger.asks.record(ask)
            ledger.ratings.rate(ask.id, ALICE, helpful, "" if helpful else "The wrong person.")
        ledger.ratings.rate(good.id, BOB, True)
    printed = run(home, "ratings")
    golds, problems = read_questions(printed.encode().splitlines())

    assert [] == problems
    assert {
        (good.question, ("Found it.",), True, "helpful", ("harbour-1",), False),
        ("Who?", (), False, "not_helpful", (), True),
        ("What is tungsten's price?", (), False, "rightly_unanswered", (), False),
    } == {(one.question, one.answers, one.answerable, one.group, one.evidence, one.draft) for one in golds}
    assert "The wrong person." in printed
    assert str(ALICE) not in printed
