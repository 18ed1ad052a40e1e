"""From spans of retrieved articles to citations, each checked against its article before anybody sees it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from bot.model import Citation
from index.model import Article, Hit, Sentence

logger = logging.getLogger(__name__)


def cite(hit: Hit, first: Sentence, last: Sentence, named_by: Sentence) -> Citation:
    """Quote a run of sentences of a hit.

    Args:
        hit: The hit they are in.
        first: The run's first sentence.
        last: The run's last sentence.
        named_by: The sentence the quote is there for; its passage is the one the citation names.
    """
    article = hit.article
    return Citation(
        n=0,
        article_id=article.id,
        title=article.title,
        url=article.url,
        source=article.source,
        published=article.published,
        passage_id=named_by.passage_id,
        quote=article.text[first.start : last.end],
        start=first.start,
        end=last.end,
        page=article.page_of(first.start),
    )


def verify(citations: Iterable[Citation], article: Callable[[str], Article | None]) -> tuple[Citation, ...]:
    """Keep the citations whose quote stands, word for word, where they say, and number them from 1.

    A citation that fails is dropped and logged: a missing quote is a loss, a wrong one a lie.

    Args:
        citations: In the order shown.
        article: Looks an article up by its id, in the generation that answers.
    """
    kept: list[Citation] = []
    for citation in citations:
        found = article(citation.article_id)
        if found is None or not _stands(citation, found):
            logger.error("Dropped a citation of %r: its quote is not in the article.", citation.article_id)
            continue
        # What is shown beside the quote is the article's own, too.
        kept.append(
            replace(
                citation,
                n=len(kept) + 1,
                title=found.title,
                url=found.url,
                source=found.source,
                published=found.published,
                page=found.page_of(citation.start),
            )
        )
    return tuple(kept)


def with_copies(
    citations: Iterable[Citation], hits: Sequence[Hit], article: Callable[[str], Article | None]
) -> tuple[Citation, ...]:
    """Name, with each citation, the other articles that say the same word for word: syndicated copies count once.

    Args:
        citations: Verified.
        hits: What was retrieved.
        article: Looks an article up by its id.
    """
    found = list(citations)
    known = {hit.article.id: hit.article for hit in hits}
    for copy in {copy for hit in hits for copy in hit.copies} - known.keys():
        if carries := article(copy):
            known[copy] = carries
    return tuple(replace(citation, also=tuple(_also(citation, known.values()))) for citation in found)


def _also(citation: Citation, articles: Iterable[Article]) -> Iterator[str]:
    named = {citation.source}
    for other in articles:
        if other.id != citation.article_id and citation.quote in other.text:
            name = other.title if other.source in named else other.source
            named.add(other.source)
            if name:
                yield name


def _stands(citation: Citation, article: Article) -> bool:
    # A negative offset would count from the end, and past the end an empty quote stands everywhere.
    within = 0 <= citation.start < citation.end <= len(article.text)
    return within and article.text[citation.start : citation.end] == citation.quote
