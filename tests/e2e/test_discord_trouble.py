"""What the bot does on Discord when something is in its way: no index, no permission, hostile words, an end."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.ask import Asker, AsyncAsker
from bot.client import FootnoteBot
from bot.model import Answer, Question
from index import Article, IndexSettings, build
from tests.e2e.conftest import CATALOGUES, FOUND, PROMPTS, QUESTION, WatchedAsker, World, embed_of, quotes_of, unescaped


async def test_without_an_index_the_bot_says_so_with_an_id_that_the_log_has(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await world.env.restart_bot(FootnoteBot(AsyncAsker(Asker(tmp_path, IndexSettings())), CATALOGUES))
    result = await world.ask()
    said = re.search(r"problem ([a-z2-7]{12})", result.response.content)

    assert said and PROMPTS.text("problem.not_ready", id=said[1]) == result.response.content
    assert str(tmp_path) not in result.response.content
    assert any(said[1] in record.message and record.levelno == logging.ERROR for record in caplog.records)
    assert [] == await world.alice.autocomplete(world.channel, "ask", "source", "")


async def test_an_unexpected_error_becomes_a_sentence_with_an_id_that_the_log_has(
    world: World, caplog: pytest.LogCaptureFixture, seed_asker: Asker
) -> None:
    class BrokenAsker(AsyncAsker):
        async def ask(self, question: Question, progress: Callable[[Answer], None] | None = None) -> Answer:
            raise RuntimeError("secret detail")

    await world.env.restart_bot(FootnoteBot(BrokenAsker(seed_asker), CATALOGUES))
    result = await world.ask()
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")

    for content in (result.response.content, world.channel.last_message.content):
        said = re.search(r"problem ([a-z2-7]{12})", content)
        assert said and PROMPTS.text("problem.unexpected", id=said[1]) == content
        assert any(said[1] in record.message and record.exc_info for record in caplog.records)
    assert "secret detail" in caplog.text


async def test_when_too_many_wait_the_bot_asks_for_patience(world: World, seed_asker: Asker) -> None:
    await world.env.restart_bot(FootnoteBot(AsyncAsker(seed_asker, queue_limit=0), CATALOGUES))
    result = await world.ask()

    assert PROMPTS.text("problem.busy") == result.response.content


async def test_articles_and_questions_never_ping_anybody(world: World, tmp_path: Path) -> None:
    ping = f"@everyone @here {world.alice.mention} <@&{world.guild.id}>"
    article = Article("a", f"{ping} vote", f"The {ping} council voted by 19 votes to 8.", source=ping)
    (tmp_path / "a.jsonl").write_text(
        f'{{"id": "a", "title": "{article.title}", "text": "{article.text}", "source": "{ping}"}}\n', "utf-8"
    )
    build([tmp_path / "a.jsonl"], tmp_path / "home", IndexSettings())
    await world.env.restart_bot(FootnoteBot(AsyncAsker(Asker(tmp_path / "home", IndexSettings())), CATALOGUES))
    await world.alice.send(world.channel, f"{world.me} {ping} How did the council vote?")
    message = world.channel.last_message

    assert "19 votes to 8" in (embed_of(message).description or "")
    assert not message.mention_everyone and not message.mentions and not message.role_mentions
    assert not re.search(r"@(?!\u200b)|(?<!\\)<", f"{embed_of(message).title}{embed_of(message).description}")


async def test_commands_are_registered_again_only_when_they_have_changed(
    world: World, asker: WatchedAsker, tmp_path: Path
) -> None:
    def registrations() -> int:
        return sum(r.method == "PUT" and r.path.endswith("/commands") for r in world.env.http_requests)

    start = registrations()
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, state=tmp_path))
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, state=tmp_path))

    assert 1 == registrations() - start

    (tmp_path / "commands.hash").write_text("of other commands")
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, state=tmp_path))

    assert 2 == registrations() - start


@pytest.mark.parametrize("broken", ["unreadable text", "a folder in its place", "a file in the folder's place"])
async def test_a_broken_memory_of_the_commands_costs_no_more_than_registering_them_again(
    world: World, asker: WatchedAsker, tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    state = tmp_path / "state"
    if broken == "a file in the folder's place":
        state.touch()
    else:
        state.mkdir()
        remembered = state / "commands.hash"
        remembered.mkdir() if broken == "a folder in its place" else remembered.write_bytes(b"\xff")
    before = len(world.env.http_requests)
    await world.env.restart_bot(FootnoteBot(asker, CATALOGUES, state=state))
    registered = [r for r in world.env.http_requests[before:] if r.method == "PUT" and r.path.endswith("/commands")]

    assert 1 == len(registered)
    assert "registered again" in caplog.text


@pytest.mark.parametrize("status", [403, 503])
async def test_an_answer_is_given_also_where_typing_cannot_be_shown(world: World, status: int) -> None:
    world.env.inject_error("POST", "/channels/*/typing", status=status)
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")

    assert quotes_of(embed_of(world.channel.last_message))


async def test_an_answer_is_given_also_in_a_thread_whose_channel_is_not_known(world: World) -> None:
    channel = world.guild_of_bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.create_thread(name="astrolabe", type=discord.ChannelType.public_thread)
    world.guild_of_bot._remove_channel(channel)
    (thread,) = world.channel.threads
    await world.alice.send(thread, f"{world.me} {QUESTION}")

    assert quotes_of(embed_of(thread.last_message))


async def test_an_answer_is_given_also_in_a_channel_that_is_not_known(world: World) -> None:
    channel = world.guild_of_bot.get_channel(world.channel.id)
    assert channel
    world.guild_of_bot._remove_channel(channel)
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")

    assert quotes_of(embed_of(world.channel.last_message))


async def test_talk_in_a_server_that_is_not_known_is_no_direct_message(world: World) -> None:
    world.bot._connection._guilds.pop(world.guild.id)
    asked = await world.alice.send(world.channel, QUESTION)

    assert asked.id == world.channel.last_message.id


async def test_an_answer_that_does_not_come_is_not_waited_for_without_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.async_asker.PATIENCE", 0.0)
    result = await world.ask()

    assert PROMPTS.text("problem.slow") == result.response.content


@pytest.mark.parametrize("way", ["command", "button"])
async def test_what_is_being_acknowledged_when_the_bot_is_told_to_stop_is_finished_first(
    world: World, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    message = (await world.ask()).response if way == "button" else None
    sent_until_stopped: list[int] = []
    stops: list[asyncio.Task[None]] = []
    acknowledge = discord.InteractionResponse.defer

    async def stop() -> None:
        await world.bot.drain()
        sent_until_stopped.append(len(world.env.http_requests))

    async def acknowledge_while_it_is_stopped(response: Any, **options: Any) -> None:
        stops.append(asyncio.create_task(stop()))
        await asyncio.sleep(0)  # lets it begin
        await acknowledge(response, **options)

    monkeypatch.setattr(discord.InteractionResponse, "defer", acknowledge_while_it_is_stopped)
    result = await (world.alice.click(message, label="Passage [1]") if message else world.ask())
    await asyncio.gather(*stops)

    assert FOUND in unescaped(embed_of(result.response).description or "")
    assert [len(world.env.http_requests)] == sent_until_stopped


async def test_a_bot_that_shuts_down_takes_no_more_questions_and_says_so(world: World) -> None:
    message = (await world.ask()).response
    await world.bot.drain()
    asked = await world.ask()
    pressed = await world.alice.click(message, label="Passage [1]")
    written = await world.alice.send(world.channel, f"{world.me} {QUESTION}")

    for result in (asked, pressed):
        assert PROMPTS.text("problem.closing") == result.response.content
        assert result.response.ephemeral
    told = world.channel.last_message

    assert written.id == told.reference.message_id
    assert PROMPTS.text("problem.closing") == told.content
