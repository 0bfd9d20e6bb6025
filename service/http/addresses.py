"""Whose request it is, by network address."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
TrustedProxies = tuple[Network, ...]
WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](?::\d+)?|(?P<v4>[\d.]+):\d+").fullmatch
UNKNOWN = "0.0.0.0"  # noqa: S104 - the name of no address, nothing is bound to it


def client_address(request: web.Request, proxies: TrustedProxies) -> str:
    """The socket's peer, unless it is a trusted proxy: then the nearest address that is none.

    Only the right end of X-Forwarded-For is written by our proxies; what stands left of the first stranger
    was written by the stranger.
    """
    peer = parse(request.remote or UNKNOWN)
    if peer is None:
        return UNKNOWN
    if not _trusted(peer, proxies):
        return str(peer)
    return str(_nearest_stranger(request, peer, proxies))


def parse(text: str) -> Address | None:
    """An address with or without port, brackets and zone, IPv4 where it is mapped; None for anything else."""
    match = WITH_PORT(text)
    bare = (match["v6"] or match["v4"]) if match else text
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _nearest_stranger(request: web.Request, peer: Address, proxies: TrustedProxies) -> Address:
    nearest = peer
    for hop in reversed(",".join(request.headers.getall("X-Forwarded-For", [])).split(",")):
        address = parse(hop.strip())
        if address is None:
            return nearest
        nearest = address
        if not _trusted(address, proxies):
            return nearest
    return nearest


def _trusted(address: Address, proxies: TrustedProxies) -> bool:
    return any(address in network for network in proxies)
