"""Connections that lead only where they may: the address that was checked is the one that is connected to.

httpcore asks a backend for a connection to a host and a port, and does TLS on top of it with the host's name. This one
resolves the name itself, once, looks at every address it has, and connects to one of those by number. There is no
second look-up that could say something else.
"""

from __future__ import annotations

import asyncio
import functools
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from ipaddress import ip_address

import httpcore
import httpx

from index.fetch.addresses import METADATA, WEB_PORTS, Allowance, refusal
from index.fetch.target import host_of, port_of

# Host name and port -> numeric addresses.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

CONNECT_SECONDS = 10.0  # for each address
_KEPT = 15.0  # seconds that an idle connection is kept
_MOST_ADDRESSES = 8  # of a name that are tried


class AddressRefused(Exception):
    """A host leads to an address, or a port, that may not be connected to. The message says what it is.

    Attributes:
        remedy: How to allow it, where an operator may want to.
    """

    def __init__(self, what: str, host: str, port: int) -> None:
        super().__init__(what)
        named = f"[{host}]" if ":" in host else host
        self.remedy = (
            ""
            if METADATA in what
            else (f"If that host is yours to fetch from, add {named}:{port} to [fetch] allow_hosts.")
        )


class NameUnknown(Exception):
    """A host's name leads nowhere."""

    def __init__(self, passing: bool) -> None:
        super().__init__("its name is not known")
        self.passing = passing


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver for a name's addresses.

    Raises:
        OSError: There are none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to hosts whose every address is allowed, by number."""

    def __init__(self, allowance: Allowance, resolve: Resolve) -> None:
        self._allowance = allowance
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of a host that takes the connection.

        Raises:
            AddressRefused: One of its addresses, or the port, may not be connected to.
            NameUnknown: It has no address.
            httpcore.ConnectError: None of its addresses takes the connection.
            httpcore.ConnectTimeout: The last of them did not in time.
        """
        addresses = await self.addresses(host, port)
        failure: Exception = httpcore.ConnectError("no address")
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return a host's addresses, all of which may be connected to at this port.

        Raises:
            AddressRefused: One may not.
            NameUnknown: There are none.
        """
        addresses = await self._look_up(host, port)
        for address in addresses:
            self._check(host, address, port)
        return addresses

    async def _look_up(self, host: str, port: int) -> Sequence[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            pass
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NameUnknown(getattr(error, "errno", None) == socket.EAI_AGAIN) from None
        if not addresses:
            raise NameUnknown(passing=False)
        return addresses

    def _check(self, host: str, address: str, port: int) -> None:
        number = ip_address(address)
        if self._allowance.name(host, port) or self._allowance.address(number, port):
            return
        leads = "" if host == address else f"leads to {address}, which "
        if what := refusal(number):
            raise AddressRefused(f"{leads}is {what}", host, port)
        if port not in WEB_PORTS:
            raise AddressRefused(f"is on port {port}, where web servers seldom are", host, port)


class CheckedTransport(httpx.AsyncBaseTransport):
    """httpx over such connections. Nothing of the environment is asked but which certificates are trusted.

    It is used without httpx's client, which would keep cookies, follow redirects and log addresses with their queries.
    """

    def __init__(self, backend: CheckedBackend, connections: int, proxy: str = "") -> None:
        """Connect to nothing yet.

        Args:
            backend: What connects, and what knows which addresses are allowed.
            connections: The most at once.
            proxy: What the operator has all requests go through; empty for none.
        """
        trusted = _trusted(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        self._backend = backend
        self._proxied = bool(proxy)
        if not proxy:
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=trusted, max_connections=connections, keepalive_expiry=_KEPT, network_backend=backend
            )
            return
        through = httpx.Proxy(proxy)
        self._pool = httpcore.AsyncHTTPProxy(
            str(through.url),
            proxy_auth=through.raw_auth,
            ssl_context=trusted,
            proxy_ssl_context=trusted if through.url.scheme == "https" else None,
            max_connections=connections,
            keepalive_expiry=_KEPT,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return the answer, whose body is still to be read.

        Raises:
            AddressRefused, NameUnknown, httpcore's exceptions.
        """
        if self._proxied:
            # The proxy looks names up itself. What is known here to lead inside is not even asked of it.
            with suppress(NameUnknown):
                await self._backend.addresses(host_of(request.url), port_of(request.url))
        response = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )  # fmt: skip
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


@functools.cache
def _trusted(file: str | None, folder: str | None) -> ssl.SSLContext:
    """Return which certificates are trusted: what httpx makes of these variables, read once."""
    return httpx.create_ssl_context()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()
