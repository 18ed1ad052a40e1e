"""Answers that the program gives itself: to small talk, and from the index about the articles as a whole.

What is said of articles is still quoted: the citations are the newest ones' opening sentences, verified as any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.citations import cite, verify
from bot.corpus import Asks, CorpusQuestion, corpus_question, days_of
from bot.extract import QUOTES, WORDS
from bot.markup import clean
from bot.model import Answer, Citation, Question, Status
from bot.prompts import Prompts
from bot.smalltalk import small_talk
from index.model import Filter, Hit, Sentence, Summary

if TYPE_CHECKING:
    from index import Index

# Articles that a list names, and publishers that a sentence does.
LISTED = 8
MOST_SOURCES = 12
# Characters shown of a title, of a publisher's name and of a topic, so that a list fits into a message.
LONGEST_TITLE = 80
LONGEST_NAME = 40
# Words of a sentence; what is shorter at the head of an article is a place, a day or a heading.
SHORTEST_LEAD = 5


def talk(question: Question, index: Index, prompts: Prompts) -> Answer | None:
    """Return what is said to small talk; None if it is a question."""
    sort = small_talk(question.text)
    return _reply(question, prompts.text(f"talk.{sort}"), (), (), index) if sort else None


def tell(question: Question, today: date, index: Index, prompts: Prompts) -> Answer | None:
    """Return what there is to say about the articles as a whole; None if the articles themselves have to answer.

    Args:
        question: As understood.
        today: The day it was asked.
        index: The articles.
        prompts: The bot's texts.
    """
    asked = corpus_question(question.text, index.summary.sources)
    if asked is None:
        return None
    where = _narrowed(question.filter, asked, today)
    hits, count = index.newest(LISTED, where, asked.about)
    if not count and asked.open:
        return None
    citations = verify(_leads(hits), index.article)
    text = _SAID[asked.asks](_Found(asked, where, hits, count, citations, index.summary), prompts)
    return _reply(question, text, citations, hits, index)


def _reply(question: Question, text: str, citations: tuple[Citation, ...], hits: Sequence[Hit], index: Index) -> Answer:
    return Answer(
        question=question,
        status=Status.ANSWERED if citations else Status.NOTHING,
        confidence=1.0 if citations else 0.0,
        text=text,
        citations=citations,
        hits=tuple(hits),
        searched=index.summary,
        reply=True,
    )


def _narrowed(given: Filter, asked: CorpusQuestion, today: date) -> Filter:
    since, until = days_of(asked.period, today)
    return Filter(
        max((d for d in (since, given.since) if d), default=None),
        min((d for d in (until, given.until) if d), default=None),
        (asked.source,) if asked.source else given.sources,
        given.without,
    )


def _leads(hits: Sequence[Hit]) -> Iterator[Citation]:
    """Quote the opening sentences of the first articles, as many and as long as any answer's quotes."""
    left = WORDS
    for hit in hits[:QUOTES]:
        lead = _lead(hit)
        words = len(hit.article.text[lead.start : lead.end].split()) if lead else 0
        if lead and words <= left:
            left -= words
            yield cite(hit, lead, lead, lead)


def _lead(hit: Hit) -> Sentence | None:
    whole = (s for s in hit.sentences if len(hit.article.text[s.start : s.end].split()) >= SHORTEST_LEAD)
    return next(whole, hit.sentences[0] if hit.sentences else None)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was asked for, and what there is of it."""

    asked: CorpusQuestion
    where: Filter
    hits: Sequence[Hit]
    count: int
    citations: Sequence[Citation]
    summary: Summary


def _listed(found: _Found, prompts: Prompts) -> str:
    which = _which(found.asked, found.where, prompts)
    if not found.count:
        newest = found.summary.newest
        dated = newest is not None and bool(found.where.since or found.where.until)
        lately = prompts.text("corpus.newest", day=prompts.day(newest)) if newest and dated else ""
        return _joined(prompts.text("corpus.none", which=which), lately)
    head = (
        prompts.text("corpus.one", which=which)
        if found.count == 1
        else prompts.text("corpus.many", count=found.count, which=which)
    )
    numbers = {citation.article_id: citation.n for citation in found.citations}
    lines = [_line(hit, numbers.get(hit.article.id), prompts) for hit in found.hits]
    if found.count > len(found.hits):
        lines.append(prompts.text("corpus.more", count=found.count - len(found.hits)))
    return "\n".join([_joined(head), *lines])


def _counted(found: _Found, prompts: Prompts) -> str:
    if found.asked.about or found.where or found.count <= 1:
        return _listed(found, prompts)
    span = Filter(found.summary.oldest, found.summary.newest)
    which = _which(found.asked, span, prompts)
    return _joined(prompts.text("corpus.total", count=found.count, which=which), prompts.text("corpus.quoted"))


def _published_by(found: _Found, prompts: Prompts) -> str:
    known = found.summary.sources
    if not known:
        return prompts.text("corpus.no_sources")
    names = [f"{_short(name, LONGEST_NAME)} ({count})" for name, count in list(known.items())[:MOST_SOURCES]]
    said = ", ".join(names) + (", …" if len(known) > MOST_SOURCES else "")
    quoted = prompts.text("corpus.quoted") if found.citations else ""
    return _joined(prompts.text("corpus.sources", count=len(known), sources=said), quoted)


_SAID = {Asks.LIST: _listed, Asks.COUNT: _counted, Asks.SOURCES: _published_by}


def _which(asked: CorpusQuestion, where: Filter, prompts: Prompts) -> str:
    parts = []
    if asked.about:
        parts.append(prompts.text("corpus.about", topic=_short(asked.about, LONGEST_TITLE)))
    if where.sources:
        parts.append(prompts.text("corpus.by", source=", ".join(_short(name, LONGEST_NAME) for name in where.sources)))
    if where.since and where.until and where.since != where.until:
        parts.append(prompts.text("corpus.between", since=prompts.day(where.since), until=prompts.day(where.until)))
    elif where.since and where.until:
        parts.append(prompts.text("corpus.on", day=prompts.day(where.since)))
    elif where.since:
        parts.append(prompts.text("corpus.since", since=prompts.day(where.since)))
    elif where.until:
        parts.append(prompts.text("corpus.until", until=prompts.day(where.until)))
    return " ".join(parts)


def _line(hit: Hit, number: int | None, prompts: Prompts) -> str:
    article = hit.article
    title = _short(article.title, LONGEST_TITLE) or prompts.text("answer.untitled")
    mark = f"[{number}]" if number else "•"
    return f"{mark} {prompts.day(article.published)}: {title}" if article.published else f"{mark} {title}"


def _short(text: str, most: int) -> str:
    """Return foreign words on one line, without what could be taken for the marker of a quote."""
    plain = clean(text).translate(str.maketrans("[]", "()"))
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def _joined(*sentences: str) -> str:
    text = " ".join(sentence for sentence in sentences if sentence)
    return re.sub(r"\s+([,.:])", r"\1", re.sub(r"  +", " ", text))
