"""What can be told of an address by its host alone: whether it is this machine, or near it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_unspecified(host: str) -> bool:
    """Return whether a host is what servers listen on to be reached from everywhere, and nobody gets to: 0.0.0.0."""
    found = _address(host)
    return found is not None and found.is_unspecified


def is_this_machine(host: str) -> bool:
    """Return whether a host is reached from this machine alone."""
    found = _address(host)
    return host == "localhost" or (found is not None and found.is_loopback)


def travels_openly(url: str) -> bool:
    """Return whether what is sent to an address can be read on a way that others share."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    found = _address(host)
    near = is_this_machine(host) or (found is not None and found.is_private)
    return parts.scheme == "http" and not near


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
