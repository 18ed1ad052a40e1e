"""A passage of an article as a message: the quote in it set off, with the ways to read on. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.buttons import QuoteId, check
from bot.links import OWN, Links, Span
from bot.markup import bare, length, plain, plain_lines
from bot.message import COLORS, LONGEST_FOOTER, LONGEST_LABEL, LONGEST_TITLE, Button, Rendered
from bot.model import Status
from bot.prompts import Prompts
from bot.reading import Reading
from bot.wording import ago, on_pages
from index.model import Passage

if TYPE_CHECKING:
    from bot.ledger import Cited

LONGEST_PASSAGE = 3_500

# What stands on the buttons that lead nowhere, at an article's ends: no passage has such an id.
_FIRST, _LAST = "fn:n:first", "fn:n:last"


def render_passage(
    reading: Reading,
    prompts: Prompts,
    *,
    today: date | None = None,
    sought: QuoteId | None = None,
    links: Links = OWN,
    changed: date | None = None,
) -> Rendered:
    """Return the message that shows a whole passage, with the quote in bold where it stands in it.

    Args:
        reading: The passage, and where the quote is.
        prompts: The bot's texts.
        today: The day that the article's age is told on; it is not told if None.
        sought: The quote as the button names it that was pressed, to be looked for again in the passages around.
        links: Where the article is.
        changed: The day the article has changed since the answer was given, if it has and that is known.
    """
    article, passage = reading.article, reading.passage
    notes = [prompts.text("passage.since", day=prompts.day(changed))] if changed else []
    if reading.quote is None or max(reading.quote[0], passage.start) >= min(reading.quote[1], passage.end):
        body = plain_lines(article.text[passage.start : passage.end], LONGEST_PASSAGE)
    else:
        start, end = reading.quote
        # A quote may reach beyond its passage; it is shown whole.
        before, after = article.text[passage.start : start], article.text[end : passage.end]
        body = _emphasised(before, article.text[start:end], after, LONGEST_PASSAGE)
        if reading.moved:
            notes.append(prompts.text("reading.here" if changed else "reading.moved"))
    if reading.quote is None:
        notes.append(prompts.text("passage.elsewhere" if changed else "passage.changed"))
    address = _address(reading, links)
    return Rendered(
        title=plain(article.title, LONGEST_TITLE) or prompts.text("answer.untitled"),
        description="\n\n".join([body, *(f"-# {note}" for note in notes)]),
        footer=_footer(reading, today, prompts),
        color=COLORS[Status.ANSWERED],
        url=address,
        buttons=_buttons(reading, _named(reading, sought), address, prompts),
    )


def render_lost(
    cited: Cited, prompts: Prompts, *, removed: bool, changed: date | None = None, links: Links = OWN
) -> Rendered:
    """Return the message that shows a quote as it is on record, where its article no longer has it.

    Args:
        cited: The quote; of an article that is gone, nothing is shown but its title.
        prompts: The bot's texts.
        removed: The article is gone.
        changed: The day the article has changed since, if that is known.
        links: Where the article is.
    """
    title = plain(cited.title, LONGEST_TITLE) or prompts.text("answer.untitled")
    if removed or not cited.quote:
        return Rendered(title=title, description=prompts.text("passage.removed"), color=COLORS[Status.NOTHING])
    notes = [prompts.text("passage.since", day=prompts.day(changed))] if changed else []
    notes.append(prompts.text("passage.lost"))
    address = links.to(cited.article_id, cited.url, "", [])
    parts = [cited.source or "", prompts.day(cited.published) if cited.published else ""]
    return Rendered(
        title=title,
        description="\n\n".join([f"**{plain(cited.quote, LONGEST_PASSAGE)}**", *(f"-# {note}" for note in notes)]),
        footer=bare(", ".join(filter(None, parts)), LONGEST_FOOTER),
        color=COLORS[Status.RELATED],
        url=address,
        buttons=(Button(bare(prompts.text("passage.link"), LONGEST_LABEL), url=address),) if address else (),
    )


def _address(reading: Reading, links: Links) -> str | None:
    """Return where the article can be read from the quote on, or from the passage where there is none."""
    article = reading.article
    start, end = reading.quote or (reading.passage.start, reading.passage.end)
    spans = [Span(start, end, check(article.text[start:end]))]
    return links.to(article.id, article.url, article.text, spans, page=article.page_of(start))


def _footer(reading: Reading, today: date | None, prompts: Prompts) -> str:
    article = reading.article
    parts = [article.source or ""]
    if article.published:
        parts += [prompts.day(article.published), ago(article.published, today, prompts) if today else ""]
    parts += on_pages([article.page_of(reading.quote[0] if reading.quote else reading.passage.start)], prompts)
    count = len(reading.passages)
    place = prompts.text("reading.place", number=reading.place + 1, count=count) if count > 1 else ""
    return bare(" · ".join(part for part in (", ".join(filter(None, parts)), place) if part), LONGEST_FOOTER)


def _named(reading: Reading, sought: QuoteId | None) -> QuoteId:
    """Return the quote as the buttons are to name it: as it stands now, or else as it was sought."""
    if reading.quote is not None:
        start, end = reading.quote
        return QuoteId(reading.passage.id, start, end, check(reading.article.text[start:end]))
    return sought or QuoteId(reading.passage.id, 0, 0, check(""))


def _buttons(reading: Reading, quote: QuoteId, address: str | None, prompts: Prompts) -> tuple[Button, ...]:
    buttons = []
    if len(reading.passages) > 1:
        buttons = [
            _walk(reading.before, quote, _FIRST, "◀", prompts.text("reading.previous")),
            _walk(reading.after, quote, _LAST, "▶", prompts.text("reading.next")),
        ]
    if address:
        buttons.append(Button(bare(prompts.text("passage.link"), LONGEST_LABEL), url=address))
    return tuple(buttons)


def _walk(to: Passage | None, quote: QuoteId, nowhere: str, emoji: str, text: str) -> Button:
    custom_id = replace(quote, passage=to.id).walk if to else nowhere
    return Button(bare(text, LONGEST_LABEL), custom_id, emoji=emoji, disabled=to is None)


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
