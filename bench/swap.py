"""What it costs that another index takes over while the bot answers.

    python -m bench.swap [--articles 300] [--swaps 20] [--cycles 100] [--rate 50] [--backend torch]

Two generations of the same articles take turns. Each article has another title and begins otherwise in the other one,
so that every passage and the place of every quote differ: a quote of one generation in an answer of the other shows.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from bench.corpus import questions_of, read, write
from bot.ask import Asker, AsyncAsker, read_question
from bot.desk import Desk, Visit
from bot.ledger import AsyncLedger
from bot.model import Answer
from index import Article, IndexSettings, build
from index.embed import Embedder
from index.settings import BACKENDS, TORCH

EDITIONS = ("Morning edition.", "The evening edition of the same day.")
# Swaps until every pool and cache is as large as it gets: the memory's maps grow by some fifteen in the first dozen.
WARM = 18
# Seconds that a swap is waited for.
PATIENCE = 120.0
# Seconds that threads are given to end.
SETTLING = 2.0
# Of what the machine can answer at most, so that what is measured is not the queue.
LOAD = 0.7
NO_LIMITS = dict.fromkeys(("member", "channel", "guild"))
NICE = 10

Ask = Callable[[str], Awaitable[Answer]]


@dataclass
class Home:
    """A home with two generations, and what is asked of them.

    Attributes:
        articles: By generation's id and article's id.
    """

    path: Path
    ids: tuple[str, str]
    articles: dict[str, dict[str, Article]]
    questions: Sequence[str]

    def publish(self, number: int) -> str:
        """Have a generation published as `footnote index rebuild` and `rollback` do, and return its id."""
        aside = self.path / "CURRENT.new"
        aside.write_text(f"{self.ids[number % 2]}\n")
        aside.replace(self.path / "CURRENT")
        return self.ids[number % 2]

    def is_whole(self, answer: Answer) -> bool:
        """Return whether everything in an answer is of the generation that it names."""
        articles = self.articles[answer.generation]
        return all(articles[c.article_id].text[c.start : c.end] == c.quote for c in answer.citations) and all(
            articles[hit.article.id] == hit.article for hit in answer.hits
        )


@dataclass
class Run:
    """What became of many asks.

    Attributes:
        spans: When each that was answered was asked, and when it was answered.
        failed: How many were not answered.
        mixed: How many answers were not of one generation.
        swaps: When each swap was published, and when the generation before was closed.
    """

    spans: list[tuple[float, float]] = field(default_factory=list)
    failed: int = 0
    mixed: int = 0
    swaps: list[tuple[float, float]] = field(default_factory=list)

    def milliseconds(self, within: bool | None = None) -> list[float]:
        """Return how long each took: if wanted, of those alone that ran within a swap, or between two."""
        return [
            (end - start) * 1000
            for start, end in self.spans
            if within is None or within == any(start < closed and end > begun for begun, closed in self.swaps)
        ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--swaps", type=int, default=20, help="under asks")
    parser.add_argument("--cycles", type=int, default=100, help="swaps after which nothing may be left open")
    parser.add_argument("--rate", type=float, default=50.0, help="asks a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="of asks without a swap")
    parser.add_argument("--backend", choices=BACKENDS, default=TORCH, help="what computes the model")
    options = parser.parse_args()
    embedder = Embedder(IndexSettings(backend=options.backend))
    with tempfile.TemporaryDirectory() as temporary:
        home = make_home(Path(temporary), options.articles, embedder)
        print(f"articles                     {options.articles}, {len(home.questions)} questions")
        before, after = cycle(home, embedder, options.cycles)
        print(
            f"{options.cycles} swaps, before and after  " + ", ".join(f"{k} {before[k]} and {after[k]}" for k in before)
        )
        asyncio.run(_measure(home, embedder, options))


def make_home(folder: Path, count: int, embedder: Embedder) -> Home:
    """Build both generations, the first of which serves."""
    settings, home = IndexSettings(), folder / "home"
    first = read(None, count)
    ids, articles = [], {}
    for edition in EDITIONS:
        own = [replace(one, title=f"{one.title}: {edition}", text=f"{edition} {one.text}") for one in first]
        ids.append(build([write(own, folder / "a.jsonl")], home, settings, embedder=embedder).generation)
        articles[ids[-1]] = {article.id: article for article in own}
    made = Home(home, (ids[0], ids[1]), articles, questions_of(None, first))
    made.publish(0)
    return made


def cycle(home: Home, embedder: Embedder, count: int) -> tuple[dict[str, int], dict[str, int]]:
    """Swap again and again, with an ask in between, and return what is open before and after, when no index is."""
    _swap_often(home, embedder, WARM)
    before = _settled({})
    _swap_often(home, embedder, count)
    return before, _settled(before)


def _swap_often(home: Home, embedder: Embedder, count: int) -> None:
    asker = Asker(home.path, IndexSettings(), embedder=embedder)
    asker.open()
    asker.serving.watch()
    for number in range(count):
        wanted = home.publish(number)
        asker.open()
        answer = asker.ask(read_question(home.questions[number % len(home.questions)]))
        assert answer.generation == wanted
        deadline = time.monotonic() + PATIENCE
        while asker.serving.open_generations > 1 and time.monotonic() < deadline:
            time.sleep(0.01)
    asker.close()


def _settled(level: dict[str, int]) -> dict[str, int]:
    """Return what is open, once threads that have been told to end have done so: at that level, or after a while."""
    deadline = time.monotonic() + SETTLING
    while (now := _open())["threads"] > level.get("threads", 0) and time.monotonic() < deadline:
        time.sleep(0.05)
    return now


def _open() -> dict[str, int]:
    """Return what this process holds; memory in MB."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    return {
        "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        "threads": int(status["Threads"]),
        "maps": Path("/proc/self/maps").read_text().count("\n"),
        "MB": int(status["VmRSS"].split()[0]) // 1024,
    }


async def _measure(home: Home, embedder: Embedder, options: argparse.Namespace) -> None:
    asker = AsyncAsker(Asker(home.path, IndexSettings(), embedder=embedder))
    await asker.open()

    async def ask(question: str) -> Answer:
        return await asker.ask(read_question(question))

    begun = time.perf_counter()
    for question in home.questions[:60]:
        await ask(question)
    most = min(60, len(home.questions)) / (time.perf_counter() - begun)
    rate = min(options.rate, LOAD * most)
    print(f"answered one by one          {most:.0f} a second; asked of the index from here on: {rate:.0f} a second")
    calm = await under_asks(home, asker, ask, rate, seconds=options.seconds)
    swapped = await under_asks(home, asker, ask, rate, swaps=options.swaps)
    _tell("every ask new", calm, swapped)

    desk = Desk(asker, AsyncLedger(), rates=NO_LIMITS)
    visit = Visit(guild=1, channel=2, parent=None, member=3)

    async def ask_at_desk(question: str) -> Answer:
        return (await desk.ask(read_question(question), visit)).answer

    few = replace(home, questions=home.questions[:40])
    calm_desk = await under_asks(few, asker, ask_at_desk, options.rate, seconds=options.seconds)
    swapped_desk = await under_asks(few, asker, ask_at_desk, options.rate, swaps=options.swaps)
    print(f"through the desk             {options.rate:.0f} a second, of {len(few.questions)} questions")
    _tell("through the desk", calm_desk, swapped_desk)

    other = home.path.parent / "other"
    command = [sys.executable, "-m", "bot", "index", "rebuild", str(home.path.parent / "a.jsonl"), "--home", str(other)]
    quiet = asyncio.subprocess.DEVNULL
    rebuild = await asyncio.create_subprocess_exec("nice", "-n", str(NICE), *command, stdout=quiet, stderr=quiet)
    busy = await under_asks(home, asker, ask, rate, seconds=options.seconds)
    done = rebuild.returncode is not None
    if not done:
        rebuild.terminate()
        await rebuild.wait()
    for p in (50, 99):
        without, beside = (np.percentile(run.milliseconds(), p) for run in (calm, busy))
        print(f"a rebuild beside, p{p:<9} {without:.0f} ms without, {beside:.0f} ms with: {beside / without:.2f}")
    print(f"failed beside the rebuild    {busy.failed}" + (" (it ended early)" if done else ""))
    await asker.close()


async def under_asks(
    home: Home, asker: AsyncAsker, ask: Ask, rate: float, *, seconds: float = 0.0, swaps: int = 0
) -> Run:
    """Ask so many times a second: for some seconds, or for as long as so many swaps take, with a second in between."""
    run, asking, number = Run(), set[asyncio.Task[None]](), 0
    swapping = asyncio.ensure_future(_swap(home, asker, run, swaps) if swaps else asyncio.sleep(seconds))
    begun = time.perf_counter()
    while not swapping.done():
        # At its time, however long the one before takes.
        await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
        task = asyncio.create_task(_one(home, ask, home.questions[number % len(home.questions)], run))
        asking.add(task)
        task.add_done_callback(asking.discard)
        number += 1
    await swapping
    await asyncio.gather(*asking)
    return run


async def _one(home: Home, ask: Ask, question: str, run: Run) -> None:
    begun = time.perf_counter()
    try:
        answer = await ask(question)
    except Exception as error:
        run.failed += 1
        print(f"failed: {type(error).__name__}: {error}", file=sys.stderr)
        return
    run.spans.append((begun, time.perf_counter()))
    run.mixed += not home.is_whole(answer)


async def _swap(home: Home, asker: AsyncAsker, run: Run, count: int) -> None:
    serves = home.ids.index(asker.summary.generation if asker.summary else home.ids[0])
    for number in range(serves + 1, serves + 1 + count):
        begun = time.perf_counter()
        wanted = home.publish(number)
        while asker.serving.open_generations > 1 or not asker.summary or asker.summary.generation != wanted:
            await asyncio.sleep(0.005)
            assert time.perf_counter() - begun < PATIENCE, "it never came"
        run.swaps.append((begun, time.perf_counter()))
        await asyncio.sleep(1.0)


def _tell(name: str, calm: Run, swapped: Run) -> None:
    within, between = swapped.milliseconds(within=True), swapped.milliseconds(within=False)
    took = [(closed - begun) * 1000 for begun, closed in swapped.swaps]
    print(f"{name:28} {len(swapped.spans)} answered, {swapped.failed + calm.failed} failed, {swapped.mixed} mixed")
    print(f"{'':28} {len(took)} swaps, from published to closed p50 {np.percentile(took, 50):.0f} ms")
    for p in (50, 99):
        # Those between two swaps meet the same drift of the machine.
        during, other, calmly = (np.percentile(ms or [0.0], p) for ms in (within, between, calm.milliseconds()))
        print(
            f"{'':28} p{p} {during:.1f} ms within a swap, {other:.1f} ms between two, {calmly:.1f} ms without any: "
            f"within / between {during / max(other, 1e-9):.2f}, within / without {during / calmly:.2f}"
        )


if __name__ == "__main__":
    main()
