"""How fast a rebuild is: full against raw `encode` of the same passages, and what has changed a little against full.

    python -m bench.rebuild [--articles 1000] [--corpus FILE] [--queries FILE]

The changes are made one after another: none, one article, one article of a hundred. The index that grew by them is
then compared with one that is built at once from the same articles: passages, vectors, and answers to questions.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.corpus import questions_of, read, write
from bot.answer_json import answer_to_json
from bot.ask import Asker, read_question
from index import Article, IndexSettings, build
from index.archive import Archive
from index.dense import load_vectors
from index.embed import Embedder, Floats
from index.generations import current_folder
from index.passages import PassageTable

# Two ways to the same vector differ by rounding: passages meet others in their batches.
ROUNDING = 1e-5

# What differs between two answers that say the same.
OF_THE_ASK = {"generation", "timings_ms"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--corpus", type=Path, help="articles as JSON Lines; made up if not given")
    parser.add_argument("--queries", type=Path, help='JSON Lines with "question"; made up if not given')
    options = parser.parse_args()
    articles = read(options.corpus, options.articles)
    queries = questions_of(options.queries, articles, most=500)
    settings = IndexSettings()
    embedder = Embedder(settings)
    with tempfile.TemporaryDirectory() as folder:
        home, file = Path(folder) / "home", Path(folder) / "articles.jsonl"
        write(articles, file)
        full = build([file], home, settings, embedder=embedder)
        unchanged = build([file], home, settings, embedder=embedder)
        articles = _changed(articles, [len(articles) // 2])
        write(articles, file)
        one = build([file], home, settings, embedder=embedder)
        articles = _changed(articles, range(0, len(articles), 100))
        write(articles, file)
        hundredth = build([file], home, settings, embedder=embedder)
        grown = _contents(home, embedder, queries)
        texts = _texts(home, embedder)
        before = time.perf_counter()
        embedder.model.encode(texts, batch_size=32, convert_to_numpy=True, show_progress_bar=False)
        encode = time.perf_counter() - before
        # The machine may have drifted: the build is measured on both sides of the encoding.
        again = build([file], home, settings, embedder=embedder, full=True)
        at_once = _contents(home, embedder, queries)
    seconds = (full.seconds + again.seconds) / 2
    rate = len(texts) / seconds
    print(f"articles                     {len(articles)}")
    print(f"passages                     {full.passages}")
    print(f"raw encode                   {len(texts) / encode:.1f} passages/s")
    print(f"full rebuild                 {rate:.1f} passages/s ({full.seconds:.1f} s, {again.seconds:.1f} s)")
    print(f"full rebuild / raw encode    {rate / (len(texts) / encode):.3f}   (rate; 1 is as fast)")
    for name, report in {"unchanged": unchanged, "one changed": one, "1 % changed": hundredth}.items():
        changes = f"{report.seconds:.2f} s, {report.changed} articles, {report.embedded} embedded"
        print(f"{name + ' / full':29}{report.seconds / seconds:.4f}  (time; {changes})")
    print(f"grown against built at once  {grown.compared_with(at_once)}")


@dataclass(frozen=True, slots=True)
class Contents:
    """What an index holds and says.

    Attributes:
        passages: Ids, in the order of the rows.
        vectors: (n, dimension) float32.
        answers: As JSON, without what is of the ask alone.
    """

    passages: list[str]
    vectors: Floats
    answers: list[dict[str, Any]]

    def compared_with(self, other: Contents) -> str:
        """Say what is the same."""
        same = self.passages == other.passages
        apart = float(np.abs(self.vectors - other.vectors).max()) if same else float("nan")
        alike = sum(one == two for one, two in zip(self.answers, other.answers, strict=True))
        return (
            f"passages {'the same' if same else 'DIFFERENT'}, "
            f"vectors {'the same' if apart <= ROUNDING else 'DIFFERENT'} (at most {apart:.1e} apart), "
            f"{alike} of {len(self.answers)} answers the same"
        )


def _changed(articles: Sequence[Article], places: Sequence[int]) -> list[Article]:
    """Return the articles, those in these places with a sentence more."""
    chosen = set(places)
    return [
        replace(article, text=f"Sentence number {i} is new. {article.text}") if i in chosen else article
        for i, article in enumerate(articles)
    ]


def _contents(home: Path, embedder: Embedder, queries: Sequence[str]) -> Contents:
    """Read what the index that serves holds, and ask it."""
    folder = current_folder(home)
    asker = Asker(home, IndexSettings(), embedder=embedder)
    asker.open()
    answers = [answer_to_json(asker.ask(read_question(query))) for query in queries]
    asker.close()
    said = [{name: value for name, value in answer.items() if name not in OF_THE_ASK} for answer in answers]
    return Contents([passage.id for passage in PassageTable(folder / "passages")], load_vectors(folder / "dense"), said)


def _texts(home: Path, embedder: Embedder) -> list[str]:
    """Return every passage as the model reads it."""
    folder = current_folder(home)
    archive = Archive(folder / "articles.db")
    titles = {article.id: embedder.head(article.title) for article in archive.articles()}
    texts = {article.id: article.text for article in archive.articles()}
    passages = PassageTable(folder / "passages")
    archive.close()
    return [titles[p.article_id] + texts[p.article_id][p.start : p.end] for p in passages]


if __name__ == "__main__":
    main()
