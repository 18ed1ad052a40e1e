"""One attempt at an address: its redirects followed one by one, each checked like the first."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from index.fetch.answer import Answer, ask_server
from index.fetch.decoding import ACCEPTED
from index.fetch.failures import (
    LONGEST_WAIT,
    FetchFailure,
    Garbled,
    Gone,
    NotAllowed,
    Refused,
    TimedOut,
    TooManyRedirects,
    Unreachable,
)
from index.fetch.model import Fetched, FetchSettings, Validators
from index.fetch.network import CheckedTransport
from index.fetch.pace import Pace
from index.fetch.robots import Robots
from index.fetch.target import host_of, origin_of, read_target
from index.formats.found import printable

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
_GONE = frozenset((404, 410))

# Headers as they may be sent (RFC 9110, 5.1 and 5.5), here in ASCII alone. A validator is sent back as it came.
_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_VALUE = re.compile(r"[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?")
_LONGEST_VALIDATOR = 1_024

_SECONDS = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for.

    Attributes:
        url: Where.
        validators: Those of the version that is known.
        accept: The media types that are wanted.
        headers: Further ones, for the server of `url` alone.
        largest: The most bytes of a body.
        robots: Whether robots.txt is heeded.
    """

    url: str
    validators: Validators
    accept: str
    headers: Mapping[str, str]
    largest: int
    robots: bool


class Exchange:
    """Asks, follows and reads, one attempt at a time."""

    def __init__(self, settings: FetchSettings, transport: CheckedTransport, pace: Pace, robots: Robots) -> None:
        self._settings = settings
        self._transport = transport
        self._pace = pace
        self._robots = robots

    async def attempt(self, ask: Ask) -> Fetched:
        """Return what is at an address, after as many redirects as are configured.

        Raises:
            FetchFailure: Anything else.
        """
        first = target = read_target(ask.url)
        left = self._settings.timeout
        seen = set()
        permanent = True
        try:
            for _ in range(self._settings.redirects + 1):
                if ask.robots:
                    await self._robots.check(target)
                if left <= 0:
                    raise TimedOut(ask.url, f"did not arrive within {self._settings.timeout:g} s.")
                headers = self._headers(ask, own=origin_of(target) == origin_of(first))
                answer, seconds = await self._ask(target, headers, ask.largest, left)
                left -= seconds
                if answer.status not in _REDIRECTS:
                    moved = str(target) if permanent and target != first else None
                    return self._finished(answer, ask, target, moved)
                seen.add(target)
                permanent = permanent and answer.status in _PERMANENT
                target = next_target(target, answer)
                if target in seen:
                    raise TooManyRedirects(ask.url, "redirects in a circle.", "Correct the address.")
        except FetchFailure as failure:
            if seen:
                failure.redirected(ask.url)
            raise
        raise TooManyRedirects(
            ask.url, f"redirects more than {self._settings.redirects} times.", "Give the address that it leads to."
        )

    async def _ask(self, target: httpx.URL, headers: httpx.Headers, largest: int, left: float) -> tuple[Answer, float]:
        """Ask when it is the host's turn; return what it answered and in how many seconds."""
        if self._pace.is_given_up(host_of(target)):
            raise Unreachable(
                str(target), "is not asked for: its host could not be reached several times in a row.",
                "It is tried again the next time.", retryable=False,
            )  # fmt: skip
        if (away := self._pace.seconds_until(host_of(target))) > LONGEST_WAIT:
            raise Refused(
                str(target), HTTPStatus.TOO_MANY_REQUESTS,
                f"is not asked for: its server wants to be left alone for {away:.0f} s.", wait=away,
            )  # fmt: skip
        async with self._pace.turn(host_of(target)):
            loop = asyncio.get_running_loop()
            began = loop.time()
            answer = await ask_server(self._transport, target, headers, largest, left)
            return answer, loop.time() - began

    def _headers(self, ask: Ask, *, own: bool) -> httpx.Headers:
        """Return what is sent; the given headers to the server they are meant for alone."""
        headers = httpx.Headers({"User-Agent": self._settings.user_agent, "Accept": ask.accept})
        for name, value in ask.headers.items() if own else ():
            if not (_NAME.fullmatch(name) and _VALUE.fullmatch(value)):
                raise FetchFailure(
                    ask.url, f"cannot be asked for: the header {printable(name)[:80]} is none.", "Correct it."
                )
            if name.lower() != "host":
                headers[name] = value
        headers["Accept-Encoding"] = ACCEPTED
        if etag := _fit(ask.validators.etag):
            headers["If-None-Match"] = etag
        if last_modified := _fit(ask.validators.last_modified):
            headers["If-Modified-Since"] = last_modified
        return headers

    def _finished(self, answer: Answer, ask: Ask, target: httpx.URL, moved: str | None) -> Fetched:
        unchanged = answer.status == HTTPStatus.NOT_MODIFIED and ask.validators != Validators()
        if not (unchanged or HTTPStatus(200) <= answer.status < HTTPStatus(300)):
            raise self._refused(answer, target)
        if answer.status == HTTPStatus.PARTIAL_CONTENT:
            raise Garbled(str(target), "answered with a part of it that was not asked for (HTTP 206).")
        validators = Validators(_fit(answer.headers.get("etag")), _fit(answer.headers.get("last-modified")))
        if unchanged:
            validators = Validators(
                validators.etag or ask.validators.etag, validators.last_modified or ask.validators.last_modified
            )
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Fetched(
            url=str(target), asked=ask.url, status=answer.status, body=answer.body, content_type=media_type,
            charset=answer.charset, validators=validators, not_modified=unchanged, permanent=moved,
        )  # fmt: skip

    def _refused(self, answer: Answer, target: httpx.URL) -> Refused:
        shown = str(target)
        if answer.status in _GONE:
            return Gone(shown, answer.status, f"is not there (HTTP {answer.status}).", "Correct or remove it.")
        wait = _retry_after(answer.headers.get("retry-after", ""))
        if wait is not None:
            self._pace.postpone(host_of(target), wait)
        asks = f" and asks to wait {wait:.0f} s" if wait else ""
        return Refused(shown, answer.status, f"answered with HTTP {answer.status}{asks}.", wait=wait)


def next_target(target: httpx.URL, answer: Answer) -> httpx.URL:
    """Return where a redirect leads.

    Raises:
        NotAllowed: It is nowhere to be fetched from, or leaves https.
        TooManyRedirects: It does not say where.
    """
    location = answer.headers.get("location", "").strip()
    if not location:
        raise TooManyRedirects(str(target), f"redirects nowhere (HTTP {answer.status}).")
    try:
        led = read_target(target.join(location))
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise NotAllowed(str(target), "redirects to what is no address.") from None
    if target.scheme == "https" and led.scheme == "http":
        raise NotAllowed(
            str(target), "redirects from https to http, where anybody on the way can change it.",
            "If you trust that way, give the http address itself.",
        )  # fmt: skip
    return led


def _fit(validator: str | None) -> str | None:
    fits = validator and len(validator) <= _LONGEST_VALIDATOR and _VALUE.fullmatch(validator)
    return validator if fits else None


def _retry_after(text: str) -> float | None:
    """Return the seconds of a Retry-After (RFC 9110, 10.2.3): a number or a date; None if it is neither."""
    text = text.strip()
    if text.isascii() and _SECONDS.fullmatch(text):
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
