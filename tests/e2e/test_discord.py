"""The real bot, the real index and the real discord.py, against a simulated Discord."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord import Env

from bot.ask import Asker, AsyncAsker
from bot.client import FootnoteBot
from bot.model import Answer, Question
from bot.prompts import load_prompts
from bot.render import BUTTON
from index import Article, IndexSettings, build

PROMPTS = load_prompts()
QUESTION = "Where was the stolen Carrow Astrolabe found?"
FOUND = "in a cello case"


class WatchedAsker(AsyncAsker):
    """The real one, which remembers what had been sent to Discord when it was asked."""

    def __init__(self, asker: Asker) -> None:
        super().__init__(asker)
        self.env: Env | None = None
        self.sent_before: list[list[Any]] = []

    async def ask(self, question: Question) -> Answer:
        self.sent_before.append(list(self.env.http_requests) if self.env else [])
        return await super().ask(question)


@pytest.fixture(scope="module")
def asker(seed_asker: Asker) -> WatchedAsker:
    return WatchedAsker(seed_asker)


@pytest.fixture
def simcord_bot(asker: WatchedAsker) -> FootnoteBot:
    return FootnoteBot(asker, PROMPTS)


class World:
    """A server with a channel, and Alice in it."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.guild = env.create_guild()
        self.channel = self.guild.create_text_channel("news")
        self.alice = self.guild.add_member(env.create_user("alice"))

    @property
    def bot(self) -> FootnoteBot:
        assert isinstance(self.env.bot, FootnoteBot)
        return self.env.bot

    @property
    def guild_of_bot(self) -> discord.Guild:
        """The server as the bot knows it."""
        guild = self.bot.get_guild(self.guild.id)
        assert guild
        return guild

    @property
    def me(self) -> str:
        assert self.env.bot.user
        return self.env.bot.user.mention

    async def ask(self, question: str = QUESTION, **options: Any) -> Any:
        return await self.alice.slash(self.channel, "ask", question=question, **options)


@pytest.fixture
def world(simcord_env: Env, asker: WatchedAsker) -> Iterator[World]:
    asker.env = simcord_env
    yield World(simcord_env)
    asker.env = None


def embed_of(message: Any) -> discord.Embed:
    assert message is not None
    (embed,) = message.embeds
    return embed


def quotes_of(embed: discord.Embed) -> list[str]:
    return re.findall(r"^> \*\*\[\d+\]\*\* (.+)$", embed.description or "", re.MULTILINE)


def origins_of(embed: discord.Embed) -> list[tuple[str, str]]:
    """Return the publisher and the day in each line of an answer's sources."""
    return re.findall(r"^\*\*\[\d+\].* — (.+), (\d+ \w+ \d{4})$", embed.description or "", re.MULTILINE)


def unescaped(text: str) -> str:
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text).replace("\u200b", "")


async def test_a_question_is_answered_by_quotes_that_stand_in_an_article(world: World, seed_asker: Asker) -> None:
    result = await world.ask()
    embed = embed_of(result.response)
    citations = seed_asker.ask(Question(QUESTION)).citations
    first = citations[0]
    found = seed_asker.passage(first.passage_id)

    assert QUESTION == unescaped(embed.title or "")
    assert [" ".join(citation.quote.split()) for citation in citations] == [unescaped(q) for q in quotes_of(embed)]
    assert found and FOUND in first.quote and first.quote in found[0].text
    assert f"({first.url})" in (embed.description or "")
    assert f"{first.source}, 22 Jan 2026" in (embed.description or "")
    assert "Searched 20 articles" in (embed.footer.text or "")
    assert not result.response.ephemeral


async def test_a_question_is_acknowledged_before_any_work(world: World, asker: WatchedAsker) -> None:
    before = len(world.env.http_requests)
    asker.sent_before.clear()
    await world.ask()
    (sent,) = (requests[before:] for requests in asker.sent_before)

    assert ["POST"] == [request.method for request in sent]
    assert sent[0].path.endswith("/callback")
    assert 5 == sent[0].json["type"]


async def test_nothing_says_what_was_searched_and_quotes_nothing(world: World) -> None:
    result = await world.ask("What is the boiling point of tungsten hexafluoride?", source="the harbour post")
    embed = embed_of(result.response)

    assert PROMPTS.text("answer.nothing") in (embed.description or "")
    assert [] == quotes_of(embed)
    assert re.search(r"Searched 20 articles from .* to .*, only the harbour post", embed.footer.text or "")
    assert [] == result.response.components


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"since": "soon"}, "“soon” is not a day I can read for `since`"),
        ({"until": "2026-02-30"}, "“2026-02-30” is not a day I can read for `until`"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "no article can match"),
        ({"until": "@everyone <@1>"}, "“@\u200beveryone \\<@\u200b1>”"),
        ({"question": "?!"}, "no words"),
    ],
)
async def test_what_cannot_be_asked_is_told_to_the_asker_alone(
    world: World, options: dict[str, str], said: str
) -> None:
    result = await world.ask(**options)

    assert said in result.response.content
    assert result.response.ephemeral


async def test_a_publisher_that_does_not_exist_is_named(world: World) -> None:
    result = await world.ask(source="The Daily @here")

    assert "No article is from “The Daily @\u200bhere”" in result.response.content


async def test_a_publisher_that_does_not_exist_is_told_to_the_asker_alone_once_the_publishers_are_known(
    world: World,
) -> None:
    await world.ask()
    result = await world.ask(source="The Daily @here")

    assert "No article is from “The Daily @\u200bhere”" in result.response.content
    assert result.response.ephemeral


async def test_a_publisher_that_came_with_the_newest_index_can_be_asked_for_at_once(
    world: World, seed_asker: Asker
) -> None:
    world.bot.searched = replace(seed_asker.summary(), sources={"The Lantern": 1})
    result = await world.ask(source="Radio Varr")

    assert quotes_of(embed_of(result.response))
    assert seed_asker.summary() == world.bot.searched


@pytest.mark.parametrize(
    ("question", "month", "source", "elsewhere"),
    [
        # Without its publisher, and without its month, each would quote others as well.
        ("How many people died in the Tollen flood?", "Nov 2025", "Coastwire", "Elsk Valley Courier"),
        ("What does the new Sailmaker Bridge cost?", "Mar 2026", "The Harbour Post", "11 Feb 2025"),
    ],
)
async def test_month_and_publisher_narrow_down_what_is_quoted(
    world: World, question: str, month: str, source: str, elsewhere: str
) -> None:
    everything = await world.ask(question)
    narrowed = await world.ask(question, since=month, until=month, source=source)
    cited = origins_of(embed_of(narrowed.response))

    assert elsewhere in str(origins_of(embed_of(everything.response)))
    assert [(source, month)] * len(cited) == [(publisher, day.partition(" ")[2]) for publisher, day in cited]
    assert cited


async def test_publishers_are_suggested_by_any_part_of_their_name_once_they_are_known(
    world: World, seed_asker: Asker
) -> None:
    before = await world.alice.autocomplete(world.channel, "ask", "source", "")
    await world.ask()
    everything = await world.alice.autocomplete(world.channel, "ask", "source", "")
    some = await world.alice.autocomplete(world.channel, "ask", "source", "HARBOUR")

    assert [] == before
    assert list(seed_asker.summary().sources) == [choice["value"] for choice in everything]
    assert ["The Harbour Post"] == [choice["value"] for choice in some]


async def test_a_mention_is_answered_by_a_reply(world: World) -> None:
    asked = await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    answer = world.channel.last_message

    assert any(FOUND in quote for quote in quotes_of(embed_of(answer)))
    assert asked.id == answer.reference.message_id
    assert QUESTION == unescaped(embed_of(answer).title or "")


async def test_a_mention_without_a_question_is_told_how_to_ask(world: World) -> None:
    await world.alice.send(world.channel, world.me)

    assert PROMPTS.text("help.empty") == world.channel.last_message.content


async def test_a_reply_to_the_bot_is_answered(world: World) -> None:
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")
    asked = await world.alice.send(
        world.channel,
        f"{world.me} Who was the first person to cross the new Sailmaker Bridge?",
        reply_to=world.channel.last_message,
    )

    assert asked.id == world.channel.last_message.reference.message_id
    assert "Wilma Tredgold" in (embed_of(world.channel.last_message).description or "")


async def test_a_direct_message_needs_no_mention(world: World) -> None:
    await world.alice.send_dm(QUESTION)

    assert any(FOUND in quote for quote in quotes_of(embed_of(world.alice.user.dm_channel.last_message)))


async def test_talk_among_people_is_left_alone(world: World) -> None:
    asked = await world.alice.send(world.channel, QUESTION)

    assert asked.id == world.channel.last_message.id


async def test_help_says_how_to_ask(world: World) -> None:
    result = await world.alice.slash(world.channel, "help")

    assert "/ask" in (embed_of(result.response).description or "")
    assert result.response.ephemeral


async def test_a_button_shows_its_passage_to_whoever_presses_it_also_after_a_restart(
    world: World, asker: WatchedAsker, seed_asker: Asker
) -> None:
    await world.ask()
    message = world.channel.last_message
    await world.env.restart_bot(FootnoteBot(asker, PROMPTS))
    result = await world.alice.click(message, label="Passage [1]")
    embed = embed_of(result.response)
    citation = seed_asker.ask(Question(QUESTION)).citations[0]

    assert f"**{citation.quote}**" in unescaped(embed.description or "")
    assert citation.title == unescaped(embed.title or "")
    assert citation.url == embed.url
    assert f"{citation.source}, 22 Jan 2026" == embed.footer.text
    assert result.response.ephemeral


async def test_a_button_of_a_passage_that_is_gone_says_so_kindly(world: World, tmp_path: Path) -> None:
    await world.ask()
    message = world.channel.last_message
    (tmp_path / "other.md").write_text("---\ntitle: Other\n---\n\nSomething else altogether was reported.\n")
    build([tmp_path / "other.md"], tmp_path / "home", IndexSettings())
    await world.env.restart_bot(FootnoteBot(AsyncAsker(Asker(tmp_path / "home", IndexSettings())), PROMPTS))
    result = await world.alice.click(message, label="Passage [1]")

    assert PROMPTS.text("passage.gone") == result.response.content
    assert result.response.ephemeral


async def test_without_an_index_the_bot_says_so_with_an_id_that_the_log_has(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await world.env.restart_bot(FootnoteBot(AsyncAsker(Asker(tmp_path, IndexSettings())), PROMPTS))
    result = await world.ask()
    said = re.search(r"problem ([0-9a-f]{8})", result.response.content)

    assert said and PROMPTS.text("problem.not_ready", id=said[1]) == result.response.content
    assert str(tmp_path) not in result.response.content
    assert any(said[1] in record.message and record.levelno == logging.ERROR for record in caplog.records)
    assert [] == await world.alice.autocomplete(world.channel, "ask", "source", "")


async def test_an_unexpected_error_becomes_a_sentence_with_an_id_that_the_log_has(
    world: World, caplog: pytest.LogCaptureFixture, seed_asker: Asker
) -> None:
    class BrokenAsker(AsyncAsker):
        async def ask(self, question: Question) -> Answer:
            raise RuntimeError("secret detail")

    await world.env.restart_bot(FootnoteBot(BrokenAsker(seed_asker), PROMPTS))
    result = await world.ask()
    await world.alice.send(world.channel, f"{world.me} {QUESTION}")

    for content in (result.response.content, world.channel.last_message.content):
        said = re.search(r"problem ([0-9a-f]{8})", content)
        assert said and PROMPTS.text("problem.unexpected", id=said[1]) == content
        assert any(said[1] in record.message and record.exc_info for record in caplog.records)
    assert "secret detail" in caplog.text


async def test_when_too_many_wait_the_bot_asks_for_patience(world: World, seed_asker: Asker) -> None:
    await world.env.restart_bot(FootnoteBot(AsyncAsker(seed_asker, queue_limit=0), PROMPTS))
    result = await world.ask()

    assert PROMPTS.text("problem.busy") == result.response.content


async def test_articles_and_questions_never_ping_anybody(world: World, tmp_path: Path) -> None:
    ping = f"@everyone @here {world.alice.mention} <@&{world.guild.id}>"
    article = Article("a", f"{ping} vote", f"The {ping} council voted by 19 votes to 8.", source=ping)
    (tmp_path / "a.jsonl").write_text(
        f'{{"id": "a", "title": "{article.title}", "text": "{article.text}", "source": "{ping}"}}\n', "utf-8"
    )
    build([tmp_path / "a.jsonl"], tmp_path / "home", IndexSettings())
    await world.env.restart_bot(FootnoteBot(AsyncAsker(Asker(tmp_path / "home", IndexSettings())), PROMPTS))
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
    await world.env.restart_bot(FootnoteBot(asker, PROMPTS, state=tmp_path))
    await world.env.restart_bot(FootnoteBot(asker, PROMPTS, state=tmp_path))

    assert 1 == registrations() - start

    (tmp_path / "commands.hash").write_text("of other commands")
    await world.env.restart_bot(FootnoteBot(asker, PROMPTS, state=tmp_path))

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
    await world.env.restart_bot(FootnoteBot(asker, PROMPTS, state=state))
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
    monkeypatch.setattr("bot.ask.PATIENCE", 0.0)
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


async def test_a_bot_that_shuts_down_takes_no_more_questions(world: World) -> None:
    message = (await world.ask()).response
    await world.bot.drain()
    asked = await world.ask()
    pressed = await world.alice.click(message, label="Passage [1]")
    written = await world.alice.send(world.channel, f"{world.me} {QUESTION}")

    for result in (asked, pressed):
        assert PROMPTS.text("problem.closing") == result.response.content
        assert result.response.ephemeral
    assert written.id == world.channel.last_message.id


async def test_the_buttons_name_the_quotes_they_belong_to(world: World, seed_asker: Asker) -> None:
    result = await world.ask()
    ids = [button["custom_id"] for row in result.response.components for button in row["components"]]
    spans = [(int(found["start"]), int(found["end"])) for found in map(BUTTON.fullmatch, ids) if found]

    assert [(c.start, c.end) for c in seed_asker.ask(Question(QUESTION)).citations] == spans
