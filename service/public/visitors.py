"""Who may see a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

from service.domain.values import PageType


@dataclass(frozen=True, slots=True)
class Visitor:
    """`address`: the client's network address, seen through trusted proxies."""

    address: str


def may_see(page: Mapping[str, Any], visitor: Visitor) -> bool:
    """Whether the visitor may learn anything of the page. Every public answer asks here, 304 and HEAD too.

    Nobody can prove yet to know a password, so a page that has one is closed to everybody.
    """
    if page["type"] == PageType.PUBLIC:
        return True
    return page["password_protected"] is False and _is_within(visitor.address, page["ip_addresses"])


def _is_within(address: str, networks: list[str]) -> bool:
    visitor = ip_address(address)
    return any(visitor in ip_network(network) for network in networks)
