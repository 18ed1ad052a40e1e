"""An answer on a terminal, for a person."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from bot.model import Answer, Citation, Status
from index import Filter, Summary

if TYPE_CHECKING:
    from rich.console import Console

_CONFIDENCE = ((0.85, "very likely"), (0.65, "likely"), (0.5, "probable"), (0.0, "unsure"))

_HEADLINES = {
    Status.ANSWERED: ("green", "Here is what the articles say"),
    Status.RELATED: ("yellow", "Not sure; these passages come closest"),
    Status.NOTHING: ("red", "The articles do not hold an answer"),
}


def show_answer(console: Console, answer: Answer) -> None:
    """Print an answer: quotes first, then the sources they stand in, then how sure it is and what was searched.

    Args:
        console: Where; styles and links are left out where it is not a terminal.
        answer: Its texts come from articles and are printed as text, whatever is in them.
    """
    from rich.padding import Padding
    from rich.text import Text

    colour, headline = _HEADLINES[answer.status]
    console.print(Text(f"{headline}.", style=f"bold {colour}"))
    for citation in answer.citations:
        quote = Text.assemble((f"[{citation.n}] ", "bold"), "“", plain(citation.quote), "”")
        console.print(Padding(quote, (1, 0, 0, 2)))
    if answer.citations:
        console.print()
    for citation in answer.citations:
        console.print(_source(citation))
    console.print(Text(_footer(answer), style="dim"))


def plain(text: str) -> str:
    """Return text that a terminal only prints: no control characters, no invisible direction marks, one line."""
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Cs"} else c for c in text).split())


def confidence_in_words(confidence: float) -> str:
    """Return a confidence as people say it."""
    return next(words for least, words in _CONFIDENCE if confidence >= least)


def searched(summary: Summary, where: Filter) -> str:
    """Return what was searched: how many articles, from when to when, through which filter."""
    said = f"{summary.articles:,} articles" if summary.articles != 1 else "1 article"
    if summary.oldest and summary.newest:
        said += f", {summary.oldest.isoformat()} to {summary.newest.isoformat()}"
    limits = [f"since {where.since}" if where.since else "", f"until {where.until}" if where.until else ""]
    limits.append(f"from {', '.join(where.sources)}" if where.sources else "")
    said_limits = " ".join(filter(None, limits))
    return f"{said}; only {said_limits}" if said_limits else said


def _source(citation: Citation) -> object:
    from rich.text import Text

    line = Text(f"[{citation.n}] ")
    title = plain(citation.title) or "Untitled"
    linked = citation.url is not None and citation.url.startswith(("http://", "https://"))
    line.append(title, style=f"link {plain(citation.url or '')}" if linked else "")
    day = citation.published.isoformat() if citation.published else "undated"
    line.append(" - " + ", ".join(filter(None, [plain(citation.source or ""), day])))
    if linked:
        line.append(f"\n    {plain(citation.url or '')}", style="dim")
    return line


def _footer(answer: Answer) -> str:
    took = sum(answer.timings_ms.values())
    sure = f"{confidence_in_words(answer.confidence)} ({answer.confidence:.0%}); " if answer.citations else ""
    return f"{sure}searched {searched(answer.searched, answer.question.filter)} in {took:.0f} ms"
