"""Fetching over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.fetch.failures import Gone, Refused, Unreachable
from index.fetch.model import Fetched, FetchSettings, Validators

if TYPE_CHECKING:
    import httpx


_NOT_MODIFIED = 304


class Fetcher:
    """Gets addresses, one or many at once. Enter it (`async with`) before the first."""

    def __init__(self, settings: FetchSettings | None = None) -> None:
        self._settings = settings or FetchSettings()
        self._client: httpx.AsyncClient

    async def __aenter__(self) -> Self:
        import httpx

        self._client = httpx.AsyncClient(trust_env=False, timeout=self._settings.timeout, follow_redirects=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str | None = None,
        headers: Mapping[str, str] | None = None,
        largest: int | None = None,
        robots: bool = True,
    ) -> Fetched:
        """Return what is at an address.

        Args:
            url: Where; http or https, without user and password.
            validators: Those of the version that is known, to be told if it is still that one.
            accept: Media types that are wanted.
            headers: Further headers, such as an authorization; they go to this address's own host alone.
            largest: The most bytes of a body, where another limit than the configured one holds.
            robots: Whether to heed robots.txt, if that is configured; False for an address made for programs.

        Raises:
            FetchFailure: Anything but success or "not modified"; see there.
        """
        import httpx

        asked = validators or Validators()
        sent = dict(headers or {})
        if asked.etag:
            sent["If-None-Match"] = asked.etag
        if asked.last_modified:
            sent["If-Modified-Since"] = asked.last_modified
        if accept:
            sent["Accept"] = accept
        try:
            response = await self._client.get(url, headers=sent)
        except httpx.HTTPError as error:
            raise Unreachable(url, f"cannot be reached ({type(error).__name__}).") from None
        if response.status_code in {404, 410}:
            raise Gone(url, response.status_code, f"is not there (HTTP {response.status_code}).")
        if not response.is_success and response.status_code != _NOT_MODIFIED:
            raise Refused(url, response.status_code, f"answered with HTTP {response.status_code}.")
        return Fetched(
            str(response.url), url, response.status_code, response.content,
            response.headers.get("content-type", "").partition(";")[0].strip().lower(), response.charset_encoding,
            Validators(response.headers.get("etag"), response.headers.get("last-modified")),
            response.status_code == _NOT_MODIFIED, None,
        )  # fmt: skip
