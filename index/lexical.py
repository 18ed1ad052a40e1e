"""The lexical part of a generation: a tantivy index of the passages' terms, ranked by BM25."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import GenerationBroken
from index.language import article_language
from index.model import Article, Filter
from index.terms import latin, terms

if TYPE_CHECKING:
    import tantivy

_TERMS = "terms"
_LANGUAGES = "languages.json"
_SEARCHED = ("text", "title")

# A question of more distinct words than this is not a question; tantivy's cost grows with every word.
MAX_TERMS = 64


class LexicalIndex:
    """BM25 over passages, each with its article's title."""

    def __init__(self, folder: Path) -> None:
        """Open the index that `write_lexical` left in `folder`.

        Raises:
            GenerationBroken: It cannot be read.
        """
        import tantivy

        try:
            self._index = tantivy.Index.open(str(folder))
            self._languages: list[str] = json.loads((folder / _LANGUAGES).read_text("utf-8"))
        except Exception as error:
            raise GenerationBroken(
                f"The word index in {folder} cannot be read: {error}.", "Build the index again with --full."
            ) from error
        self._index.register_tokenizer(_TERMS, _ready())
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def terms(self, text: str) -> list[str]:
        """Return the distinct terms that `text` is searched by, as each of the articles' languages would have them."""
        return list(dict.fromkeys(term for language in self._languages for term in self._terms(text, language)))

    def _terms(self, text: str, language: str) -> list[str]:
        return list(dict.fromkeys(terms(text, language, asked=True)))[:MAX_TERMS]

    def rarity(self, term: str) -> float:
        """Return a term's inverse document frequency, as BM25 has it: at least 0."""
        passages, having = len(self), int(self._searcher.doc_freq("text", term))
        return math.log1p((passages - having + 0.5) / (having + 0.5))

    def search(self, query: str, limit: int, where: Filter | None = None) -> list[tuple[int, float]]:
        """Return rows and BM25 scores of the best passages, best first.

        Args:
            query: Plain words; nothing in it is query syntax.
            limit: The most passages to return.
            where: If given, only passages of the articles it lets through.
        """
        import tantivy

        asked = self._asked(query)
        if not asked:
            return []
        wanted = _any([self._scored(words, language) for language, words in asked])
        if where:
            must = [(tantivy.Occur.Must, _without_score(condition)) for condition in self._conditions(where)]
            wanted = tantivy.Query.boolean_query([(tantivy.Occur.Must, wanted), *must])
        found = self._searcher.search(wanted, limit, count=False)
        return [(self._row(address), float(score)) for score, address in found.hits]

    def holding(self, words: str) -> list[int]:
        """Return the rows of the passages that hold every one of the words, in their text or their article's title."""
        import tantivy

        if not len(self):
            return []
        asked = self._asked(words)
        if not asked:
            return []
        every = []
        for language, own in asked:
            each = [_without_score(self._scored([word], language)) for word in own]
            every.append(tantivy.Query.boolean_query([(tantivy.Occur.Must, word) for word in each]))
        return [self._row(address) for _, address in self._searcher.search(_any(every), len(self), count=False).hits]

    def _asked(self, text: str) -> list[tuple[str, list[str]]]:
        """Return each of the articles' languages with the terms that it has for a text, if any."""
        asked = [(language, self._terms(text, language)) for language in self._languages]
        return [(language, found) for language, found in asked if found]

    def _scored(self, words: Sequence[str], language: str) -> tantivy.Query:
        """Any of the words, scored by BM25; among several languages, in the articles of this one alone.

        A word's stem in one language may be another word's in the next: "news" would find "new".
        """
        import tantivy

        schema = self._index.schema
        found = _any([tantivy.Query.term_query(schema, field, word) for word in words for field in _SEARCHED])
        if len(self._languages) == 1:
            return found
        own = _without_score(tantivy.Query.term_query(schema, "language", language))
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, own), (tantivy.Occur.Must, found)])

    def _conditions(self, where: Filter) -> Iterator[tantivy.Query]:
        import tantivy

        schema = self._index.schema
        if where.since or where.until:
            first = where.since.toordinal() if where.since else 1
            last = where.until.toordinal() if where.until else date.max.toordinal()
            yield tantivy.Query.range_query(schema, "published", tantivy.FieldType.Unsigned, first, last)
        if where.sources:
            yield tantivy.Query.term_set_query(schema, "source", [name.casefold() for name in where.sources])

    def _row(self, address: tantivy.DocAddress) -> int:
        return int(self._searcher.doc(address)["row"][0])


def write_lexical(folder: Path, language: str, passages: Iterable[tuple[int, Article, str]]) -> dict[str, int]:
    """Write the lexical part of a new generation, and return how many articles are in which language.

    Args:
        folder: Of the new part; must not exist yet.
        language: ISO 639-1 code of the articles' language; "auto" has each article's own found out.
        passages: Row, article and words of each passage, those of an article together.
    """
    import tantivy

    folder.mkdir(parents=True)
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=True)
    # The day as date.toordinal() counts; 0 for an article without a date, which no range of days includes.
    builder.add_unsigned_field("published", indexed=True, fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name=_TERMS, index_option="freq")
    builder.add_text_field("text", tokenizer_name=_TERMS, index_option="freq")
    index = tantivy.Index(builder.build(), path=str(folder))
    index.register_tokenizer(_TERMS, _ready())
    writer = index.writer(heap_size=128_000_000, num_threads=1)
    languages: Counter[str] = Counter()
    for article, rows in itertools.groupby(passages, key=lambda passage: passage[1]):
        own = article_language(article, language)
        languages[own] += 1
        title = " ".join(terms(article.title, own))
        for row, _, text in rows:
            writer.add_document(_document(row, article, latin(own), title, " ".join(terms(text, own))))
    writer.commit()
    writer.wait_merging_threads()
    stemmed = dict.fromkeys(latin(code) for code, _ in languages.most_common())
    (folder / _LANGUAGES).write_text(json.dumps(list(stemmed)), "utf-8")
    return dict(languages.most_common())


def _document(row: int, article: Article, language: str, title: str, text: str) -> tantivy.Document:
    import tantivy

    document = tantivy.Document()
    document.add_unsigned("row", row)
    document.add_unsigned("published", article.published.toordinal() if article.published else 0)
    document.add_text("source", (article.source or "").casefold())
    document.add_text("language", language)
    document.add_text("title", title)
    document.add_text("text", text)
    return document


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    import tantivy

    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _without_score(condition: tantivy.Query) -> tantivy.Query:
    """A condition that lets through or not, and adds nothing to the score."""
    import tantivy

    return tantivy.Query.const_score_query(condition, 0.0)


def _ready() -> tantivy.TextAnalyzer:
    """Return what takes text apart that is terms already: how a term comes about depends on its article's language."""
    import tantivy

    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
