"""Write the parts of a new generation: cut and embed what is new, take over what is not."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.archive import write_archive
from index.background import Background
from index.copies import read_likeness, write_copies
from index.dense import DenseWriter, Metadata
from index.duplicates import Likeness, compare
from index.embed import WINDOW, Embedder, Floats
from index.errors import GenerationBroken
from index.generations import read_manifest
from index.generations.checksums import differences
from index.lexical import write_lexical
from index.model import LATE_INTERACTION, WORD_OVERLAP, Article
from index.passages import Columns, write_passages
from index.plan import NEW, REPEATED, Before, Plan, plan_rows
from index.progress import Progress
from index.settings import IndexSettings
from index.tokens import Language, PassageTokens, TokenWriter, learn_language, passage_tokens

logger = logging.getLogger(__name__)

# Ordinary prose of our own, so that what is learned from it depends on the model alone: an index that grew by
# increments is then the same as one that was built at once.
_SAMPLE = Path(__file__).with_name("sample.txt")

# Files that are named where more are damaged.
_DIFFERENCES_NAMED = 5


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
class _Block:
    """Rows that can be written, those before them being written already.

    Attributes:
        embedded: The vector and the tokens of those that were embedded, by row.
    """

    first: int
    end: int
    embedded: dict[int, tuple[Floats, PassageTokens]] = field(default_factory=dict)


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

    Passages are embedded on the caller's thread, window by window, while a thread of its own writes what is ready. A
    few windows are in memory at a time, however many passages there are.

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
    plan = plan_rows(articles, fresh, before, embedder.tokenize, settings, progress)
    language = before.tokens.language if before is not None else _learn_language(embedder)
    inventory = [articles[name] for name in plan.articles]
    new = int(np.count_nonzero(plan.before < 0))
    languages: dict[str, int] = {}

    with ExitStack() as opened:
        dense = opened.enter_context(
            closing(
                DenseWriter(workshop / "dense", embedder.dimension, new, before.folder / "dense" if before else None)
            )
        )
        tokens = opened.enter_context(
            closing(TokenWriter(workshop / "tokens", language, before.tokens if before else None))
        )
        background = opened.enter_context(Background())
        background.run(lambda: write_archive(workshop / "articles.db", inventory))
        background.run(lambda: write_passages(workshop / "passages", plan.columns, inventory))
        background.run(
            lambda: languages.update(
                write_lexical(workshop / "lexical", settings.language, _words(plan.columns, inventory))
            )
        )
        background.run(partial(_write_copies, workshop, articles, fresh, before))
        if before is not None:
            background.run(partial(_change, dense, before, plan, inventory, fresh))
        progress.begin("embed", new)
        for block in _embed(plan, inventory, embedder, language, progress):
            background.run(partial(_write, block, plan, inventory, dense, tokens))
        progress.end()
        progress.begin("write", None)
        background.run(tokens.finish)
        background.run(dense.finish)
        background.finish()
        progress.end()
    reader = LATE_INTERACTION if embedder.gives_tokens else WORD_OVERLAP
    return Assembled(embedder.fingerprint, len(plan), new, before is None, reader, languages)


def _before(previous: Path | None, embedder: Embedder) -> Before | None:
    """Return what can be taken over; nothing if the generation before is damaged or of other weights."""
    if previous is None or read_manifest(previous).weights != embedder.fingerprint:
        return None  # the same name, other weights: their vectors cannot stand side by side
    # What is taken over is copied unseen, and gets checksums of its own: a flipped bit would count as sound from then
    # on, and a damaged graph can keep Chroma busy for ever.
    found: object = " ".join(differences(previous)[:_DIFFERENCES_NAMED])
    if not found:
        try:
            return Before(previous)
        except (GenerationBroken, OSError, ValueError) as error:
            found = error
    logger.warning("Nothing can be taken over from the index before, everything is embedded anew: %s", found)
    return None


def _embed(
    plan: Plan, articles: Sequence[Article], embedder: Embedder, language: Language, progress: Progress
) -> Iterator[_Block]:
    """Embed what is new, a window at a time, and yield the rows up to the last of each, and then the others."""
    first = 0
    new = np.flatnonzero(plan.before == NEW)
    for begin in range(0, len(new), WINDOW):
        rows = new[begin : begin + WINDOW].tolist()
        end = int(new[begin + WINDOW]) if begin + WINDOW < len(new) else len(plan)
        titles, texts, starts = [], [], []
        for row, article in zip(rows, _articles_of(rows, plan.columns, articles), strict=True):
            start, stop = plan.columns.span(row)
            titles.append(article.title)
            texts.append(article.text[start:stop])
            starts.append(start)
        block = _Block(first, end)
        for k, encoded in embedder.encode_passages(titles, texts, language.projection):
            tokens = passage_tokens(encoded, plan.sentences(rows[k]), starts[k])
            block.embedded[rows[k]] = encoded.vector, tokens
            progress.advance()
        progress.advance(int(np.count_nonzero(plan.before[first:end] == REPEATED)))
        yield block
        first = end
    if first < len(plan):
        yield _Block(first, len(plan))


def _write(block: _Block, plan: Plan, articles: Sequence[Article], dense: DenseWriter, tokens: TokenWriter) -> None:
    """Write the vectors and tokens of a block of rows."""
    for first, end in _runs(plan.before, block.first, block.end):
        before = int(plan.before[first])
        if before >= 0:
            dense.take_over(before, before + end - first)
            tokens.take_over(before, before + end - first)
            continue
        rows = range(first, end)
        vectors = []
        for row in rows:
            vector, found = block.embedded.get(plan.same.get(row, row), (None, None))
            if vector is None or found is None:  # the same as one of a block before
                vector = dense.vector(plan.same[row])
                tokens.repeat(plan.same[row])
            else:
                tokens.append(found)
            vectors.append(vector)
        labels = [_metadata(article) for article in _articles_of(rows, plan.columns, articles)]
        dense.append([plan.columns.id(row) for row in rows], np.stack(vectors), labels)


def _runs(before: NDArray[np.int32], first: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of rows that are all new, or that stood together in the generation before."""
    some = before[first:end].astype(np.int64)
    taken = some >= 0
    breaks = np.where(taken[1:] & taken[:-1], np.diff(some) != 1, taken[1:] != taken[:-1])
    edges = [first, *(np.flatnonzero(breaks) + first + 1).tolist(), end]
    yield from itertools.pairwise(edges)


def _change(dense: DenseWriter, before: Before, plan: Plan, articles: Sequence[Article], fresh: set[str]) -> None:
    """Take out of the collection what is gone, and correct what is kept beside passages of articles that changed."""
    gone = np.ones(len(before.passages), dtype=np.bool_)
    gone[plan.before[plan.before >= 0]] = False
    dense.remove([before.passages.id(row) for row in np.flatnonzero(gone).tolist()])
    rows = [row for k, name in enumerate(plan.articles) if name in fresh for row in plan.columns.rows_of(k)]
    stay = [row for row in rows if plan.before[row] >= 0]
    labels = [_metadata(article) for article in _articles_of(stay, plan.columns, articles)]
    dense.relabel([plan.columns.id(row) for row in stay], labels)


def _write_copies(workshop: Path, articles: Mapping[str, Article], fresh: set[str], before: Before | None) -> None:
    """Write which articles are copies of which; only those that are new or changed are compared with the others."""
    if before is None:
        likeness = compare(articles, articles.keys(), Likeness())
    else:
        likeness = compare(articles, fresh, read_likeness(before.folder / "copies"))
    write_copies(workshop / "copies", likeness, articles)


def _learn_language(embedder: Embedder) -> Language:
    texts = _SAMPLE.read_text(encoding="utf-8").strip().split("\n\n")
    encoded = embedder.encode_passages([""] * len(texts), texts)
    return learn_language((sample for _, sample in encoded), embedder.vocabulary)


def _words(columns: Columns, articles: Sequence[Article]) -> Iterator[tuple[int, Article, str]]:
    for k, article in enumerate(articles):
        for row in columns.rows_of(k):
            start, end = columns.span(row)
            yield row, article, article.text[start:end]


def _articles_of(rows: Sequence[int], columns: Columns, articles: Sequence[Article]) -> list[Article]:
    """Return the article of each row."""
    numbers = np.searchsorted(np.frombuffer(columns.first, dtype=np.int64), rows, side="right") - 1
    return [articles[number] for number in numbers.tolist()]


def _metadata(article: Article) -> Metadata:
    """What Chroma keeps beside a vector; the day as a number such as 20261103, since Chroma compares numbers only."""
    metadata: dict[str, str | int] = {"article_id": article.id, "source": article.source or ""}
    if article.published is not None:
        metadata["published"] = int(f"{article.published:%Y%m%d}")
    return metadata
