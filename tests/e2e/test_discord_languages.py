"""On Discord, everybody is spoken to in the language they have set there."""

from __future__ import annotations

from typing import Any

import pytest
import simcord.interactions
from simcord import Env

from tests.e2e.conftest import CATALOGUES, FOUND, QUESTION, World, embed_of, quotes_of, unescaped

GERMAN = CATALOGUES.for_locale("de")


@pytest.fixture
def world_in_german(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The simulation knows members of one locale only."""
    original = simcord.interactions.base_payload

    def in_german(*arguments: Any, **fields: Any) -> Any:
        record, payload = original(*arguments, **fields)
        return record, payload | {"locale": "de"}

    monkeypatch.setattr(simcord.interactions, "base_payload", in_german)
    return world


async def test_an_answer_is_worded_in_the_language_of_whoever_asked(world_in_german: World) -> None:
    embed = embed_of((await world_in_german.ask()).response)

    assert f"**{GERMAN.text('answer.sources')}**" in (embed.description or "")
    assert GERMAN.text("searched.many", articles=20) in (embed.footer.text or "")
    assert "22. Jan. 2026" in unescaped(embed.description or "")
    assert any(FOUND in quote for quote in quotes_of(embed))


async def test_a_refusal_and_the_help_are_in_the_same_language(world_in_german: World) -> None:
    refused = await world_in_german.ask("?!")
    helped = await world_in_german.alice.slash(world_in_german.channel, "help")

    assert GERMAN.text("problem.question_wordless") == refused.response.content
    assert GERMAN.text("help.title") == embed_of(helped.response).title


async def test_a_passage_is_shown_in_the_language_of_whoever_pressed_the_button(world_in_german: World) -> None:
    answered = await world_in_german.ask()
    pressed = await world_in_german.alice.click(answered.response, label=GERMAN.text("passage.button", number=1))

    assert "Stelle 1 von" in (embed_of(pressed.response).footer.text or "")


async def test_a_mention_is_answered_in_the_language_of_its_server(world: World, simcord_env: Env) -> None:
    guild = simcord_env.create_guild(preferred_locale="ja")
    channel = guild.create_text_channel("ニュース")
    member = guild.add_member(simcord_env.create_user("yuki"))
    await member.send(channel, f"{world.me} {QUESTION}")
    reply = channel.last_message

    assert CATALOGUES.for_locale("ja").text("searched.many", articles=20) in (embed_of(reply).footer.text or "")
    assert "2026年1月22日" in (embed_of(reply).description or "")


async def test_commands_are_named_and_described_in_every_language(world: World) -> None:
    (registered,) = [
        request.json for request in world.env.http_requests if request.method == "PUT" and "commands" in request.path
    ]
    ask = next(command for command in registered if command["name"] == "ask")
    since = next(option for option in ask["options"] if option["name"] == "since")

    assert CATALOGUES.default.text("command.ask") == ask["description"]
    assert GERMAN.text("command.ask") == ask["description_localizations"]["de"]
    assert CATALOGUES.for_locale("es").text("command.ask_since") == since["description_localizations"]["es-419"]
    assert "frag" == ask["name_localizations"]["de"]
    assert "質問" == ask["name_localizations"]["ja"]
    assert "desde" == since["name_localizations"]["es-ES"]
    assert "Dazu fragen" in [command["name_localizations"].get("de") for command in registered]
    assert "en-GB" not in ask["description_localizations"]
    assert {"footnote"} == {one["name"] for one in registered if "fr" not in one["name_localizations"]}
    footnote = next(command for command in registered if command["name"] == "footnote")
    assert {"einstellungen", "neu-aufbauen", "vergiss"} == {
        one["name_localizations"]["de"] for one in footnote["options"] if one["name"] != "status"
    }
