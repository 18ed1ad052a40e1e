"""Another generation takes over between two asks; whoever uses the one before goes on with it to the end."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.ask import Asker, AsyncAsker
from bot.question import read_question
from bot.serving import Serving
from index import Index, IndexFailure, IndexSettings, build
from index.embed import Embedder

SETTINGS = IndexSettings()
QUESTION = "When was the lighthouse painted?"


@pytest.fixture(scope="module")
def embedder(seed_asker: Asker) -> Embedder:
    return seed_asker.look(lambda index: index.embedder)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> tuple[Path, str, str]:
    """A home with two generations that say otherwise, the second of which is published, and their ids."""
    folder = tmp_path_factory.mktemp("serving")
    home, ids = folder / "home", []
    for colour, year in (("white", 1911), ("red", 1934)):
        (folder / "a.txt").write_text(f"The lighthouse was painted {colour} in {year}.")
        ids.append(build([folder / "a.txt"], home, SETTINGS, embedder=embedder).generation)
    return home, ids[0], ids[1]


@pytest.fixture
def home(built: tuple[Path, str, str], tmp_path: Path) -> Path:
    """A copy of that home, in which the first serves."""
    shutil.copytree(built[0], tmp_path / "home")
    publish(tmp_path / "home", built[1])
    return tmp_path / "home"


@pytest.fixture
def serving(home: Path, embedder: Embedder) -> Iterator[Serving]:
    serving = Serving(home, SETTINGS, embedder=embedder)
    yield serving
    serving.close()


def publish(home: Path, generation: str) -> None:
    (home / "NEW").write_text(f"{generation}\n")
    (home / "NEW").replace(home / "CURRENT")


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


def generation(serving: Serving) -> str:
    with serving.use() as held:
        return held.generation


def test_what_is_published_serves_the_next_use_also_when_it_is_an_older_one(
    serving: Serving, built: tuple[Path, str, str], home: Path
) -> None:
    _, first, second = built
    told: list[str] = []
    serving.listeners.append(lambda summary: told.append(summary.generation))
    serving.watch()
    until(lambda: serving.summary)
    for published in (second, first):
        publish(home, published)
        until(lambda published=published: generation(serving) == published)

    until(lambda: len(told) >= 3)  # told of just after it has come into force
    assert [first, second, first] == told
    assert 2 == serving.swaps


def test_a_generation_is_closed_when_its_last_user_has_let_go_of_it(
    serving: Serving, built: tuple[Path, str, str], home: Path
) -> None:
    serving.watch()
    with serving.use() as held:
        publish(home, built[2])
        until(lambda: generation(serving) == built[2])
        with serving.use(held) as same:
            article = same.index.article(next(iter(same.index.article_ids())))

        assert (built[1], False, 2) == (same.generation, held.closed, serving.open_generations)
        assert article and "1911" in article.text
    until(lambda: held.closed)

    assert 1 == serving.open_generations
    with pytest.raises(IndexFailure), serving.use(held):
        pass


def test_nobody_waits_while_another_generation_is_opened_and_nothing_is_embedded_for_it(
    serving: Serving, built: tuple[Path, str, str], home: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, go_on = threading.Event(), threading.Event()
    warm = Index.warm

    def slowly(index: Index) -> None:
        opening.set()
        assert go_on.wait(30)
        warm(index)

    serving.follow()
    monkeypatch.setattr(Index, "warm", slowly)
    monkeypatch.setattr(Embedder, "encode_query", None)  # which is not safe on two threads
    serving.watch()
    publish(home, built[2])
    assert opening.wait(30)

    assert built[1] == generation(serving)

    go_on.set()
    until(lambda: generation(serving) == built[2])


def test_one_that_cannot_be_opened_is_told_of_once_and_the_one_before_goes_on(
    serving: Serving,
    built: tuple[Path, str, str],
    home: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, first, second = built
    monkeypatch.setattr("bot.serving.RETRY", 0.0)
    monkeypatch.setattr("bot.serving.EVERY", 0.01)
    for file in (home / "generations" / second / "dense" / "chroma").rglob("*"):
        if file.is_file():
            file.write_bytes(b"broken" * 1000)
    serving.watch()
    until(lambda: serving.summary)
    tries: list[str] = []
    opened = Serving._opened

    def counted(self: Serving) -> Index:
        tries.append("tried")
        return opened(self)

    monkeypatch.setattr(Serving, "_opened", counted)
    with caplog.at_level(logging.WARNING, "bot.serving"):
        publish(home, second)
        until(lambda: len(tries) > 2)
        still = generation(serving)
        publish(home, "not-there")
        until(lambda: serving.failed == "not-there")
        publish(home, first)
        until(lambda: serving.failed is None)

    assert first == still == generation(serving)
    assert [second, "not-there"] == [record.args[0] for record in caplog.records if isinstance(record.args, tuple)]
    assert all("rebuild" in record.getMessage() or "--full" in record.getMessage() for record in caplog.records)


async def test_asks_go_on_through_many_swaps_and_each_answer_is_of_one_generation(
    built: tuple[Path, str, str], home: Path, embedder: Embedder
) -> None:
    _, first, second = built
    before = set(threading.enumerate())
    asker = AsyncAsker(Asker(home, SETTINGS, embedder=embedder))
    said = {first: "1911", second: "1934"}
    await asker.open()
    seen: list[str] = []
    for turn in range(6):
        publish(home, (second, first)[turn % 2])
        opening = asyncio.create_task(asker.open())
        while not opening.done() or len(seen) < 4 * (turn + 1):
            answer = await asker.ask(read_question(QUESTION))
            seen.append(answer.generation)
            assert all(said[answer.generation] in citation.quote for citation in answer.citations)
            assert answer.citations
    await asker.close()

    assert [second, first] * 3 == [name for name, last in zip(seen, [first, *seen], strict=False) if name != last]
    assert not {thread.name for thread in set(threading.enumerate()) - before} & {"serving"}


def test_a_listener_that_fails_keeps_no_other_from_hearing_and_no_answer_back(
    home: Path, built: tuple[Path, str, str], serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    heard = []
    serving.listeners += [lambda _: 1 // 0, lambda summary: heard.append(summary.generation)]

    with serving.use() as held:
        assert built[1] == held.generation
    assert [built[1]] == heard
    assert "ZeroDivisionError" in caplog.text


def test_one_that_cannot_be_closed_keeps_no_other_open(
    home: Path, built: tuple[Path, str, str], serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    with serving.use() as first:
        publish(home, built[2])
        serving.follow()
        with serving.use() as second:
            first.index._opened.callback(lambda: 1 // 0)
        serving.close()

    assert first.closed
    assert second.closed
    assert f"The index {built[1]} could not be closed" in caplog.text
