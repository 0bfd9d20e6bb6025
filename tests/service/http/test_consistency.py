"""Read your writes: who waits, how long, and what is said about it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.environment.waiting import eventually
from tests.service.http.conftest import Service, toy_service

BODY = {"name": "Visits", "colour": "red"}


@pytest.fixture
async def stale() -> AsyncIterator[Service]:
    """A service whose read models do not move by themselves."""
    async with toy_service() as running:
        yield running


async def test_a_write_says_when_reads_show_it(stale: Service) -> None:
    await stale.freshness.move_to(1)
    async with stale.http.post("/v1/counter", json=BODY) as response:
        assert response.headers["Preference-Applied"] == "wait=1"
    assert stale.freshness.waits == [(1, 1.0)]


async def test_a_write_succeeds_although_reads_do_not_show_it_yet(stale: Service) -> None:
    async with stale.http.post("/v1/counter", json=BODY, headers={"Prefer": "wait=0"}) as response:
        assert (response.status, response.headers["Preference-Applied"]) == (201, "wait=0")
    assert stale.freshness.waits == []


async def test_a_write_answers_as_soon_as_reads_show_it(stale: Service) -> None:
    sending = asyncio.create_task(stale.create_waiting())
    await eventually(lambda: stale.freshness.waits == [(1, 10.0)])
    assert not sending.done()
    await stale.freshness.move_to(1)
    assert await sending == "wait=10"


PREFERENCES = {
    "wait=3": 3.0,
    "respond-async, wait=3": 3.0,
    "wait = 3": 3.0,
    'wait="3"': 3.0,
    "WAIT=3; foo": 3.0,
    "wait=11": 10.0,
    "wait=999999999": 10.0,
    "wait=-1": 1.0,
    "wait=x": 1.0,
    "wait=1.5": 1.0,
    "nowait=3": 1.0,
    "": 1.0,
}


@pytest.mark.parametrize("prefer", PREFERENCES)
async def test_the_wait_is_the_callers_up_to_ten_seconds(stale: Service, prefer: str) -> None:
    await stale.freshness.move_to(1)
    async with stale.http.post("/v1/counter", json=BODY, headers={"Prefer": prefer}) as response:
        assert response.status == 201
    assert stale.freshness.waits == [(1, PREFERENCES[prefer])]


async def test_a_read_waits_for_the_position_it_names(stale: Service) -> None:
    headers = {"Statuspages-Min-Position": "5", "Prefer": "wait=10"}
    reading = asyncio.create_task(stale.status_of("/v1/counters", headers))
    await eventually(lambda: stale.freshness.waits == [(5, 10.0)])
    assert not reading.done()
    await stale.freshness.move_to(5)
    assert await reading == 200


async def test_a_read_that_would_be_stale_is_a_503(stale: Service) -> None:
    headers = {"Statuspages-Min-Position": "5", "Prefer": "wait=0"}
    async with stale.http.get("/v1/counters", headers=headers) as response:
        assert (response.status, response.headers["Retry-After"]) == (503, "1")


async def test_a_refused_write_waits_for_nothing(stale: Service) -> None:
    async with stale.http.post("/v1/counter", json={}) as response:
        assert response.status == 422
        assert "Preference-Applied" not in response.headers
    assert stale.freshness.waits == []
