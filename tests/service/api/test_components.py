"""Component status and statistics over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.service.api.seed import minimal_body
from tests.service.client import Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def a_component(owner: Client) -> str:
    body = minimal_body(components=[{"name": "Website"}])
    component_id: str = (await owner.post("/v1/statuspage", body)).json["statuspage"]["components"][0]["id"]
    return component_id


async def report(owner: Client, component_id: str, status: str, ago: timedelta | None = None) -> Any:
    body = {"status": status}
    if ago is not None:
        body["at"] = (datetime.now(UTC) - ago).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return await owner.put(f"/v1/component/{component_id}/status", body)


async def statistics(owner: Client, component_id: str, query: str = "") -> Any:
    return (await owner.get(f"/v1/component/{component_id}/statistics{query}")).json["statistics"]


async def test_a_reported_status_is_in_the_statistics_at_once(owner: Client) -> None:
    component_id = await a_component(owner)
    answer = await report(owner, component_id, "major_outage")
    assert (answer.status, answer.json["component"]["status"]) == (200, "major_outage")
    found = await statistics(owner, component_id)
    assert found["status"] == "major_outage"
    assert 0 <= found["duration_seconds"] < 60
    assert found["open_incidents"] == []


async def test_the_same_status_again_changes_nothing_and_says_so(owner: Client) -> None:
    component_id = await a_component(owner)
    first = await report(owner, component_id, "major_outage")
    again = await report(owner, component_id, "major_outage")
    assert (again.status, again.etag) == (200, first.etag)
    assert again.json["message"] != first.json["message"]


async def test_what_is_read_after_a_correction_serves_as_if_match(owner: Client) -> None:
    component_id = await a_component(owner)
    await report(owner, component_id, "major_outage")
    await report(owner, component_id, "partial_outage", timedelta(days=1))
    path = f"/v1/component/{component_id}"
    seen = (await owner.get(path)).etag
    assert (await owner.put(path, {"name": "Shop"}, If_Match=seen)).status == 200


async def test_a_past_outage_counts_and_leaves_the_present_alone(owner: Client) -> None:
    component_id = await a_component(owner)
    await report(owner, component_id, "operational", timedelta(days=10))
    await report(owner, component_id, "major_outage", timedelta(days=5))
    await report(owner, component_id, "operational", timedelta(days=4))
    found = await statistics(owner, component_id, "?days=8")
    assert found["status"] == "operational"
    assert found["seconds"]["major_outage"] == pytest.approx(86_400, abs=1)
    assert found["uptime_percentage"] == pytest.approx(100 * 7 / 8, abs=0.01)
    assert sum(found["seconds"].values()) == pytest.approx(8 * 86_400, abs=1)
    assert {day["worst_status"] for day in found["days"]} == {"operational", "major_outage"}


async def test_a_time_may_be_told_in_any_zone(owner: Client) -> None:
    component_id = await a_component(owner)
    path = f"/v1/component/{component_id}/status"
    await owner.put(path, {"status": "major_outage", "at": "2026-01-02T01:00:00+02:00"})
    found = await statistics(owner, component_id, "?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")
    assert found["seconds"]["major_outage"] == 3600


async def test_a_day_before_the_component_is_unknown_and_not_perfect(owner: Client) -> None:
    component_id = await a_component(owner)
    first, *_, last = (await statistics(owner, component_id))["days"]
    assert (first["uptime_percentage"], first["worst_status"]) == (None, None)
    assert last["uptime_percentage"] == 100


async def test_a_status_of_the_future_is_refused(owner: Client) -> None:
    component_id = await a_component(owner)
    answer = await report(owner, component_id, "major_outage", -timedelta(hours=1))
    assert (answer.status, answer.pointers) == (422, {"/at"})


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?days=0", {"/days"}),
        ("?days=366", {"/days"}),
        ("?days=x", {"/days"}),
        ("?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", {"/from"}),
        ("?from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", {"/from"}),
        ("?from=0001-01-01T00:00:00Z", {"/from"}),
        ("?to=9999-12-31T23:59:59Z", {"/to"}),
        ("?from=yesterday", {"/from"}),
        ("?days=3&to=2026-01-01T00:00:00Z", {"/days"}),
        ("?zone=UTC", {"/zone"}),
    ],
)
async def test_a_bad_range_is_refused_by_name(owner: Client, query: str, names: set[str]) -> None:
    component_id = await a_component(owner)
    answer = await owner.get(f"/v1/component/{component_id}/statistics{query}")
    assert (answer.status, answer.pointers) == (400, names)


async def test_a_range_may_be_given(owner: Client) -> None:
    component_id = await a_component(owner)
    found = await statistics(owner, component_id, "?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z")
    assert found["range"] == {"from": "2026-01-01T00:00:00.000Z", "to": "2026-01-03T00:00:00.000Z"}
    assert [day["date"] for day in found["days"]] == ["2026-01-01", "2026-01-02"]


async def test_days_are_those_of_the_pages_time_zone(owner: Client) -> None:
    body = minimal_body(time_zone="Pacific/Auckland", components=[{"name": "Website"}])
    page = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    found = await statistics(
        owner, page["components"][0]["id"], "?from=2026-01-01T11:00:00Z&to=2026-01-02T11:00:00Z"
    )
    assert [day["date"] for day in found["days"]] == ["2026-01-02"]


async def test_the_page_shows_the_worst_of_its_components(owner: Client) -> None:
    body = minimal_body(components=[{"name": "Website"}, {"name": "API"}])
    page = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    await report(owner, page["components"][0]["id"], "partial_outage")
    unified = (await owner.get(f"/v1/statuspage/{page['id']}/unified")).json["statuspage"]
    assert unified["status"] == {"indicator": "minor", "description": "Minor Service Outage"}


async def test_changes_of_components_change_the_etag_of_unified_but_not_of_the_settings(
    owner: Client,
) -> None:
    body = minimal_body(components=[{"name": "Website"}])
    page = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    path = f"/v1/statuspage/{page['id']}"
    settings, unified = (await owner.get(path)).etag, (await owner.get(f"{path}/unified")).etag
    await report(owner, page["components"][0]["id"], "major_outage")
    assert (await owner.get(path)).etag == settings
    assert (await owner.get(f"{path}/unified")).etag != unified
