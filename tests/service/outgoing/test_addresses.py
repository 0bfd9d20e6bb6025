"""Which addresses a packet may go to."""

from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given
from hypothesis.strategies import ip_addresses

from service.outgoing.addresses import may_reach
from tests.service.outgoing.forbidden import LITERALS


@pytest.mark.parametrize("address", LITERALS)
def test_what_is_not_plainly_public_is_out_of_reach(address: str) -> None:
    assert not may_reach(address, ())


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "192.0.1.1"]
)
def test_public_addresses_are_within_reach(address: str) -> None:
    assert may_reach(address, ())


def test_an_allowed_network_is_within_reach_and_its_neighbours_are_not() -> None:
    allowed = (ip_network("127.0.0.0/8"), ip_network("fd00::/16"))
    assert may_reach("127.0.0.1", allowed)
    assert may_reach("::ffff:127.0.0.1", allowed)
    assert may_reach("fd00::1", allowed)
    assert not may_reach("::1", allowed)
    assert not may_reach("10.0.0.1", allowed)


@given(ip_addresses(v=4))
def test_an_address_in_disguise_is_judged_as_itself(address: IPv4Address) -> None:
    itself = may_reach(str(address), ())
    assert may_reach(f"::ffff:{address}", ()) == itself
    assert may_reach(f"64:ff9b::{address}", ()) == itself
    assert not may_reach(f"::{address}", ())
