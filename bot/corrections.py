"""What has become of an article and of the words quoted from it since an answer was given. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from index import Article

if TYPE_CHECKING:
    from bot.ledger import Cited
    from index import Version

# A generation's id begins with when it was built.
_BUILT = re.compile(r"\d{8}T\d{6}Z")


class Standing(StrEnum):
    """What has become of a quote."""

    STANDS = "stands"  # word for word, where it stood
    MOVED = "moved"  # word for word, elsewhere in the article
    GONE = "gone"  # the article no longer says so, or is gone itself


def standing(cited: Cited, article: Article | None) -> Standing:
    """Return what has become of a quote in the article as it is now, which is None if it is gone.

    A quote that was blanked when its article was removed is gone for good.
    """
    if article is None or not cited.quote:
        return Standing.GONE
    if article.text[cited.start : cited.end] == cited.quote:
        return Standing.STANDS
    return Standing.MOVED if cited.quote in article.text else Standing.GONE


def changed_since(versions: Sequence[Version], at: datetime, generation: str = "") -> datetime | None:
    """Return when an article last changed since an answer was given; None if it has not.

    Args:
        versions: The article's, the first one first.
        at: When the answer was given.
        generation: The one that it was given from, if that is known: what counts is what was known by then.
    """
    built = _BUILT.match(generation)
    moment = datetime.strptime(built[0], "%Y%m%dT%H%M%S%z").astimezone(UTC) if built else at
    later = [version.seen_at for version in versions[1:] if version.seen_at > moment]
    return later[-1] if later else None
