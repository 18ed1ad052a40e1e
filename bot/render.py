"""An answer as a message within Discord's limits: quotes, their sources, and what was searched. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.buttons import Action, QuoteId, ask_button, check
from bot.links import OWN, Links
from bot.markup import bare, label, length, plain, plain_lines
from bot.message import (
    BUTTONS_IN_ROW,
    COLORS,
    LONGEST_DESCRIPTION,
    LONGEST_FOOTER,
    LONGEST_LABEL,
    LONGEST_TITLE,
    Button,
    Rendered,
)
from bot.model import Answer, Citation, Side, Status
from bot.prompts import Prompts
from bot.split import split
from bot.wording import advice, as_of, origin, searched, sureness
from index import Filter, Summary

# With them, everything together stays under Discord's limit. What is said has this room, or what the rest leaves.
LONGEST_LEAD = 1_000
LONGEST_SOURCES = 1_700
LONGEST_PUBLISHER = 48
MOST_QUOTES = 2 * BUTTONS_IN_ROW
# Room for the number of a quote, and for the bot's own sentences.
_MARK = 40
_FRAME = 900

_MORE = (Action.MORE, "🔎", "press.more")
_AGAIN = (Action.AGAIN, "🔄", "press.again")
_HELPFUL = (Action.HELPFUL, "👍", "press.helpful")
_UNHELPFUL = (Action.UNHELPFUL, "👎", "press.unhelpful")
_WISH = (Action.WISH, "🔔", "press.wish")
# What needs the question later on.
_ASKED_ANEW = (Action.MORE, Action.AGAIN, Action.WISH)
_ACTIONS = {
    Status.ANSWERED: (_MORE, _AGAIN, _HELPFUL, _UNHELPFUL),
    Status.RELATED: (_MORE, _WISH, _AGAIN, _UNHELPFUL),
    Status.NOTHING: (_WISH, _AGAIN, _UNHELPFUL),
}


def render_answer(
    answer: Answer, prompts: Prompts, ask_id: str = "", note: str = "", *, links: Links = OWN
) -> Rendered:
    """Return the message that gives an answer, or the reply to what was no question.

    Args:
        answer: What is answered.
        prompts: The bot's texts.
        ask_id: What the answer is on record as, for the buttons that need that; empty while it grows.
        note: What is to be said about how it came to be, in small print above it.
        links: Where the sources lead to.
    """
    # As many as there are buttons for; numbers stay those of the answer.
    citations = answer.citations[:MOST_QUOTES] if answer.status is not Status.NOTHING else ()
    hidden = len(answer.citations) - len(citations) if citations else 0
    after = _sources(citations, answer, links, prompts) if citations else ""
    if hidden:
        after += "\n" + prompts.text("answer.more", count=hidden)
    quoted = sum(length(plain(citation.quote, LONGEST_DESCRIPTION)) + _MARK for citation in citations)
    room = max(LONGEST_LEAD, LONGEST_DESCRIPTION - length(after) - quoted - _FRAME)
    said, *rest = split(_said(answer, citations), room, LONGEST_DESCRIPTION)
    blocks = [_lead(answer, said, note, prompts, continued=bool(rest))]
    if citations:
        left = LONGEST_DESCRIPTION - length(blocks[0]) - length(after) - 4
        blocks += [_quotes(citations, left, prompts), after]
    quotes = _buttons(citations, prompts)
    return Rendered(
        title="" if answer.reply and not citations else plain(answer.question.text, LONGEST_TITLE),
        description="\n\n".join(block for block in blocks if block),
        footer=_footer(answer, prompts),
        color=COLORS[answer.status],
        buttons=(*quotes, *(_actions(answer, ask_id, after=quotes, prompts=prompts) if ask_id else ())),
        rest=tuple(Rendered("", plain_lines(piece), color=COLORS[answer.status]) for piece in rest),
    )


def render_place(before: int, prompts: Prompts) -> Rendered:
    """Return the message that says how many questions are answered before one that waits."""
    text = prompts.text("desk.place_one") if before == 1 else prompts.text("desk.place", count=before)
    return Rendered(title="", description=text)


def render_help(summary: Summary | None, prompts: Prompts, examples: Sequence[str] = ()) -> Rendered:
    """Return the message that says what the bot does, and over how many articles if that is known.

    Args:
        summary: What the index holds.
        prompts: The bot's texts.
        examples: Questions that may be asked.
    """
    shown = [prompts.text("help.examples"), *(f"- {plain(example)}" for example in examples)] if examples else []
    return Rendered(
        title=prompts.text("help.title"),
        description="\n\n".join(part for part in (prompts.text("help.text"), "\n".join(shown)) if part),
        footer=bare(searched(summary, Filter(), prompts), LONGEST_FOOTER) if summary else "",
        color=COLORS[Status.ANSWERED],
    )


def _today(answer: Answer) -> date | None:
    """Return the day it was asked, from which the articles' age counts; None if nobody said."""
    return answer.search.asked_at if answer.search else answer.question.asked_at


def _said(answer: Answer, shown: Sequence[Citation]) -> str:
    """Return what is said beside the quotes; a marker without its quote would point to nothing, so it is left out."""
    numbers = {str(citation.n) for citation in shown}
    return re.sub(r" ?\[(\d+)\]", lambda marker: marker[0] if marker[1] in numbers else "", answer.text)


def _lead(answer: Answer, said: str, note: str, prompts: Prompts, *, continued: bool) -> str:
    before = after = ""
    if answer.status is Status.NOTHING and not answer.reply:
        before, after = prompts.text("answer.nothing"), advice(answer, prompts)
    elif answer.status is Status.RELATED and not answer.reply:
        before = prompts.text("answer.related")
    more = f"-# … {prompts.text('answer.continued')}" if continued else ""
    parts = (f"-# {note}" if note else "", before, plain_lines(said), more, after)
    return "\n".join(part for part in parts if part)


def _quotes(citations: Sequence[Citation], room: int, prompts: Prompts) -> str:
    """Return the quotes as one block quote each; the short ones whole, the others sharing the room that is left."""
    earlier = f" {plain(prompts.text('answer.earlier'))}:"
    marks = [f"**[{cited.n}]{earlier if cited.side is Side.EARLIER else ''}**" for cited in citations]
    fixed = sum(length(f"> {mark} ") + 2 for mark in marks)
    shares = _shares([length(plain(citation.quote, LONGEST_DESCRIPTION)) for citation in citations], room - fixed)
    return "\n\n".join(
        f"> {mark} {plain(citation.quote, share)}"
        for mark, citation, share in zip(marks, citations, shares, strict=True)
    )


def _shares(wanted: Sequence[int], room: int) -> list[int]:
    shares = [0] * len(wanted)
    for done, position in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        shares[position] = min(wanted[position], room // (len(wanted) - done))
        room -= shares[position]
    return shares


def _sources(citations: Sequence[Citation], answer: Answer, links: Links, prompts: Prompts) -> str:
    """Return a line for each cited article, with the numbers of its quotes."""
    articles: dict[str, list[Citation]] = {}
    for citation in citations:
        articles.setdefault(citation.article_id, []).append(citation)
    room = LONGEST_SOURCES // len(articles)
    return "\n".join(
        [
            f"**{prompts.text('answer.sources')}**",
            *(_source(cited, room, answer, links, prompts) for cited in articles.values()),
        ]
    )


def _source(cited: Sequence[Citation], room: int, answer: Answer, links: Links, prompts: Prompts) -> str:
    citation = cited[0]
    marks = " ".join(f"**[{other.n}]**" for other in cited)
    tail = " — " + ", ".join(plain(part, LONGEST_PUBLISHER) for part in origin(cited, prompts, _today(answer)))
    room -= length(marks) + length(tail) + 1
    untitled = prompts.text("answer.untitled")
    title = label(citation.title, room // 2) or untitled
    address = links.of(cited, answer.hits, room - length(f"[{title}]()"))
    if address:
        return f"{marks} [{title}]({address}){tail}"
    return f"{marks} {plain(citation.title, room) or untitled}{tail}"


def _footer(answer: Answer, prompts: Prompts) -> str:
    if answer.reply and not answer.citations:
        return ""
    parts = [
        "" if answer.reply else sureness(answer, prompts),
        searched(answer.searched, answer.question.filter, prompts),
        as_of(answer.searched, prompts),
    ]
    return bare(" · ".join(part for part in parts if part), LONGEST_FOOTER)


def _buttons(citations: Sequence[Citation], prompts: Prompts) -> tuple[Button, ...]:
    buttons: dict[str, Button] = {}
    for citation in citations:
        custom_id = QuoteId(citation.passage_id, citation.start, citation.end, check(citation.quote)).show
        if QuoteId.read(custom_id):
            text = bare(prompts.text("passage.button", number=citation.n), LONGEST_LABEL)
            buttons.setdefault(custom_id, Button(text, custom_id, row=len(buttons) // BUTTONS_IN_ROW))
    return tuple(buttons.values())


def _actions(answer: Answer, ask_id: str, after: Sequence[Button], prompts: Prompts) -> Iterator[Button]:
    """Yield what can be done with an answer, in a row below the buttons that lead to its quotes."""
    if answer.reply:
        return
    row = max((button.row for button in after), default=-1) + 1
    for action, emoji, name in _ACTIONS[answer.status]:
        if action in _ASKED_ANEW and not answer.question.can_be_kept:
            continue
        yield Button(bare(prompts.text(name), LONGEST_LABEL), ask_button(action, ask_id), row=row, emoji=emoji)
