"""Small talk is known for what it is, and no question is taken for it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus import corpus_question
from bot.prompts import load_prompts
from bot.smalltalk import LONGEST, Sort, small_talk

SEED_QUESTIONS = Path(__file__).parents[1] / "e2e" / "seed_questions.jsonl"


@pytest.mark.parametrize(
    ("said", "sort"),
    [
        ("hi", Sort.GREETING),
        ("Hello there, Footnote!", Sort.GREETING),
        ("good morning everyone", Sort.GREETING),
        ("Thanks!", Sort.THANKS),
        ("thank you so much for your help", Sort.THANKS),
        ("ok thanks bye", Sort.BYE),
        ("See you later!", Sort.BYE),
        ("👍 great answer", Sort.COMPLIMENT),
        ("You’re the best", Sort.COMPLIMENT),
        ("this bot is useless", Sort.INSULT),
        ("shut up", Sort.INSULT),
        ("That’s wrong!", Sort.INSULT),
        ("how are you?", Sort.WELLBEING),
        ("What can you do?", Sort.ABILITIES),
        ("hi, what can you do for me?", Sort.ABILITIES),
        ("help", Sort.ABILITIES),
        ("How do I use this?", Sort.ABILITIES),
        ("hello who are you", Sort.IDENTITY),
        ("What’s your name?", Sort.IDENTITY),
        ("Are you an AI?", Sort.MACHINE),
        ("am I talking to a human?", Sort.MACHINE),
        ("Are you sure?", Sort.CERTAINTY),
        ("Do you make things up?", Sort.CERTAINTY),
        ("okay", Sort.ASSENT),
        ("never mind", Sort.ASSENT),
    ],
)
def test_small_talk_is_known(said: str, sort: Sort) -> None:
    assert sort is small_talk(said)


@pytest.mark.parametrize(
    "asked",
    [
        "Thanks for the report says who?",
        "What can you do about floods in Tollen?",
        "Hi, where was the astrolabe found?",
        "Who are you talking about?",
        "Are you sure the bridge is open?",
        "Is that true of Tollen?",
        "Help for flood victims",
        "Who helped?",
        "Great Britain",
        "Who said thank you?",
        "Was it a good day for the harbour?",
        "What is up with the bridge?",
        "Goodbye to the old bridge",
        "Why was the mayor called an idiot?",
        "wrong figures in the budget",
        "Who made you mayor?",
        "No",  # by itself it is small talk; see below
        "Danke",
        "",
        "?!",
    ],
)
def test_a_question_is_not_small_talk(asked: str) -> None:
    assert (Sort.ASSENT if asked == "No" else None) is small_talk(asked)


def test_no_sample_question_is_taken_for_small_talk_or_for_one_about_the_articles() -> None:
    questions = [json.loads(line)["question"] for line in SEED_QUESTIONS.read_text(encoding="utf-8").splitlines()]
    sources = ["The Harbour Post", "Coastwire", "Radio Varr"]

    assert [] == [q for q in questions if small_talk(q) or corpus_question(q, sources)]


@given(
    st.sampled_from(["hi", "thanks", "ok", "great", "what can you do", "are you sure", "bye", "help me"]),
    st.sampled_from(["flood", "Tollen", "who led the inquiry", "the mayor", "1987", "water level"]),
    st.sampled_from([" ", ", ", "! ", ". ", " - ", " about "]),
)
def test_small_talk_around_something_to_ask_is_a_question(talk: str, subject: str, between: str) -> None:
    assert small_talk(f"{talk}{between}{subject}") is None
    assert small_talk(f"{subject}{between}{talk}") is None


@given(st.text(max_size=2 * LONGEST))
def test_any_text_is_told(text: str) -> None:
    assert small_talk(text) in {*Sort, None}


def test_repeated_words_take_no_time() -> None:
    started = time.perf_counter()
    for word in ("please ", "ok ", "so very ", "ha", "thanks a lot ", "hi there "):
        small_talk((word * LONGEST)[: LONGEST - 1] + "x")

    assert time.perf_counter() - started < 2


def test_every_sort_has_a_text() -> None:
    prompts = load_prompts()

    assert all(prompts.text(f"talk.{sort}") for sort in Sort)
