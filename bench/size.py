"""How Footnote fares at size: everything but the embedding, over made-up passages (see `bench.pretended`).

    python -m bench.size --passages 10000 100000 1000000 --home DIR [--step build] [--plot FILE]

Each size has a home of its own in DIR that is built once and used again, and a file of figures; what is there already
is not measured anew. All print a table.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench.pretended import Pretender, Writer, settings
from bench.size_table import plot, table
from index.archive import Archive
from index.assemble import assemble
from index.dense import load_vectors
from index.embed import Embedder
from index.generations import Manifest, building, current_folder, new_id, publish
from index.model import Article
from index.progress import Silent
from index.settings import LAYOUT_VERSION
from index.validate import validate


class Timer(Silent):
    """Remembers how long each stage took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins."""
        self._stage, self._since = stage, time.perf_counter()
        print(f"  {time.strftime('%H:%M:%S')} {stage} {total or ''}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """It ends."""
        self.seconds[self._stage] = time.perf_counter() - self._since


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--home", type=Path, required=True, help="a folder for the homes, to be used again")
    parser.add_argument("--step", choices=["build", "all"], default="all")
    parser.add_argument("--plot", type=Path, help="draw the figures into this file")
    options = parser.parse_args()
    embedder: Pretender | None = None
    for count in options.passages:
        home = options.home / str(count)
        home.mkdir(parents=True, exist_ok=True)
        for name, measure in STEPS.items():
            if options.step == "build" and name != "build":
                continue
            if name in _figures(home):
                continue
            if embedder is None:
                real = Embedder(settings())
                embedder = Pretender(Writer(real), real, options.home / "embedded.npy")
            print(f"{count}: {name}", file=sys.stderr, flush=True)
            _remember(home, name, measure(home, count, embedder))
    figures = {count: _figures(options.home / str(count)) for count in options.passages}
    print(table(figures))
    if options.plot:
        plot(options.plot, figures)


def build(home: Path, count: int, embedder: Pretender) -> dict[str, float]:
    """Write a whole generation, and tell the rate without what making up the vectors takes."""
    articles = {article.id: article for article in embedder.writer.articles(count)}
    return _build(home, articles, set(articles), None, embedder)


def increment(home: Path, count: int, embedder: Pretender) -> dict[str, float]:
    """Write the next generation, in which one article of a hundred has changed; do not keep it."""
    articles = {a.id: a for a in embedder.writer.articles(count, changed=max(1, count // 400))}
    previous = current_folder(home)
    archive = Archive(previous / "articles.db")
    before = archive.hashes()
    archive.close()
    fresh = {name for name, article in articles.items() if before.get(name) != article.content_hash}
    figures = _build(home / "next", articles, fresh, previous, embedder)
    shutil.rmtree(home / "next")
    return {**figures, "articles_changed": len(fresh)}


def _build(
    home: Path, articles: dict[str, Article], fresh: set[str], previous: Path | None, embedder: Pretender
) -> dict[str, float]:
    timer, made_up = Timer(), embedder.seconds
    started, processor = time.perf_counter(), time.process_time()
    with building(home) as workshop:
        built = assemble(workshop, articles, fresh, previous, settings(), timer, embedder)
        timer.begin("validate", None)
        validate(workshop)
        timer.end()
        days = [article.published for article in articles.values() if article.published]
        publish(home, workshop, _manifest(embedder, len(articles), built.passages, min(days), max(days)))
    seconds = time.perf_counter() - started
    processor, made_up = time.process_time() - processor, embedder.seconds - made_up
    return {
        "passages": built.passages,
        "embedded": built.embedded,
        "seconds": seconds,
        "made_up_seconds": made_up,
        "rate": built.passages / (seconds - made_up),
        "processor_rate": built.passages / (processor - made_up),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        **{f"{name}_seconds": taken for name, taken in timer.seconds.items()},
    }


def _manifest(embedder: Embedder, articles: int, passages: int, oldest: date, newest: date) -> Manifest:
    own = settings()
    return Manifest(
        id=new_id(),
        built_at=time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
        settings={name: getattr(own, name) for name in own.__slots__},
        fingerprint=own.fingerprint(),
        weights=embedder.fingerprint,
        previous="",
        articles=articles,
        passages=passages,
        oldest=oldest.isoformat(),
        newest=newest.isoformat(),
        undated=0,
        sources={},
        locations=[],
        layout=LAYOUT_VERSION,
    )


def disk(home: Path, count: int, embedder: Pretender) -> dict[str, float]:
    """Bytes of each part for a passage, and of what Chroma alone keeps."""
    folder = current_folder(home)
    passages = len(load_vectors(folder / "dense"))
    parts = {part.name: part for part in folder.iterdir() if part.name not in {"manifest.json", "lease", "checksums"}}
    parts["chroma"] = folder / "dense" / "chroma"
    found = {name: _bytes(path) / passages for name, path in sorted(parts.items())}
    return {**found, "all": sum(found.values()) - found["chroma"]}


def ask(home: Path, count: int, embedder: Pretender) -> dict[str, float]:
    """Open, ask, filter and count memory, in a process of its own."""
    command = [sys.executable, "-m", "bench.size_ask", str(home), str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ})
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _bytes(path: Path) -> int:
    return sum(f.stat().st_size for f in path.rglob("*") if f.is_file()) if path.is_dir() else path.stat().st_size


def _figures(home: Path) -> dict[str, Any]:
    path = home / "figures.json"
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _remember(home: Path, name: str, figures: dict[str, float]) -> None:
    (home / "figures.json").write_text(json.dumps({**_figures(home), name: figures}, indent=1))


STEPS: dict[str, Callable[[Path, int, Pretender], dict[str, float]]] = {
    "build": build,
    "disk": disk,
    "ask": ask,
    "increment": increment,
}


if __name__ == "__main__":
    main()
