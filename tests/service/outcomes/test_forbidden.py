"""A row of the tables with a forbidden address, however it came there: refused before anything is opened."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest

from service.domain.values import ChannelType
from service.outgoing import Networks, Outgoing
from tests.environment.sink import sink
from tests.environment.zone import Zone, dns_zone
from tests.service.mailing import Mailing, mailing
from tests.service.outcomes.outcome import Outcome, open_incident, outcomes, tried_again
from tests.service.outcomes.subscribed import subscribed
from tests.service.outgoing.forbidden import FORBIDDEN

OPERATORS_OWN = (ip_network("10.1.0.0/16"),)
REFUSED = ("refused", "url_not_allowed")
UNREACHABLE = ("pending", "unreachable")
SCHEMES = ("http", "https")
NAMES = {
    "loopback.example.com": ["127.0.0.1"],
    "loopback6.example.com": ["::1"],
    "metadata.example.com": ["169.254.169.254"],
    "disguised.example.com": ["::ffff:127.0.0.1"],
    "half.example.com": ["8.8.8.8", "127.0.0.1"],
    "mixed.example.com": ["8.8.8.8", "fd00:ec2::254"],
}


@dataclass
class Sockets:
    """Writes down for which family one was wanted, and makes none: no packet leaves the tests."""

    wanted: list[int] = field(default_factory=list)

    def __call__(self, family: int, kind: int, protocol: int) -> socket.socket:
        self.wanted.append(family)
        raise OSError("no packet leaves the tests")


@pytest.fixture
async def zone() -> AsyncIterator[Zone]:
    async with dns_zone() as zone:
        zone.addresses |= NAMES
        yield zone


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Sockets:
    """Those that deployments begun from now on want."""
    made = Sockets()
    monkeypatch.setattr("service.wiring.channels.Outgoing", partial(Outgoing, open_socket=made))
    return made


async def told(
    database: str, zone: Zone, urls: list[str], allowed: Networks = ()
) -> dict[str, tuple[str, str | None]]:
    """State and reason of a first attempt at each."""
    async with mailing(database, outgoing_allowed=allowed, dns_servers=(zone.server,)) as post:
        page = await post.page()
        hooks = {url: await subscribed(post, page, ChannelType.WEBHOOK, url) for url in urls}
        found = await first(post, page, len(hooks))
        return {url: (found[each].state, found[each].reason) for url, each in hooks.items()}


async def first(post: Mailing, page: dict[str, Any], count: int) -> dict[UUID, Outcome]:
    await post.policies_are_done()
    await open_incident(post, page)
    return await outcomes(post, page, count)


async def test_no_spelling_and_no_name_gets_a_socket(database: str, zone: Zone, sockets: Sockets) -> None:
    named = [f"https://{name}/" for name in NAMES]
    found = await told(database, zone, [*FORBIDDEN, *named])
    assert found == dict.fromkeys(FORBIDDEN, REFUSED) | dict.fromkeys(named, UNREACHABLE)
    assert sockets.wanted == []


async def test_what_an_operator_allows_lets_in_nothing_beside_it(
    database: str, zone: Zone, sockets: Sockets
) -> None:
    """Plain http and private names are accepted then, so that more depends on where they lead."""
    spellings = {*FORBIDDEN, *(url.replace("https:", "http:", 1) for url in FORBIDDEN)}
    found = await told(database, zone, sorted(spellings), OPERATORS_OWN)
    assert set(found.values()) == {REFUSED, UNREACHABLE}
    assert sockets.wanted == []


async def test_a_name_that_turns_inside_between_attempts_is_not_followed(
    database: str, zone: Zone, sockets: Sockets
) -> None:
    zone.addresses["turning.example.com"] = ["8.8.8.8"]
    async with mailing(database, dns_servers=(zone.server,)) as post:
        page = await post.page()
        await subscribed(post, page, ChannelType.WEBHOOK, "https://turning.example.com/")
        await first(post, page, 1)
        assert set(sockets.wanted) == {socket.AF_INET}, "the public address was tried"
        zone.addresses["turning.example.com"] = ["127.0.0.1"]
        before = len(sockets.wanted)
        await tried_again(post, page)
        assert len(sockets.wanted) == before


async def test_listeners_inside_hear_nothing(database: str, zone: Zone) -> None:
    async with sink() as listener, sink("::1") as other:
        hosts = ("127.0.0.1", "127.1", "0x7f.1", "2130706433", "localhost", "[::ffff:7f00:1]", "[::1]")
        urls = [
            f"{scheme}://{host}:{at.port}/"
            for at in (listener, other)
            for host in hosts
            for scheme in SCHEMES
        ]
        assert set((await told(database, zone, urls)).values()) == {REFUSED}
        assert (listener.connections, other.connections) == (0, 0)
