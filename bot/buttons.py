"""What the ids of buttons say: which quote, or which answer, and what is to be done with it. Pure.

Whoever presses a button can have made its id up. What is read here has the right form, and nothing more is promised.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Self

LONGEST_CUSTOM_ID = 100

_QUOTE = re.compile(r"fn:[pn]:(?P<passage>[0-9a-f]{1,40}):(?P<start>\d{1,9}):(?P<end>\d{1,9}):(?P<check>[0-9a-f]{8})")


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
