"""After a rebuild from the command line: what the ledger has quoted of articles that are gone is blanked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings


def forget_gone(settings: Settings) -> bool:
    """Blank the quotes of articles that are gone; say what, or why it cannot be done, on standard error.

    Returns:
        Whether nothing is left of them, as far as is known: without a ledger there is nothing.
    """
    from bot.ledger.place import FILE, url_of
    from index import IndexFailure, read_article_ids

    if not settings.ledger.url.get_secret_value() and not (settings.home / FILE).is_file():
        return True
    from bot.ledger import Ledger, LedgerFailure
    from bot.ledger.place import hash_key

    try:
        with Ledger(url_of(settings), hash_key=hash_key(settings)) as ledger:
            count = ledger.quotes.blank_gone(read_article_ids(settings.home))
    except IndexFailure:
        return True  # Without an index, nothing is known to be gone.
    except LedgerFailure as error:
        print(
            f"Quotes of articles that are gone may still be in the ledger: {error} Then rebuild once more.",
            file=sys.stderr,
        )
        return False
    if count:
        print(f"Blanked {count} quotes of articles that are gone in the ledger.", file=sys.stderr)
    return True
