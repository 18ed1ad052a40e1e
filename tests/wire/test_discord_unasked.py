"""Answers that nobody asked the bot for, forum posts, threads and first words, on a Discord of our own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.ask import Asker
from bot.catalogues import load_catalogues
from bot.policy import Policy
from tests.wire.discord.gateway import GUILDS
from tests.wire.discord.model import Channel, Message
from tests.wire.discord.running import Running, hasten, running
from tests.wire.discord.server import Discord

CATALOGUES = load_catalogues()
QUESTION = "Where was the stolen Carrow Astrolabe found?"
FOUND = "in a cello case"
WHY = CATALOGUES.default.text("auto.why")


async def _server(content: bool) -> tuple[Discord, Channel, Channel]:
    discord = Discord()
    await discord.start()
    if content:
        discord.gateway.forbidden_intents = 0
    guild = discord.add_guild("Questions")
    return discord, discord.add_forum(guild, "help"), discord.add_channel(guild, "open")


@pytest.fixture
async def unasked(
    seed_asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Running, Channel, Channel]]:
    hasten(monkeypatch)
    discord, forum, channel = await _server(content=True)
    policy = Policy(auto_answer=frozenset({forum.id, channel.id}))
    async with running(seed_asker, discord=discord, policy=policy, message_content=True) as there:
        yield there, forum, channel


def said_by_bot(there: Running, channel: Channel) -> list[Message]:
    return [message for message in channel.messages.values() if message.author.id == there.discord.bot.id]


async def test_a_post_and_a_question_are_answered_once_and_it_is_said_how_to_turn_that_off(
    unasked: tuple[Running, Channel, Channel],
) -> None:
    there, forum, channel = unasked
    await there.bot.wait_until_ready()
    eve = there.discord.add_person("eve", forum.guild)
    thread, _ = await eve.posts(forum, "The astrolabe", QUESTION)
    await there.discord.until(lambda: said_by_bot(there, thread))
    await there.settled()
    await eve.says(channel, QUESTION)
    await there.discord.until(lambda: said_by_bot(there, channel))
    await there.settled()

    for where in (thread, channel):
        (answer,) = said_by_bot(there, where)
        assert FOUND in answer.text
        assert WHY in answer.text
    assert [] == there.discord.pings


async def test_a_mention_of_its_role_is_a_mention_of_the_bot(unasked: tuple[Running, Channel, Channel]) -> None:
    there, forum, _ = unasked
    eve = there.discord.add_person("eve", forum.guild)
    (role,) = forum.guild.own_roles
    said = await eve.says(there.channel, f"<@&{role}> {QUESTION}")
    (own,) = there.guild.own_roles
    meant = await there.alice.says(there.channel, f"<@&{own}> {QUESTION}")
    await there.discord.until(lambda: there.discord.replies(meant))
    await there.settled()

    assert [True] == [FOUND in reply.text for reply in there.discord.replies(meant)]
    assert QUESTION in there.discord.replies(meant)[0].text
    assert [] == there.discord.replies(said), "another server's role is none here"


async def test_to_all_else_it_is_silent(unasked: tuple[Running, Channel, Channel]) -> None:
    there, forum, channel = unasked
    eve = there.discord.add_person("eve", forum.guild)
    bob = there.discord.add_person("bob", forum.guild)
    first = await eve.says(channel, "What is the boiling point of tungsten hexafluoride?")
    await eve.says(channel, "The stolen Carrow Astrolabe was found in a cello case.")
    await eve.says(channel, "What is new?")
    await eve.says(channel, QUESTION, webhook=first.id)
    await bob.says(channel, QUESTION, replying_to=first)
    await eve.says(there.channel, QUESTION)
    thread, _ = await eve.posts(forum, "Tungsten", "What is the boiling point of tungsten hexafluoride?")
    await bob.says(thread, QUESTION)
    await there.settled()

    assert [] == [said_by_bot(there, where) for where in (channel, thread, there.channel) if said_by_bot(there, where)]


async def test_where_somebody_has_answered_first_it_is_silent(unasked: tuple[Running, Channel, Channel]) -> None:
    there, forum, _ = unasked
    eve = there.discord.add_person("eve", forum.guild)
    bob = there.discord.add_person("bob", forum.guild)
    there.asker.hold.clear()
    thread, post = await eve.posts(forum, "Astrolabe", QUESTION)
    await bob.says(thread, "In a cello case, I read.", replying_to=post)
    there.asker.hold.set()
    await there.settled()

    assert [] == said_by_bot(there, thread)


async def test_without_the_content_intent_a_post_is_answered_by_its_title(
    seed_asker: Asker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hasten(monkeypatch)
    caplog.set_level("INFO")
    discord, forum, channel = await _server(content=False)
    policy = Policy(auto_answer=frozenset({forum.id, channel.id}))
    async with running(seed_asker, discord=discord, policy=policy) as there:
        eve = discord.add_person("eve", forum.guild)
        await eve.says(channel, QUESTION)
        thread, _ = await eve.posts(forum, QUESTION, "I wonder.")
        await discord.until(lambda: said_by_bot(there, thread))
        await there.settled()

    assert [FOUND in message.text for message in said_by_bot(there, thread)] == [True]
    assert [] == said_by_bot(there, channel)
    assert "set message_content = true under [discord]" in caplog.text


async def test_on_joining_a_server_it_says_one_thing_in_its_language(
    seed_asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch)
    async with running(seed_asker) as there:
        await there.bot.wait_until_ready()
        guild = there.discord.add_guild("Hafen", locale="de")
        channel = there.discord.add_channel(guild, "allgemein")
        # Discord says of a server whether it is available only where that has changed.
        joined = {name: value for name, value in guild.json().items() if name != "unavailable"}
        await there.discord.gateway.dispatch("GUILD_CREATE", joined, GUILDS)
        await there.discord.until(lambda: said_by_bot(there, channel))
        await there.settled()
        (word,) = said_by_bot(there, channel)

    assert word.text.startswith(CATALOGUES.for_locale("de").text("welcome.text"))
    assert "`/hilfe`" in word.text


async def test_a_member_reads_their_own_language_on_every_way_to_ask(
    seed_asker: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch)
    async with running(seed_asker) as there:
        yuki = there.discord.add_person("yuki", there.guild, locale="ja")
        claim = await there.alice.says(there.channel, "The stolen Carrow Astrolabe was never found.")
        call = await (await yuki.menu(claim, "Find sources for this")).answered()

    assert CATALOGUES.for_locale("ja").text("claim.otherwise", numbers="") in call.text
    assert call.response and any(custom_id.startswith("fn:a:share:") for custom_id in call.response.custom_ids)
