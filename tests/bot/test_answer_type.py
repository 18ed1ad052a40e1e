"""The kind of thing that was asked for is told from the question, and found only where it is new."""

from __future__ import annotations

import pytest

from bot.answer_type import AnswerType, answer_type, holds


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many people came?", AnswerType.NUMBER),
        ("How high did the water rise?", AnswerType.NUMBER),
        ("When did the bridge open?", AnswerType.TIME),
        ("At what time did the thieves come?", AnswerType.TIME),
        ("How long did the meeting last?", AnswerType.TIME),
        ("Who led the inquiry?", AnswerType.NAME),
        ("Where was it found?", AnswerType.NAME),
        ("Why was it late?", None),
        ("Warum kam die Fähre zu spät?", None),
        ("whoever whenever", None),
    ],
)
def test_the_kind_is_told_from_the_words(question: str, kind: AnswerType | None) -> None:
    assert kind is answer_type(question)


@pytest.mark.parametrize(
    ("kind", "sentence", "question", "expected"),
    [
        (AnswerType.NUMBER, "The water rose to 6.42 metres.", "How high?", True),
        (AnswerType.NUMBER, "Three people died.", "How many died?", True),
        (AnswerType.NUMBER, "The 2026 flood was bad.", "How many died in the 2026 flood?", False),
        (AnswerType.TIME, "It opened on Saturday.", "When did it open?", True),
        (AnswerType.TIME, "It opened in 1931.", "When did it open?", True),
        (AnswerType.TIME, "It opened with music.", "When did it open?", False),
        (AnswerType.TIME, "The mayor may open it, and people march.", "When did it open?", False),
        (AnswerType.NAME, "The rain began on Monday.", "Who came?", False),
        (AnswerType.NUMBER, "It pleased one of the guests.", "How many came?", False),
        (AnswerType.NAME, "The inquiry was led by Helene Okorie.", "Who led the inquiry?", True),
        (AnswerType.NAME, "The inquiry was led well.", "Who led the inquiry?", False),
        (AnswerType.NAME, "In Tollen it rained.", "Who lives in Tollen?", False),
        (AnswerType.NAME, "", "Who?", False),
    ],
)
def test_only_what_the_question_did_not_say_itself_counts(
    kind: AnswerType, sentence: str, question: str, expected: bool
) -> None:
    assert expected is holds(kind, sentence, question)
