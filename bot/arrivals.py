"""New articles as a message: grouped by publisher, with links. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.markup import label, length, plain
from bot.message import COLORS, LONGEST_DESCRIPTION, Rendered
from bot.model import Status
from bot.prompts import Prompts

# Articles in one message, and of one publisher: a digest is read in half a minute.
MOST = 25
MOST_OF_ONE = 8
# Characters of a title and of a publisher's name.
LONGEST_TITLE = 120
LONGEST_NAME = 80
# Room for what is said at the end.
_ROOM_FOR_MORE = 100


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new article."""

    article_id: str
    title: str
    url: str | None
    source: str | None
    published: date | None


def render_arrivals(
    arrivals: Sequence[Arrival], since: date, prompts: Prompts, address: Callable[[Arrival, int], str | None]
) -> Rendered:
    """Return the message that tells of new articles: publishers with most of them first, their newest first.

    Args:
        arrivals: At least one.
        since: The day they are new since.
        prompts: The bot's texts.
        address: Where an article can be read, in at most so many characters; None if nowhere.
    """
    by_source: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in sorted(arrivals, key=lambda one: (one.published or date.min, one.title), reverse=True):
        by_source[arrival.source or ""].append(arrival)
    day = prompts.day(since)
    count = len(arrivals)
    said = prompts.text("digest.one", since=day) if count == 1 else prompts.text("digest.many", count=count, since=day)
    room = LONGEST_DESCRIPTION - length(said) - _ROOM_FOR_MORE
    blocks: list[str] = []
    shown = 0
    for source, of_source in sorted(by_source.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        name = plain(source, LONGEST_NAME) or prompts.text("digest.unnamed")
        lines = [f"**{name}**"]
        for arrival in of_source[: min(MOST_OF_ONE, MOST - shown)]:
            line = _line(arrival, prompts, address)
            if sum(map(length, blocks)) + sum(map(length, lines)) + length(line) + len(lines) + 2 * len(blocks) > room:
                break
            lines.append(line)
        if len(lines) > 1:
            blocks.append("\n".join(lines))
            shown += len(lines) - 1
    if rest := count - shown:
        blocks.append(prompts.text("digest.more", count=rest))
    return Rendered(prompts.text("digest.title"), "\n\n".join([said, *blocks]), color=COLORS[Status.ANSWERED])


def _line(arrival: Arrival, prompts: Prompts, address: Callable[[Arrival, int], str | None]) -> str:
    url = address(arrival, 512)
    title = arrival.title or prompts.text("answer.untitled")
    named = f"[{label(title, LONGEST_TITLE)}]({url})" if url and label(title) else plain(title, LONGEST_TITLE)
    return f"- {named}" + (f" — {prompts.day(arrival.published)}" if arrival.published else "")
