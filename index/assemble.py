"""Write the parts of a new generation: cut and embed what is new, take over what is not."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from index.archive import Archive, write_archive
from index.chunk import Span, cut_article
from index.dense import load_vectors, write_dense
from index.embed import Embedder, Floats
from index.errors import GenerationBroken
from index.generations import read_manifest
from index.lexical import write_lexical
from index.model import LATE_INTERACTION, WORD_OVERLAP, Article, Passage
from index.progress import Progress
from index.settings import IndexSettings
from index.tokens import Language, PassageTokens, TokenIndex, learn_language, passage_tokens, write_tokens

logger = logging.getLogger(__name__)

# Ordinary prose of our own, so that what is learned from it depends on the model alone: an index that grew by
# increments is then the same as one that was built at once.
_SAMPLE = Path(__file__).with_name("sample.txt")


@dataclass(frozen=True, slots=True)
class Assembled:
    """What was written.

    Attributes:
        weights: Fingerprint of the model that embedded.
        passages: In the new generation.
        embedded: Of them, those that were embedded for it.
        anew: Nothing was taken over from the generation before.
        reader: How sentences are scored: one of the names in `index.model`.
        languages: ISO 639-1 code to number of articles.
    """

    weights: str
    passages: int
    embedded: int
    anew: bool
    reader: str
    languages: Mapping[str, int]


@dataclass(slots=True)
class _Row:
    """One passage of the new generation, and where its vectors come from.

    Attributes:
        before: Its row in the generation before, or -1 if it has to be embedded.
        sentences: Their spans in the article; empty where they are taken over.
    """

    passage: Passage
    before: int
    sentences: tuple[Span, ...] = ()


class _Before:
    """What the generation before has to hand on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        archive = Archive(folder / "articles.db")
        self.passages = archive.passages()
        self.labels = archive.labels()
        archive.close()
        self.row = {passage.id: row for row, passage in enumerate(self.passages)}
        self.rows_of_article: dict[str, list[int]] = defaultdict(list)
        for row, passage in enumerate(self.passages):
            self.rows_of_article[passage.article_id].append(row)
        self.vectors = load_vectors(folder / "dense")
        self.tokens = TokenIndex(folder / "tokens")

    def metadata(self) -> dict[str, dict[str, str | int]]:
        return {p.id: _metadata(p, *self.labels[p.article_id]) for p in self.passages}


def assemble(
    workshop: Path,
    articles: Mapping[str, Article],
    fresh: set[str],
    previous: Path | None,
    settings: IndexSettings,
    progress: Progress,
    embedder: Embedder | None = None,
) -> Assembled:
    """Write every part of a generation but its manifest into `workshop`.

    Args:
        workshop: An empty folder.
        articles: All articles of the new generation, by id.
        fresh: Ids of those that are new or changed.
        previous: The generation before, if its vectors may be taken over.
        settings: How to build.
        progress: Told how it gets on.
        embedder: A model that is loaded already.
    """
    embedder = embedder or Embedder(settings)
    before = _before(previous, embedder)

    rows = _cut(articles, fresh, before, embedder, settings, progress)
    new = [i for i, row in enumerate(rows) if row.before < 0]
    language = before.tokens.language if before is not None else _learn_language(embedder)
    vectors, tokens = _embed(rows, articles, before, embedder, language, progress)

    progress.begin("write", len(rows))
    write_archive(workshop / "articles.db", articles.values(), [row.passage for row in rows])
    write_tokens(workshop / "tokens", tokens, language)
    languages = write_lexical(workshop / "lexical", settings.language, _words(rows, articles))
    write_dense(
        workshop / "dense",
        vectors,
        [row.passage.id for row in rows],
        [
            _metadata(row.passage, articles[row.passage.article_id].published, articles[row.passage.article_id].source)
            for row in rows
        ],
        previous=before.folder / "dense" if before else None,
        previous_metadata=before.metadata() if before else None,
    )
    progress.advance(len(rows))
    progress.end()
    reader = LATE_INTERACTION if embedder.gives_tokens else WORD_OVERLAP
    return Assembled(embedder.fingerprint, len(rows), len(new), before is None, reader, languages)


def _before(previous: Path | None, embedder: Embedder) -> _Before | None:
    """Return what can be taken over; nothing if the generation before is damaged or of other weights."""
    if previous is None or read_manifest(previous).weights != embedder.fingerprint:
        return None  # the same name, other weights: their vectors cannot stand side by side
    try:
        return _Before(previous)
    except (GenerationBroken, OSError, ValueError) as error:
        logger.warning("Nothing can be taken over from the index before, everything is embedded anew: %s", error)
        return None


def _cut(
    articles: Mapping[str, Article],
    fresh: set[str],
    before: _Before | None,
    embedder: Embedder,
    settings: IndexSettings,
    progress: Progress,
) -> list[_Row]:
    """Return all rows, by article id and place in the article, whatever was taken over."""
    progress.begin("split", len(articles))
    rows: list[_Row] = []
    for name in sorted(articles):
        if before is not None and name not in fresh:
            rows.extend(_Row(before.passages[row], row) for row in before.rows_of_article[name])
        else:
            for cut in cut_article(articles[name], embedder.tokenize, settings.passage_tokens, settings.language):
                taken = before.row.get(cut.passage.id, -1) if before is not None else -1
                rows.append(_Row(cut.passage, taken, cut.sentences))
        progress.advance()
    progress.end()
    return rows


def _embed(
    rows: Sequence[_Row],
    articles: Mapping[str, Article],
    before: _Before | None,
    embedder: Embedder,
    language: Language,
    progress: Progress,
) -> tuple[Floats, list[PassageTokens]]:
    """Return (n, dimension) vectors and the tokens of all rows."""
    vectors = np.empty((len(rows), embedder.dimension), dtype=np.float32)
    tokens: dict[int, PassageTokens] = {}
    # Syndicated articles share passages word for word: each is embedded once.
    same: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        if row.before >= 0 and before is not None:
            vectors[i] = before.vectors[row.before]
            tokens[i] = before.tokens[row.before]
        else:
            article = articles[row.passage.article_id]
            same[article.title, article.text[row.passage.start : row.passage.end]].append(i)
    progress.begin("embed", sum(map(len, same.values())))
    places = list(same.values())
    titles, texts = [title for title, _ in same], [text for _, text in same]
    for k, encoded in embedder.encode_passages(titles, texts, language.projection):
        for i in places[k]:
            vectors[i] = encoded.vector
            tokens[i] = passage_tokens(encoded, rows[i].sentences, rows[i].passage.start)
        progress.advance(len(places[k]))
    progress.end()
    return vectors, [tokens[i] for i in range(len(rows))]


def _learn_language(embedder: Embedder) -> Language:
    texts = _SAMPLE.read_text(encoding="utf-8").strip().split("\n\n")
    encoded = embedder.encode_passages([""] * len(texts), texts)
    return learn_language((sample for _, sample in encoded), embedder.vocabulary)


def _words(rows: Sequence[_Row], articles: Mapping[str, Article]) -> Iterator[tuple[int, Article, str]]:
    for i, row in enumerate(rows):
        article = articles[row.passage.article_id]
        yield i, article, article.text[row.passage.start : row.passage.end]


def _metadata(passage: Passage, published: date | None, source: str | None) -> dict[str, str | int]:
    """What Chroma keeps beside a vector; the day as a number such as 20261103, since Chroma compares numbers only."""
    metadata: dict[str, str | int] = {"article_id": passage.article_id, "source": source or ""}
    if published is not None:
        metadata["published"] = int(f"{published:%Y%m%d}")
    return metadata
