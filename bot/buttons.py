"""What the ids of buttons say: which quote, or which answer, and what is to be done with it. Pure.

Whoever presses a button can have made its id up. What is read here has the right form, and nothing more is promised.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

LONGEST_CUSTOM_ID = 100

_QUOTE = re.compile(r"fn:[pn]:(?P<passage>[0-9a-f]{1,40}):(?P<start>\d{1,9}):(?P<end>\d{1,9}):(?P<check>[0-9a-f]{8})")

_ASK = re.compile(r"fn:a:[a-z]{1,12}:([a-z2-7]{12})(?::(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class QuoteId:
    """A passage to show, and the quote that is to be set off in it.

    Attributes:
        passage: The passage's id.
        start: Where the quote began in its article, when the button was made.
        end: One past the quote's last character.
        check: See `check`.
    """

    passage: str
    start: int
    end: int
    check: str

    @classmethod
    def read(cls, custom_id: str) -> Self | None:
        """Return what a button's id says; None if it is no such id."""
        found = _QUOTE.fullmatch(custom_id)
        return cls(found["passage"], int(found["start"]), int(found["end"]), found["check"]) if found else None

    @property
    def show(self) -> str:
        """The id of a button that shows the passage."""
        return self._written("p")

    @property
    def walk(self) -> str:
        """The id of a button that shows the passage in the place of the one it stands under."""
        return self._written("n")

    def _written(self, action: str) -> str:
        return f"fn:{action}:{self.passage}:{self.start}:{self.end}:{self.check}"


def check(quote: str) -> str:
    """Return eight hexadecimal digits by which a quote's words are known again."""
    return hashlib.blake2b(quote.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


class Action(StrEnum):
    """What can be done with an answer, as the beginning of a button's id."""

    MORE = "fn:a:more:"  # show what else was found
    TURN = "fn:a:turn:"  # another page of it, where the button stands
    PICK = "fn:a:pick:"  # show the passage that is chosen from it
    AGAIN = "fn:a:again:"
    HELPFUL = "fn:a:good:"
    UNHELPFUL = "fn:a:bad:"
    WHY = "fn:a:why:"  # the form in which somebody says why not
    WISH = "fn:a:wish:"


def ask_button(action: Action, ask_id: str, page: int | None = None) -> str:
    """Return the id of a button that does something with an answer."""
    return f"{action}{ask_id}" if page is None else f"{action}{ask_id}:{page}"


def read_ask_button(custom_id: str) -> tuple[str, int] | None:
    """Return the id of the ask that a button is about, and the page it leads to; None if it is no such id."""
    found = _ASK.fullmatch(custom_id)
    return (found[1], int(found[2] or 0)) if found else None
