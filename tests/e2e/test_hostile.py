"""Articles that attack: each is quoted as what it is, and does nothing else on any surface."""

from __future__ import annotations

import pytest

from bot.ask import Asker
from bot.conversation import turn_of
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


@pytest.mark.parametrize(
    "question",
    [
        "What is new?",
        "What do you have on invoices?",
        "Which articles do you have on @everyone?",
        "What do you have on [x](evil)?",
        "Which sources do you have?",
        "How many articles do you have?",
        "Thanks!",
    ],
)
def test_a_list_of_hostile_articles_is_a_list_and_nothing_else(question: str, hostile_asker: Asker) -> None:
    answer = hostile_asker.ask(Question(question))
    listed = ("•", "[1]", "[2]", "[3]")
    own = [line for line in answer.text.splitlines()[1:] if not line.startswith(listed)]

    assert answer.reply, "it is a question about the articles as a whole"
    assert len(own) <= 1, "no title makes a line of its own"
    assert_harmless_everywhere(answer, hostile_asker)


@pytest.mark.parametrize(
    "name",
    [
        "a mention as the title",
        "a masked link as the title",
        "a title turned round",
        "an order as the title",
        "escape sequences",
        "a fake citation",
    ],
)
def test_a_follow_up_of_a_hostile_article_is_understood_harmlessly(name: str, hostile_asker: Asker) -> None:
    attack = next(attack for attack in ATTACKS if attack.name == name)
    turn = turn_of(hostile_asker.ask(Question(question_of(attack))))
    assert turn
    for asked in ("How long does it take?", "And goats?", "What else does the article say?"):
        answer = hostile_asker.ask(Question(asked, turns=(turn,)))
        assert_harmless_everywhere(answer, hostile_asker)
