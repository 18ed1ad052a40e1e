"""Generated answers for callers without an event loop, and the generator as it is configured."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.ask import Asker
from bot.generate import Generator
from bot.model import Answer, Citation, Question, Strictness
from bot.serving import Held
from index import IndexSettings

if TYPE_CHECKING:
    from bot.settings import GenerateSection
    from index import Hit, Reranker, Support

BOOK = "budget.json"


def new_generator(settings: GenerateSection, home: Path) -> Generator | None:
    """Return what words the answers, None if no model is configured.

    Raises:
        LlmUnavailable: The model cannot be used.
        PromptProblem: What it is told cannot be read.
    """
    if not settings.model:
        return None
    from bot.budget import EVERYBODY, MEMBER, SERVER, Budget, Limits, Prices
    from bot.catalogues import load_catalogues
    from bot.counters import Counters
    from bot.instructions import load_instructions, load_rewrite_instructions
    from bot.llm import open_llm
    from bot.metered import Metered
    from bot.rewrite import Rewriter

    limits = {
        EVERYBODY: Limits(settings.tokens_a_day, settings.money_a_day),
        SERVER: Limits(settings.server_tokens_a_day, settings.server_money_a_day),
        MEMBER: Limits(settings.member_tokens_a_day, settings.member_money_a_day),
    }
    llm, counters = open_llm(settings), Counters()
    budget = Budget(limits, Prices(settings.price_read, settings.price_written), home / BOOK)

    def metered(name: str) -> Metered:
        return Metered(llm, budget, counters, max_tokens=settings.max_tokens, name=name)

    rewriter = None
    if settings.rewrite_timeout:
        told = load_rewrite_instructions()
        rewriter = Rewriter(metered("rewrite"), told, counters, timeout=settings.rewrite_timeout)
    return Generator(
        metered("generate"),
        load_instructions(),
        counters,
        load_catalogues(),
        timeout=settings.timeout,
        passages=settings.passages,
        rewriter=rewriter,
    )


class GeneratingAsker(Asker):
    """An asker whose answers are worded by a language model; it waits for it, one question at a time.

    Attributes:
        generator: Words them.
    """

    def __init__(
        self,
        generator: Generator,
        home: Path,
        settings: IndexSettings,
        reranker: Reranker | None = None,
        *,
        strictness: Strictness = Strictness.BALANCED,
    ) -> None:
        super().__init__(home, settings, reranker, strictness=strictness)
        self.generator = generator
        # One loop for all questions: the model's client keeps its connections on it.
        self._runner = asyncio.Runner()

    def ask(self, question: Question, on: Held | None = None) -> Answer:
        """Answer a question from the generation in force; see `Asker.ask`.

        Raises:
            IndexFailure: There is no index to answer from.
        """
        return self.both(question)[1]

    def both(self, question: Question) -> tuple[Answer, Answer]:
        """Return the extractive answer, and the one that is shown in its place.

        Raises:
            IndexFailure: There is no index to answer from.
        """
        return self._runner.run(self._both(question))

    async def _both(self, question: Question) -> tuple[Answer, Answer]:
        asked = await self.generator.rewrite(question)
        with self.serving.use() as held:
            extract = super().ask(asked, held)
            return extract, await self.generator.generate(extract, _Here(self, held))

    def close(self) -> None:
        """Let go of the index and of the connections."""
        self._runner.close()
        super().close()


class _Here:
    """An asker as a source that answers at once, on the thread it is asked on."""

    def __init__(self, asker: Asker, on: Held) -> None:
        self._asker = asker
        self._on = on

    async def support(self, claim: str, passage_ids: Sequence[str]) -> list[Support]:
        """See `Asker.support`."""
        return self._asker.support(claim, passage_ids, self._on)

    async def verify(self, citations: Sequence[Citation], hits: Sequence[Hit]) -> tuple[Citation, ...]:
        """See `Asker.verify`."""
        return self._asker.verify(citations, hits, self._on)
