"""Addresses as a DNS server has them, and what there is when it has none."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from service.dns import addresses_of
from service.outgoing import NamedBy
from tests.environment.zone import Zone, dns_zone


@pytest.fixture
async def zone() -> AsyncIterator[Zone]:
    async with dns_zone() as zone:
        yield zone


async def test_both_families_are_found_through_the_resolver(zone: Zone) -> None:
    zone.addresses["hooks.example.com"] = ["192.0.2.1", "192.0.2.2", "2001:db8::1"]
    found = await NamedBy(partial(addresses_of, [zone.server])).resolve("hooks.example.com", 443)
    assert {(each["host"], each["port"]) for each in found} == {
        ("192.0.2.1", 443),
        ("192.0.2.2", 443),
        ("2001:db8::1", 443),
    }


@pytest.mark.parametrize("name", ["nobody.example.com", "broken.example.com", "empty.example.com"])
async def test_a_name_without_an_address_is_an_error_of_the_network(zone: Zone, name: str) -> None:
    zone.failing.add("broken.example.com")
    zone.addresses["empty.example.com"] = []
    with pytest.raises(OSError, match="N"):
        await addresses_of([zone.server], name)
