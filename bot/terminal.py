"""An answer on a terminal, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.markup import clean
from bot.model import Answer, Citation, Status
from bot.prompts import Prompts
from bot.wording import day, searched, sureness

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_COLOURS = {Status.ANSWERED: "green", Status.RELATED: "yellow", Status.NOTHING: "red"}


def show_answer(console: Console, answer: Answer, prompts: Prompts) -> None:
    """Print an answer: how sure it is, the quotes, the sources they stand in, and what was searched.

    Args:
        console: Where; styles and links are left out where it is not a terminal.
        answer: Its texts come from articles and are printed as text, whatever is in them.
        prompts: The bot's texts.
    """
    from rich.padding import Padding
    from rich.text import Text

    headline = sureness(answer, prompts) if answer.status is Status.ANSWERED else _unsure(answer, prompts)
    console.print(Text(headline, style=f"bold {_COLOURS[answer.status]}"))
    for citation in answer.citations:
        quote = Text.assemble((f"[{citation.n}] ", "bold"), "“", clean(citation.quote), "”")
        console.print(Padding(quote, (1, 0, 0, 2)))
    console.print()
    for citation in answer.citations:
        console.print(_source(citation, prompts))
    took = sum(answer.timings_ms.values())
    footer = f"{searched(answer.searched, answer.question.filter, prompts)} · {answer.confidence:.0%} · {took:.0f} ms"
    console.print(Text(footer, style="dim"))


def _unsure(answer: Answer, prompts: Prompts) -> str:
    return prompts.text("answer.related" if answer.status is Status.RELATED else "answer.nothing")


def _source(citation: Citation, prompts: Prompts) -> Text:
    from rich.text import Text

    linked = citation.url is not None and citation.url.startswith(("http://", "https://"))
    origin = [clean(citation.source or ""), day(citation.published) if citation.published else ""]
    line = Text(f"[{citation.n}] {clean(citation.title) or prompts.text('answer.untitled')}")
    line.append("".join(f", {part}" for part in origin if part))
    if linked:
        line.append(f"\n    {clean(citation.url or '')}", style="dim")
    return line
