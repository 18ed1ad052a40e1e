"""Outcomes for the tests of evaluation: one with what matters set, and any at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from hypothesis import strategies as st

from bot.evaluation.model import Gold, Outcome, Quoted, Retrieved, Run
from bot.model import Status


def outcome(
    id: str = "q",
    *,
    answers: Sequence[str] = ("cello case",),
    group: str = "",
    status: str = "answered",
    confidence: float = 0.8,
    quotes: Sequence[str] = (),
    retrieved: Sequence[tuple[str, bool]] = (),
    text: str = "",
    milliseconds: float = 10.0,
    question: str = "Where was it?",
) -> Outcome:
    """Return an outcome; the evidence is article "a", and without known answers the question is unanswerable."""
    answerable = bool(answers)
    return Outcome(
        gold=Gold(
            id=id,
            question=question,
            asked_at=None,
            answers=tuple(answers),
            answerable=answerable,
            group=group or ("answerable" if answerable else "null"),
            evidence=("a",) if answerable else (),
        ),
        status=Status(status),
        confidence=confidence,
        text=text,
        quotes=tuple(Quoted("a", quote, 0, len(quote), True) for quote in quotes),
        retrieved=tuple(
            Retrieved(
                article, 0, 9, holds, title=f"About {article}", text="It lay in a cello case." if holds else "No."
            )
            for article, holds in retrieved
        ),
        milliseconds=milliseconds,
    )


def run(*outcomes: Outcome) -> Run:
    """Return a run of outcomes."""
    return Run("2026-01-01T00:00:00+00:00", "0.1.0", "g", "m", 2, 3, outcomes)


_WORDS = ["red", "Blue", "blue-green", "1,911", "red!", "«é»"]


def any_outcomes(most: int = 12) -> st.SearchStrategy[list[Outcome]]:
    """Return outcomes with ids of their own, answerable and not, of several groups.

    Hypothesis chooses how many there are and the seed they are drawn with; to choose every word itself takes it longer
    than all else that the tests do.
    """
    return st.builds(
        lambda count, seed: [_drawn(str(i), Random(f"{seed} {i}")) for i in range(count)],
        st.integers(1, most),
        st.integers(0, 2**32),
    )


def _drawn(id: str, random: Random) -> Outcome:
    def words() -> str:
        return " ".join(random.choices(_WORDS, k=random.randint(1, 4)))

    def article() -> str:
        return random.choice("abc")

    answerable = random.random() < 0.6
    return Outcome(
        gold=Gold(
            id=id,
            question=words(),
            asked_at=random.choice([None, date(2026, 1, 31)]),
            answers=tuple(words() for _ in range(random.randint(1, 2))) if answerable else (),
            answerable=answerable,
            group=random.choice(["answerable_x", "answerable_y"] if answerable else ["null_x", "null_y"]),
            evidence=tuple(random.sample("abc", random.randint(0, 2))) if answerable else (),
        ),
        status=random.choice(list(Status)),
        # Few values, so that there are ties.
        confidence=random.choice([0.0, 0.1, 0.25, 0.5, 0.9999, 1.0]),
        text=random.choice(["", words()]),
        quotes=tuple(Quoted(article(), words(), 0, 1, random.random() < 0.8) for _ in range(random.randint(0, 3))),
        retrieved=tuple(Retrieved(article(), 0, 1, random.random() < 0.3) for _ in range(random.randint(0, 11))),
        milliseconds=random.choice([1.0, 2.0, 50.0]),
    )
