"""A provider on this machine, and an asker that lets it word the answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.ask import Asker, AsyncAsker
from bot.generate import Generator
from bot.generating import new_generator
from bot.model import Answer, Question
from tests.wire.provider import Provider


class World:
    """A provider, and the asker that uses it.

    Attributes:
        asker: The sample articles'.
        shown: Every state of the answers that somebody could have seen before they were whole.
    """

    def __init__(self, provider: Provider, asker: Asker, home: Path) -> None:
        self.provider = provider
        self.home = home
        self.shown: list[Answer] = []
        self.asker = asker
        self.generator = self.configure()

    def configure(self, **changes: object) -> Generator:
        """Set the generator up anew."""
        generator = new_generator(self.provider.settings(**changes), self.home)
        assert generator
        self.generator = generator
        return generator

    async def ask(self, question: Question) -> Answer:
        asker = AsyncAsker(self.asker, generator=self.generator)
        return await asker.ask(question, self.shown.append)

    @property
    def counted(self) -> dict[str, int]:
        return {name.removeprefix("generate."): n for name, n in self.generator.counters.snapshot().items()}


@pytest.fixture
async def world(seed_asker: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr("bot.generate.PAUSE", 0.01)
    provider = Provider()
    await provider.start()
    yield World(provider, seed_asker, tmp_path)
    await provider.stop()
