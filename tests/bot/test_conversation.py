"""Follow-ups are made self-contained; whatever stands for itself is left as it was asked."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import LONGEST, Turn, Understood, understand

FLOOD = Turn.of(
    "How many people died in the Tollen flood?",
    ["Four people died when the river Elsk burst its banks at Tollen in the night from Sunday to Monday."],
    [("flood", "Four dead as the Elsk floods Tollen")],
    date(2025, 11, 18),
)
WATER = Turn.of("How high did the water rise in Tollen?")
INQUIRY = Turn.of(
    "Who led the inquiry?",
    [
        "Governor Rafael Stenhouse announced that an independent inquiry would look into the warnings. "
        "He named Helene Okorie, a retired judge, to lead it."
    ],
    [("inquiry", "Toll corrected")],
    date(2025, 11, 21),
)
ASTROLABE = Turn.of("Where was the stolen astrolabe found?", ["It lay in a cello case at Ordavel Central station."])
THIEVES = Turn.of("What prison sentence did the museum thieves get?")
BRIDGE = Turn.of("What does the new Sailmaker Bridge cost?")
RIVALS = Turn.of("Did Marcus Teale or Odile Farrant win the election?")
RESIGNED = Turn.of("When did Mayor Marcus Teale resign?")
COUNTED = Turn.of("How many ships called in March 2025?")
OFFICE = Turn.of("Who is the mayor of Merrowhaven?", ["Odile Farrant is the mayor. She won in April."])
SURE = Turn.of("Was the astrolabe insured?")


@pytest.mark.parametrize(
    ("before", "asked", "understood"),
    [
        # Pronouns
        (INQUIRY, "What is her job?", "What is Helene Okorie’s job?"),
        (INQUIRY, "When did he speak?", "When did Rafael Stenhouse speak?"),
        (INQUIRY, "Did she say he would resign?", "Did Helene Okorie say he would resign?"),
        (INQUIRY, "How did it end?", "How did the inquiry end?"),
        (INQUIRY, "And when did it begin?", "When did the inquiry begin?"),
        (ASTROLABE, "When was it stolen?", "When was the astrolabe stolen?"),
        (ASTROLABE, "How much is it worth?", "How much is the stolen astrolabe worth?"),
        (ASTROLABE, "Thanks! Who insured it?", "Who insured the stolen astrolabe?"),
        (THIEVES, "When were they caught?", "When were the museum thieves caught?"),
        (THIEVES, "Who defended them?", "Who defended the museum thieves?"),
        (THIEVES, "How long is it?", "How long is the prison sentence?"),
        (THIEVES, "Are their names known?", "Are the museum thieves’ names known?"),
        (RESIGNED, "Why did he resign?", "Why did Marcus Teale resign?"),
        (RESIGNED, "Who is his wife?", "Who is Marcus Teale’s wife?"),
        (RESIGNED, "Who succeeded him?", "Who succeeded Marcus Teale?"),
        (RESIGNED, "What did Farrant say about him?", "What did Farrant say about Marcus Teale?"),
        (RIVALS, "Is the former still in office?", "Is Marcus Teale still in office?"),
        (RIVALS, "Who is the latter?", "Who is Odile Farrant?"),
        (OFFICE, "When was she elected?", "When was Odile Farrant elected?"),
        (WATER, "How many people live there?", "How many people live in Tollen?"),
        (FLOOD, "What caused it?", "What caused the Tollen flood?"),
        (FLOOD, "How did that happen?", "How did the Tollen flood happen?"),
        (
            INQUIRY,
            "What else did he announce that day?",
            "What else did Rafael Stenhouse announce on 21 November 2025?",
        ),
        (BRIDGE, "Who built that bridge?", "Who built the new Sailmaker Bridge?"),
        (BRIDGE, "How long is the bridge?", "How long is the new Sailmaker Bridge?"),
        # What is left out
        (COUNTED, "And in 2024?", "How many ships called in 2024?"),
        (COUNTED, "What about April?", "How many ships called in April?"),
        (COUNTED, "And last year?", "How many ships called last year?"),
        (FLOOD, "And in 2023?", "How many people died in the Tollen flood in 2023?"),
        (FLOOD, "What about Ordavel?", "How many people died in the Ordavel flood?"),
        (FLOOD, "And women?", "How many women died in the Tollen flood?"),
        (WATER, "What about Merrowhaven?", "How high did the water rise in Merrowhaven?"),
        (WATER, "in Merrowhaven?", "How high did the water rise in Merrowhaven?"),
        (BRIDGE, "And the ferry?", "What does the ferry cost?"),
        (BRIDGE, "How about the Skerra Tunnel?", "What does the Skerra Tunnel cost?"),
        (OFFICE, "And of Tollen?", "Who is the mayor of Tollen?"),
        (OFFICE, "And Tollen?", "Who is the mayor of Tollen?"),
        (WATER, "Why?", "Why did the water rise in Tollen?"),
        (WATER, "When was that?", "When did the water rise in Tollen?"),
        (ASTROLABE, "By whom?", "By whom was the stolen astrolabe found?"),
        (ASTROLABE, "where exactly?", "Where exactly was the stolen astrolabe found?"),
        (SURE, "Why?", "Why was the astrolabe insured?"),
        (INQUIRY, "who else?", "Who else led the inquiry?"),
        (INQUIRY, "How many?", "How many people led the inquiry?"),
        (INQUIRY, "When was that?", "Who led the inquiry? When was that?"),
        (FLOOD, "Who were they?", "How many people died in the Tollen flood? Who were they?"),
        (FLOOD, "Tell me more", "Tell me more about “Four dead as the Elsk floods Tollen”"),
        (
            FLOOD,
            "What does the article say about the sluice?",
            "What does the article “Four dead as the Elsk floods Tollen” say about the sluice?",
        ),
    ],
)
def test_a_follow_up_is_made_self_contained(before: Turn, asked: str, understood: str) -> None:
    assert Understood(understood, changed=True) == understand(asked, [before])


@pytest.mark.parametrize(
    "asked",
    [
        "Did Maria say she would resign?",
        "Did the council say when it would open?",
        "Who said he would stand again?",
        "Who lost his job over the delay?",
        "Which company sold its shares in the yard?",
        "After she resigned, what did Maria Lund do?",
        "Why did the harbour close the quay after it was damaged?",
        "Is it true that the ferry runs on batteries?",
        "How long does it take to cross the sound?",
        "How much does it cost to rent a stall?",
        "What time is it?",
        "Are there ferries to Skerra?",
        "Is there a bridge at Upper Tollen?",
        "Who did the former mayor endorse?",
        "When was the election?",
        "When was the lighthouse painted?",
        "What happened to that man in Port Ansel who was declared dead?",
        "In which year did the sluice open?",
        "Wann wurde sie gewählt?",
        "¿Y en 2024?",
        "それはいつですか",
        "storm petrels",
    ],
)
@pytest.mark.parametrize("before", [FLOOD, INQUIRY, BRIDGE], ids=["flood", "inquiry", "bridge"])
def test_a_question_that_stands_for_itself_is_left_alone(asked: str, before: Turn) -> None:
    assert Understood(asked) == understand(asked, [before])


def test_which_of_two_is_meant_is_not_guessed() -> None:
    assert Understood("When did she win?") == understand("When did she win?", [RIVALS])


def test_they_are_not_a_single_thing() -> None:
    assert Understood("Did they sink?") == understand("Did they sink?", [ASTROLABE])
    assert "When did the council meet?" == understand("When did they meet?", [Turn.of("What did the council do?")]).text


def test_what_the_last_turn_does_not_tell_the_one_before_may() -> None:
    assert "When did Marcus Teale retire?" == understand("When did he retire?", [RESIGNED, WATER]).text


def test_nothing_is_changed_where_nothing_was_said_before() -> None:
    for asked in ("And in 2024?", "Why?", "What about Tollen?", "When did he resign?", "Tell me more"):
        assert Understood(asked) == understand(asked, [])


def test_the_sample_questions_stand_for_themselves_after_any_other() -> None:
    file = Path(__file__).parents[1] / "e2e" / "seed_questions.jsonl"
    questions = [json.loads(line)["question"] for line in file.read_text(encoding="utf-8").splitlines()]
    turns = [Turn.of(question) for question in questions]
    changed = [
        (turn.question, question, understand(question, [turn]).text)
        for question in questions
        for turn in turns
        if understand(question, [turn]).changed
    ]

    # But for "the bridge", which after a question about a certain bridge is that one: words come in, none goes.
    others = [
        (asked, text) for _, asked, text in changed if not kept(asked.lower().split(), iter(text.lower().split()))
    ]

    assert [] == others


def kept(words: list[str], longer: Iterator[str]) -> bool:
    return all(word in longer for word in words)


def test_what_a_better_reader_has_made_of_it_comes_before_the_rules_and_is_bounded() -> None:
    read = " Who painted\nthe lighthouse? "

    assert Understood("Who painted the lighthouse?", changed=True) == understand("And who?", [WATER], read)
    assert Understood("Why not?") == understand("Why not?", [WATER], "x" * (LONGEST + 1))
    assert Understood("Why not?") == understand("Why not?", [WATER], "why not")
    assert Understood("And who?") == understand("And who?", [], read)
    assert "Why did the water rise in Tollen?" == understand("Why?", [WATER], "").text


words = st.lists(
    st.one_of(
        st.sampled_from(
            "And in 2024 what about Tollen why how many who else he she it they her its there that one the former "
            "Mr Teale's 's – , . ? of is did say this bridge \x00 “ [1] @everyone US".split(" ")
        ),
        st.text(max_size=12),
    ),
    max_size=12,
).map(" ".join)


@given(words, words, words)
def test_any_words_are_understood_within_bounds(question: str, asked: str, quote: str) -> None:
    turn = Turn.of(question, [quote], [("a", quote)], date(2026, 1, 31))
    found = understand(asked, [turn, turn])

    assert found.changed == (found.text != asked)
    assert len(found.text) <= max(LONGEST, len(asked))


def test_a_long_question_is_understood_in_no_time() -> None:
    long = [" ".join(["please it"] * 200), "the " * 500, "A " * 900, "what about " + "x" * 1_900, "in " * 600 + "?"]
    started = time.perf_counter()
    for question in long:
        understand(question, [Turn.of(question, [question]), FLOOD])

    assert time.perf_counter() - started < 5
