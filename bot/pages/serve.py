"""The article pages beside the bot: on a socket for as long as it runs, and linked to in its answers."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.buttons import check
from bot.links import SHORTEST_KEY, Links, Pages, Span
from bot.pages.app import pages_app
from bot.pages.article import Past, lost_from
from bot.web import WebUnavailable, serving
from index import Article

if TYPE_CHECKING:
    from bot.client import FootnoteBot
    from bot.settings import PagesSection

KEY_FILE = "pages.key"


@contextlib.asynccontextmanager
async def article_pages(bot: FootnoteBot, settings: PagesSection, home: Path) -> AsyncIterator[None]:
    """Serve the articles' pages within this context, and have the bot link to them; nothing of it unless enabled.

    Args:
        bot: Whose articles are shown; it links to the pages until the context ends.
        settings: Where, and to whom.
        home: Keeps the key that signs links, where none is configured.

    Raises:
        WebUnavailable: The address is taken or not allowed, or the key cannot be kept.
    """
    if not settings.enabled:
        yield
        return
    secret = None
    if settings.links == "signed":
        secret = settings.secret.get_secret_value().encode() or signing_key(home)
    pages = Pages(settings.url, secret, days=settings.days)

    async def find(article_id: str) -> Article | None:
        return await bot.asker.look(lambda index: index.article(article_id))

    async def recall(article: Article, spans: Sequence[Span]) -> Past:
        versions = await bot.asker.look(lambda index: index.versions(article.id))
        missing = {span.check for span in lost_from(article, spans) if span.check}
        words: list[str] = []
        if missing:
            words = await bot.ledger.attempt(lambda ledger: ledger.quotes.words(article.id), words)
        return Past(versions, [quote for quote in words if check(quote) in missing])

    app = pages_app(find, bot.catalogues, lambda: pages, recall)
    async with serving(app, settings.host, settings.port) as address:
        pages = Pages(settings.url or address, secret, days=settings.days)
        before, bot.links = bot.links, Links(pages, settings.always)
        try:
            yield
        finally:
            bot.links = before


def signing_key(home: Path) -> bytes:
    """Return the key in a home; it is made if there is none, so that links stay good when the bot starts again.

    Raises:
        WebUnavailable: It cannot be read or kept.
    """
    file = home / KEY_FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), open(file, "x", encoding="ascii", opener=_for_its_owner) as made:
            made.write(secrets.token_hex(32))
        key = file.read_bytes().strip()
    except OSError as error:
        raise WebUnavailable(
            f"The key that signs links to articles cannot be kept in {file}: {error.strerror}. "
            "Let the bot write there, or set pages.secret."
        ) from None
    if len(key) < SHORTEST_KEY:
        raise WebUnavailable(f"{file} holds no key that is long enough. Delete it, and a new one is made.")
    return key


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
