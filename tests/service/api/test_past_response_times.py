"""Response times as the statistics of a time had them."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from tests.service.api.incidents import a_page, ago
from tests.service.api.seed import minimal_body
from tests.service.client import Answer, Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def send(owner: Client, component_id: str, at: str, milliseconds: int) -> datetime:
    """Answers with a time after that."""
    body = {"points": [{"at": at, "response_time_ms": milliseconds}]}
    assert (await owner.post(f"/v1/component/{component_id}/metrics", body)).status == 201
    return datetime.now(UTC)


async def asked(owner: Client, component_id: str, at: datetime, query: str = "") -> Answer:
    return await owner.get(f"/v1/component/{component_id}/statistics?at={quote(at.isoformat())}{query}")


async def shown(owner: Client, component_id: str, at: datetime, query: str = "") -> Any:
    return (await asked(owner, component_id, at, query)).json["statistics"]["response_time_ms"]


async def test_what_comes_later_is_not_in_it_and_corrects_nothing(owner: Client) -> None:
    component_id = (await a_page(owner))["components"][0]["id"]
    before = datetime.now(UTC)
    first = await send(owner, component_id, ago(minutes=1), 100)
    second = await send(owner, component_id, ago(hours=30), 300)
    assert await shown(owner, component_id, before) is None
    assert (await shown(owner, component_id, first))["avg"] == 100
    assert (await shown(owner, component_id, second))["avg"] == 200
    assert not (await asked(owner, component_id, first)).json["as_of"]["corrected_since"]


async def test_a_range_that_ends_before_then_has_its_own_alone(owner: Client) -> None:
    component_id = (await a_page(owner))["components"][0]["id"]
    await send(owner, component_id, ago(hours=5), 100)
    then = await send(owner, component_id, ago(minutes=1), 300)
    span = f"&from={quote(ago(hours=6))}&to={quote(ago(hours=4))}"
    assert (await shown(owner, component_id, then, span))["avg"] == 100


async def test_days_are_those_of_the_zone_that_the_page_had(owner: Client) -> None:
    body = minimal_body(components=[{"name": "API"}], time_zone="Pacific/Kiritimati")
    page = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    component_id = page["components"][0]["id"]
    then = await send(owner, component_id, "2026-01-01T12:00:00Z", 100)
    change = minimal_body(subdomain=page["subdomain"], time_zone="UTC")
    assert (await owner.put(f"/v1/statuspage/{page['id']}", change)).status == 200
    span = "&from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z"
    found = await shown(owner, component_id, then, span)
    assert {day["date"]: day["count"] for day in found["days"] if day["count"]} == {"2026-01-02": 1}


async def test_of_a_component_that_was_removed_they_are_there_for_every_time_before(owner: Client) -> None:
    component_id = (await a_page(owner))["components"][0]["id"]
    then = await send(owner, component_id, ago(minutes=1), 100)
    assert (await owner.delete(f"/v1/component/{component_id}")).status == 200
    assert (await shown(owner, component_id, then))["avg"] == 100


async def test_too_many_for_one_answer_are_refused(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    component_id = (await a_page(owner))["components"][0]["id"]
    for _ in range(3):
        then = await send(owner, component_id, ago(minutes=1), 100)
    monkeypatch.setattr("service.past.response_times.MOST", 2)
    assert (await asked(owner, component_id, then)).status == 409
