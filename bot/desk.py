"""The use case on a server: what is in force there, whether it may be asked, the answer, and the record of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.ask import AsyncAsker, QuestionRefused
from bot.ledger import new_ask_id
from bot.markup import plain
from bot.metrics import Metrics
from bot.model import Answer, Question
from bot.policy import Policy
from bot.stages import current_ask_id, stage

if TYPE_CHECKING:
    from index import Summary

# Room for a foreign value inside a sentence, in characters.
_LONGEST_VALUE = 100


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, and where and how.

    Attributes:
        guild: The server's id, if it is on one.
        channel: Where it is asked; of a thread, the thread's id.
        parent: The channel that the thread is in, if it is one.
        member: The asker's id.
        roles: Ids of the asker's roles on the server.
        surface: "command", "mention", "reply", "direct", "menu", "modal", "auto" or "again".
        private: Nobody but the asker sees the answer.
    """

    guild: int | None
    channel: int
    parent: int | None
    member: int
    roles: frozenset[int] = frozenset()
    surface: str = "command"
    private: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """An answer, and the id by which it is on record and in the log."""

    answer: Answer
    ask_id: str


class Refused(Exception):
    """It may not be asked here, or not now.

    Attributes:
        text: The bot's text that says so in the asker's language.
        values: Of that text's variables.
    """

    def __init__(self, text: str, **values: str | int) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


class Desk:
    """Takes questions in and hands answers out, as a server's settings have it."""

    def __init__(
        self, asker: AsyncAsker, ledger: Any = None, *, policy: Policy | None = None, metrics: Metrics | None = None
    ) -> None:
        """Open the desk.

        Args:
            asker: Answers.
            ledger: Remembers what was asked, and what a server has set.
            policy: What is in force where nothing has been set.
            metrics: Where to count what is asked; nobody reads the figures if None.
        """
        self._asker = asker
        self._ledger = ledger
        self._policy = policy or Policy()
        self._metrics = metrics or Metrics()

    async def policy(self, visit: Visit) -> Policy:
        """Return what is in force where somebody asks."""
        return self._policy

    async def ask(
        self,
        question: Question,
        visit: Visit,
        progress: Callable[[Answer], None] | None = None,
        queued: Callable[[int], None] | None = None,
    ) -> Served:
        """Answer a question, and put it on record.

        Args:
            question: What is asked.
            visit: Who asks, and where.
            progress: See `AsyncAsker.ask`.
            queued: Called with how many questions are answered before this one, whenever that changes.

        Raises:
            QuestionRefused: It asks for a publisher that there is not.
            Refused: It may not be asked here, or not now.
            Busy: Too many are waiting.
            TookTooLong: The answer did not come in time.
            IndexFailure: There is no index.
        """
        with stage("ask"), self._metrics.ask(visit.surface) as came_to:
            try:
                served = await self._answer(question, progress)
            except Refused:
                came_to("refused")
                raise
            came_to(served.answer.status)
        return served

    async def _answer(self, question: Question, progress: Callable[[Answer], None] | None) -> Served:
        answer = await self._asker.ask(question, progress)
        for source in unknown(question.filter.sources, answer.searched):
            value = plain(source, _LONGEST_VALUE)
            raise QuestionRefused(f"No article is from “{value}”.", "problem.unknown_source", source=value)
        return Served(answer, current_ask_id() or new_ask_id())


def unknown(sources: Sequence[str], searched: Summary) -> list[str]:
    """Return those publishers that no article is from."""
    known = {name.casefold() for name in searched.sources}
    return [source for source in sources if source.casefold() not in known]
