"""How fast an ask is, against LangChain's EnsembleRetriever (BM25 and Chroma) over the same passages and model.

    python -m bench.ask [--passages 10000] [--corpus FILE] [--queries FILE]

What is timed of Footnote is the whole ask, quotes chosen and verified; of LangChain retrieval alone.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.corpus import questions_of, read, write
from bot.ask import Asker, read_question
from index import IndexSettings, build
from index.archive import Archive
from index.dense import load_vectors
from index.embed import Embedder
from index.generations import current_folder
from index.passages import PassageTable

PASSAGES_PER_ARTICLE = 2  # of the made-up articles, at least


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--corpus", type=Path, help="articles as JSON Lines; made up if not given")
    parser.add_argument("--queries", type=Path, help='JSON Lines with "question"; made up if not given')
    parser.add_argument("--home", type=Path, help="a home to build in or to use again; a temporary one if not given")
    options = parser.parse_args()
    settings = IndexSettings()
    embedder = Embedder(settings)
    with tempfile.TemporaryDirectory() as temporary:
        home = options.home or Path(temporary) / "home"
        articles = read(options.corpus, options.passages // (1 if options.corpus else PASSAGES_PER_ARTICLE) + 1)
        file = write(articles, Path(temporary) / "articles.jsonl")
        report = build([file], home, settings, embedder=embedder)
        queries = questions_of(options.queries, articles)
        asker = Asker(home, settings)
        asker.open()
        ensemble = _ensemble(home, embedder)
        # In turns, so that a drift of the machine meets both.
        times: dict[str, list[float]] = {"ask": [], "ensemble": []}
        for query in queries:
            times["ask"].append(_seconds(lambda query=query: asker.ask(read_question(query))))
            times["ensemble"].append(_seconds(lambda query=query: ensemble(query)))
        asker.close()
    print(f"passages                     {report.passages}, {len(queries)} questions")
    for name, seconds in times.items():
        print(f"{name:28} p50 {np.percentile(seconds, 50) * 1e3:.1f} ms, p99 {np.percentile(seconds, 99) * 1e3:.1f} ms")
    for p in (50, 99):
        ratio = np.percentile(times["ask"], p) / np.percentile(times["ensemble"], p)
        print(f"ask / ensemble, p{p:<11} {ratio:.3f}")


def _ensemble(home: Path, embedder: Embedder) -> Callable[[str], object]:
    """Build LangChain's retriever over the passages of an index."""
    import chromadb
    from langchain_chroma import Chroma
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings

    class SameModel(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [self.embed_query(text) for text in texts]

        def embed_query(self, text: str) -> list[float]:
            vector: list[float] = embedder.model.encode(text, show_progress_bar=False).tolist()
            return vector

    folder = current_folder(home)
    archive = Archive(folder / "articles.db")
    articles = {article.id: article for article in archive.articles()}
    passages = list(PassageTable(folder / "passages"))
    vectors = load_vectors(folder / "dense")
    archive.close()
    texts = [f"{articles[p.article_id].title}\n{articles[p.article_id].text[p.start : p.end]}" for p in passages]
    client = chromadb.EphemeralClient()
    store = Chroma(
        client=client,
        collection_name="peer",
        embedding_function=SameModel(),
        collection_metadata={"hnsw:space": "cosine"},
    )
    collection = client.get_collection("peer")
    for first in range(0, len(texts), 5000):
        rows = slice(first, first + 5000)
        collection.add(ids=[p.id for p in passages[rows]], embeddings=np.asarray(vectors[rows]), documents=texts[rows])
    words = BM25Retriever.from_documents([Document(text) for text in texts], k=10)
    retriever = EnsembleRetriever(retrievers=[words, store.as_retriever(search_kwargs={"k": 10})], weights=[0.5, 0.5])
    return retriever.invoke


def _seconds(call: Callable[[], object]) -> float:
    before = time.perf_counter()
    call()
    return time.perf_counter() - before


if __name__ == "__main__":
    main()
