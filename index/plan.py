"""What a new generation will hold: each passage, and whether it is embedded, taken over, or the same as another."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.chunk import Cut, Span, TokenSpans, cut_article
from index.dense import load_vectors
from index.model import Article
from index.passages import Columns, PassageTable
from index.progress import Progress
from index.settings import IndexSettings
from index.tokens import TokenIndex


class Before:
    """What the generation before has to hand on.

    Attributes:
        folder: Where it is.
        passages: Its passages.
        tokens: Their tokens.
    """

    def __init__(self, folder: Path) -> None:
        """Open it.

        Raises:
            GenerationBroken: A part cannot be read.
            OSError: So it is.
            ValueError: The parts do not agree.
        """
        self.folder = folder
        self.passages = PassageTable(folder / "passages")
        self.tokens = TokenIndex(folder / "tokens")
        if not len(self.passages) == len(self.tokens) == len(load_vectors(folder / "dense")):
            raise ValueError("its parts hold different numbers of passages")


class Plan:
    """The rows of a new generation, by article id and place in the article, whatever was taken over.

    Attributes:
        columns: All passages.
        before: (n,) int32: each passage's row in the generation before; -1 if it has to be embedded, -2 if it is the
            same as one before it.
        same: The row of the one before it, by row.
        articles: The articles' ids in the order of their rows.
    """

    def __init__(self) -> None:
        self.columns = Columns()
        self.before: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.same: dict[int, int] = {}
        self.articles: list[str] = []
        self._sentences = array("i")
        self._sentence_ends = array("q")

    def __len__(self) -> int:
        return len(self.columns)

    def add(self, cut: Cut) -> None:
        """Add a passage of the article under way."""
        self.columns.add(cut.passage)
        for span in cut.sentences:
            self._sentences.extend(span)
        self._sentence_ends.append(len(self._sentences))

    def take_over(self, ids: bytes, spans: NDArray[np.int32]) -> None:
        """Add passages that are taken over, as `PassageTable.columns` gives them."""
        self.columns.ids += ids
        self.columns.spans.frombytes(spans.tobytes())
        self._sentence_ends.extend([len(self._sentences)] * len(spans))

    def sentences(self, row: int) -> list[Span]:
        """Return the spans of a passage's sentences in its article; none of one that is taken over."""
        begin, end = self._sentence_ends[row - 1] if row else 0, self._sentence_ends[row]
        flat = self._sentences[begin:end]
        return list(zip(flat[::2], flat[1::2], strict=True))


NEW, REPEATED = -1, -2


def plan_rows(
    articles: Mapping[str, Article],
    fresh: set[str],
    before: Before | None,
    tokenize: TokenSpans,
    settings: IndexSettings,
    progress: Progress,
) -> Plan:
    """Cut what is new or changed, and find for each passage where its vectors come from.

    Args:
        articles: All articles of the new generation, by id.
        fresh: Ids of those that are new or changed.
        before: What can be taken over, if anything can.
        tokenize: The embedding model's tokenizer.
        settings: How to cut.
        progress: Told how it gets on.
    """
    plan = Plan()
    places = array("i")
    firsts: dict[bytes, int] = {}
    progress.begin("split", len(articles))
    for name in sorted(articles):
        number = before.passages.number(name) if before is not None and name not in fresh else None
        if before is not None and number is not None:
            plan.take_over(*before.passages.columns(number))
            places.extend(before.passages.rows_of(number))
        else:
            for cut in cut_article(articles[name], tokenize, settings.passage_tokens, settings.language):
                row = before.passages.row(cut.passage.id) if before is not None else None
                if row is None:
                    # Syndicated articles share passages word for word: each is embedded once.
                    first = firsts.setdefault(_content(cut, articles[name]), len(plan))
                    if first != len(plan):
                        plan.same[len(plan)] = first
                    row = NEW if first == len(plan) else REPEATED
                places.append(row)
                plan.add(cut)
        plan.columns.end_article()
        plan.articles.append(name)
        progress.advance()
    progress.end()
    plan.before = np.array(places, dtype=np.int32)
    return plan


def _content(cut: Cut, article: Article) -> bytes:
    """A hash of what is embedded of a passage, and of how it is divided."""
    start, end = cut.passage.start, cut.passage.end
    digest = hashlib.blake2b(digest_size=16)
    digest.update(repr([(first - start, last - start) for first, last in cut.sentences]).encode())
    for part in (article.title, article.text[start:end]):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little"))
        digest.update(encoded)
    return digest.digest()
