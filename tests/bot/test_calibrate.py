"""A calibration moves what is off beyond doubt, no farther than needed, and nothing else."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ask import Asker
from bot.calibration import probability_of
from bot.evaluation.calibrate import HELD, HELD_BACK, LEAST_ARTICLES, Fit, Line, Verdict, fit
from bot.evaluation.drafts import Draft
from bot.evaluation.trials import Kind, Trial, Tried, trials_of, try_all
from bot.model import Strictness


def tried(held: float, held_back: float, articles: int = 60, spread: float = 1.0, seed: int = 1) -> list[Tried]:
    """Two questions of each kind from every article, with log odds about these."""
    chance = random.Random(seed)
    means = {Kind.HELD: held, Kind.HELD_BACK: held_back, Kind.FOREIGN: held_back - 1}
    return [
        Tried(Trial(kind, "?", "x", f"a{article}"), probability_of(chance.gauss(mean, spread)), kind is Kind.HELD)
        for article in range(articles)
        for _ in range(2)
        for kind, mean in means.items()
    ]


def balanced(found: Fit) -> tuple[float, float]:
    """Coverage and false answers at the default strictness, afterwards."""
    (choice,) = (one for one in found.choices if one.strictness is Strictness.BALANCED)
    return choice.coverage[1], choice.false_answers[1]


@pytest.mark.parametrize(("held", "held_back"), [(0.6, -2.7), (1.5, -4.0), (4.0, -9.0)])
def test_where_questions_come_out_as_they_should_nothing_is_moved(held: float, held_back: float) -> None:
    found = fit(tried(held, held_back))

    assert (Verdict.DEFAULT, Line()) == (found.verdict, found.line)
    assert found.warnings


def test_a_model_that_is_too_sure_of_everything_is_moved_down_and_no_farther_than_needed() -> None:
    found = fit(tried(6.0, 1.0))

    assert Verdict.FITTED is found.verdict
    assert 1.0 == found.line.scale
    assert HELD_BACK - 0.1 < 1.0 + found.line.shift < HELD_BACK + 0.5
    assert balanced(found)[0] > 0.95
    assert balanced(found)[1] < 0.05


def test_a_model_that_is_too_shy_is_moved_up() -> None:
    found = fit(tried(-2.0, -8.0))

    assert Verdict.FITTED is found.verdict
    assert 0 < found.line.shift < HELD + 2.0
    assert balanced(found)[0] > 0.3


def test_what_lies_too_close_together_is_pulled_apart() -> None:
    found = fit(tried(0.5, -0.5, spread=0.3))

    assert Verdict.FITTED is found.verdict
    assert found.line.scale > 1
    assert balanced(found)[1] < 0.05


def test_what_cannot_be_told_apart_is_not_read_into() -> None:
    found = fit(tried(1.0, 1.0))

    assert any("AUROC" in warning for warning in found.warnings)


def test_few_articles_change_nothing_however_odd_they_are() -> None:
    found = fit(tried(6.0, 1.0, articles=LEAST_ARTICLES - 1))

    assert (Verdict.TOO_FEW, Line()) == (found.verdict, found.line)


def test_nothing_at_all_is_too_few() -> None:
    assert Verdict.TOO_FEW is fit([]).verdict


def test_what_was_held_back_and_is_told_by_another_article_is_left_out() -> None:
    told = Tried(Trial(Kind.HELD_BACK, "?", "x", "a1"), 0.99, shown=True)
    found = fit([*tried(1.0, -4.0), *[told] * 500])

    assert 500 == found.spoiled
    assert fit(tried(1.0, -4.0)).counts == found.counts


@settings(max_examples=20)
@given(st.floats(-6, 6), st.floats(-9, 6), st.integers(0, 3))
def test_no_reading_turns_the_order_round_or_answers_more_of_what_is_not_held_than_it_must(
    held: float, held_back: float, seed: int
) -> None:
    found = fit(tried(held, held_back, articles=12, seed=seed))

    assert found.line.scale >= 1
    if found.verdict is not Verdict.FITTED:
        assert Line() == found.line
    for choice in found.choices:
        assert 0 < choice.after < 1


def test_a_draft_is_asked_with_and_without_its_articles(seed_asker: Asker) -> None:
    draft = Draft(
        "Where was the stolen Carrow Astrolabe found?", "cello case", "name", "…",
        tuple(f"seeds/2026-01-22-astrolabe-found-{end}.md" for end in ("coastwire", "radio-varr")),
    )  # fmt: skip
    foreign = Draft("How many moons has Jupiter?", "95", "number", "…", ("elsewhere",))
    held, held_back, stranger = try_all(trials_of([draft], [foreign]), seed_asker)

    assert held
    assert held_back
    assert stranger
    assert (Kind.HELD, True) == (held.trial.kind, held.shown)
    assert not held_back.shown
    assert max(held_back.confidence, stranger.confidence) < held.confidence
