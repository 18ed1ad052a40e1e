"""What else was found for a question, as a message that is paged through. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.buttons import Action, QuoteId, ask_button, check
from bot.links import OWN, Links, Span
from bot.markup import bare, label, length, plain
from bot.message import (
    COLORS,
    LONGEST_DESCRIPTION,
    LONGEST_FOOTER,
    LONGEST_LABEL,
    LONGEST_OPTION,
    LONGEST_PLACEHOLDER,
    LONGEST_TITLE,
    Button,
    Menu,
    Option,
    Rendered,
)
from bot.model import Status
from bot.prompts import Prompts
from bot.reading import RESULTS_ON_PAGE, Results, best_sentence
from bot.wording import published_by
from index.model import Hit

# Each result's share of the message.
_ROOM = LONGEST_DESCRIPTION // RESULTS_ON_PAGE - 4
_LONGEST_PUBLISHER = 48
_LONGEST_SNIPPET = 300


def render_results(
    question: str, ask_id: str, results: Results, today: date, prompts: Prompts, links: Links = OWN
) -> Rendered:
    """Return the message that lists a page of further results.

    Args:
        question: As it was asked.
        ask_id: The ask it was.
        results: The page.
        today: The day that the articles' ages are told on.
        prompts: The bot's texts.
        links: Where the articles are.
    """
    first = results.page * RESULTS_ON_PAGE + 1
    numbered = list(enumerate(results.hits, first))
    entries = [_entry(number, hit, today, prompts, links) for number, hit in numbered]
    paged = prompts.text("results.page", page=results.page + 1, pages=results.pages) if results.pages > 1 else ""
    return Rendered(
        title=plain(prompts.text("results.title", question=question), LONGEST_TITLE),
        description="\n\n".join(entries) or prompts.text("results.none"),
        footer=bare(paged, LONGEST_FOOTER),
        color=COLORS[Status.RELATED if entries else Status.NOTHING],
        buttons=tuple(_turns(ask_id, results, prompts)),
        menu=_menu(ask_id, numbered, prompts),
    )


def _entry(number: int, hit: Hit, today: date, prompts: Prompts, links: Links) -> str:
    article = hit.article
    tail = ", ".join(plain(part, _LONGEST_PUBLISHER) for part in published_by(article, today, prompts))
    untitled = prompts.text("answer.untitled")
    head = f"**{number}** "
    room = _ROOM - length(head) - length(tail) - 3 - _LONGEST_SNIPPET
    best = best_sentence(hit)
    start, end = (best.start, best.end) if best else (hit.start, hit.end)
    words = article.text[start:end]
    title = label(article.title, room // 2) or untitled
    span = Span(start, end, check(words))
    address = links.to(article.id, article.url, article.text, [span], room - length(f"[{title}]()"))
    link = f"[{title}]({address})" if address else plain(article.title, room) or untitled
    return f"{head}{link} — {tail}\n> {plain(words, _LONGEST_SNIPPET - 2)}"


def _turns(ask_id: str, results: Results, prompts: Prompts) -> Iterator[Button]:
    if results.pages > 1:
        for step, emoji, name in ((-1, "◀", "results.previous"), (1, "▶", "results.next")):
            page = results.page + step
            # At either end it would lead to a page that there is not, so it stands there disabled.
            custom_id = ask_button(Action.TURN, ask_id, page if page >= 0 else results.pages)
            text = bare(prompts.text(name), LONGEST_LABEL)
            yield Button(text, custom_id, emoji=emoji, row=1, disabled=not 0 <= page < results.pages)


def _menu(ask_id: str, numbered: list[tuple[int, Hit]], prompts: Prompts) -> Menu | None:
    options: dict[str, Option] = {}
    for number, hit in numbered:
        best = best_sentence(hit)
        start, end = (best.start, best.end) if best else (hit.passage.start, hit.passage.end)
        passage = best.passage_id if best else hit.passage.id
        value = QuoteId(passage, start, end, check(hit.article.text[start:end])).show
        title = bare(hit.article.title) or prompts.text("answer.untitled")
        if QuoteId.read(value):
            options.setdefault(value, Option(bare(f"{number} · {title}", LONGEST_OPTION), value))
    if not options:
        return None
    placeholder = bare(prompts.text("results.choose"), LONGEST_PLACEHOLDER)
    return Menu(placeholder, ask_button(Action.PICK, ask_id), tuple(options.values()), row=0)
