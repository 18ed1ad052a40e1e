"""Questions whose answers are known without anybody's help, asked: what a calibration is fitted on.

Drafts are held by the articles; the same drafts are not, while the articles that they were taken from are held back;
and drafts from another corpus never were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.ask import QuestionRefused, read_question
from bot.evaluation.observe import contains
from index.model import Filter

if TYPE_CHECKING:
    from bot.ask import Asker
    from bot.evaluation.drafts import Draft


class Kind(StrEnum):
    """Whether the articles hold the answer."""

    HELD = "held"
    HELD_BACK = "held_back"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Trial:
    """A question to ask.

    Attributes:
        article: The id of the article that it was drafted from; those of one article stand or fall together.
        without: Ids of the articles that are held back.
    """

    kind: Kind
    question: str
    answer: str
    article: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it.

    Attributes:
        confidence: That the articles hold the answer, as the default has it.
        shown: The answer stands in the quotes.
    """

    trial: Trial
    confidence: float
    shown: bool

    @property
    def held(self) -> bool:
        """The articles hold the answer."""
        return self.trial.kind is Kind.HELD

    @property
    def spoiled(self) -> bool:
        """It was to be held back, and another article tells it all the same."""
        return self.shown and not self.held


def trials_of(drafts: Iterable[Draft], foreign: Iterable[Draft] = ()) -> list[Trial]:
    """Return what to ask.

    Args:
        drafts: From the articles of the index.
        foreign: From articles that have nothing to do with them.
    """
    own = [
        Trial(kind, draft.question, draft.answer, draft.articles[0], draft.articles if kind is Kind.HELD_BACK else ())
        for draft in drafts
        for kind in (Kind.HELD, Kind.HELD_BACK)
    ]
    return own + [Trial(Kind.FOREIGN, draft.question, draft.answer, draft.articles[0]) for draft in foreign]


def try_all(trials: Sequence[Trial], asker: Asker) -> Iterator[Tried | None]:
    """Ask every question, in order; None for one that is no question after all, or not one about what happened.

    Args:
        trials: To ask.
        asker: One that reads confidence as the default does.

    Raises:
        IndexFailure: There is no index to answer from.
    """
    for trial in trials:
        try:
            question = read_question(trial.question, where=Filter(without=trial.without))
        except QuestionRefused:
            yield None
            continue
        answer = asker.ask(question)
        quotes = " … ".join(citation.quote for citation in answer.citations)
        yield None if answer.reply else Tried(trial, answer.confidence, contains(quotes, [trial.answer]))
