"""Which addresses are public, and what the operator allows beside them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.fetch.addresses import Address, Allowance, refusal

# Every way to write an IPv4 address into an IPv6 one that a machine, or a router on the way, may take apart again.
TUNNELS = [
    IPv6Network("::ffff:0:0/96"), IPv6Network("::ffff:0:0:0/96"), IPv6Network("::/96"), IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"), IPv6Network("2001::/32"),
]  # fmt: skip

ANY_IPV4 = st.ip_addresses(v=4)
ANY_IPV6 = st.ip_addresses(v=6) | st.builds(
    lambda network, offset: network[offset % network.num_addresses], st.sampled_from(TUNNELS), st.integers(0, 2**80)
)


@given(ANY_IPV4 | ANY_IPV6)
@example(ip_address("224.0.1.1"))
@example(ip_address("ff0e::1"))
@example(ip_address("192.88.99.1"))
@example(ip_address("64:ff9b::808:808"))
def test_what_is_public_is_global_to_the_standard_library_and_no_tunnel(address: Address) -> None:
    public = refusal(address) == ""
    tunnel = any(address.version == network.version and address in network for network in TUNNELS)
    isatap = address.version == 6 and (int(address) >> 32) & 0xFDFF_FFFF == 0x0000_5EFE

    if public:
        assert address.is_global
        assert not (address.is_multicast or address.is_reserved or tunnel or isatap)
    else:
        assert refusal(address)


@given(ANY_IPV4)
def test_no_ipv4_address_gets_through_inside_an_ipv6_one(address: IPv4Address) -> None:
    number = int(address)
    forms = [
        (0xFFFF << 32) | number,  # mapped
        (0xFFFF << 48) | number,  # translated
        number,  # compatible
        (0x64FF9B << 96) | number,  # NAT64
        (0x2002 << 112) | (number << 80),  # 6to4
        (0x2001_0000 << 96) | (0xFFFF_FFFF ^ number),  # Teredo
        (0x2A00_1450 << 96) | (0x5EFE << 32) | number,  # ISATAP
    ]

    assert [] == [str(IPv6Address(form)) for form in forms if not refusal(IPv6Address(form))]


@pytest.mark.parametrize("text", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "2a00:1450:4001:81b::200e"])
def test_addresses_of_public_sites_are_public(text: str) -> None:
    assert "" == refusal(ip_address(text))


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("intranet.example", "intranet.example", 9000, True),
        ("Intranet.Example", "intranet.example", 80, True),
        ("intranet.example", "sub.intranet.example", 80, False),
        ("intranet.example", "notintranet.example", 80, False),
        ("intranet.example:81", "intranet.example", 80, False),
        ("intranet.example:81", "intranet.example", 81, True),
        ("*.corp.example", "wiki.corp.example", 80, True),
        ("*.corp.example", "corp.example", 80, False),
        ("*.corp.example", "evilcorp.example", 80, False),
        ("10.0.0.0/8", "10.0.0.0", 80, False),
    ],
)
def test_a_name_allows_itself_and_nothing_beside_it(entry: str, host: str, port: int, allowed: bool) -> None:
    assert allowed == Allowance.of([entry]).name(host, port)


@pytest.mark.parametrize(
    ("entry", "address", "port", "allowed"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", 8081, False),
        ("127.0.0.1", "127.0.0.2", 80, False),
        ("10.0.0.0/8", "10.255.0.1", 9, True),
        ("10.0.0.0/8", "11.0.0.0", 80, False),
        ("[::1]:8080", "::1", 8080, True),
        ("::1", "::1", 1, True),
        ("fd00::/8", "fd12::1", 80, True),
        ("127.0.0.1", "::ffff:127.0.0.1", 80, False),
        ("localhost", "127.0.0.1", 80, False),
    ],
)
def test_an_address_or_a_network_allows_what_is_in_it(entry: str, address: str, port: int, allowed: bool) -> None:
    assert allowed == Allowance.of([entry]).address(ip_address(address), port)


@pytest.mark.parametrize(
    "entry",
    ["", "*", "http://a.example", "a.example/x", "a:0", "a:65536", "10.0.0.1/8", "a b", "127.1", "*.*", "[::1", "@a"],
)
def test_what_is_no_host_is_told(entry: str) -> None:
    with pytest.raises(ValueError, match="is no host"):
        Allowance.of([entry])
