"""What the tests on a simulated Discord share: a server, somebody in it, and how to read what the bot says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import discord
import pytest
from simcord import Env

from bot.ask import Asker, AsyncAsker
from bot.catalogues import load_catalogues
from bot.client import FootnoteBot
from bot.model import Answer, Question
from index import IndexSettings, build
from tests.e2e.attacks import ATTACKS, article_of

CATALOGUES = load_catalogues()
PROMPTS = CATALOGUES.default
QUESTION = "Where was the stolen Carrow Astrolabe found?"
FOUND = "in a cello case"


class WatchedAsker(AsyncAsker):
    """The real one, which remembers what had been sent to Discord when it was asked."""

    def __init__(self, asker: Asker) -> None:
        super().__init__(asker)
        self.env: Env | None = None
        self.sent_before: list[list[Any]] = []

    async def ask(self, question: Question, progress: Callable[[Answer], None] | None = None) -> Answer:
        self.sent_before.append(list(self.env.http_requests) if self.env else [])
        return await super().ask(question, progress)


@pytest.fixture(scope="module")
def asker(seed_asker: Asker) -> WatchedAsker:
    return WatchedAsker(seed_asker)


@pytest.fixture
def simcord_bot(asker: WatchedAsker) -> FootnoteBot:
    return FootnoteBot(asker, CATALOGUES)


@pytest.fixture(scope="session")
def hostile_asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """The real asker over articles that attack, and nothing else."""
    folder = tmp_path_factory.mktemp("hostile")
    lines = "".join(json.dumps(article_of(attack)) + "\n" for attack in ATTACKS)
    (folder / "attacks.jsonl").write_text(lines, "utf-8")
    report = build([folder / "attacks.jsonl"], folder / "home", IndexSettings())
    assert report.problems == (), "every attack gets in"
    asker = Asker(folder / "home", IndexSettings())
    yield asker
    asker.close()


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
    return re.findall(r"^\*\*\[\d+\].* — (.+?), (\d+ \w+ \d{4})(?:, .+)?$", embed.description or "", re.MULTILINE)


def labels_of(message: Any) -> list[str]:
    """Return what stands on a message's buttons, row by row."""
    return [button["label"] for row in message.components for button in row["components"] if "label" in button]


def unescaped(text: str) -> str:
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text).replace("\u200b", "")
