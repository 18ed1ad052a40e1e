"""A comparison counts what was won and lost, and does not take chance for progress."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evaluation.catalogue import written_change
from bot.evaluation.compare import Comparison, compare, mcnemar
from bot.evaluation.evaluated import evaluate
from bot.evaluation.model import Outcome, Retrieved
from bot.evaluation.observe import is_right
from bot.evaluation.saved import NotARun, read_run, run_to_json
from tests.bot.outcomes import any_outcomes, outcome, run

DRAWS = 60


def hits(*so: bool) -> list[Outcome]:
    return [outcome(str(i), quotes=["in a cello case" if hit else "elsewhere"]) for i, hit in enumerate(so)]


def change(comparison: Comparison, name: str):  # type: ignore[no-untyped-def]
    return next(one for one in comparison.changes if one.name == name)


@pytest.mark.parametrize(
    ("wins", "losses", "p"),
    # Two tails of the binomial distribution with one half: 2 · (1 + 10 + 45) / 1024 for 8 against 2.
    [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (8, 2, 0.109375), (2, 8, 0.109375), (5, 5, 1.0)],
)
def test_the_exact_test_of_wins_against_losses(wins: int, losses: int, p: float) -> None:
    assert p == mcnemar(wins, losses)


@settings(max_examples=15)
@given(st.integers(0, 2000), st.integers(0, 2000))
def test_the_exact_test_holds_for_thousands_and_is_the_same_for_both_sides(wins: int, losses: int) -> None:
    p = mcnemar(wins, losses)

    assert 0 <= p <= 1
    assert p == mcnemar(losses, wins)
    # The normal approximation with continuity correction is near where there are many.
    if wins + losses > 500:
        distance = max(0, abs(wins - losses) - 1) / math.sqrt(wins + losses)
        assert math.erfc(distance / math.sqrt(2)) == pytest.approx(p, abs=0.01)


def test_wins_and_losses_are_told_question_by_question() -> None:
    before, after = hits(True, False, False, True), hits(True, True, True, False)
    found = compare(run(*before), run(*after), draws=DRAWS)

    assert (["1", "2"], ["3"]) == tuple([now.gold.id for _, now in pairs] for pairs in (found.won, found.lost))
    hit = change(found, "answer_hit")
    assert (0.5, 0.75, 0.25, 2, 1, 1.0) == (hit.before, hit.after, hit.difference, hit.wins, hit.losses, hit.p)
    assert (True, False) == (hit.better, hit.significant)


def test_a_change_in_most_questions_is_significant_and_its_interval_leaves_no_change_out() -> None:
    found = compare(run(*hits(*[False] * 30)), run(*hits(*[True] * 20, *[False] * 10)), draws=500)
    hit = change(found, "shown_hit")

    assert hit.significant
    assert hit.interval[0] > 0


def test_less_is_better_where_it_is() -> None:
    before, after = outcome("1", answers=()), outcome("1", answers=(), status="nothing")
    found = change(compare(run(before), run(after), draws=DRAWS), "false_answers")

    assert (-1.0, True) == (found.difference, found.better)


@given(any_outcomes())
@settings(max_examples=15)
def test_a_run_compared_with_itself_has_won_and_lost_nothing(outcomes: list[Outcome]) -> None:
    found = compare(run(*outcomes), run(*outcomes), draws=DRAWS)

    assert ((), (), 0, len(outcomes)) == (found.won, found.lost, found.left_out, found.shared)
    assert all(one.difference in {0, None} and not one.significant for one in found.changes)


@given(any_outcomes(6), any_outcomes(6))
@settings(max_examples=15)
def test_swapping_the_runs_swaps_wins_and_losses(one: list[Outcome], other: list[Outcome]) -> None:
    # The same questions, answered in two ways.
    pairs = list(zip(one, other, strict=False))
    first = run(*(a for a, _ in pairs))
    second = run(*(replace(b, gold=a.gold) for a, b in pairs))
    there, back = compare(first, second, draws=DRAWS), compare(second, first, draws=DRAWS)

    assert [a.gold.id for a, _ in there.won] == [a.gold.id for a, _ in back.lost]
    for ahead, behind in zip(there.changes, back.changes, strict=True):
        assert (ahead.wins, ahead.losses, ahead.p) == (behind.losses, behind.wins, behind.p)
        assert len(there.won) - len(there.lost) == sum(map(is_right, second.outcomes)) - sum(
            map(is_right, first.outcomes)
        )


@pytest.mark.parametrize(
    "changed",
    [
        outcome("0", question="Where is it?"),
        outcome("0", answers=["a case"]),
        outcome("0", answers=()),
        outcome("0", group="other"),
        outcome("another"),
    ],
)
def test_what_is_not_the_same_question_is_left_out(changed: Outcome) -> None:
    found = compare(run(outcome("0")), run(changed), draws=DRAWS)

    assert (0, 2, ()) == (found.shared, found.left_out, found.changes)


def unshown(one: Outcome) -> Outcome:
    """Return an outcome without what a saved run does without."""
    return replace(one, retrieved=tuple(Retrieved(p.article_id, p.start, p.end, p.holds) for p in one.retrieved))


@given(any_outcomes())
@settings(max_examples=15)
def test_a_saved_run_is_read_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, outcomes: list[Outcome]) -> None:
    file = tmp_path_factory.mktemp("run") / "run.json"
    before = run(*map(unshown, outcomes))
    file.write_text(json.dumps(run_to_json(evaluate(before, draws=10))), encoding="utf-8")
    after = read_run(file)

    assert before == after
    assert evaluate(before, draws=10) == evaluate(after, draws=10)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a run"),
        (b'{"figures": {}}', "not a run"),
        (b'{"format": "footnote-evaluation-1"}', "damaged: KeyError 'made_at'"),
        (
            b'{"format": "footnote-evaluation-1", "made_at": "", "version": "", "generation": "", "model": "", '
            b'"articles": 1, "passages": 1, "outcomes": [3]}',
            "damaged",
        ),
    ],
)
def test_what_is_not_a_saved_run_is_refused_with_a_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(content)

    with pytest.raises(NotARun, match=reason):
        read_run(file)


@pytest.mark.parametrize(
    ("name", "difference", "expected"),
    [
        ("shown_hit", 0.1144, "+11.4"),
        ("shown_hit", -0.0002, "0"),
        ("auroc", -0.0021, "-0.002"),
        ("words", 3.26, "+3.3"),
        ("latency_p50", -12.3, "-12"),
        ("ece", None, "–"),
    ],
)
def test_a_difference_is_written_in_its_figures_unit(name: str, difference: float | None, expected: str) -> None:
    assert expected == written_change(name, difference)
