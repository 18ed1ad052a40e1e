"""What the ledger keeps of an ask, as frozen values."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from index.model import Filter

if TYPE_CHECKING:
    from bot.model import Answer

# Characters of an ask's id, and which: they fit into a button's id, and nobody mistakes one for another when they read
# it out of an error message. 32 ** 12 ids are enough that none is guessed and none comes twice.
ID_LENGTH = 12
ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"

# The status of what was no question for the articles, such as small talk.
TALK = "talk"


class LedgerFailure(Exception):
    """The ledger cannot be read or written; the message says what, where and what to do, and holds no password."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One quote of an answer, as it was shown (see `bot.model.Citation`)."""

    n: int
    article_id: str
    title: str
    url: str | None
    source: str | None
    published: date | None
    passage_id: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ask:
    """One question and what came of it.

    Attributes:
        id: See `new_ask_id`.
        at: When it was asked, in UTC.
        guild: The server it was asked on; None in a direct message.
        channel: The channel or thread it was asked in.
        member: Who asked: a Discord user id, or, as read from a ledger that hashes, its hash (see `Ledger.is`).
        surface: By what it was asked: "command", "mention", "reply", …
        private: Only its member was shown the answer.
        question: As it was asked; empty where these are another one's words (see `Question.can_be_kept`).
        understood: As it was answered, where that is not as it was asked; else empty.
        language: What the asker was spoken to in.
        status: "answered", "related" or "nothing"; or `TALK`.
        answerer: "extract" or "generate".
        generation: The index that answered.
        milliseconds: How long the answer took.
        message: The Discord message that shows the answer.
        filter: Which articles were allowed to answer.
    """

    id: str
    at: datetime
    guild: int | None
    channel: int
    member: str
    surface: str
    private: bool
    question: str
    understood: str
    language: str
    status: str
    confidence: float
    answerer: str
    generation: str
    milliseconds: float
    citations: tuple[Cited, ...] = ()
    message: int | None = None
    filter: Filter = field(default_factory=Filter)


def new_ask_id() -> str:
    """Return a random id for an ask."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))


def ask_of(
    answer: Answer,
    *,
    id: str,
    guild: int | None,
    channel: int,
    member: int,
    surface: str,
    private: bool,
    at: datetime | None = None,
) -> Ask:
    """Return what is kept of an answer.

    Args:
        answer: As it was shown.
        id: See `new_ask_id`.
        guild: See `Ask`.
        channel: See `Ask`.
        member: Discord user id.
        surface: See `Ask`.
        private: See `Ask`.
        at: When it was asked; now if None.
    """
    question = answer.question
    return Ask(
        id=id,
        at=at or datetime.now(UTC),
        guild=guild,
        channel=channel,
        member=str(member),
        surface=surface,
        private=private,
        question=question.text if question.can_be_kept else "",
        understood=answer.understood if question.can_be_kept else "",
        language=question.language,
        status=TALK if answer.reply and not answer.citations else answer.status.value,
        confidence=answer.confidence,
        answerer=answer.answerer,
        generation=answer.generation,
        milliseconds=sum(answer.timings_ms.values()),
        citations=tuple(
            Cited(**{name: getattr(citation, name) for name in Cited.__slots__}) for citation in answer.citations
        ),
        filter=question.filter,
    )
