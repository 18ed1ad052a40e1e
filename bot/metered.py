"""A language model on a budget: what a call may cost at most is set aside first, and settled by what it has cost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from bot.budget import Budget, OverBudget
from bot.counters import Counters
from bot.llm import Llm, LlmFailure
from bot.model import Question

# Characters that make a token at least, in the languages that make most of them; where nobody counts for us.
TOKEN = 3


class Metered:
    """A language model whose calls are paid for and counted."""

    def __init__(self, llm: Llm, budget: Budget, counters: Counters, *, max_tokens: int, name: str) -> None:
        """Put the parts together.

        Args:
            llm: Writes.
            budget: What it may cost.
            counters: Counts `NAME.calls`, `.cut`, `.tokens.read` and `.tokens.written`.
            max_tokens: How long a reply may be.
            name: What it is called for.
        """
        self._llm = llm
        self._budget = budget
        self._counters = counters
        self._max_tokens = max_tokens
        self._name = name

    async def stream(self, system: str, asked: str, whose: Question, longest: int) -> AsyncGenerator[str, None]:
        """Yield the reply piece by piece.

        Args:
            system: The rules.
            asked: What is asked of it.
            whose: The question that it is about, for budgets.
            longest: Characters of the reply that are read.

        Raises:
            OverBudget: It does not fit into what is left of the day's budget.
            LlmFailure: No reply, or one that is none.
        """
        prompt = (len(system) + len(asked)) // TOKEN
        who = (whose.server, whose.member, whose.server_tokens)
        reserved = await asyncio.to_thread(self._budget.reserve, prompt, self._max_tokens, *who)
        self._counters.add(f"{self._name}.calls")
        read, written, characters = 0, 0, 0
        billed = True
        try:
            async with contextlib.aclosing(self._llm.stream(system, asked)) as pieces:
                async for piece in pieces:
                    read, written = read + piece.read, written + piece.written
                    text = piece.text[: longest - characters]
                    characters += len(text)
                    yield text
                    if characters >= longest:
                        self._counters.add(f"{self._name}.cut")
                        return
        except LlmFailure as failure:
            # A request that was turned away costs nothing.
            billed = bool(characters) or not (failure.retryable or failure.reason == "rejected")
            raise
        finally:
            read, written = read or prompt * billed, written or characters // TOKEN
            self._counters.add(f"{self._name}.tokens.read", read)
            self._counters.add(f"{self._name}.tokens.written", written)
            # Also where the time is up: what has been spent has been spent.
            await asyncio.shield(asyncio.to_thread(self._budget.settle, reserved, read, written))


def reason_of(error: BaseException) -> str:
    """Return in a word why a language model gave nothing: as `LlmFailure.reason`, "budget", "timeout" or "error"."""
    if isinstance(error, LlmFailure):
        return error.reason.value
    if isinstance(error, OverBudget):
        return "budget"
    return "timeout" if isinstance(error, TimeoutError) else "error"
