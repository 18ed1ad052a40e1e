"""How many questions may be asked in a while."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import Limits, Rate, Reached

RATES = st.builds(Rate, st.integers(1, 20), st.sampled_from([1.0, 10.0, 60.0]))


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@given(RATES, st.lists(st.floats(0, 30), max_size=120))
def test_in_no_span_of_time_are_more_questions_let_through_than_at_once_and_by_rate(
    rate: Rate, pauses: list[float]
) -> None:
    clock = Clock()
    limits = Limits({"member": rate}, clock)
    let_through = []
    for pause in pauses:
        clock.now += pause
        if limits.take({"member": 1}) is None:
            let_through.append(clock.now)

    for first, begun in enumerate(let_through):
        for last, ended in enumerate(let_through[first:], first):
            assert last - first + 1 <= rate.count + (ended - begun) * rate.count / rate.seconds + 1e-6


@given(RATES, st.floats(0, 100))
def test_whoever_waits_as_long_as_is_said_may_ask(rate: Rate, pause: float) -> None:
    clock = Clock()
    limits = Limits({"member": rate}, clock)
    while (reached := limits.take({"member": 1})) is None:
        clock.now += pause / 1_000
        if clock.now > 2_000:
            return
    clock.now += reached.seconds

    assert reached.seconds >= 1
    assert limits.take({"member": 1}) is None


@given(st.permutations(["member", "channel"]))
def test_a_question_that_is_refused_costs_nobody_anything(order: list[str]) -> None:
    limits = Limits({"member": Rate(1, 60), "channel": Rate(2, 60)}, Clock())
    taken = [limits.take({scope: 1 if scope == "channel" else member for scope in order}) for member in (1, 1, 1, 2)]

    assert [None, Reached("member", 60), Reached("member", 60), None] == taken
    assert Reached("channel", 30) == limits.take({"channel": 1, "member": 3})


def test_everybody_has_a_bucket_of_their_own() -> None:
    limits = Limits({"member": Rate(1, 60)}, Clock())

    assert [None] * 50 == [limits.take({"member": member}) for member in range(50)]


def test_without_a_rate_there_is_no_limit() -> None:
    limits = Limits({"member": None}, Clock())

    assert [None] * 100 == [limits.take({"member": 1, "guild": 2}) for _ in range(100)]
    assert 0 == len(limits)


def test_memory_is_bounded() -> None:
    limits = Limits({"member": Rate(1, 60)}, Clock(), most=10)
    for member in range(1_000):
        limits.take({"member": member})

    assert 10 == len(limits)


def test_the_wait_until_the_next_question_is_told() -> None:
    clock = Clock()
    limits = Limits({"member": Rate(3, 120)}, clock)
    for _ in range(3):
        limits.take({"member": 1})

    assert Reached("member", 40) == limits.take({"member": 1})
    clock.now += 39.5
    assert Reached("member", 1) == limits.take({"member": 1})


@pytest.mark.parametrize("text", ["", "30", "30/week", "0/min", "-1/min", "30/min ", "1e9/s", "٣/min"])
def test_a_rate_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as 30/min"):
        Rate.read(text)


def test_a_rate_is_read() -> None:
    assert [Rate(30, 60), Rate(5, 1), Rate(100, 3_600), None] == list(map(Rate.read, ["30/min", "5/s", "100/h", "off"]))
