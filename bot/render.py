"""An answer as a message within Discord's limits: quotes, their sources, and what was searched. Pure.

Lengths are UTF-16 units, which are never fewer than the characters that Discord counts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.markup import bare, label, length, plain, plain_lines, web_address
from bot.model import Answer, Citation, Side, Status
from bot.prompts import Prompts
from bot.wording import advice, origin, searched, sureness
from index import Article, Filter, Passage, Summary

# Discord's own limits.
LONGEST_TITLE = 256
LONGEST_DESCRIPTION = 4_096
LONGEST_EMBED = 6_000
LONGEST_LABEL = 80
LONGEST_CUSTOM_ID = 100
BUTTONS_IN_ROW = 5

# Ours: with them, everything together stays under LONGEST_EMBED.
LONGEST_FOOTER = 1_000
LONGEST_LEAD = 1_000
LONGEST_SOURCES = 1_700
LONGEST_PASSAGE = 2_900
LONGEST_PUBLISHER = 48
MOST_QUOTES = 2 * BUTTONS_IN_ROW

COLORS = {Status.ANSWERED: 0x2E8B57, Status.RELATED: 0xD9A521, Status.NOTHING: 0x808A93}

# A passage's button: its id, the quote's span in the article, and a check of the quote's words.
BUTTON = re.compile(r"fn:p:(?P<passage>[0-9a-f]{1,40}):(?P<start>\d{1,12}):(?P<end>\d{1,12}):(?P<check>[0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message."""

    label: str
    custom_id: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message, ready for an embed.

    Attributes:
        title: Discord Markdown on one line; may be empty.
        description: Discord Markdown.
        footer: Plain text on one line; may be empty.
        color: 0xRRGGBB.
        url: Where the title leads.
    """

    title: str
    description: str
    footer: str = ""
    color: int = COLORS[Status.NOTHING]
    url: str | None = None
    buttons: tuple[Button, ...] = ()


def render_answer(answer: Answer, prompts: Prompts) -> Rendered:
    """Return the message that gives an answer, or the reply to what was no question."""
    # As many as there are buttons for; numbers stay those of the answer.
    citations = answer.citations[:MOST_QUOTES] if answer.status is not Status.NOTHING else ()
    blocks = [_lead(answer, citations, prompts)]
    hidden = len(answer.citations) - len(citations) if citations else 0
    if citations:
        after = _sources(citations, prompts)
        if hidden:
            after += "\n" + prompts.text("answer.more", count=hidden)
        room = LONGEST_DESCRIPTION - length(blocks[0]) - length(after) - 4
        blocks += [_quotes(citations, room, prompts), after]
    return Rendered(
        title="" if answer.reply and not citations else plain(answer.question.text, LONGEST_TITLE),
        description="\n\n".join(block for block in blocks if block),
        footer=_footer(answer, prompts),
        color=COLORS[answer.status],
        buttons=_buttons(citations, prompts),
    )


def render_passage(article: Article, passage: Passage, button: re.Match[str], prompts: Prompts) -> Rendered:
    """Return the message that shows a whole passage, with the quote in bold.

    Args:
        article: The one the passage is in.
        passage: The passage.
        button: What `BUTTON` made of the pressed button's id.
        prompts: The bot's texts.
    """
    start, end = int(button["start"]), int(button["end"])
    notes = []
    if check(article.text[start:end]) == button["check"] and max(start, passage.start) < min(end, passage.end):
        # A quote may reach beyond its passage; it is shown whole.
        before, after = article.text[passage.start : start], article.text[end : passage.end]
        body = _emphasised(before, article.text[start:end], after, LONGEST_PASSAGE)
    else:
        body = plain_lines(article.text[passage.start : passage.end], LONGEST_PASSAGE)
        notes.append(prompts.text("passage.changed"))
    origin = (article.source or "", prompts.day(article.published) if article.published else "")
    address = web_address(article.url)
    if address:
        notes.append(f"[{label(prompts.text('passage.link'))}]({address})")
    return Rendered(
        title=plain(article.title, LONGEST_TITLE) or prompts.text("answer.untitled"),
        description="\n\n".join(part for part in (body, *notes) if part),
        footer=bare(", ".join(part for part in origin if part), LONGEST_FOOTER),
        color=COLORS[Status.ANSWERED],
        url=address,
    )


def render_help(summary: Summary | None, prompts: Prompts) -> Rendered:
    """Return the message that says what the bot does, and over how many articles if that is known."""
    return Rendered(
        title=prompts.text("help.title"),
        description=prompts.text("help.text"),
        footer=bare(searched(summary, Filter(), prompts), LONGEST_FOOTER) if summary else "",
        color=COLORS[Status.ANSWERED],
    )


def check(quote: str) -> str:
    """Return eight hexadecimal digits by which a quote's words are known again."""
    return hashlib.blake2b(quote.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _lead(answer: Answer, shown: Sequence[Citation], prompts: Prompts) -> str:
    numbers = {str(citation.n) for citation in shown}
    # A marker without its quote would point to nothing.
    text = re.sub(r" ?\[(\d+)\]", lambda marker: marker[0] if marker[1] in numbers else "", answer.text)
    said = plain_lines(text, LONGEST_LEAD)
    if answer.status is Status.NOTHING and not answer.reply:
        parts = (prompts.text("answer.nothing"), said, advice(answer, prompts))
    else:
        unsure = answer.status is Status.RELATED and not answer.reply
        parts = (prompts.text("answer.related") if unsure else "", said, "")
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


def _sources(citations: Sequence[Citation], prompts: Prompts) -> str:
    """Return a line for each cited article, with the numbers of its quotes."""
    articles: dict[str, list[Citation]] = {}
    for citation in citations:
        articles.setdefault(citation.article_id, []).append(citation)
    room = LONGEST_SOURCES // len(articles)
    return "\n".join(
        [
            f"**{prompts.text('answer.sources')}**",
            *(_source(cited, room, prompts) for cited in articles.values()),
        ]
    )


def _source(cited: Sequence[Citation], room: int, prompts: Prompts) -> str:
    citation = cited[0]
    marks = " ".join(f"**[{other.n}]**" for other in cited)
    tail = " — " + ", ".join(plain(part, LONGEST_PUBLISHER) for part in origin(cited, prompts))
    room -= length(marks) + length(tail) + 1
    untitled = prompts.text("answer.untitled")
    address = web_address(citation.url)
    if address:
        link = f"[{label(citation.title, room // 2) or untitled}]({address})"
        if length(link) <= room:
            return f"{marks} {link}{tail}"
    return f"{marks} {plain(citation.title, room) or untitled}{tail}"


def _footer(answer: Answer, prompts: Prompts) -> str:
    if answer.reply and not answer.citations:
        return ""
    said = searched(answer.searched, answer.question.filter, prompts)
    return bare(said if answer.reply else f"{sureness(answer, prompts)} · {said}", LONGEST_FOOTER)


def _buttons(citations: Sequence[Citation], prompts: Prompts) -> tuple[Button, ...]:
    buttons: dict[str, Button] = {}
    for citation in citations:
        custom_id = f"fn:p:{citation.passage_id}:{citation.start}:{citation.end}:{check(citation.quote)}"
        if BUTTON.fullmatch(custom_id) and len(custom_id) <= LONGEST_CUSTOM_ID:
            text = bare(prompts.text("passage.button", number=citation.n), LONGEST_LABEL)
            buttons.setdefault(custom_id, Button(text, custom_id))
    return tuple(buttons.values())


def _emphasised(before: str, quote: str, after: str, room: int) -> str:
    """Return a passage with its quote in bold; what is too long loses its ends, farthest from the quote first."""
    middle = f"**{plain(quote, room - 4)}**"
    each = (room - length(middle)) // 2
    head = plain_lines(before)
    if length(head) > each:
        # An escaped character takes at most two units.
        head = "…" + plain_lines(before[len(before) - max(each // 2 - 3, 0) :].partition(" ")[2])
    tail = plain_lines(after, max(each - 4, 0))
    head_gap = _gap(before[len(before.rstrip()) :])
    tail_gap = _gap(after[: len(after) - len(after.lstrip())])
    return f"{head}{head_gap}{middle}{tail_gap}{tail}".strip()


def _gap(space: str) -> str:
    """Return the white space between two parts of an article as it is shown: a paragraph's, a line's or a word's."""
    breaks = len(space.splitlines()) - (not space.endswith(("\n", "\r"))) if space else 0
    return "\n" * min(breaks, 2) if breaks > 0 else " " if space else ""
