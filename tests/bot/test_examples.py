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
    """The real one, which notes what it is asked and answers English questions alone."""

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
        other = question.text if question.language == "en" else "?"
        return await super().ask(Question(other, language=question.language), progress)


@pytest.mark.parametrize("problem", [Busy(), TookTooLong()], ids=["busy", "slow"])
async def test_there_are_none_while_there_is_too_much_to_do(seed_asker: Asker, problem: Exception) -> None:
    assert [] == await Examples(Trying(seed_asker, problem), CATALOGUES.default).some(CATALOGUES.default)


async def test_where_those_in_a_language_come_to_nothing_they_are_english_and_none_is_generated(
    seed_asker: Asker,
) -> None:
    asker = Trying(seed_asker)
    found = await Examples(asker, CATALOGUES.default).some(CATALOGUES.for_locale("ja"))

    assert found and set(found) <= {question.text for question in asker.asked if question.language == "en"}
    assert not any(question.generate for question in asker.asked)
