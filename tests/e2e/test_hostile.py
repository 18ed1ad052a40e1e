"""Articles that attack: each is quoted as what it is, and does nothing else on any surface."""

from __future__ import annotations

import pytest

from bot.ask import Asker
from bot.model import Question
from tests.e2e.attacks import ATTACKS, Attack, fact_of, question_of
from tests.e2e.harmless import assert_harmless_everywhere

each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)


@each_attack
def test_a_hostile_article_is_quoted_and_nothing_else(attack: Attack, hostile_asker: Asker) -> None:
    answer = hostile_asker.ask(Question(question_of(attack)))

    assert attack.name in [citation.article_id for citation in answer.citations], "the attack reaches its target"
    assert any(fact_of(attack) in citation.quote for citation in answer.citations)
    assert_harmless_everywhere(answer, hostile_asker)
