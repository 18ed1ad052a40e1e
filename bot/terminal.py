"""An answer on a terminal, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.markup import clean, clean_lines, web_address
from bot.model import Answer, Citation, Side, Status
from bot.prompts import Prompts
from bot.wording import advice, origin, searched, sureness

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_COLOURS = {Status.ANSWERED: "green", Status.RELATED: "yellow", Status.NOTHING: "red"}


def show_answer(console: Console, answer: Answer, prompts: Prompts) -> None:
    """Print an answer: how sure it is, the quotes, the sources they stand in, and what was searched.

    Args:
        console: Where; on a terminal quotes are set to its width, elsewhere each is one line.
        answer: Its texts come from articles and are printed as text, whatever is in them.
        prompts: The bot's texts.
    """
    from rich.padding import Padding
    from rich.text import Text

    if not answer.reply:
        console.print(Text(_headline(answer, prompts), style=f"bold {_COLOURS[answer.status]}"), soft_wrap=True)
    if answer.text:
        console.print(Text(clean_lines(answer.text)), soft_wrap=not console.is_terminal)
    if answer.reply and not answer.citations:
        return
    for citation in answer.citations:
        mark = f" {prompts.text('answer.earlier')}:" if citation.side is Side.EARLIER else ""
        quote = Text.assemble((f"[{citation.n}]{mark} ", "bold"), "“", clean(citation.quote), "”")
        console.print()
        if console.is_terminal:
            console.print(Padding(quote, (0, 2), expand=False))
        else:
            console.print(quote, soft_wrap=True)
    console.print()
    for line in _sources(answer.citations, prompts):
        # Never broken: whoever wants the address selects it.
        console.print(line, soft_wrap=True)
    figures = prompts.text(
        "terminal.figures",
        percent=round(answer.confidence * 100),
        milliseconds=round(sum(answer.timings_ms.values())),
    )
    footer = searched(answer.searched, answer.question.filter, prompts)
    # How sure a list of articles is would be an odd thing to say.
    console.print(Text(footer if answer.reply else f"{footer} · {figures}", style="dim"), soft_wrap=True)


def _headline(answer: Answer, prompts: Prompts) -> str:
    if answer.status is Status.ANSWERED:
        return sureness(answer, prompts)
    if answer.status is Status.RELATED:
        return prompts.text("answer.related")
    return f"{prompts.text('answer.nothing')} {advice(answer, prompts)}"


def _sources(citations: tuple[Citation, ...], prompts: Prompts) -> list[Text]:
    """Return lines for each cited article, with the numbers of its quotes."""
    from rich.text import Text

    cited: dict[str, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.article_id, []).append(citation)
    lines = []
    for quotes in cited.values():
        numbers = " ".join(f"[{citation.n}]" for citation in quotes)
        title = clean(quotes[0].title) or prompts.text("answer.untitled")
        lines.append(Text(f"{numbers} {', '.join((title, *origin(quotes, prompts)))}"))
        address = web_address(quotes[0].url)
        if address:
            lines.append(Text(f"    {address}", style="dim"))
    return lines
