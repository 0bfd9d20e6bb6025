"""Which IP addresses are public, by the registries of special ones (RFC 6890), also of one inside another."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Networks = Sequence[IPv4Network | IPv6Network]

# `is_global` of older Pythons holds parts of these for public.
SPECIAL_V4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4")))
UNICAST_V6 = IPv6Network("2000::/3")
# Tunnels (Teredo, 6to4), documentation and segment routing; all else outside 2000::/3 is refused anyway.
SPECIAL_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
NAT64 = IPv6Network("64:ff9b::/96")


def may_reach(address: str, allowed: Networks) -> bool:
    """Whether the address, as the resolver or a socket names it, is public or within `allowed`."""
    judged = _judged(address)
    if judged is None:
        return False
    return _within(judged, allowed) or ("%" not in address and _is_public(judged))


def is_allowed(address: str, allowed: Networks) -> bool:
    """Whether it is within `allowed`; that it is public is not enough."""
    judged = _judged(address)
    return judged is not None and _within(judged, allowed)


def _judged(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return _inner(ip_address(address.partition("%")[0]))
    except ValueError:
        return None


def _within(judged: IPv4Address | IPv6Address, allowed: Networks) -> bool:
    return any(judged.version == network.version and judged in network for network in allowed)


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """What a packet to it would reach in the end."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        special = any(address in network for network in SPECIAL_V4)
        return address.is_global and not address.is_multicast and not special
    return address in UNICAST_V6 and not any(address in network for network in SPECIAL_V6)
