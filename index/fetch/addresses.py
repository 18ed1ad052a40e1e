"""Which addresses are on the public internet, and which others the operator allows.

Everything here is about numeric addresses and names as they are connected to, not about how a URL spells them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What web servers listen on; anything else is more often no web server, and needs to be allowed.
WEB_PORTS = frozenset((80, 443, 8080, 8443))

# What gives a machine in a cloud its keys; nobody means to index that.
METADATA = "a metadata address of a cloud"

# What is not the public internet (IANA's registries of special-purpose addresses), most telling first. The standard
# library knows most of them too, and is asked as well; it changes its mind from release to release.
_SPECIAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    (METADATA, (
        "169.254.169.254/32", "169.254.170.2/32", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32",
        "fd00:ec2::/32", "fd20:ce::254/128",
    )),
    ("an unspecified address", ("0.0.0.0/8", "::/128")),
    ("a loopback address", ("127.0.0.0/8", "::1/128")),
    ("a private address", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")),
    ("a link-local address", ("169.254.0.0/16", "fe80::/10")),
    ("an address shared behind a carrier's translation", ("100.64.0.0/10",)),
    ("a multicast address", ("224.0.0.0/4", "ff00::/8")),
    ("an IPv4 address inside an IPv6 one", (
        "::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32",
    )),
    ("reserved for documentation or tests", (
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32", "3fff::/20", "100::/64",
    )),
    ("a reserved address", ("192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4", "2001::/23", "5f00::/16")),
)  # fmt: skip
_REFUSED: tuple[tuple[str, Network], ...] = tuple(
    (what, ip_network(network)) for what, networks in _SPECIAL for network in networks
)

# All that is given out to the public so far (IANA, IPv6 Global Unicast Address Assignments).
_UNICAST = IPv6Network("2000::/3")

# The interface part of an address that ISATAP tunnels to an IPv4 address (RFC 5214, 6.1), whatever its network.
_ISATAP = frozenset((0x0000_5EFE, 0x0200_5EFE))

_NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_WITH_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(:(?P<port>\d{1,5}))?")


def refusal(address: Address) -> str:
    """Return what an address is that is not public, such as "a private address"; empty if it is public."""
    for what, network in _REFUSED:
        if address.version == network.version and address in network:
            return what
    if isinstance(address, IPv6Address):
        if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
            return "an IPv4 address inside an IPv6 one"
        if address not in _UNICAST:
            return "a reserved address"
    return "" if address.is_global and not address.is_multicast and not address.is_reserved else "not a public address"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A name (`name` or `*.name`) or a network, with the port where it is about one alone."""

    name: str
    network: Network | None
    port: int | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the operator allows beside the public internet: `[fetch] allow_hosts`."""

    entries: tuple[_Entry, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Allowance:
        """Read entries: a name, `*.name` for every name below, an address, a network; `:port` for that port alone.

        Raises:
            ValueError: One is none of these; the message has it.
        """
        return cls(tuple(map(_read, texts)))

    def name(self, host: str, port: int) -> bool:
        """Tell whether a host may be fetched from by its name, wherever that leads."""
        return any(
            entry.port in {None, port}
            and (host == entry.name or (entry.name[:2] == "*." and host.endswith(entry.name[1:])))
            for entry in self.entries
            if entry.network is None
        )

    def address(self, address: Address, port: int) -> bool:
        """Tell whether an address may be connected to although it is not public, or the port is unusual."""
        return any(
            entry.port in {None, port} and entry.network.version == address.version and address in entry.network
            for entry in self.entries
            if entry.network is not None
        )


def _read(text: str) -> _Entry:
    wanted = text.strip().lower()
    if network := _network(wanted):
        return _Entry("", network, None)
    parts = _WITH_PORT.fullmatch(wanted)
    port = int(parts["port"]) if parts and parts["port"] else None
    if parts and (port is None or 0 < port < 2**16):
        if network := _network(parts["host"].strip("[]")):
            return _Entry("", network, port)
        if _NAME.fullmatch(parts["host"]) and not parts["host"].rpartition(".")[2].isdigit():
            return _Entry(parts["host"], None, port)
    raise ValueError(f"{text[:80]!r} is no host: it takes a name, *.name, an address or a network, and :port behind it")


def _network(text: str) -> Network | None:
    try:
        return ip_network(text) if "/" in text else ip_network(ip_address(text))
    except ValueError:
        return None
