"""A question, and its answer with the citations it stands on. Frozen values, no input or output."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from index.model import Filter, Hit, Summary

if TYPE_CHECKING:
    from bot.conversation import Turn
    from bot.lead import Search


class Status(StrEnum):
    """How sure an answer is."""

    ANSWERED = "answered"
    RELATED = "related"
    NOTHING = "nothing"


class Strictness(StrEnum):
    """How sure the bot must be before it says that it has the answer."""

    STRICT = "strict"
    BALANCED = "balanced"
    EAGER = "eager"


class Side(StrEnum):
    """Which of two accounts that contradict each other a quote is."""

    LATER = "later"
    EARLIER = "earlier"
    ONE = "one"  # of two, where it cannot be told which is the later


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked.

    Attributes:
        text: In the asker's words; never empty (see `bot.ask.read_question`).
        id: Given by the asker's system, handed back with the answer.
        asked_at: The day it was asked, where that is not today; it does not narrow the search.
        filter: Which articles may answer.
        language: ISO 639-1 code of what the asker is spoken to in; the articles are quoted as they are.
        turns: What was asked and answered before it in the same conversation, the last turn last.
        server: Where it was asked, if on a server; for budgets only.
        member: Who asked, where that is known; for budgets only.
        claim: The text is no question but what somebody says; asked for is what the articles say to it.
        strictness: How sure an answer must be; None as the asker is configured.
        generate: A language model may word the answer, where there is one.
        server_tokens: What generated answers may cost `server` a day, in tokens, if less than is configured.
        rewritten: The text as a language model has made it self-contained (see `bot.rewrite`); empty if none has.
        foreign: The text is a message of somebody else's, whose words are not to be kept.
    """

    text: str
    id: str | None = None
    asked_at: date | None = None
    filter: Filter = field(default_factory=Filter)
    language: str = "en"
    turns: tuple[Turn, ...] = ()
    server: str = ""
    member: str = ""
    claim: bool = False
    strictness: Strictness | None = None
    generate: bool = True
    server_tokens: int | None = None
    rewritten: str = ""
    foreign: bool = False

    @property
    def can_be_kept(self) -> bool:
        """Whether the text is its asker's own question, which may be stored and asked again later."""
        return not (self.claim or self.foreign)


@dataclass(frozen=True, slots=True)
class Citation:
    """One quote, found in the article it names: `article.text[start:end] == quote`.

    Attributes:
        n: Its number in the answer, from 1.
        also: Publishers, or titles where those do not tell them apart, of articles with the same words.
        side: Where another of the answer's quotes contradicts it, which of the two accounts it is.
        page: The page that the quote begins on, from 1; None in an article without pages.
    """

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
    also: tuple[str, ...] = ()
    side: Side | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What Footnote says to a question.

    Attributes:
        confidence: Calibrated probability that the articles hold the answer.
        text: Said beside the quotes, with markers [n]; never the quotes again. May be empty.
        citations: In the order shown, best first; none for `NOTHING`.
        hits: What was retrieved, in rank order.
        searched: What the generation holds, so that "nothing" can say what was searched.
        timings_ms: Stage to milliseconds.
        search: How it was looked for; None for what was not looked for, such as small talk.
        understood: The question as it was answered, where that is not as it was asked (see `bot.conversation`).
        reply: The text says all there is to say: to a greeting, or to what is asked about the articles as a whole.
    """

    question: Question
    status: Status
    confidence: float
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    searched: Summary
    answerer: str = "extract"
    timings_ms: dict[str, float] = field(default_factory=dict)
    search: Search | None = None
    understood: str = ""
    reply: bool = False

    @property
    def generation(self) -> str:
        """The id of the generation that answered."""
        return self.searched.generation
