"""One request and its answer, read within a time and a size."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from http import HTTPStatus

import httpcore
import httpx

from index.errors import reason_of
from index.fetch.decoding import Undecodable, decoder_of
from index.fetch.failures import FetchFailure, Garbled, NotAllowed, TimedOut, TooLarge, Unreachable
from index.fetch.network import CONNECT_SECONDS, AddressRefused, CheckedTransport, NameUnknown
from index.formats.found import printable


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered.

    Attributes:
        status: The HTTP status.
        headers: As they came.
        charset: The encoding that the header names.
        body: Decompressed; read only where the status is one of success.
    """

    status: int
    headers: httpx.Headers
    charset: str | None
    body: bytes


async def ask_server(
    transport: CheckedTransport, url: httpx.URL, headers: httpx.Headers, largest: int, seconds: float
) -> Answer:
    """Send a request and read the answer.

    Args:
        transport: What connects.
        url: Where.
        headers: All but Host.
        largest: The most bytes of the body.
        seconds: In which all of it has to be there.

    Raises:
        FetchFailure: It could not be asked, or what came cannot be used, whatever its status.
    """
    shown = str(url)
    try:
        async with asyncio.timeout(seconds):
            return await _ask(transport, url, headers, largest)
    except TimeoutError:
        raise TimedOut(shown, f"did not arrive within {seconds:.2g} s.", "It is tried again the next time.") from None
    except AddressRefused as refused:
        raise NotAllowed(shown, f"{refused}: not fetched.", refused.remedy) from None
    except NameUnknown as error:
        raise Unreachable(
            shown, "cannot be reached: there is no host of that name.", "Correct it.", retryable=error.passing
        ) from None
    except httpcore.ConnectTimeout:
        raise Unreachable(shown, f"cannot be reached: no connection within {CONNECT_SECONDS:.0f} s.") from None
    except httpcore.TimeoutException:
        raise TimedOut(shown, "did not arrive in time.", "It is tried again the next time.") from None
    except httpcore.ProxyError as error:
        what = f"cannot be reached: the proxy says {printable(str(error))[:80]!r}."
        raise Unreachable(shown, what, "Check [fetch] proxy.", retryable=False) from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise _explained(shown, error) from None
    except Undecodable as broken:
        raise Garbled(shown, f"{broken}.", "It is tried again the next time.") from None


async def _ask(transport: CheckedTransport, url: httpx.URL, headers: httpx.Headers, largest: int) -> Answer:
    timeouts = {"connect": CONNECT_SECONDS, "read": None, "write": None, "pool": None}
    request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeouts})
    response = await transport.handle_async_request(request)
    try:
        wanted = response.is_success and response.status_code != HTTPStatus.PARTIAL_CONTENT
        if wanted:
            body = await _read(str(url), response, largest)
        elif response.status_code == HTTPStatus.NOT_MODIFIED:
            # To its end, which comes at once, so that the connection can be used again.
            body = b"".join([part async for part in response.aiter_raw()])
        else:
            body = b""
    finally:
        await response.aclose()
    return Answer(response.status_code, response.headers, response.charset_encoding, body)


async def _read(shown: str, response: httpx.Response, largest: int) -> bytes:
    """Read a body, and stop with the first byte too many, as it comes or as it is decompressed."""
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > largest:
        raise _too_large(shown, largest)
    decoder = decoder_of(response.headers.get("content-encoding", ""))
    parts: list[bytes] = []
    received = size = 0
    async for data in response.aiter_raw():
        received += len(data)
        parts.append(decoder.feed(data, largest - size))
        size += len(parts[-1])
        if max(received, size) > largest:
            raise _too_large(shown, largest)
    decoder.finish()
    return b"".join(parts)


def _too_large(shown: str, largest: int) -> TooLarge:
    return TooLarge(
        shown, f"is larger than {largest:,} bytes; the rest was not read.", "If it is meant, raise [fetch] largest."
    )


def _explained(shown: str, error: Exception) -> FetchFailure:
    """Return in our terms why there is no connection, or none any more."""
    cause = error.__context__  # the cause is cleared by httpcore's pool
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return _without_tls(shown, cause)
        cause = cause.__context__
    if isinstance(error, httpcore.RemoteProtocolError):
        # Both are how httpcore and h11 say that the server went away; anything else is no HTTP.
        if "disconnected" in str(error) or "closed connection" in str(error):
            return Unreachable(shown, "broke off: its server closed the connection.")
        return Garbled(shown, f"answered with what is no HTTP ({reason_of(error)[:80]}).")
    if isinstance(error, httpcore.ConnectError):
        return Unreachable(shown, "cannot be reached: no connection.", "Check the address, and that its server runs.")
    return Unreachable(shown, "broke off: the connection was lost.")


def _without_tls(shown: str, error: ssl.SSLError) -> Unreachable:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable(
            shown, f"has a certificate that does not hold: {error.verify_message.rstrip('.')}.",
            "Correct the address, or the certificate; that of an authority of your own is trusted by SSL_CERT_FILE.",
            retryable=False,
        )  # fmt: skip
    return Unreachable(shown, f"cannot be reached: no TLS ({error.reason or reason_of(error)}).", retryable=False)
