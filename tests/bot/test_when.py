"""Time words in a question: which days they mean, and what only looks like them."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.when import MOST, TOLD, TimeFrame, narrowed, read_time
from index import Filter

SATURDAY = date(2026, 3, 7)


def days(question: str, asked_at: date = SATURDAY) -> str:
    """Return a frame as text: its days, and whether it is firm."""
    frame = read_time(question, asked_at)
    if frame is None:
        return "none"
    span = f"{frame.since or ''}/{frame.until or ''}"
    return f"{span} firm" if frame.firm else span


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who resigned this week?", "2026-03-01/2026-03-07"),
        ("Who resigned last week?", "2026-02-23/2026-03-01"),
        ("Last week, who resigned?", "2026-02-23/2026-03-01"),
        ("Who won on Monday?", "2026-03-02/2026-03-02"),
        ("Who won on Saturday?", "2026-03-07/2026-03-07"),
        ("Who won last Saturday?", "2026-02-28/2026-02-28"),
        ("Who clinched the nomination Tuesday?", "2026-03-03/2026-03-03"),
        ("Who was picked in Monday's draft?", "2026-03-02/2026-03-02"),
        ("What happened on Friday night?", "2026-03-06/2026-03-06"),
        ("What was decided last month?", "2026-02-01/2026-02-28"),
        ("What was decided this month?", "2026-03-01/2026-03-07"),
        ("What was in last year's budget?", "2025-01-01/2025-12-31"),
        ("Who resigned yesterday?", "2026-03-06/2026-03-06"),
        ("Who resigned two weeks ago?", "2026-02-16/2026-02-22"),
        ("What fell over the past 3 months?", "2025-12-07/2026-03-07"),
        ("What happened in the last few days?", "2026-03-05/2026-03-07"),
        ("Who won in 2023?", "2023-01-01/2023-12-31"),
        ("Who won in late 2023?", "2023-01-01/2023-12-31"),
        ("Who won in March 2024?", "2024-03-01/2024-03-31"),
        ("who won in march 2024", "2024-03-01/2024-03-31"),
        ("Who won in March?", "2026-03-01/2026-03-07"),
        ("Who won in June?", "2025-06-01/2025-06-30"),
        ("Who won in May?", "2025-05-01/2025-05-31"),
        ("Who won on 3 March 2024?", "2024-03-03/2024-03-03"),
        ("Who won on March 3rd, 2024?", "2024-03-03/2024-03-03"),
        ("Who won on 2024-03-05?", "2024-03-05/2024-03-05"),
        ("Who won on 5 May?", "2025-05-05/2025-05-05"),
        ("What rose between March and May 2024?", "2024-03-01/2024-05-31"),
        ("What rose from 3 March 2024 to 10 March 2024?", "2024-03-03/2024-03-10"),
        ("What rose from Monday to Wednesday?", "2026-03-02/2026-03-04"),
        ("What has changed since Monday?", "2026-03-02/"),
        ("What has changed since 2021?", "2021-01-01/"),
        ("What has changed after March 2025?", "2025-04-01/"),
        ("Who was mayor before 2020?", "/2019-12-31"),
        ("Who was mayor until 2024?", "/2024-12-31"),
        ("What is the latest on the ferry?", "/"),
        ("Who is currently in charge?", "/"),
        ("Who is the mayor now?", "/"),
    ],
)
def test_time_words_are_counted_from_the_day_of_asking(question: str, expected: str) -> None:
    assert expected == days(question)


@pytest.mark.parametrize(
    "question",
    [
        "What did May say about March?",
        "Did Theresa May resign?",
        "Who may win?",
        "How many may 3 people feed?",
        "What is the second largest city?",
        "Who came second?",
        "Who writes for the Sunday Times?",
        "What did the Sunday Times report?",
        "Who led the March on Washington?",
        "Who spoke in March on Washington?",
        "Who plays April O'Neil?",
        "who said that in april o'neil",
        "Where was Friday Night Lights filmed?",
        "Where did they film on Friday Night Lights?",
        "what is friday night lights about",
        "What did the Sun say?",
        "Why did the tree fall?",
        "What is updated this fall?",
        "Who hosts Last Week Tonight?",
        "What did USA TODAY write?",
        "Who wrote the song “Yesterday”?",
        "What happened on Black Friday?",
        "Who won on Super Tuesday?",
        "What happens every Monday?",
        "What happened in June Carter's life?",
        "How far is it in 1900 metres?",
        "What happened on 30 February 2024?",
        "How many days are in the 2024 calendar year?",
        "What does a current account cost?",
        "Where does the fine print end at the latest?",
        "Who was mayor before the election?",
        "What has happened since the flood?",
        "When did it happen?",
        "How long did it last, weeks or months?",
    ],
)
def test_what_only_looks_like_a_date_is_none(question: str) -> None:
    frame = read_time(question, SATURDAY)

    assert frame is None or frame.window is None, frame


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did articles published in March 2024 say?", "2024-03-01/2024-03-31 firm"),
        ("Show me articles from 2023 on the bridge", "2023-01-01/2023-12-31 firm"),
        ("what articles about the bridge were published in march 2024?", "2024-03-01/2024-03-31 firm"),
        ("What was reported in March 2024 about the bridge?", "2024-03-01/2024-03-31 firm"),
        ("Has anything been published since Monday about the ferry?", "2026-03-02/ firm"),
        ("Any news since Monday?", "2026-03-02/ firm"),
        ("What news about the bridge since Monday?", "2026-03-02/ firm"),
        ("Which reports since Monday mention the bridge?", "2026-03-02/ firm"),
        ("What are yesterday's headlines?", "2026-03-06/2026-03-06 firm"),
        ("What is new since yesterday?", "2026-03-06/ firm"),
        # Not about when it was published:
        ("Which company reported in March 2024 a loss?", "2024-03-01/2024-03-31"),
        ("Which company reports on Monday?", "2026-03-02/2026-03-02"),
        ("What was Fox News in 2023 sued for?", "2023-01-01/2023-12-31"),
        ("Who wrote the novel published in 2023?", "2023-01-01/2023-12-31"),
    ],
)
def test_a_frame_is_firm_where_the_question_is_about_publication(question: str, expected: str) -> None:
    assert expected == days(question)


def test_what_is_yet_to_come_is_no_frame() -> None:
    assert read_time("Which race will be run on Sunday?", SATURDAY) is None
    assert read_time("Which route starts in November 2026?", SATURDAY) is None


def test_of_several_frames_the_one_within_the_others_counts_and_strangers_cancel_out() -> None:
    assert days("Who won this week, on Monday?") == "2026-03-02/2026-03-02"
    assert read_time("Who won in 2023 but lost in 2024?", SATURDAY) is None


def test_what_happened_is_still_told_some_days_later() -> None:
    frame = read_time("Who won on Monday?", SATURDAY)

    assert frame is not None
    assert (date(2026, 3, 2), date(2026, 3, 2) + TOLD) == frame.window


def test_only_a_firm_frame_narrows_a_filter_and_never_to_nothing() -> None:
    asked = Filter(since=date(2024, 3, 10), sources=("Coastwire",))
    firm = read_time("What was reported in March 2024?", SATURDAY)
    soft = read_time("Who won in March 2024?", SATURDAY)
    before = TimeFrame(until=date(2020, 1, 1), firm=True)

    assert Filter(date(2024, 3, 10), date(2024, 3, 31), ("Coastwire",)) == narrowed(asked, firm)
    assert asked == narrowed(asked, soft) == narrowed(asked, None) == narrowed(asked, before)


_WORDS = st.sampled_from(
    "in on since before between and from to 2023 1999 March May Monday sunday this last week month year days ago two 3 "
    "the news published yesterday today latest , ? ' “ ” Times 31 0000 -".split()
)


@given(st.lists(_WORDS, max_size=14).map(" ".join), st.dates())
@example("since Monday", date.max)
@example("last year yesterday two years ago", date.min)
@example("since Monday~", SATURDAY)
def test_any_words_on_any_day_give_days_in_order_that_have_begun(question: str, asked_at: date) -> None:
    frame = read_time(question, asked_at)

    if frame is not None:
        assert frame.words in question
        assert (frame.since or date.min) <= (frame.until or asked_at) <= asked_at


def test_a_question_full_of_dates_takes_no_longer_than_a_few() -> None:
    read_time("on Monday", SATURDAY)
    began = time.process_time()
    read_time("news about on Monday, in March, last week, between May and " * 40, SATURDAY)

    assert time.process_time() - began < 0.02 * (MOST + 10)


def test_dateparser_is_loaded_only_where_there_is_a_date_to_read() -> None:
    code = (
        "import sys; from datetime import date; from bot.when import read_time;"
        "read_time('Who won the race this week, and who may fall second?', date(2026, 3, 7));"
        "print('dateparser' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "False\n"
