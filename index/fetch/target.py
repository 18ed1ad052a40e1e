"""URLs as they may be fetched: one reading of each, by the parser that also connects."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address

import httpx

from index.fetch.failures import NotAllowed

# Names as the DNS has them in practice; the underscore is no letter of host names, but some have it.
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")

# A last label that looks like a number makes an address of the whole, which then has to be spelled plainly (WHATWG URL
# Standard, "ends in a number"): 127.1, 0x7f.1 and 2130706433 are all 127.0.0.1 to those who connect.
_NUMERIC = re.compile(r"([0-9]+|0x[0-9a-f]*)")

_PORTS = {"http": 80, "https": 443}


def read_target(url: str | httpx.URL) -> httpx.URL:
    """Return a URL that may be fetched as far as can be seen without a look-up: no fragment, host in plain lower case.

    Raises:
        NotAllowed: It is no URL, or its scheme, host or port is not one to be fetched.
    """
    shown = str(url)
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise NotAllowed(shown, "is not an address that can be read.", "Correct it.") from None
    if target.scheme not in _PORTS:
        raise NotAllowed(shown, "is neither http:// nor https://.", "Only these are fetched.")
    if target.userinfo or "@" in target.netloc.decode("ascii"):
        raise NotAllowed(
            shown, "has a user or password in it.", "Give credentials as a header, and the address without them."
        )
    host = target.raw_host.decode("ascii").lower()
    if not _is_address(host):
        host = host.removesuffix(".")
        if not _NAME.fullmatch(host) or _NUMERIC.fullmatch(host.rpartition(".")[2]):
            raise NotAllowed(shown, "has a host that is no name and no plain address.", "Correct it.")
    if not 0 < port_of(target) < 2**16:
        raise NotAllowed(shown, "has a port that there is not.", "Correct it.")
    return target.copy_with(host=host, fragment=None)


def host_of(url: httpx.URL) -> str:
    """Return the host as it is looked up: ASCII, where httpx would show a name in its own script."""
    return url.raw_host.decode("ascii")


def port_of(url: httpx.URL) -> int:
    """Return the port that is connected to."""
    return _PORTS[url.scheme] if url.port is None else url.port


def origin_of(url: httpx.URL) -> tuple[str, str, int]:
    """Return what makes two URLs the same to a server: scheme, host and port (RFC 6454)."""
    return url.scheme, host_of(url), port_of(url)


def _is_address(host: str) -> bool:
    """Tell whether a host is an address in its plain spelling: four decimal numbers, or IPv6 without a zone."""
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return isinstance(address, IPv4Address) or address.scope_id is None
