"""Query to hits: dense and lexical candidates, ranked by late interaction, de-duplicated, neighbours merged."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from index.archive import Archive
from index.copies import Copies
from index.dense import DenseIndex
from index.embed import Embedder, Encoded
from index.errors import GenerationBroken, GenerationMismatch
from index.generations import REBUILD, read_manifest
from index.generations.lease import Lease
from index.hits import hit_of
from index.interaction import Match, match, no_match, read_query
from index.labels import Labels
from index.lexical import LexicalIndex
from index.merge import fold_copies, merge_neighbours, spread
from index.model import Article, Filter, Hit, Passage, Summary
from index.narrowed import Found, best_allowed
from index.passages import PassageTable
from index.rank import RANK_WEIGHTS, Candidate, freshness
from index.rerank import Reranker
from index.settings import IndexSettings
from index.support import Support, support
from index.tokens import TokenIndex
from index.unread import is_unread, match_terms
from index.versions import Version

# Taken from each half before they are fused, and kept of the fused list for late interaction.
CANDIDATES = 50
RANKED = 30


class Index:
    """One open generation and the model it is searched with. Safe to share between threads; they take turns.

    Attributes:
        summary: What the generation holds.
    """

    def __init__(
        self, folder: Path, settings: IndexSettings, embedder: Embedder, reranker: Reranker | None = None
    ) -> None:
        """Open the generation in `folder`.

        Raises:
            GenerationMismatch: It was built with other settings or another model.
            GenerationBroken: A part of it cannot be read.
        """
        manifest = read_manifest(folder)
        manifest.require(settings)
        if manifest.weights != embedder.fingerprint:
            raise GenerationMismatch(
                f"The index was built with other weights of {settings.model!r} than the ones that are loaded.",
                f"Put the model back that it was built with, or build it anew. {REBUILD} --full",
            )
        self.summary: Summary = manifest.summary()
        self.embedder = embedder
        self._reranker = reranker
        self._turn = threading.Lock()
        with ExitStack() as opened:
            opened.enter_context(closing(Lease(folder)))
            self._archive = opened.enter_context(closing(Archive(folder / "articles.db")))
            self._copies = Copies(folder / "copies")
            self._lexical = LexicalIndex(folder / "lexical")
            self._tokens = TokenIndex(folder / "tokens")
            self._passages = PassageTable(folder / "passages")
            self._labels = Labels(self._passages)
            self._dense = opened.enter_context(closing(DenseIndex(folder / "dense")))
            self._beside = opened.enter_context(ThreadPoolExecutor(1, thread_name_prefix="words"))
            self._opened = opened.pop_all()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def search(
        self, query: str, limit: int = 10, where: Filter | None = None, prefer: tuple[date, date] | None = None
    ) -> list[Hit]:
        """Return the passages that answer `query` best, best first.

        Passages that touch are merged into one hit; copies of a passage in other articles are named, not listed; no
        article fills the list while others have something to say.

        Args:
            query: Plain words.
            limit: The most hits to return.
            where: Which articles to search; all of them if not given.
            prefer: First and last of the days that are asked about: articles from near them rank higher, none is left
                out. The hits then have two features more: "fresh", 1 for an article of these days and less the farther
                from them, and "telling", 1 if no other article is of these days, 0 if all are.
        """
        where = where or Filter()
        with self._turn:
            encoded = self.embedder.encode_query(query)
            candidates = self._candidates(query, encoded, where, prefer)
            ranked = sorted(candidates, key=lambda candidate: -candidate.score)
            return self._hits(query, ranked, limit)

    def warm(self) -> None:
        """Have every part read now what it reads at its first search. Nothing is embedded: another thread may do so."""
        with self._turn:
            if self._passages:
                self._dense.search(self._dense.vectors[0], CANDIDATES)
                self._lexical.search(self._words(0)[0], CANDIDATES)
            if self._reranker is not None:
                self._reranker.load()

    def newest(self, limit: int, where: Filter | None = None, about: str = "") -> tuple[list[Hit], int]:
        """Return the first passages of the newest articles, newest first, and how many articles there are.

        Args:
            limit: The most hits to return; the count is of all.
            where: Which articles to look at; all of them if not given.
            about: Only articles with a passage that holds all of these words, in itself or in the title.
        """
        with self._turn:
            rows = self._labels.allowed(where or Filter())
            if about:
                rows = np.intersect1d(rows, np.array(self._lexical.holding(about), dtype=np.intp))
            # Numbers of articles, which stand by id: of one day, that order stays.
            found = np.unique(np.searchsorted(self._passages.first, rows, side="right") - 1)
            newest = found[np.argsort(-self._passages.published[found], kind="stable")]
            return [self._opening(number) for number in newest[:limit].tolist()], len(newest)

    def support(self, claim: str, passage_ids: Sequence[str]) -> list[Support]:
        """Return how far each sentence of these passages supports a claim; passages that are gone are left out."""
        rows = [row for name in passage_ids if (row := self._passages.row(name)) is not None]
        passages = [self._passages[row] for row in rows]
        with self._turn:
            encoded = self.embedder.encode_query(claim)
            query = read_query(claim, encoded, self._tokens)
            articles = [self._archive.article(passage.article_id) for passage in passages]
        found = zip(rows, passages, articles, strict=True)
        return [s for row, p, a in found if a for s in support(query, encoded.spans, p, a, self._tokens[row])]

    def article_ids(self) -> frozenset[str]:
        """Return the ids of all articles."""
        held = np.flatnonzero(np.diff(self._passages.first))
        return frozenset(self._passages.name(number) for number in held.tolist())

    def article(self, article_id: str) -> Article | None:
        """Return an article, or None if the generation has none of that id."""
        with self._turn:
            return self._archive.article(article_id)

    def versions(self, article_id: str) -> list[Version]:
        """Return the versions of an article, the first one first; none if there is no such article."""
        with self._turn:
            return self._archive.versions(article_id)

    def passage(self, passage_id: str) -> Passage | None:
        """Return a passage, or None if the generation has none of that id."""
        row = self._passages.row(passage_id)
        return self._passages[row] if row is not None else None

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return an article's passages in reading order; none if there is no such article."""
        number = self._passages.number(article_id)
        return [self._passages[row] for row in self._passages.rows_of(number)] if number is not None else []

    def copies(self, article_id: str) -> tuple[str, ...]:
        """Return the ids of the other articles that say the same in nearly the same words, the original first."""
        return self._copies.of(article_id)

    def close(self) -> None:
        """Let go of files and memory."""
        with self._turn:
            self._opened.close()

    def _candidates(
        self, query: str, encoded: Encoded, where: Filter, prefer: tuple[date, date] | None = None
    ) -> list[Candidate]:
        """Return the passages worth a closer look, with every signal of their match."""
        rows = self._labels.allowed(where) if where else None
        by_words = self._beside.submit(self._by_words, query, where, rows)  # both let go of Python's lock
        try:
            near = dict(self._by_vector(encoded, rows))
        finally:
            wait((by_words,))  # whose turn it is has ended both halves
        words = dict(by_words.result())
        missing = [row for row in words if row not in near]
        if missing:
            near.update(zip(missing, (self._dense.vectors[missing] @ encoded.vector).tolist(), strict=True))
        most = max(words.values(), default=0.0) or 1.0
        relative = {row: words.get(row, 0.0) / most for row in near}
        ranked = sorted(near, key=lambda row: -(near[row] + relative[row]))[:RANKED]
        matches = self._matches(query, encoded, ranked)
        fresh = self._fresh(ranked, prefer) if prefer else [{} for _ in ranked]
        return [
            Candidate(
                row,
                {
                    "cosine": near[row],
                    "bm25": relative[row],
                    "best": float(found.sentences["similarity"].max(initial=0)),
                    "best_overlap": float(found.sentences["overlap"].max(initial=0)),
                    "whole": found.whole,
                    "whole_overlap": found.whole_overlap,
                    **near_in_time,
                },
                found,
            )
            for row, found, near_in_time in zip(ranked, matches, fresh, strict=True)
        ]

    def _by_vector(self, encoded: Encoded, allowed: NDArray[np.intp] | None) -> Found:
        """Return the rows and cosines of the nearest passages, nearest first; of those allowed, if not all are."""

        def nearest(limit: int) -> Found:
            found = ((self._passages.row(name), cosine) for name, cosine in self._dense.search(encoded.vector, limit))
            return [(row, cosine) for row, cosine in found if row is not None]

        if allowed is None:
            return nearest(CANDIDATES)
        found = best_allowed(nearest, allowed, len(self._passages), CANDIDATES)
        return self._dense.search_among(encoded.vector, allowed, CANDIDATES) if found is None else found

    def _by_words(self, query: str, where: Filter, allowed: NDArray[np.intp] | None) -> Found:
        """Return the rows and scores of the passages that match by their words best, best first."""
        if allowed is not None:
            best = best_allowed(partial(self._lexical.search, query), allowed, len(self._passages), CANDIDATES)
            if best is not None:
                return best
        held_back = set(self._labels.rows_of(where.without).tolist())
        found = self._lexical.search(query, CANDIDATES + len(held_back), where)
        return [(row, score) for row, score in found if row not in held_back][:CANDIDATES]

    def _matches(self, query: str, encoded: Encoded, rows: Sequence[int]) -> list[Match]:
        if is_unread(query, encoded, self.embedder):
            return match_terms(query, [self._words(row) for row in rows], self._lexical)
        return match(read_query(query, encoded, self._tokens), [self._tokens[row] for row in rows])

    def _words(self, row: int) -> tuple[str, list[tuple[int, int]]]:
        """Return a passage's words and the spans of its sentences in them."""
        passage = self._passages[row]
        article = self._archive.article(passage.article_id)
        text = article.text[passage.start : passage.end] if article else ""
        return text, [(start, end) for start, end, _ in self._tokens[row].sentences.tolist()]

    def _fresh(self, rows: list[int], prefer: tuple[date, date]) -> list[dict[str, float]]:
        fresh = freshness(self._labels.published(rows), prefer)
        days, passages = self._labels.days
        # Where all articles are of these days, it says nothing of one that it is.
        telling = 1 - float(freshness(days, prefer) @ passages / max(1, passages.sum()))
        return [{"fresh": value, "telling": telling} for value in fresh.tolist()]

    def _hits(self, query: str, ranked: Sequence[Candidate], limit: int) -> list[Hit]:
        articles: dict[str, Article] = {}
        hits = []
        for candidate in ranked:
            name = self._passages[candidate.row].article_id
            if name not in articles:
                articles[name] = self._article(name)
            hits.append(self._hit(candidate, articles[name]))
        hits = fold_copies(hits, self._copies.of)
        if self._reranker is not None:
            hits = self._reranker.rerank(query, hits)
        return merge_neighbours(spread(hits))[:limit]

    def _article(self, article_id: str) -> Article:
        found = self._archive.article(article_id)
        if found is None:
            raise GenerationBroken(f"The index has no article {article_id!r}.", REBUILD)
        return found

    def _opening(self, number: int) -> Hit:
        """Return the first passage of an article, unmatched with anything."""
        row, name = self._passages.rows_of(number).start, self._passages.name(number)
        nothing = no_match(len(self._tokens[row].sentences))
        return self._hit(Candidate(row, dict.fromkeys(RANK_WEIGHTS, 0.0), nothing), self._article(name))

    def _hit(self, candidate: Candidate, article: Article) -> Hit:
        return hit_of(candidate, self._passages[candidate.row], article, self._tokens[candidate.row].sentences)
