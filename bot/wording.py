"""What every surface says of an answer in the same words: how sure it is, what was searched."""

from __future__ import annotations

from bot.markup import clean
from bot.model import Answer, Status
from bot.prompts import Prompts
from index import Filter, Summary


def sureness(answer: Answer, prompts: Prompts) -> str:
    """Return how sure an answer is, in words."""
    if answer.status is Status.NOTHING:
        return prompts.text("confidence.none")
    if answer.status is Status.RELATED:
        return prompts.text("confidence.low")
    words = ((0.85, "confidence.high"), (0.65, "confidence.good"), (0.0, "confidence.fair"))
    return prompts.text(next(name for least, name in words if answer.confidence >= least))


def searched(summary: Summary, where: Filter, prompts: Prompts) -> str:
    """Return how many articles were searched, from when to when, and what the asker narrowed them down to."""
    if not summary.articles:
        return prompts.text("searched.empty")
    one = summary.articles == 1
    said = prompts.text("searched.one") if one else prompts.text("searched.many", articles=summary.articles)
    if summary.oldest and summary.newest:
        if summary.oldest == summary.newest:
            said += " " + prompts.text("searched.day", day=prompts.day(summary.oldest))
        else:
            said += " " + prompts.text(
                "searched.dates", oldest=prompts.day(summary.oldest), newest=prompts.day(summary.newest)
            )
    narrowed = []
    if where.since:
        narrowed.append(prompts.text("searched.since", since=prompts.day(where.since)))
    if where.until:
        narrowed.append(prompts.text("searched.until", until=prompts.day(where.until)))
    if where.sources:
        narrowed.append(prompts.text("searched.sources", sources=", ".join(clean(name) for name in where.sources)))
    return ", ".join([said, *narrowed])
