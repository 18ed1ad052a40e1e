"""How fast a rebuild is: full against raw `encode` of the same passages, unchanged and one changed against full.

python -m bench.rebuild [--articles 1000] [--corpus FILE]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench.corpus import read, write
from index import IndexSettings, build
from index.archive import Archive
from index.embed import Embedder
from index.generations import current_folder
from index.passages import PassageTable


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--corpus", type=Path, help="articles as JSON Lines; made up if not given")
    options = parser.parse_args()
    articles = read(options.corpus, options.articles)
    settings = IndexSettings()
    embedder = Embedder(settings)
    with tempfile.TemporaryDirectory() as folder:
        home, file = Path(folder) / "home", Path(folder) / "articles.jsonl"
        write(articles, file)
        full = build([file], home, settings, embedder=embedder)
        texts = _texts(home, embedder)
        unchanged = build([file], home, settings, embedder=embedder)
        one = replace(articles[len(articles) // 2], text=f"One sentence is new. {articles[len(articles) // 2].text}")
        write([*articles[: len(articles) // 2], one, *articles[len(articles) // 2 + 1 :]], file)
        changed = build([file], home, settings, embedder=embedder)
        before = time.perf_counter()
        embedder.model.encode(texts, batch_size=32, convert_to_numpy=True, show_progress_bar=False)
        encode = time.perf_counter() - before
        # The machine may have drifted: the build is measured on both sides of the encoding.
        again = build([file], home, settings, embedder=embedder, full=True)
    rate = len(texts) / ((full.seconds + again.seconds) / 2)
    print(f"articles                     {len(articles)}")
    print(f"passages                     {full.passages}")
    print(f"raw encode                   {len(texts) / encode:.1f} passages/s")
    print(f"full rebuild                 {rate:.1f} passages/s ({full.seconds:.1f} s, {again.seconds:.1f} s)")
    print(f"full rebuild / raw encode    {rate / (len(texts) / encode):.3f}   (rate; 1 is as fast)")
    print(f"unchanged / full             {unchanged.seconds / full.seconds:.4f}  (time, {unchanged.seconds:.2f} s)")
    print(f"one changed / full           {changed.seconds / full.seconds:.4f}  (time, {changed.seconds:.2f} s)")


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
