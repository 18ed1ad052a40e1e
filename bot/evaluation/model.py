"""A question with its known answer, and what came of asking it. Frozen values, standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model import Status


@dataclass(frozen=True, slots=True)
class Gold:
    """A question whose answer is known.

    Attributes:
        id: Distinct within a file.
        question: As it is asked.
        asked_at: The day it was asked, where that is not today.
        answers: Ways to write the answer, any of which will do; none for an unanswerable question.
        answerable: Whether the articles hold the answer.
        group: What it is reported under.
        evidence: Ids of the articles that hold the answer.
        draft: Made by rule, and not yet read by a person.
    """

    id: str
    question: str
    asked_at: date | None
    answers: tuple[str, ...]
    answerable: bool
    group: str
    evidence: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote that was shown.

    Attributes:
        verbatim: It stands in its article where the citation says.
    """

    article_id: str
    quote: str
    start: int
    end: int
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that was found.

    Attributes:
        holds: A known answer stands in it.
        title: Its article's; not saved.
        url: Its article's; not saved.
        label: Publisher and day of its article, for people; not saved.
        text: Its words; not saved.
    """

    article_id: str
    start: int
    end: int
    holds: bool
    title: str = ""
    url: str | None = None
    label: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question.

    Attributes:
        confidence: To four digits, as every surface has it.
        text: What was said beside the quotes.
        quotes: In the order shown.
        retrieved: In rank order.
        milliseconds: From the question to its answer.
    """

    gold: Gold
    status: Status
    confidence: float
    text: str
    quotes: tuple[Quoted, ...]
    retrieved: tuple[Retrieved, ...]
    milliseconds: float

    @property
    def answered(self) -> bool:
        """It was answered as such, not as merely related."""
        return self.status is Status.ANSWERED

    @property
    def shown(self) -> str:
        """Every word that was shown."""
        return " … ".join([*(quote.quote for quote in self.quotes), self.text])


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that a fault kept from being answered."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of the file that was skipped; the reason is a sentence that names it."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What a language model has made of the answers.

    Attributes:
        asked: How many it was to word: those with quotes.
        worded: How many it did.
        fallbacks: Why the others stayed as they were, and how many of each.
        kept: Claims that the articles bear out.
        dropped: Why the others were dropped, and how many of each.
        tokens_read: Of what it was given, as its provider counts or as is estimated.
        tokens_written: Likewise, of its replies.
    """

    asked: int
    worded: int
    fallbacks: dict[str, int]
    kept: int
    dropped: dict[str, int]
    tokens_read: int
    tokens_written: int

    @property
    def claims(self) -> int:
        """All that were checked."""
        return self.kept + sum(self.dropped.values())

    @property
    def kept_share(self) -> float | None:
        """The share of its claims that was kept; None if it made none."""
        return round(self.kept / self.claims, 4) if self.claims else None


@dataclass(frozen=True, slots=True)
class Run:
    """A file of questions, asked.

    Attributes:
        made_at: UTC, ISO 8601, to the second.
        version: Of Footnote.
        generation: The id of the index that answered.
        model: The name of its embedding model.
        notes: What whoever reads the figures should know of the questions, as sentences.
        wording: Of generated answers, what the language model made of them; None if they are extractive.
    """

    made_at: str
    version: str
    generation: str
    model: str
    articles: int
    passages: int
    outcomes: tuple[Outcome, ...]
    unanswered: tuple[Unanswered, ...] = ()
    skipped: tuple[BadLine, ...] = ()
    notes: tuple[str, ...] = ()
    wording: Wording | None = None


class Loss(StrEnum):
    """Where on its way a question was lost."""

    ARTICLE = "article"
    PASSAGE = "passage"
    SENTENCE = "sentence"
    SILENT = "silent"
    HELD_BACK = "held_back"
    INVENTED = "invented"
