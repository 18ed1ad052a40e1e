"""When a rebuild is due: missed ones once, and whatever the clock does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from index.timetable import ScheduleSection, Timetable

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_every_counts_from_the_last_and_the_first_is_at_once() -> None:
    table = Timetable(every=6 * 3600.0)

    assert NOON == table.due(NOON, None)
    assert NOON + 5 * HOUR == table.due(NOON, NOON - HOUR)


def test_what_was_missed_is_due_at_once_and_once() -> None:
    table = Timetable(cron="0 4 * * *", timezone="UTC")

    assert table.due(NOON, NOON - timedelta(days=9)) < NOON
    assert datetime(2026, 6, 2, 4, tzinfo=UTC) == table.due(NOON, NOON)


def test_a_clock_that_was_ahead_delays_nothing_by_more_than_one_interval() -> None:
    assert NOON + HOUR == Timetable(every=3600.0).due(NOON, NOON + timedelta(days=400))
    assert datetime(2026, 6, 2, 4, tzinfo=UTC) == Timetable(cron="0 4 * * *", timezone="UTC").due(
        NOON, NOON + 99 * HOUR
    )


@pytest.mark.parametrize(("day", "hour"), [(datetime(2026, 1, 5, 12, tzinfo=UTC), 3), (NOON, 2)])
def test_the_hour_is_that_of_the_zone_in_summer_and_in_winter(day: datetime, hour: int) -> None:
    assert hour == Timetable(cron="0 4 * * *", timezone="Europe/Berlin").due(day, day).hour


@pytest.mark.parametrize(("day", "weekday"), [("1", "Monday"), ("7", "Sunday"), ("SUN", "Sunday")])
def test_days_of_the_week_count_as_in_cron(day: str, weekday: str) -> None:
    assert weekday == f"{Timetable(cron=f'0 4 * * {day}', timezone='UTC').due(NOON, NOON):%A}"


def test_jitter_is_later_by_no_more_than_it_says_and_the_same_at_each_look() -> None:
    table = Timetable(cron="0 * * * *", timezone="UTC", jitter=600.0)
    dues = {table.due(NOON, NOON) for _ in range(5)}

    assert 1 == len(dues)
    assert NOON + HOUR <= dues.pop() <= NOON + HOUR + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"every": "often"}, "90s, 30min, 6h, 1d"),
        ({"every": "10s"}, "60 s or more"),
        ({"cron": "61 * * * *"}, "no time of cron"),
        ({"cron": "0 0 30 2 *"}, "no time of cron"),
        ({"cron": "* * * * * *"}, "five fields"),
        ({"timezone": "Atlantis/Poseidonis"}, "no such time zone"),
        ({"timezone": "../../etc/passwd"}, "no such time zone"),
        ({"jitter": "-1s"}, "90s"),
        ({"every": "6h", "cron": "0 4 * * *"}, "either every or cron"),
    ],
)
def test_what_is_no_schedule_is_told(values: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ScheduleSection(**values)


def test_without_a_word_nothing_is_scheduled() -> None:
    assert None is ScheduleSection().timetable()
    assert Timetable(every=21600.0, jitter=300.0) == ScheduleSection(every="6h", jitter="5min").timetable()
