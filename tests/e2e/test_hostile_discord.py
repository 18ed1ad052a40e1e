"""Hostile articles and questions against the real bot on a simulated Discord: nothing pings, and nothing leads away."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.ask import Asker
from tests.bot.test_render import assert_harmless
from tests.e2e.attacks import ATTACKS, Attack, fact_of, question_of
from tests.e2e.conftest import WatchedAsker, World, embed_of, quotes_of, unescaped
from tests.e2e.harmless import assert_seen
from tests.e2e.test_hostile_questions import QUESTIONS


@pytest.fixture(scope="module")
def asker(hostile_asker: Asker) -> WatchedAsker:
    return WatchedAsker(hostile_asker)


SOME = [
    attack
    for attack in ATTACKS
    if attack.name
    in {
        "mass mentions",
        "mentions by number",
        "a mention as the publisher",
        "a masked link as the title",
        "an invitation",
        "text turned round",
        "a title of 10,000 marks",
        "a name and a password in the address",
    }
]


def assert_pings_nobody(message: Any) -> None:
    """A message is an embed alone, in which nothing can ping."""
    embed = embed_of(message)

    assert not message.content
    assert_harmless(f"{embed.title}\n{embed.description}")
    assert_seen(f"{embed.title}{embed.description}{embed.footer.text}", but="\u200b")


def assert_mentions_nobody(world: World) -> None:
    """Discord itself finds nobody mentioned in the newest message."""
    message = world.channel.last_message

    assert not message.mention_everyone and not message.mentions and not message.role_mentions


@pytest.mark.parametrize("attack", SOME, ids=lambda attack: attack.name)
async def test_a_hostile_article_pings_nobody(attack: Attack, world: World) -> None:
    before = len(world.env.http_requests)
    result = await world.ask(question_of(attack))
    pressed = await world.alice.click(world.channel.last_message, label="Passage [1]")

    assert any(fact_of(attack) in unescaped(quote) for quote in quotes_of(embed_of(result.response)))
    for message in (result.response, pressed.response):
        assert_pings_nobody(message)
    assert_mentions_nobody(world)
    for request in world.env.http_requests[before:]:
        said = (request.json or {}).get("data", request.json) or {}
        if isinstance(said, dict) and said.get("embeds"):
            assert [] == said["allowed_mentions"]["parse"], json.dumps(said)[:300]


@pytest.mark.parametrize("name", ["mass mentions", "a masked link", "an order", "escape sequences"])
async def test_a_hostile_question_pings_nobody(name: str, world: World) -> None:
    await world.alice.send(world.channel, f"{world.me} {QUESTIONS[name]}")

    assert_pings_nobody(world.channel.last_message)
    assert_mentions_nobody(world)


async def test_hostile_publishers_are_suggested_harmlessly(world: World) -> None:
    await world.ask(question_of(ATTACKS[0]))
    choices = await world.alice.autocomplete(world.channel, "ask", "source", "")

    assert choices
    for choice in choices:
        assert_seen(choice["name"])
