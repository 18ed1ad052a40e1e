"""Ask, filter and count memory in a home of made-up passages; a part of `bench.size`, in a process of its own.

python -m bench.size_ask HOME PASSAGES
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from bench.corpus import questions_of
from bench.pretended import PUBLISHERS, Writer, settings
from bot.ask import Asker, read_question
from index import Filter
from index.chroma import close_client, get_collection, open_client
from index.embed import Embedder
from index.generations import current_folder
from index.heap import hand_back, map_large_blocks_apart
from index.retrieve import CANDIDATES, Index

QUESTIONS = 150
AGAIN = 1  # rounds before the one that counts: the files have to be read once

FILTERS = {
    "half_by_date": Filter(since=date(2024, 1, 1), until=date(2025, 5, 14)),
    "tenth_by_date": Filter(since=date(2024, 3, 1), until=date(2024, 6, 8)),
    "fifth_by_source": Filter(sources=(PUBLISHERS[0],)),
    "hundredth": Filter(date(2024, 3, 1), date(2024, 4, 20), (PUBLISHERS[2],)),
}


def main() -> None:
    """Measure, and print the figures as JSON."""
    home, count = Path(sys.argv[1]), int(sys.argv[2])
    map_large_blocks_apart()
    embedder = Embedder(settings())
    embedder.encode_query("warm up")
    _chroma_alone(home, embedder)  # the first time takes some memory that stays
    chroma = _chroma_alone(home, embedder)
    before = _memory()
    started = time.perf_counter()
    asker = Asker(home, settings(), calibrated=False, embedder=embedder)
    asker.open()
    figures = {"open_seconds": time.perf_counter() - started, "memory_chroma_mb": chroma}
    figures |= {f"memory_{name}_mb": value - before[name] for name, value in _memory().items()}
    writer = Writer(embedder)
    made = list(itertools.islice(writer.articles(count), 0, None, max(1, count // 4 // QUESTIONS)))[:QUESTIONS]
    questions = questions_of(None, made)
    with asker.serving.use() as held:
        figures |= _recall(held.index, questions)
        figures |= _asks(asker, held.index, questions)
    figures |= {f"memory_after_{name}_mb": value - before[name] for name, value in _memory().items()}
    asker.serving.close()
    print(json.dumps(figures))


def _chroma_alone(home: Path, embedder: Embedder) -> float:
    """Return what Chroma takes of memory once it has been asked, MB."""
    before = _memory()["own"]
    client = open_client(current_folder(home) / "dense" / "chroma")
    asked = embedder.encode_query("warm up").vector[None]
    get_collection(client, "passages").query(query_embeddings=asked, n_results=1)
    taken = _memory()["own"] - before
    close_client(client)
    hand_back()
    return taken


def _asks(asker: Asker, index: Index, questions: list[str]) -> dict[str, float]:
    """Time whole asks, and searches in parts of the articles, the embedding of the question counted or not."""
    ways: dict[str, Callable[[str], object]] = {"ask": lambda text: asker.ask(read_question(text))}
    ways["search"] = index.search
    for name, where in FILTERS.items():
        ways[name] = lambda text, where=where: index.search(text, where=where)
    figures: dict[str, float] = {}
    encode, known = index.embedder.encode_query, {text: index.embedder.encode_query(text) for text in questions}
    for embedding in (True, False):
        # What stands beside a question (such as its claims) may be embedded as well.
        index.embedder.encode_query = encode if embedding else lambda text: known.get(text) or encode(text)  # type: ignore[method-assign]
        times: dict[str, list[float]] = {name: [] for name in ways}
        for text in questions * AGAIN if embedding else ():
            asker.ask(read_question(text))
        for text in questions:
            for name, way in ways.items():
                started = time.perf_counter()
                way(text)
                times[name].append((time.perf_counter() - started) * 1000)
        for name, some in times.items():
            label = f"{name}_{'with' if embedding else 'without'}_embedding"
            figures[f"{label}_p50_ms"], figures[f"{label}_p99_ms"] = np.percentile(some, [50, 99]).tolist()
    return figures | _parts(index, questions, known)


def _parts(index: Index, questions: list[str], known: dict) -> dict[str, float]:  # type: ignore[type-arg]
    """Time what a search is made of."""
    parts: dict[str, Callable[[str], object]] = {
        "dense": lambda text: index._dense.search(known[text].vector, CANDIDATES),
        "lexical": lambda text: index._lexical.search(text, CANDIDATES),
        "candidates": lambda text: index._candidates(text, known[text], Filter()),
    }
    figures = {}
    for name, part in parts.items():
        times = []
        for text in questions:
            started = time.perf_counter()
            part(text)
            times.append((time.perf_counter() - started) * 1000)
        figures[f"part_{name}_p50_ms"], figures[f"part_{name}_p99_ms"] = np.percentile(times, [50, 99]).tolist()
    return figures


def _recall(index: Index, questions: list[str]) -> dict[str, float]:
    """Return which share of the nearest passages the approximate search finds, of questions and of near vectors."""
    vectors = index._dense.vectors
    asked = np.stack([index.embedder.encode_query(text).vector for text in questions])
    chance = np.random.default_rng(7)
    near = vectors[np.sort(chance.integers(0, len(vectors), len(asked)))]
    near = near + chance.standard_normal(near.shape, dtype=np.float32) * (0.3 / np.sqrt(near.shape[1]))
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    figures = {}
    for name, queries in {"questions": asked, "near": near}.items():
        exact = nearest(vectors, queries)
        found = [
            {index._passages.row(passage) for passage, _ in index._dense.search(query, CANDIDATES)} for query in queries
        ]
        shares = [len(mine & set(best)) / len(best) for mine, best in zip(found, exact.tolist(), strict=True)]
        figures[f"recall_{name}"] = float(np.mean(shares))
    return figures


def nearest(vectors: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """Return the rows of the nearest, exactly, block by block."""
    best = np.zeros((len(queries), 0), dtype=np.float32)
    rows = np.zeros((len(queries), 0), dtype=np.int64)
    for first in range(0, len(vectors), 50_000):
        cosines = queries @ vectors[first : first + 50_000].T
        best = np.concatenate([best, cosines], axis=1)
        rows = np.concatenate([rows, np.arange(first, first + cosines.shape[1])[None].repeat(len(queries), 0)], axis=1)
        kept = np.argpartition(-best, min(CANDIDATES, best.shape[1]) - 1, axis=1)[:, :CANDIDATES]
        best, rows = np.take_along_axis(best, kept, 1), np.take_along_axis(rows, kept, 1)
    return rows


def _memory() -> dict[str, float]:
    """Return what the process holds in memory, its own and mapped from files."""
    lines = Path("/proc/self/status").read_text().splitlines()
    found = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.startswith("Rss")}
    return {"own": found["RssAnon"], "mapped": found["RssFile"]}


if __name__ == "__main__":
    main()
