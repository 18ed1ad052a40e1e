"""Where the words of an article can be read: at its own address, or on a page that the bot serves itself. Pure.

A page's address is `BASE/article/ID?quote=START-END-CHECK&until=DAY&sign=…`: the quotes to set off, the last day it is
good for, and the signature of the article's id and that day. Quotes are not signed: whoever may read the article may
have any of its words set off.
"""

from __future__ import annotations

import base64
import hmac
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.buttons import check
from bot.fragment import at_quote
from bot.markup import LONGEST_URL, web_address
from bot.model import Citation
from index import Hit

# Quotes that one address names.
MOST_QUOTES = 8
# What an address leads to within the page: the first quote.
ANCHOR = "#quote"
# Characters of a key that nobody guesses.
SHORTEST_KEY = 16
DAY = 86_400

# An id that stands in a path as it is; any other is encoded, as servers between here and there take paths apart.
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_PLAIN = re.compile(rf"{_NAME}(?:/{_NAME})*")
_ENCODED = "~"
_QUOTE = re.compile(r"(\d{1,9})-(\d{1,9})(?:-([0-9a-f]{8}))?")
# Bytes of a signature: too many to guess, few enough for a short address.
_SIGNATURE = 16


@dataclass(frozen=True, slots=True)
class Span:
    """A quote's place in its article, and a check of its words (see `bot.buttons.check`), which may be empty."""

    start: int
    end: int
    check: str = ""


class Admission(Enum):
    """What an address is worth."""

    GOOD = "good"
    EXPIRED = "expired"
    FORGED = "forged"


class Pages:
    """The addresses of the bot's own pages."""

    def __init__(
        self, base: str, secret: bytes | None, *, days: int | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        """Make it.

        Args:
            base: What all addresses begin with, such as https://bot.example or https://bot.example/reads.
            secret: Signs the addresses; None if anybody may read every article.
            days: How long an address is good for; None for ever.
            clock: Seconds since 1970.
        """
        self._base = base.rstrip("/")
        self._secret = secret
        self._days = days
        self._clock = clock

    @property
    def signed(self) -> bool:
        """Whether an address needs a signature."""
        return self._secret is not None

    def address(self, article_id: str, spans: Sequence[Span] = (), room: int = LONGEST_URL) -> str | None:
        """Return the address of an article's page, with as many quotes as there is room for; None if it is too long."""
        fixed = []
        if self._secret is not None:
            until = str(int(self._clock() // DAY) + self._days) if self._days is not None else ""
            fixed = [*([f"until={until}"] if until else []), f"sign={self._signature(self._secret, article_id, until)}"]
        page = f"{self._base}/article/{in_path(article_id)}"
        for count in range(min(len(spans), MOST_QUOTES), -1, -1):
            quotes = [f"quote={_written(span)}" for span in spans[:count]]
            query = "&".join([*quotes, *fixed])
            address = page + (f"?{query}" if query else "") + (ANCHOR if quotes else "")
            if len(address) <= room:
                return address
        return None

    def admits(self, article_id: str, until: str, signature: str) -> Admission:
        """Tell whether an address is one of ours, and still good.

        Args:
            article_id: The article that is asked for.
            until: The address's own word for its last day; may be empty.
            signature: As it stands in the address; may be empty.
        """
        if self._secret is None:
            return Admission.GOOD
        expected = self._signature(self._secret, article_id, until)
        # In constant time, so that no signature is found out letter by letter.
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            return Admission.FORGED
        return Admission.EXPIRED if until and int(until) < self._clock() // DAY else Admission.GOOD

    @staticmethod
    def _signature(secret: bytes, article_id: str, until: str) -> str:
        signed = f"article\0{until}\0{article_id}".encode("utf-8", "surrogatepass")
        return _base64(hmac.digest(secret, signed, "sha256")[:_SIGNATURE])


@dataclass(frozen=True, slots=True)
class Links:
    """Where what is cited leads to.

    Attributes:
        pages: The bot's own pages, if it serves any.
        always: They are preferred to an article's own address.
    """

    pages: Pages | None = None
    always: bool = False

    def of(self, cited: Sequence[Citation], hits: Sequence[Hit], room: int = LONGEST_URL) -> str | None:
        """Return an address at which what is cited from one article can be read; None if there is none.

        Args:
            cited: The article's citations, the first of which the address leads to.
            hits: What was retrieved, among it the article.
            room: The most characters to return.
        """
        first = cited[0]
        text = next((hit.article.text for hit in hits if hit.article.id == first.article_id), "")
        spans = [Span(citation.start, citation.end, check(citation.quote)) for citation in cited]
        return self.to(first.article_id, first.url, text, spans, room, page=first.page)

    def to(
        self,
        article_id: str,
        url: str | None,
        text: str,
        spans: Sequence[Span],
        room: int = LONGEST_URL,
        *,
        page: int | None = None,
    ) -> str | None:
        """Return an address at which quotes can be read, safe to stand in a message; None if there is none.

        Args:
            article_id: The article's.
            url: Its own address, as its source gave it.
            text: The article's; where it is empty, its own address leads to the article's beginning.
            spans: The quotes in it, the first of which the address leads to.
            room: The most characters to return.
            page: The page that the first quote is on, where the article has pages.
        """
        own = web_address(url)
        if own and len(own) > room:
            own = None
        served = self.pages.address(article_id, spans, room) if self.pages and (self.always or not own) else None
        if served or not own:
            return served
        if page and len(at_page := f"{own.partition('#')[0]}#page={page}") <= room:
            return at_page  # As viewers of PDF files open them (RFC 8118).
        return at_quote(own, text, spans[0].start, spans[0].end, room) if spans else own


# Without pages of the bot's own.
OWN = Links()


def read_spans(values: Sequence[str]) -> list[Span]:
    """Return the quotes that an address names; what names none is left out."""
    found = (_QUOTE.fullmatch(value) for value in values[:MOST_QUOTES])
    return [Span(int(match[1]), int(match[2]), match[3] or "") for match in found if match]


def in_path(article_id: str) -> str:
    """Return an article's id as the end of a path."""
    if _PLAIN.fullmatch(article_id):
        return article_id
    return _ENCODED + _base64(article_id.encode("utf-8", "surrogatepass"))


def of_path(part: str) -> str | None:
    """Return the article's id that `in_path` made the end of a path of; None if it made no such end."""
    if not part.startswith(_ENCODED):
        return part if _PLAIN.fullmatch(part) else None
    letters = part.removeprefix(_ENCODED)
    try:
        found = base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4)).decode("utf-8", "surrogatepass")
    except ValueError:  # of which UnicodeError and binascii.Error are two
        return None
    # Each article has one address.
    return found if in_path(found) == part else None


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _written(span: Span) -> str:
    return f"{span.start}-{span.end}" + (f"-{span.check}" if span.check else "")
