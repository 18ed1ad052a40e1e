"""Every figure is what its definition says, and its interval says how sure it is."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evaluation.catalogue import FIGURES, LOSSES
from bot.evaluation.curves import reliability, risk_coverage, wilson
from bot.evaluation.evaluated import Bound, evaluate, read_bound, shortfalls
from bot.evaluation.figures import figures_of, values_of
from bot.evaluation.model import Loss, Outcome
from bot.evaluation.observe import contains, is_right, loss, normalise
from bot.evaluation.resample import intervals
from tests.bot.outcomes import any_outcomes, outcome, run


def stands_in(text: str, answers: tuple[str, ...]) -> bool:
    """Tell the same as `contains`, in another way: by lists of words."""
    words = [word for word in re.split(r"\W+", text.lower()) if word]
    wanted = [[word for word in re.split(r"\W+", answer.lower()) if word] for answer in answers]
    return any(words[i : i + len(one)] == one for one in wanted if one for i in range(len(words)))


def oracle(outcomes: list[Outcome]) -> dict[str, float | None]:
    """Compute the figures by their definitions, one question and one pair of questions after the other."""
    seen: dict[str, list[Fraction | bool | int]] = defaultdict(list)
    for one in outcomes:
        gold, answered = one.gold, one.status == "answered"
        seen["verbatim"] += [quote.verbatim for quote in one.quotes]
        if not gold.answerable:
            seen["false_answers"].append(answered)
            seen[f"false_answers:{gold.group}"].append(answered)
            seen["right"].append(not answered)
            seen["answered_right"] += [False] if answered else []
            continue
        right = [p.article_id in gold.evidence for p in one.retrieved]
        holds = [p.holds and so for p, so in zip(one.retrieved, right, strict=True)]
        for k in (1, 5, 10):
            seen[f"doc_hit@{k}"].append(True in right[:k])
            seen[f"passage_hit@{k}"].append(True in holds[:k])
        everything = "\n…\n".join([quote.quote for quote in one.quotes] + [one.text])
        shown = stands_in(everything, gold.answers)
        first = bool(one.quotes) and stands_in(one.quotes[0].quote, gold.answers)
        seen["shown_hit"].append(shown)
        seen["shown_first_hit"].append(first)
        for name in ("answer_hit", f"answer_hit:{gold.group}", "right"):
            seen[name].append(shown and answered)
        seen["first_quote_hit"].append(first and answered)
        seen["coverage"].append(answered)
        if answered:
            seen["answered_right"].append(shown)
            seen["words"].append(len(" … ".join([*(q.quote for q in one.quotes), one.text]).split()))
            seen["cited_doc_precision"] += [quote.article_id in gold.evidence for quote in one.quotes]
    figures: dict[str, float | None] = {
        name: round(float(Fraction(sum(values), len(values))), 4) for name, values in seen.items() if values
    }
    positive = [one.confidence for one in outcomes if one.gold.answerable]
    for group in {one.gold.group for one in outcomes if not one.gold.answerable}:
        negative = [one.confidence for one in outcomes if one.gold.group == group]
        won = [Fraction((p > n) * 2 + (p == n), 2) for p in positive for n in negative]
        if won:
            figures[f"auroc:{group}"] = round(float(sum(won) / len(won)), 4)
    return figures


@given(any_outcomes())
def test_figures_agree_with_their_definitions_to_the_fourth_digit(outcomes: list[Outcome]) -> None:
    expected = oracle(outcomes)
    values = values_of(figures_of(outcomes), len(outcomes))

    assert expected == {name: values.get(name) for name in expected}


@settings(max_examples=25)
@given(any_outcomes())
def test_a_figure_has_a_value_for_a_group_just_as_for_its_questions_alone(outcomes: list[Outcome]) -> None:
    group = outcomes[0].gold.group
    values = values_of(figures_of(outcomes), len(outcomes))
    alone = [one for one in outcomes if one.gold.group == group]
    expected = {
        f"{name}:{group}": value
        for name, value in values_of(figures_of(alone), len(alone)).items()
        if name in FIGURES and name not in {"aurc", "latency_p50", "latency_p99"}
    }

    assert expected == {name: values.get(name) for name in expected}


@settings(max_examples=25)
@given(any_outcomes())
def test_the_order_of_questions_changes_no_figure(outcomes: list[Outcome]) -> None:
    before = values_of(figures_of(outcomes), len(outcomes))

    # But for the fourth digit, which may be rounded either way.
    assert before == pytest.approx(values_of(figures_of(outcomes[::-1]), len(outcomes)), abs=1.1e-4)


@settings(max_examples=25)
@given(any_outcomes())
def test_every_figure_is_in_the_catalogue_and_within_its_range(outcomes: list[Outcome]) -> None:
    for name, value in values_of(figures_of(outcomes), len(outcomes)).items():
        assert name.partition(":")[0] in FIGURES
        assert value is None or 0 <= value
        assert value is None or value <= 1 or name.startswith(("words", "latency"))


@settings(max_examples=25)
@given(any_outcomes())
def test_counting_a_question_twice_is_having_it_twice(outcomes: list[Outcome]) -> None:
    doubled = [*outcomes, outcomes[0]]
    weights = np.ones((1, len(outcomes)))
    weights[0, 0] = 2
    figures, others = figures_of(outcomes), figures_of(doubled)
    once = np.ones((1, len(doubled)))

    for name, figure in figures.items():
        np.testing.assert_allclose(others[name](once), figure(weights), err_msg=name)


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("It was in a CELLO-case.", ["cello case"], True),
        ("It was in a cellocase.", ["cello case"], False),
        ("148 million crowns", ["48 million"], False),
        ("…", ["…"], False),
        ("Straße 7", ["STRASSE 7"], False),
        ("It was 1,911.", ["1 911"], True),
        ("", ["x"], False),
        ("x", [], False),
    ],
)
def test_an_answer_stands_in_a_text_as_whole_words(text: str, answers: list[str], expected: bool) -> None:
    assert expected == contains(text, answers)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)

    assert once == normalise(once)


LOST = [
    (None, outcome(quotes=["in a cello case"])),
    (None, outcome(answers=(), status="related")),
    (Loss.INVENTED, outcome(answers=())),
    (Loss.HELD_BACK, outcome(status="related", quotes=["in a cello case"])),
    (Loss.SENTENCE, outcome(quotes=["elsewhere"], retrieved=[("b", True), ("a", True)])),
    (Loss.SILENT, outcome(status="nothing", retrieved=[("a", True)])),
    (Loss.PASSAGE, outcome(quotes=["elsewhere"], retrieved=[("a", False), ("b", True)])),
    (Loss.ARTICLE, outcome(quotes=["elsewhere"], retrieved=[("b", True)])),
    (Loss.ARTICLE, outcome(status="nothing")),
]


@pytest.mark.parametrize(("expected", "one"), LOST)
def test_a_missed_question_says_where_on_its_way_it_was_lost(expected: Loss | None, one: Outcome) -> None:
    assert expected == loss(one)


@settings(max_examples=25)
@given(any_outcomes())
def test_every_missed_question_and_no_other_was_lost_somewhere(outcomes: list[Outcome]) -> None:
    assert set(LOSSES) == set(Loss)
    assert all(is_right(one) == (loss(one) is None) for one in outcomes)


def many(hits: int, misses: int) -> list[Outcome]:
    return [outcome(str(i), quotes=["in a cello case" if i < hits else "elsewhere"]) for i in range(hits + misses)]


def interval_of(outcomes: list[Outcome], name: str, seed: int = 0, draws: int = 2000) -> tuple[float, float] | None:
    answerable = np.array([one.gold.answerable for one in outcomes])
    return intervals(figures_of(outcomes), answerable, seed, draws)[name]


def test_an_interval_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    outcomes = many(30, 20)

    assert interval_of(outcomes, "shown_hit", 1) == interval_of(outcomes, "shown_hit", 1)
    assert interval_of(outcomes, "brier", 1) is not None
    assert interval_of(outcomes, "shown_hit", 1, 50) != interval_of(outcomes, "shown_hit", 2, 50)


def test_an_interval_is_as_wide_as_theory_says() -> None:
    low, high = interval_of(many(300, 200), "shown_hit") or (0, 0)

    assert 0.6 - 1.96 * 0.0219 == pytest.approx(low, abs=0.006)
    assert 0.6 + 1.96 * 0.0219 == pytest.approx(high, abs=0.006)


def test_a_share_that_is_the_same_in_every_question_is_not_certain_for_all_that() -> None:
    # Of 16 of 16 (Clopper and Pearson): 0.7941 to 1.
    assert (0.7941, 1.0) == interval_of(many(16, 0), "shown_hit")
    assert (0.0, 0.2059) == interval_of(many(0, 16), "shown_hit")


@settings(max_examples=25)
@given(any_outcomes())
def test_an_interval_lies_around_its_figure(outcomes: list[Outcome]) -> None:
    evaluated = evaluate(run(*outcomes), draws=50)

    for name, interval in evaluated.intervals.items():
        value = evaluated.values[name]
        if interval is not None:
            assert interval[0] <= interval[1]
        if interval is not None and value is not None and name.startswith(("verbatim", "shown", "coverage")):
            assert interval[0] - 0.5 <= value <= interval[1] + 0.5


@settings(max_examples=25)
@given(any_outcomes())
def test_the_curves_hold_every_question(outcomes: list[Outcome]) -> None:
    bins, points = reliability(outcomes), risk_coverage(outcomes)

    assert len(outcomes) == sum(one.questions for one in bins)
    assert 1.0 == points[-1].coverage
    assert [point.threshold for point in points] == sorted({one.confidence for one in outcomes}, reverse=True)
    for one in bins:
        assert one.confidence is None or one.low - 1e-4 <= one.confidence <= one.high + 1e-4


def test_confidence_that_is_what_was_the_case_has_no_calibration_error() -> None:
    perfect = [outcome("1", confidence=1.0), outcome("2", answers=(), confidence=0.0)]
    opposite = [outcome("1", confidence=0.0), outcome("2", answers=(), confidence=1.0)]

    assert (0.0, 0.0) == tuple(values_of(figures_of(perfect), 2)[name] for name in ("ece", "brier"))
    assert (1.0, 1.0) == tuple(values_of(figures_of(opposite), 2)[name] for name in ("ece", "brier"))


def test_calibration_error_weighs_ranges_by_their_questions() -> None:
    # Three at 0.75, two of them answerable; one at 0.25 that is not: 3/4 · |3/4 - 2/3| + 1/4 · 1/4.
    outcomes = [
        outcome("1", confidence=0.75),
        outcome("2", confidence=0.75),
        outcome("3", confidence=0.75, answers=()),
        outcome("4", confidence=0.25, answers=()),
    ]

    assert 0.125 == values_of(figures_of(outcomes), 4)["ece"]


def test_where_every_question_is_answerable_confidence_is_not_judged() -> None:
    assert not {"ece", "auroc", "false_answers"} & set(figures_of(many(3, 3)))


def test_risk_falls_where_the_wrong_are_the_unsure() -> None:
    outcomes = [
        outcome("1", confidence=0.9, quotes=["cello case"]),
        outcome("2", confidence=0.6, quotes=["cello case"]),
        outcome("3", confidence=0.4, quotes=["elsewhere"]),
        outcome("4", confidence=0.4, answers=()),
    ]
    points = [(point.threshold, point.coverage, point.risk) for point in risk_coverage(outcomes)]

    assert [(0.9, 0.25, 0.0), (0.6, 0.5, 0.0), (0.4, 1.0, 0.5)] == points
    assert 0.25 == values_of(figures_of(outcomes), 4)["aurc"]


def test_latency_is_the_time_that_so_many_did_not_exceed() -> None:
    outcomes = [outcome(str(i), milliseconds=float(i)) for i in range(1, 201)]
    values = values_of(figures_of(outcomes), 200)

    assert (100.0, 198.0) == (values["latency_p50"], values["latency_p99"])


@pytest.mark.parametrize(("so", "count", "expected"), [(0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0))])
def test_the_interval_of_a_few_is_wide(so: int, count: int, expected: tuple[float, float]) -> None:
    assert expected == wilson(so, count)


@pytest.mark.parametrize(
    ("bound", "short"),
    [
        ("shown_hit=0.5", False),
        ("shown_hit=0.51", True),
        ("shown_hit:answerable=0.51", True),
        ("false_answers=1", False),
        ("false_answers=0.4", True),
        ("false_answers:null=0.5", False),
        ("latency_p99=5", True),
        ("cited_doc_precision:null=0.1", True),
    ],
)
def test_a_figure_falls_short_when_it_is_worse_than_its_bound(bound: str, short: bool) -> None:
    outcomes = [
        *many(1, 1),
        outcome("x", answers=(), status="related"),
        outcome("y", answers=()),
    ]
    read = read_bound(bound, ["answerable", "null"])
    found = shortfalls(evaluate(run(*outcomes), draws=10), [read])

    assert short == bool(found)
    assert all(read.name in one.sentence for one in found)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("shown_hit", "figure=value"),
        ("=", "no figure ''"),
        ("shown=1", "There is no figure 'shown'"),
        ("shown_hit:x=1", "Groups: a, b"),
        ("shown_hit=high", "not a number"),
        ("shown_hit=nan", "not a number"),
    ],
)
def test_a_bound_that_cannot_be_read_says_what_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        read_bound(text, ["a", "b"])


def test_a_group_may_be_called_anything() -> None:
    assert Bound("shown_hit:a=b:c", 0.5) == read_bound("shown_hit:a=b:c=0.5", ["a=b:c"])
