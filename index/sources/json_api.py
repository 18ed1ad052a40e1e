"""Asking a site's API."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from index.errors import SourceFailure
from index.fetch.url import redacted
from index.formats.encoding import decode
from index.formats.found import Unreadable
from index.sources.protocol import Visit


async def get_json(visit: Visit, url: str) -> Any:
    """Return what an address of an API answers. It was made for programs, so that robots.txt is not asked.

    Raises:
        SourceFailure: It cannot be fetched, or is no JSON.
    """
    fetched = await visit.fetcher.get(url, accept="application/json", robots=False)
    try:
        return await asyncio.to_thread(lambda: json.loads(decode(fetched.body)))
    except (ValueError, RecursionError, Unreadable):
        raise SourceFailure(
            f"{redacted(url)} answers something that is no JSON.", "Check the address: its API may be turned off."
        ) from None
