"""Buckets that empty and refill."""

import pytest

from service.domain.errors import TooMany
from service.http.limits import Limit, client_key


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(limit: Limit, key: str, times: int) -> int:
    """How many of `times` attempts were allowed."""
    allowed = 0
    for _ in range(times):
        try:
            limit.take(key)
        except TooMany:
            continue
        allowed += 1
    return allowed


def test_a_bucket_is_empty_after_its_capacity_and_says_when_to_come_back() -> None:
    limit = Limit(20, clock=Clock())
    assert taken(limit, "a", 20) == 20
    with pytest.raises(TooMany) as refused:
        limit.take("a")
    assert refused.value.retry_after == 3


def test_after_the_time_said_it_is_open_again_for_one() -> None:
    clock = Clock()
    limit = Limit(20, clock=clock)
    taken(limit, "a", 20)
    clock.now += 3
    assert taken(limit, "a", 2) == 1


def test_being_refused_costs_nothing() -> None:
    clock = Clock()
    limit = Limit(20, clock=clock)
    taken(limit, "a", 1000)
    clock.now += 60
    assert taken(limit, "a", 21) == 20


def test_one_client_does_not_use_up_anothers() -> None:
    limit = Limit(20, clock=Clock())
    taken(limit, "a", 25)
    assert taken(limit, "b", 20) == 20


def test_only_so_many_clients_are_remembered() -> None:
    limit = Limit(1, remembered=2, clock=Clock())
    for key in "abc":
        limit.take(key)
    assert taken(limit, "c", 1) == 0
    assert taken(limit, "a", 1) == 1


def test_an_ipv6_customer_is_one_client() -> None:
    assert client_key("2001:db8:1:2::1") == client_key("2001:db8:1:2:ffff::9")
    assert client_key("2001:db8:1:2::1") != client_key("2001:db8:1:3::1")
    assert client_key("192.0.2.1") != client_key("192.0.2.2")
