"""How many of the nearest passages Chroma's graph finds, of those that an exact search finds, at size.

    python -m bench.recall --passages 10000 100000 1000000 [--looked-at 400 1600] [--corpus FILE --queries FILE]

A vector lies between two of passages that were really embedded, beside the line; questions are real where a file of
them is given. Each graph is written and searched as a generation's is, and removed again. A million take 16 minutes and
5 GB of disk, where temporary files lie.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.corpus import questions_of, read
from bench.pretended import BESIDE, REALLY_EMBEDDED
from bench.size_ask import nearest
from index import IndexSettings
from index.chroma import close_client, get_collection, open_client
from index.chunk import cut_article
from index.dense import DenseIndex, DenseWriter, searched
from index.embed import Embedder, Floats
from index.retrieve import CANDIDATES

QUESTIONS = 150
BLOCK = 10_000
# Length of what the vectors that are asked for beside questions are moved by, away from a passage's.
AWAY = 0.3
WARM = 20  # searches before those that count


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--looked-at", type=int, nargs="*", default=[], help="how many of the graph, beside the usual")
    parser.add_argument("--corpus", type=Path, help="articles as JSON Lines; made up if not given")
    parser.add_argument("--queries", type=Path, help='JSON Lines with "question"; made up if not given')
    options = parser.parse_args()
    embedder = Embedder(IndexSettings())
    articles = read(options.corpus, REALLY_EMBEDDED)
    first = [next(iter(cut_article(a, embedder.tokenize, IndexSettings().passage_tokens, "en"))) for a in articles]
    texts = [a.text[cut.passage.start : cut.passage.end] for a, cut in zip(articles, first, strict=True)]
    embedded = embedder.encode_passages([article.title for article in articles], texts)
    real = np.stack([encoded.vector for _, encoded in embedded])
    asked = np.stack([embedder.encode_query(q).vector for q in questions_of(options.queries, articles, QUESTIONS)])
    print("passages    looked at   questions   beside passages        ms   built/s", flush=True)
    for count in options.passages:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder) / "dense", real, asked, count, options.looked_at)


def _measure(folder: Path, real: Floats, asked: Floats, count: int, looked_at: list[int]) -> None:
    """Write a graph of so many, ask it, and print a line for each number of passages looked at."""
    started = time.perf_counter()
    writer = DenseWriter(folder, real.shape[1], count)
    for block, vectors in enumerate(_between(real, count)):
        names = [f"{block * BLOCK + i:032x}" for i in range(len(vectors))]
        writer.append(names, vectors, [{"article_id": name} for name in names])
    writer.finish()
    rate = count / (time.perf_counter() - started)
    index = DenseIndex(folder)
    chance = np.random.default_rng(7)
    beside = index.vectors[np.sort(chance.integers(0, count, QUESTIONS))]
    beside = _unit(beside + chance.standard_normal(beside.shape, dtype=np.float32) * (AWAY / np.sqrt(beside.shape[1])))
    exact = {name: nearest(index.vectors, queries) for name, queries in (("asked", asked), ("beside", beside))}
    index.close()
    for number in (searched(count), *looked_at):
        _look_at(folder, number)
        index = DenseIndex(folder)
        for query in asked[:WARM]:
            index.search(query, CANDIDATES)
        begun = time.perf_counter()
        found = {"asked": _found(index, asked), "beside": _found(index, beside)}
        taken = (time.perf_counter() - begun) / (len(asked) + len(beside)) * 1000
        index.close()
        shares = [_share(found[name], exact[name].tolist()) for name in ("asked", "beside")]
        print(
            f"{count:8}   {number:10}   {shares[0]:9.4f}   {shares[1]:15.4f}   {taken:7.1f}   {rate:7.0f}", flush=True
        )


def _look_at(folder: Path, number: int) -> None:
    """Have Chroma look at so many passages of its graph from now on."""
    client = open_client(folder / "chroma")
    get_collection(client, "passages").modify(configuration={"hnsw": {"ef_search": number}})
    close_client(client)


def _between(real: Floats, count: int) -> Iterator[Floats]:
    chance = np.random.default_rng(5)
    for first in range(0, count, BLOCK):
        some = min(BLOCK, count - first)
        one, other = chance.integers(0, len(real), (2, some))
        share = chance.random((some, 1), dtype=np.float32)
        noise = chance.standard_normal((some, real.shape[1]), dtype=np.float32) / np.sqrt(real.shape[1])
        yield _unit(share * real[one] + (1 - share) * real[other] + np.float32(BESIDE) * noise)


def _found(index: DenseIndex, queries: Floats) -> list[set[int]]:
    return [{int(name, 16) for name, _ in index.search(query, CANDIDATES)} for query in queries]


def _share(found: list[set[int]], exact: list[list[int]]) -> float:
    return float(np.mean([len(mine & set(best)) / len(best) for mine, best in zip(found, exact, strict=True)]))


def _unit(vectors: Floats) -> Floats:
    norms: Floats = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / norms).astype(np.float32)


if __name__ == "__main__":
    main()
