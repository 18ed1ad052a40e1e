"""Kill whatever changes an index, everywhere, and look at what is left.

Builds, increments, publications, rollbacks, prunings, exports and imports run in a process that is killed (SIGKILL)

    calls       at each call of Python's that changes a file (open, rename, remove, mkdir, fsync, …),
    moments     at moments spread over the whole run, wherever it is then, also inside Chroma and tantivy,
    syscalls    as the kernel is asked to write, rename, synchronise, remove or create (strace injects the signal).

After each: what serves is the old index or the new one, whole by its checksums; it answers; the next build succeeds
and leaves nothing behind. Prints a table; exit status 1 if anything was otherwise.

    python -m bench.kill [--layers calls,moments,syscalls] [--points N] [--operations build,prune,…] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import torch

from bench.kill_layers import Layers, Place, in_child
from index import IndexSettings
from index.embed import Embedder

SETTINGS = IndexSettings()

# What victims would import, each anew; none of these starts a thread, which a fork would not take along.
PRELOADED = (
    "chromadb.api.rust",
    "chromadb.config",
    "chromadb.telemetry.product.posthog",
    "sentencex",
    "tantivy",
    "index.assemble",
    "index.builder",
    "index.formats.files",
    "index.opening",
    "index.retrieve",
    "index.validate",
)


@dataclass
class Result:
    """What came of one operation under one layer."""

    operation: str
    layer: str
    killed: int = 0
    finished: int = 0
    old: int = 0
    new: int = 0
    wrong: list[str] = field(default_factory=list)


class World:
    """The states that operations begin in, made once, and the model, loaded once: victims are forked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        torch.set_num_threads(1)  # a victim would wait for ever for threads that the fork has not taken along
        self.embedder = Embedder(SETTINGS)
        self.embedder.encode_query("warm")
        for name in PRELOADED:
            import_module(name)
        self.articles = folder / "articles"
        self.changed = folder / "changed"
        _write_articles(self.articles, ferry="The ferry to the island runs on batteries.")
        _write_articles(
            self.changed, ferry="The ferry to the island runs on hydrogen.", flood="The river rose to 6.42 m."
        )
        self.export = folder / "export.tar"
        self.empty, self.one, self.two = folder / "empty", folder / "one", folder / "two"
        self.empty.mkdir()
        in_child(lambda: self._build(self.one, self.articles))
        shutil.copytree(self.one, self.two)
        in_child(lambda: self._build(self.two, self.changed))
        in_child(self._write_export)

    def _write_export(self) -> None:
        from index.generations.exporting import export_generation

        export_generation(self.two, self.export)

    def _build(self, home: Path, articles: Path) -> None:
        from index.builder import build

        build([articles], home, SETTINGS, embedder=self.embedder)

    def operations(self) -> dict[str, tuple[Path, Callable[[Place], None]]]:
        """Return each operation by name: the home it begins with, and what it does."""
        from index.generations import Retention
        from index.generations.exporting import export_generation
        from index.generations.importing import import_generation
        from index.generations.operations import prune_home, rollback

        def take(place: Place) -> None:
            with place.export.open("rb") as stream:
                import_generation(place.home, stream, SETTINGS, self.embedder)

        return {
            "build": (self.empty, lambda place: self._build(place.home, self.articles)),
            "increment": (self.one, lambda place: self._build(place.home, place.articles)),
            "publish": (self.one, self._publish),
            "rollback": (self.two, lambda place: rollback(place.home, SETTINGS) and None),
            "prune": (self.two, lambda place: prune_home(place.home, Retention(keep=1)) and None),
            "export": (self.two, lambda place: export_generation(place.home, place.home.parent / "out.tar") and None),
            "import": (self.one, take),
        }

    def _publish(self, place: Place) -> None:
        from index.generations import building, prune, publish, read_manifest
        from index.generations.home import current_folder

        ready = current_folder(self.two)
        with building(place.home) as workshop:
            for part in ready.iterdir():
                if part.name not in ("checksums", "lease"):
                    (shutil.copytree if part.is_dir() else shutil.copy)(part, workshop / part.name)
            publish(place.home, workshop, read_manifest(ready))
            prune(place.home)

    def place(self, begin: Path) -> Place:
        """Return a fresh place with a copy of the home that an operation begins with."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(begin, folder / "home")
        return Place(folder / "home", self.changed, self.export)

    def look(self, place: Place, begin: Path) -> str:
        """Return which index serves after a kill, "old" or "new"; or what is wrong."""
        from index.generations.home import current_id

        before = current_id(begin)
        try:
            serves = current_id(place.home)
            if serves != before and serves is None:
                return "wrong: nothing serves"
            in_child(lambda: self._build_on(place.home))
        except RuntimeError as error:
            return f"wrong: {error}"
        return "old" if serves == before else "new"

    def _ask(self, home: Path) -> None:
        from index.generations.checksums import require_whole
        from index.generations.home import current_folder
        from index.opening import open_index

        require_whole(current_folder(home))
        with open_index(home, SETTINGS, self.embedder) as index:
            (hit, *_) = index.search("Where was the astrolabe found?")
            fuel = "hydrogen" if "flood" in index.article_ids() else "batteries"
            assert hit.article.id == "museum", hit.article.id
            assert fuel in index.search("What does the ferry run on?")[0].article.text, fuel

    def _build_on(self, home: Path) -> None:
        from index.generations.checksums import require_whole
        from index.generations.home import current_id, generations_folder, served

        if current_id(home) is not None:
            self._ask(home)
        self._build(home, self.changed)
        listed = served(home)
        there = {path.name for path in generations_folder(home).iterdir()}
        assert there == set(listed), f"left behind: {there ^ set(listed)}"
        for name in listed:
            require_whole(generations_folder(home) / name)
        known = {"CURRENT", "build.lock", "generations"}
        left = {path.name for path in home.iterdir()} - known
        assert not left, f"left behind in the home: {left}"
        self._ask(home)


def _write_articles(folder: Path, **changed: str) -> None:
    folder.mkdir()
    texts = {
        "bridge": "The old bridge was closed on Monday.",
        "museum": "The astrolabe was found in a cello case.",
    } | changed
    for name, text in texts.items():
        line = json.dumps({"id": name, "title": name.title(), "text": text})
        (folder / f"{name}.jsonl").write_text(line + "\n", encoding="utf-8")


def run(world: World, layers: list[str], operations: list[str], points: int) -> Iterator[Result]:
    """Kill every operation under every layer, and yield what came of it."""
    ways = Layers(points)
    for name, (begin, work) in world.operations().items():
        if name not in operations:
            continue
        for layer in layers:
            result = Result(name, layer)
            for killing in getattr(ways, layer)(lambda begin=begin: world.place(begin), work):
                place = world.place(begin)
                killed = killing(place)
                found = world.look(place, begin)
                result.killed += killed
                result.finished += not killed
                result.old += found == "old"
                result.new += found == "new"
                if found.startswith("wrong"):
                    result.wrong.append(f"{found} ({place.home})")
                else:
                    shutil.rmtree(place.home.parent)
            yield result


def main() -> None:
    """Print a table of what came of each operation, killed at every point."""
    every = ["build", "increment", "publish", "rollback", "prune", "export", "import"]
    parser = argparse.ArgumentParser(prog="python -m bench.kill", description=__doc__)
    parser.add_argument("--layers", default="calls,moments" + (",syscalls" if shutil.which("strace") else ""))
    parser.add_argument("--operations", default=",".join(every))
    parser.add_argument("--points", type=int, default=20, help="at most, of each kind")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    wrong = []
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="kill-") as folder:
        world = World(Path(folder))
        if not options.json:
            heads = ("killed", "ended", "old serves", "new serves", "wrong")
            print(f"{'operation':10} {'layer':9} " + " ".join(f"{head:>10}" for head in heads))
        for result in run(world, options.layers.split(","), options.operations.split(","), options.points):
            wrong += result.wrong
            total.update(killed=result.killed, finished=result.finished, old=result.old, new=result.new)
            if not options.json:
                print(
                    f"{result.operation:10} {result.layer:9} {result.killed:10} {result.finished:10} {result.old:10} "
                    f"{result.new:10} {len(result.wrong):10}",
                    flush=True,
                )
    if options.json:
        print(json.dumps({**total, "wrong": wrong}))
    else:
        print(f"{total['killed']} kills, {len(wrong)} wrong.")
        print("\n".join(wrong), end="")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
