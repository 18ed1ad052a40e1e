"""What the index is made of: articles, the passages cut from them, and the hits a search returns.

Frozen values, standard library only. Offsets count characters (Python code points) of `Article.text`.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

# How an index scores sentences: by the model's token vectors, or where it gives none, by the words alone.
LATE_INTERACTION = "late interaction"
WORD_OVERLAP = "word overlap"


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its source gave it.

    Attributes:
        id: Stable across rebuilds; given by the source or derived from the file's path or the URL.
        title: One line; may be empty.
        text: Kept exactly as the source gave it: every offset in Footnote points into this string.
        url: The article's own address (http or https), if it has one.
        published: The day it was published, if known.
        source: The publisher's name, as people filter by it.
        authors: Names, in the order given.
        pages: Where each page begins in the text, in the order of the pages; empty for an article that has none.
    """

    id: str
    title: str
    text: str
    url: str | None = None
    published: date | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()

    @property
    def content_hash(self) -> str:
        """A hash of everything the article says: equal hashes mean nothing has changed."""
        published = self.published.isoformat() if self.published else ""
        pages = (" ".join(map(str, self.pages)),) if self.pages else ()
        said = (self.id, self.title, self.url or "", published, self.source or "", *self.authors, self.text)
        return _digest(*said, *pages)

    def page_of(self, offset: int) -> int | None:
        """Return the number, from 1, of the page that a place in the text is on; None for an article without pages."""
        return max(bisect_right(self.pages, offset), 1) if self.pages else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of one article: `article.text[start:end]`."""

    id: str
    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A span of one article that reads as one sentence, with how well it matches a query.

    Attributes:
        passage_id: The passage it is in.
        start: First character, in the article's text.
        end: One past the last character; surrounding white space is not part of it.
        features: Named match signals, each larger for a better match (see `index.retrieve`).
    """

    passage_id: str
    start: int
    end: int
    features: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query, widened to the passages that it touches where those were found too.

    Attributes:
        passage: The best of them.
        score: Larger is better; comparable within one search only.
        start: First character of the whole, in the article's text.
        end: One past its last character.
        sentences: The sentences of the whole in reading order, with their match signals.
        copies: Ids of other articles that carry the passage, word for word or nearly so (syndicated copies).
        features: Match signals of the passage by name.
    """

    passage: Passage
    article: Article
    score: float
    start: int
    end: int
    sentences: tuple[Sentence, ...] = ()
    copies: tuple[str, ...] = ()
    features: dict[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The words of the whole."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles a search may return. Empty means all of them.

    An article without a date passes only when neither `since` nor `until` is given.

    Attributes:
        since: First day, inclusive.
        until: Last day, inclusive.
        sources: Publishers' names, compared without regard to case.
        without: Ids of articles to leave out, as if they were not there.
    """

    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None or bool(self.sources) or bool(self.without)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a generation holds, for people.

    Attributes:
        generation: Its id.
        articles: How many.
        passages: How many.
        oldest: Earliest publication day among dated articles.
        newest: Latest publication day among dated articles.
        undated: Articles without a date.
        sources: Publisher's name to number of articles, most articles first.
        model: Name of the embedding model it was built with.
        built_at: UTC, ISO 8601, to the second.
        reader: How sentences are scored.
        languages: ISO 639-1 code to number of articles, most articles first.
        weights: Fingerprint of the embedding model's weights.
    """

    generation: str
    articles: int
    passages: int
    oldest: date | None
    newest: date | None
    undated: int
    sources: dict[str, int]
    model: str
    built_at: str
    reader: str = LATE_INTERACTION
    languages: dict[str, int] = field(default_factory=dict)
    weights: str = ""


def passage_id(article_id: str, title: str, text: str, occurrence: int = 0) -> str:
    """The content hash that names a passage: the same words in the same article keep their id.

    Args:
        article_id: The article it is cut from.
        title: The article's title, which is embedded in front of the passage.
        text: The passage's own words.
        occurrence: 0 for the first passage of these words in the article, 1 for the second, and so on.
    """
    return _digest(article_id, title, text, str(occurrence))


def _digest(*parts: str) -> str:
    """Hash strings with their lengths, so that no two lists of parts run together into one."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little"))
        digest.update(encoded)
    return digest.hexdigest()
