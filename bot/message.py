"""A message before it is sent, and Discord's limits for it. Pure.

Lengths are UTF-16 units, which are never fewer than the characters that Discord counts.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.markup import length
from bot.model import Status

# Discord's own limits.
LONGEST_TITLE = 256
LONGEST_DESCRIPTION = 4_096
LONGEST_EMBED = 6_000  # of all embeds of a message together
MOST_EMBEDS = 10
LONGEST_LABEL = 80
BUTTONS_IN_ROW = 5
MOST_ROWS = 5
LONGEST_OPTION = 100
LONGEST_PLACEHOLDER = 150
MOST_OPTIONS = 25

# Ours: with it and a description of the greatest length, everything together stays under LONGEST_EMBED.
LONGEST_FOOTER = 1_000

COLORS = {Status.ANSWERED: 0x2E8B57, Status.RELATED: 0xD9A521, Status.NOTHING: 0x808A93}


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it has an id, or it leads to an address.

    Attributes:
        row: From 0; those of a row stand in their order.
        emoji: Beside the label, which says everything.
        disabled: It cannot be pressed now, but keeps its place.
    """

    label: str
    custom_id: str = ""
    url: str = ""
    row: int = 0
    emoji: str = ""
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a menu."""

    label: str
    value: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu under a message; it has a row for itself."""

    placeholder: str
    custom_id: str
    options: tuple[Option, ...]
    row: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message, ready for an embed.

    Attributes:
        title: Discord Markdown on one line; may be empty.
        description: Discord Markdown.
        footer: Plain text on one line; may be empty.
        color: 0xRRGGBB.
        url: Where the title leads.
        rest: What goes on below it, where one embed was not enough for what there is to say: in the same message as far
            as that takes it (see `together`), and else in messages that follow.
    """

    title: str
    description: str
    footer: str = ""
    color: int = COLORS[Status.NOTHING]
    url: str | None = None
    buttons: tuple[Button, ...] = ()
    menu: Menu | None = None
    rest: tuple[Rendered, ...] = ()

    @property
    def together(self) -> int:
        """How many of `rest` stand in the same message."""
        left, count = LONGEST_EMBED - self._units, 0
        for part in self.rest[: MOST_EMBEDS - 1]:
            left -= part._units
            if left < 0:
                break
            count += 1
        return count

    @property
    def below(self) -> tuple[Rendered, ...]:
        """Those of `rest` that are messages of their own."""
        return self.rest[self.together :]

    @property
    def _units(self) -> int:
        return sum(map(length, (self.title, self.description, self.footer)))
