"""Reading on from an answer: a passage with its neighbours, where a quote stands now, what else was found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.buttons import QuoteId, check
from index.model import Article, Filter, Hit, Passage, Sentence

if TYPE_CHECKING:
    from index import Index

# Characters of the longest quote that is looked for by its check, and of the article around the passage.
LONGEST_SOUGHT = 2_000
AROUND = 1_000


# Hits that are looked for beside those that are quoted, and shown on a page.
MOST_RESULTS = 25
RESULTS_ON_PAGE = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage of an article that somebody reads.

    Attributes:
        article: The whole article.
        passages: All of its passages, in reading order.
        place: Which of them is read, from 0.
        quote: Span of the quote in the article's text; None where its words are not to be found.
        moved: The quote stood elsewhere, or in another passage, when it was quoted.
    """

    article: Article
    passages: Sequence[Passage]
    place: int
    quote: tuple[int, int] | None = None
    moved: bool = False

    @property
    def passage(self) -> Passage:
        """The passage that is read."""
        return self.passages[self.place]

    @property
    def before(self) -> Passage | None:
        """The passage before it, if there is one."""
        return self.passages[self.place - 1] if self.place else None

    @property
    def after(self) -> Passage | None:
        """The passage after it, if there is one."""
        return self.passages[self.place + 1] if self.place + 1 < len(self.passages) else None


def read(wanted: QuoteId, index: Index) -> Reading | None:
    """Return a passage, and where in its article the quote stands now; None if the passage is gone."""
    passage = index.passage(wanted.passage)
    article = index.article(passage.article_id) if passage else None
    if passage is None or article is None:
        return None
    passages = index.passages_of(article.id)
    quote = locate(wanted, article, passage)
    return Reading(article, passages, passages.index(passage), quote, quote is not None and quote[0] != wanted.start)


def locate(wanted: QuoteId, article: Article, passage: Passage) -> tuple[int, int] | None:
    """Return the span of a quote in its article, where it stood or nearby; None if its words are not there.

    They are known by their number and their check alone, which finds them again in a passage that has moved.
    """
    length = wanted.end - wanted.start
    if length <= 0 or wanted.start < 0:
        return None
    starts = [wanted.start] if wanted.end <= len(article.text) else []
    if length <= LONGEST_SOUGHT:
        # What was put in or taken out before it moves a passage together with its quote.
        starts += range(max(0, passage.start - AROUND), min(len(article.text), passage.end + AROUND) - length + 1)
    return next(((s, s + length) for s in starts if check(article.text[s : s + length]) == wanted.check), None)


def find(article_id: str, quote: str, start: int, index: Index) -> Reading | None:
    """Return the passage in which a quote stands now; None if its article is gone, or says it no longer.

    Args:
        article_id: The article it was quoted from.
        quote: Its words.
        start: Where it began in the article's text: of several places, the nearest is meant.
        index: The articles as they are now.
    """
    article = index.article(article_id)
    places = list(_places(article.text, quote)) if article and quote else []
    passages = index.passages_of(article_id) if places else []
    if not article or not passages:
        return None
    begins = min(places, key=lambda place: abs(place - start))
    within = [number for number, passage in enumerate(passages) if passage.start <= begins]
    return Reading(article, passages, within[-1] if within else 0, (begins, begins + len(quote)), moved=True)


def _places(text: str, quote: str) -> Sequence[int]:
    places = []
    place = text.find(quote)
    while place >= 0:
        places.append(place)
        place = text.find(quote, place + len(quote))
    return places


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found for a question beside what its answer quotes.

    Attributes:
        hits: Those of the page, best first.
        page: Which it is, from 0.
        pages: How many there are.
    """

    hits: Sequence[Hit]
    page: int
    pages: int


def further(question: str, where: Filter, quoted: Collection[str], page: int, index: Index) -> Results:
    """Return what else comes close to a question, as the articles are now.

    Args:
        question: As it was understood.
        where: Which articles may be shown.
        quoted: Ids of the passages that are quoted in the answer.
        page: Which page, from 0; the last one if there are not so many.
        index: The articles.
    """
    hits = index.search(question, MOST_RESULTS + len(quoted), where)
    others = [hit for hit in hits if hit.passage.id not in quoted][:MOST_RESULTS]
    pages = max(1, -(-len(others) // RESULTS_ON_PAGE))
    page = min(page, pages - 1)
    return Results(others[page * RESULTS_ON_PAGE : (page + 1) * RESULTS_ON_PAGE], page, pages)


def best_sentence(hit: Hit) -> Sentence | None:
    """Return the sentence of a hit that comes closest to the question."""
    return max(hit.sentences, key=lambda sentence: sum(sentence.features.values()), default=None)
