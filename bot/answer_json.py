"""An answer as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from bot.model import Answer


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain values, in the order people read them."""
    return {
        "id": answer.question.id,
        "question": answer.question.text,
        "status": answer.status.value,
        "confidence": round(answer.confidence, 4),
        "text": answer.text,
        "citations": [
            {
                "n": citation.n,
                "article_id": citation.article_id,
                "title": citation.title,
                "url": citation.url,
                "source": citation.source,
                "published": citation.published.isoformat() if citation.published else None,
                "passage_id": citation.passage_id,
                "quote": citation.quote,
                "start": citation.start,
                "end": citation.end,
                **({"page": citation.page} if citation.page else {}),
            }
            for citation in answer.citations
        ],
        "passages": [
            {
                "passage_id": hit.passage.id,
                "article_id": hit.article.id,
                "start": hit.start,
                "end": hit.end,
                "score": round(hit.score, 4),
            }
            for hit in answer.hits
        ],
        "generation": answer.generation,
        "answerer": answer.answerer,
        "timings_ms": {stage: round(milliseconds, 2) for stage, milliseconds in answer.timings_ms.items()},
    }


def json_text(values: object) -> str:
    """Return values as one line of JSON, with an escape for all that a terminal would obey or not show.

    Programs read the very same characters; some also end a line at more characters than a line feed.
    """
    text = json.dumps(values, ensure_ascii=False)
    return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)
