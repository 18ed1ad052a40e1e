"""Examples are questions that the articles answer, at no cost, and none where there is no time for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.ask import Asker, AsyncAsker, Busy, TookTooLong
from bot.catalogues import load_catalogues
from bot.examples import Examples
from bot.model import Answer, Question

CATALOGUES = load_catalogues()


class Trying(AsyncAsker):
    """The real one, which notes what it is asked."""

    def __init__(self, asker: Asker, problem: Exception | None = None) -> None:
        super().__init__(asker)
        self.asked: list[Question] = []
        self.problem = problem

    async def look(self, find: Callable[[Any], Any]) -> Any:
        if self.problem:
            raise self.problem
        return await super().look(find)

    async def ask(self, question: Question, progress: Callable[[Answer], None] | None = None) -> Answer:
        self.asked.append(question)
        return await super().ask(question, progress)


@pytest.mark.parametrize("problem", [Busy(), TookTooLong()], ids=["busy", "slow"])
async def test_there_are_none_while_there_is_too_much_to_do(seed_asker: Asker, problem: Exception) -> None:
    assert [] == await Examples(Trying(seed_asker, problem), CATALOGUES).some()


async def test_each_was_answered_none_is_generated_and_they_are_tried_once(seed_asker: Asker) -> None:
    asker = Trying(seed_asker)
    examples = Examples(asker, CATALOGUES)
    found = await examples.some()
    tried = len(asker.asked)
    again = await examples.some()

    assert [f"What do you have on {name}?" for name in ("Sailmaker Bridge", "Carrow Astrolabe")] == found[:2]
    assert set(found) <= {question.text for question in asker.asked}
    assert not any(question.generate for question in asker.asked)
    assert (found, tried) == (again, len(asker.asked))
