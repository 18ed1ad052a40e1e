"""Messages taken as questions, and private answers shared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.ledger import Ask, Ledger

# A table for each test would take longer than the tests.
LEDGER = Ledger("sqlite://")
HERE = {"guild": 1, "channel": 2, "member": 3}


def test_a_message_is_taken_once() -> None:
    first, again = (LEDGER.replies.take(10, **HERE) for _ in range(2))

    assert (True, False) == (first, again)


def test_of_questions_that_are_gone_those_with_an_answer_are_returned_once() -> None:
    LEDGER.replies.take(20, **HERE)
    LEDGER.replies.take(21, **HERE)
    assert LEDGER.replies.answered(20, 200, "a" * 12)
    (gone,) = LEDGER.replies.drop([20, 21, 22])

    assert (20, 2, 200, "a" * 12) == (gone.question, gone.channel, gone.answer, gone.ask_id)
    assert [] == LEDGER.replies.drop([20, 21, 22])
    assert not LEDGER.replies.answered(21, 201, "b" * 12), "it was deleted while it was answered"


def test_what_was_taken_is_forgotten_with_its_member_its_server_and_in_time() -> None:
    for question in (30, 31, 32):
        LEDGER.replies.take(question, guild=question, channel=2, member=question)
    LEDGER.members.forget(30)
    LEDGER.guilds.forget(31)
    before = [LEDGER.replies.of(question) is None for question in (30, 31, 32)]
    LEDGER.members.expire(datetime.now(UTC) + timedelta(seconds=1))

    assert [True, True, False] == before
    assert LEDGER.replies.of(32) is None


def test_a_private_answer_is_shared_once() -> None:
    common = {"understood": "", "language": "en", "status": "answered", "confidence": 1.0, "answerer": "extract"}
    LEDGER.asks.record(
        Ask(
            id="p" * 12, at=datetime.now(UTC), guild=1, channel=2, member="3", surface="command", private=True,
            question="Who?", generation="g", milliseconds=1.0, **common,
        )
    )  # fmt: skip
    shared = [LEDGER.asks.share(ask_id, 40) for ask_id in ("p" * 12, "p" * 12, "unknown")]
    ask = LEDGER.asks.get("p" * 12)

    assert [True, False, False] == shared
    assert ask and (False, 40) == (ask.private, ask.message)
