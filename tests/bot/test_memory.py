"""Conversations are remembered, bounded, and each for itself."""

from __future__ import annotations

from bot.conversation import MOST_TURNS, Turn
from bot.memory import Memory

TURN = Turn.of("Who led the inquiry?")


def test_what_was_said_is_recalled_by_the_same_key_only() -> None:
    memory = Memory()
    memory.remember(1, (TURN,))

    assert (TURN,) == memory.recall(1)
    assert () == memory.recall(2)
    assert () == memory.recall((1, 1))


def test_the_conversation_that_was_left_longest_is_forgotten_first() -> None:
    memory = Memory(most=2)
    memory.remember(1, (TURN,))
    memory.remember(2, (TURN,))
    memory.recall(1)
    memory.remember(3, (TURN,))

    assert (2, (TURN,), (), (TURN,)) == (len(memory), memory.recall(1), memory.recall(2), memory.recall(3))


def test_only_the_last_turns_are_kept() -> None:
    memory = Memory()
    turns = tuple(Turn(str(number)) for number in range(MOST_TURNS + 3))
    memory.remember(1, turns)

    assert turns[3:] == memory.recall(1)


def test_after_a_silence_a_conversation_begins_anew_where_one_may() -> None:
    now = [0.0]
    memory = Memory(clock=lambda: now[0])
    memory.remember(1, (TURN,))
    now[0] = 61.0

    assert () == memory.recall(1, within=60.0)
    assert (TURN,) == memory.recall(1)
