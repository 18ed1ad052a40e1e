"""Nobody spends more a day than is allowed, whoever asks at once, and whether or not the bot was restarted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.budget import EVERYBODY, MEMBER, SERVER, Budget, Limits, OverBudget, Prices

PRICES = Prices(read=1.0, written=4.0)


def test_tokens_are_counted_for_everybody_for_the_server_and_for_the_member() -> None:
    budget = Budget({EVERYBODY: Limits(100), SERVER: Limits(60), MEMBER: Limits(30)}, Prices())
    budget.reserve(20, 10, "s", "ada")
    with pytest.raises(OverBudget, match="member"):
        budget.reserve(1, 0, "t", "ada")
    budget.reserve(20, 10, "s", "ben")
    with pytest.raises(OverBudget, match="server"):
        budget.reserve(1, 0, "s", "cem")
    budget.reserve(30, 0, "t", "cem")
    budget.reserve(10, 0)
    with pytest.raises(OverBudget, match="everybody"):
        budget.reserve(1, 0)

    assert (100, 60, 30) == (budget.spent()[0], budget.spent(server="s")[0], budget.spent(member="ada")[0])


def test_money_is_counted_by_the_prices_of_reading_and_writing() -> None:
    budget = Budget({EVERYBODY: Limits(money=1.0)}, PRICES)
    budget.reserve(200_000, 100_000)
    with pytest.raises(OverBudget, match="money"):
        budget.reserve(0, 110_000)

    assert (300_000, pytest.approx(0.6)) == budget.spent()


def test_what_was_set_aside_and_not_spent_is_given_back() -> None:
    budget = Budget({EVERYBODY: Limits(100)}, PRICES)
    budget.settle(budget.reserve(40, 60), 10, 5)
    budget.settle(budget.reserve(40, 40), 0, 0)

    assert (15, pytest.approx(30 / 1_000_000)) == budget.spent()


def test_a_new_day_begins_with_nothing_spent_and_a_late_bill_does_not_count_against_it() -> None:
    days = [date(2026, 1, 1)]
    budget = Budget({EVERYBODY: Limits(100)}, Prices(), today=lambda: days[0])
    reserved = budget.reserve(50, 50)
    days[0] = date(2026, 1, 2)
    budget.reserve(30, 0)
    budget.settle(reserved, 100, 100)

    assert 30 == budget.spent()[0]


def test_the_book_outlives_a_restart_is_shared_and_names_nobody(tmp_path: Path) -> None:
    file = tmp_path / "home" / "budget.json"
    limits = {MEMBER: Limits(100)}
    one, other = Budget(limits, Prices(), file), Budget(limits, Prices(), file)
    one.reserve(30, 30, member="184467440737")
    with pytest.raises(OverBudget):
        other.reserve(50, 0, member="184467440737")

    assert 60 == Budget(limits, Prices(), file).spent(member="184467440737")[0]
    assert "184467440737" not in file.read_text()


@pytest.mark.parametrize(
    "content", ["", "[]", '{"day": "x", "spent": {}}', '{"day": "2026-01-01", "spent": {"a": 1}}', "\0"]
)
def test_a_broken_book_is_begun_anew(tmp_path: Path, content: str) -> None:
    file = tmp_path / "budget.json"
    file.write_text(content)
    budget = Budget({EVERYBODY: Limits(100)}, Prices(), file)
    budget.reserve(60, 0)
    with pytest.raises(OverBudget):
        budget.reserve(60, 0)


def test_where_the_book_cannot_be_written_it_is_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    budget = Budget({EVERYBODY: Limits(100)}, Prices(), tmp_path / "home" / "budget.json")
    budget.reserve(60, 0)
    with pytest.raises(OverBudget):
        budget.reserve(60, 0)
