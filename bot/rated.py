"""Ratings -> lines of a file of questions for `footnote eval`. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from bot.gaps import asked

if TYPE_CHECKING:
    from bot.ledger.ratings import Rating


def questions_of(ratings: Iterable[Rating]) -> list[dict[str, Any]]:
    """Return a line for each ask that was rated, in the order in which they were asked.

    Groups are "helpful", "rightly_unanswered", and "not_helpful", whose lines are drafts: what would have been right
    is not known.
    """
    by_ask: dict[str, list[Rating]] = defaultdict(list)
    for rating in ratings:
        if not asked(rating.ask):
            continue  # Another one's words, which are not kept.
        if rating.ask.citations and not any(cited.quote for cited in rating.ask.citations):
            continue  # What it was answered by is gone.
        by_ask[rating.ask.id].append(rating)
    return [_question(rated) for rated in sorted(by_ask.values(), key=lambda rated: rated[0].ask.at)]


def _question(rated: list[Rating]) -> dict[str, Any]:
    ask = rated[0].ask
    helpful = sum(rating.helpful for rating in rated) * 2 > len(rated)
    # Those of articles that are gone have been blanked.
    cited = ask.citations if helpful and ask.status == "answered" else ()
    quotes = [one for one in cited if one.quote]
    group = "not_helpful" if not helpful else "helpful" if quotes else "rightly_unanswered"
    line: dict[str, Any] = {
        "id": f"rated-{ask.id}",
        "question": asked(ask),
        "asked_at": ask.at.date().isoformat(),
        "answers": [cited.quote for cited in quotes],
        "answerable": bool(quotes),
        "group": group,
        "evidence": [{"article_id": cited.article_id, "text": cited.quote} for cited in quotes],
    }
    reasons = [rating.reason for rating in rated if rating.reason and not rating.helpful]
    return line | ({} if helpful else {"draft": True, "reasons": reasons})
