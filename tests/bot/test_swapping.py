"""Swaps leave nothing open, and asks go on through them: what `python -m bench.swap` measures, in small."""

from __future__ import annotations

import pytest

from bench.swap import Home, cycle, make_home, under_asks
from bot.ask import Asker, AsyncAsker, read_question
from bot.model import Answer
from index import IndexSettings
from index.embed import Embedder


@pytest.fixture(scope="module")
def embedder(seed_asker: Asker) -> Embedder:
    return seed_asker.look(lambda index: index.embedder)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Home:
    return make_home(tmp_path_factory.mktemp("swapping"), 6, embedder)


def test_descriptors_threads_and_maps_go_back_to_their_level(home: Home, embedder: Embedder) -> None:
    before, after = cycle(home, embedder, 12)

    assert (before["descriptors"], before["threads"]) == (after["descriptors"], after["threads"])
    assert after["maps"] < before["maps"] + 12, "fewer than one a swap: those of memory itself come and go"


async def test_no_ask_fails_and_no_answer_mixes_generations_while_they_take_turns(
    home: Home, embedder: Embedder
) -> None:
    asker = AsyncAsker(Asker(home.path, IndexSettings(), embedder=embedder))
    await asker.open()

    async def ask(question: str) -> Answer:
        return await asker.ask(read_question(question))

    run = await under_asks(home, asker, ask, 10, swaps=3)
    await asker.close()

    assert (0, 0, 3) == (run.failed, run.mixed, len(run.swaps))
    assert len(run.spans) > 20
