"""What a fetch gives, and what it is told when there is nothing."""

from __future__ import annotations

from index.fetch import Fetched, Fetcher, Validators
from tests.index.fetch.web import Web


async def fetch(web: Web, path: str, **given: object) -> Fetched:
    async with Fetcher(web.settings()) as fetcher:
        return await fetcher.get(web.url(path), **given)  # type: ignore[arg-type]


async def test_a_page_is_given_with_its_type_its_validators_and_where_it_was(web: Web) -> None:
    web.page("/a", "grün", etag='"1"', last_modified="Tue, 24 Nov 2026 10:00:00 GMT")
    fetched = await fetch(web, "/a#top")

    assert (web.url("/a"), web.url("/a#top"), 200) == (fetched.url, fetched.asked, fetched.status)
    assert ("grün", "text/html", "utf-8") == (fetched.text, fetched.content_type, fetched.charset)
    assert Validators('"1"', "Tue, 24 Nov 2026 10:00:00 GMT") == fetched.validators
    assert (False, None) == (fetched.not_modified, fetched.permanent)
