"""Response times over HTTP: sent by monitors, shown in the statistics of any range, in the page's days."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from eventstore.pool import connection
from service.domain.histogram import RELATIVE_ERROR
from tests.environment.waiting import eventually
from tests.service.api.incidents import a_page, ago
from tests.service.api.seed import minimal_body
from tests.service.client import Answer, Client
from tests.service.deployment import Deployment

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NEW_YEARS_DAY = "?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
Point = tuple[datetime | str, float]


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def a_component(owner: Client, **settings: Any) -> str:
    body = minimal_body(components=[{"name": "API"}], **settings)
    component_id: str = (await owner.post("/v1/statuspage", body)).json["statuspage"]["components"][0]["id"]
    return component_id


def told(points: Sequence[Point]) -> dict[str, Any]:
    return {
        "points": [
            {"at": at if isinstance(at, str) else at.isoformat(), "response_time_ms": ms} for at, ms in points
        ]
    }


async def send(owner: Client, component_id: str, *points: Point, **headers: str) -> Answer:
    return await owner.post(f"/v1/component/{component_id}/metrics", told(points), **headers)


async def shown(owner: Client, component_id: str, query: str = "") -> Any:
    answer = await owner.get(f"/v1/component/{component_id}/statistics{query}")
    assert answer.status == 200, answer.json
    return answer.json["statistics"]["response_time_ms"]


async def test_what_was_measured_is_in_the_statistics_at_once(owner: Client) -> None:
    component_id = await a_component(owner)
    answer = await send(owner, component_id, (ago(minutes=2), 100), (ago(minutes=1), 200.5))
    assert (answer.status, answer.json["points"]) == (201, 2)
    assert answer.headers["Preference-Applied"] == "wait=1"
    found = await shown(owner, component_id)
    assert (found["avg"], found["p95"]) == (150.25, 200.5)
    assert found["p50"] == 100
    assert len(found["days"]) == 91
    assert sum(day["count"] for day in found["days"]) == 2


async def test_without_data_there_are_none(owner: Client) -> None:
    component_id = await a_component(owner)
    assert await shown(owner, component_id) is None
    await send(owner, component_id, (NEW_YEAR, 100))
    assert await shown(owner, component_id, "?from=2026-01-01T00:15:00Z&to=2026-01-02T00:00:00Z") is None


async def test_a_day_without_data_has_nulls(owner: Client) -> None:
    component_id = await a_component(owner)
    await send(owner, component_id, (NEW_YEAR + timedelta(days=1), 12.345))
    found = await shown(owner, component_id, "?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z")
    assert found["days"] == [
        {"date": "2026-01-01", "avg": None, "p50": None, "p95": None, "p99": None, "count": 0},
        {"date": "2026-01-02", "avg": 12.345, "p50": 12.345, "p95": 12.345, "p99": 12.345, "count": 1},
    ]


async def test_figures_are_those_of_the_very_points_within_the_stated_error(owner: Client) -> None:
    component_id = await a_component(owner)
    chance = random.Random(7)  # noqa: S311 - chance that can be repeated
    points = [
        (NEW_YEAR + timedelta(seconds=chance.uniform(0, 2 * 86_400)), round(chance.lognormvariate(5, 1), 3))
        for _ in range(3000)
    ]
    for start in range(0, len(points), 1000):
        assert (await send(owner, component_id, *points[start : start + 1000])).status == 201
    found = await shown(owner, component_id, "?from=2026-01-01T00:00:00Z&to=2026-01-03T00:00:00Z")
    assert_figures(found, [ms for _, ms in points])
    for day in found["days"]:
        measured = [ms for at, ms in points if at.date().isoformat() == day["date"]]
        assert day["count"] == len(measured)
        assert_figures(day, measured)


def assert_figures(found: dict[str, Any], measured: Sequence[float]) -> None:
    assert found["avg"] == pytest.approx(sum(measured) / len(measured), abs=0.0006)
    for percent in (50, 95, 99):
        exact = sorted(measured)[-(-percent * len(measured) // 100) - 1]
        assert found[f"p{percent}"] == pytest.approx(exact, rel=RELATIVE_ERROR, abs=0.0006)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "UTC"])
async def test_days_are_those_of_the_page_even_when_its_zone_changes(owner: Client, zone: str) -> None:
    body = minimal_body(components=[{"name": "API"}], time_zone="Europe/Berlin")
    page = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    component_id = page["components"][0]["id"]
    await send(owner, component_id, *((NEW_YEAR + timedelta(minutes=7 + 15 * i), 100) for i in range(96)))
    assert await days(owner, component_id) == {"2026-01-01": 92, "2026-01-02": 4}
    change = minimal_body(subdomain=page["subdomain"], time_zone=zone)
    assert (await owner.put(f"/v1/statuspage/{page['id']}", change)).status == 200
    expected = {
        "Asia/Kathmandu": {"2026-01-01": 73, "2026-01-02": 23},
        "America/St_Johns": {"2025-12-31": 14, "2026-01-01": 82},
        "Pacific/Kiritimati": {"2026-01-01": 40, "2026-01-02": 56},
        "UTC": {"2026-01-01": 96},
    }
    assert await days(owner, component_id) == expected[zone]


async def days(owner: Client, component_id: str) -> dict[str, int]:
    """How many points each of the days has on which New Year's Day in UTC lies."""
    found = await shown(owner, component_id, NEW_YEARS_DAY)
    return {day["date"]: day["count"] for day in found["days"]}


async def test_a_range_counts_the_quarters_of_an_hour_that_it_touches(owner: Client) -> None:
    component_id = await a_component(owner)
    await send(owner, component_id, *((NEW_YEAR + timedelta(minutes=15 * i), 100) for i in range(8)))
    found = await shown(owner, component_id, "?from=2026-01-01T00:20:00Z&to=2026-01-01T01:00:00.001Z")
    assert [day["count"] for day in found["days"]] == [4]


async def test_a_year_is_read_whole(owner: Client) -> None:
    component_id = await a_component(owner)
    await send(owner, component_id, *((NEW_YEAR - timedelta(days=i), i) for i in range(366)))
    found = await shown(owner, component_id, "?from=2025-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")
    assert [day["count"] for day in found["days"]] == [1] * 366
    assert [day["avg"] for day in found["days"]] == list(reversed(range(366)))


async def test_the_same_points_with_the_same_key_count_once_and_without_it_again(owner: Client) -> None:
    component_id = await a_component(owner)
    for key in ("a", "a", "b"):
        await send(owner, component_id, (NEW_YEAR, 100), Idempotency_Key=f"{component_id}-{key}")
    assert (await days(owner, component_id))["2026-01-01"] == 2


async def test_points_of_the_future_are_refused_by_name_and_then_none_counts(owner: Client) -> None:
    component_id = await a_component(owner)
    answer = await send(owner, component_id, (ago(hours=-1), 1), (NEW_YEAR, 1), (ago(days=-1), 1))
    assert (answer.status, answer.pointers) == (422, {"/points/0/at", "/points/2/at"})
    assert await shown(owner, component_id, NEW_YEARS_DAY) is None


@pytest.mark.parametrize(
    ("point", "pointer"),
    [
        ({"response_time_ms": -0.001}, "/points/0/response_time_ms"),
        ({"response_time_ms": 86_400_001}, "/points/0/response_time_ms"),
        ({"response_time_ms": "100"}, "/points/0/response_time_ms"),
        ({"response_time_ms": True}, "/points/0/response_time_ms"),
        ({"response_time_ms": None}, "/points/0/response_time_ms"),
        ({"at": "2026-01-01"}, "/points/0/at"),
        ({"at": "1999-12-31T23:59:59Z"}, "/points/0/at"),
        ({"at": 1767225600}, "/points/0/at"),
        ({"unit": "s"}, "/points/0/unit"),
    ],
)
async def test_a_bad_point_is_refused_by_name(owner: Client, point: dict[str, Any], pointer: str) -> None:
    component_id = await a_component(owner)
    body = {"points": [{"at": "2026-01-01T00:00:00Z", "response_time_ms": 100} | point]}
    answer = await owner.post(f"/v1/component/{component_id}/metrics", body)
    assert (answer.status, answer.pointers) == (422, {pointer})


@pytest.mark.parametrize("number", [0, 1001])
async def test_no_points_and_too_many_are_refused(owner: Client, number: int) -> None:
    answer = await send(owner, await a_component(owner), *[(NEW_YEAR, 1)] * number)
    assert (answer.status, answer.pointers) == (422, {"/points"})


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
async def test_what_is_no_number_is_no_json(owner: Client, number: str) -> None:
    path = f"{owner.base_url}/v1/component/{uuid4()}/metrics"
    headers = {"Authorization": f"Bearer {owner.token}", "Content-Type": "application/json"}
    body = f'{{"points":[{{"at":"2026-01-01T00:00:00Z","response_time_ms":{number}}}]}}'
    async with owner.session.post(path, data=body, headers=headers) as response:
        assert response.status == 400


async def test_zero_and_a_whole_day_are_accepted(owner: Client) -> None:
    component_id = await a_component(owner)
    await send(owner, component_id, (NEW_YEAR, 0), (NEW_YEAR, 86_400_000))
    found = await shown(owner, component_id, NEW_YEARS_DAY)
    assert (found["p50"], found["p99"], found["avg"]) == (0, 86_400_000, 43_200_000)


async def test_measuring_changes_neither_the_components_version_nor_its_status(owner: Client) -> None:
    component_id = await a_component(owner)
    before = (await owner.get(f"/v1/component/{component_id}")).etag
    await send(owner, component_id, (NEW_YEAR, 100))
    assert (await owner.get(f"/v1/component/{component_id}")).etag == before


async def test_with_its_page_a_components_response_times_are_gone(
    owner: Client, deployment: Deployment
) -> None:
    page = await a_page(owner)
    kept = await a_component(owner)
    component_ids = [each["id"] for each in page["components"]]
    for component_id in (*component_ids, kept):
        await send(owner, component_id, (NEW_YEAR, 100), (NEW_YEAR + timedelta(days=1), 100))
    await owner.delete(f"/v1/statuspage/{page['id']}")
    assert (await send(owner, component_ids[0], (NEW_YEAR, 100))).status == 404

    async def left() -> list[int]:
        query = "SELECT count(document) FROM rm.response_times WHERE starts_with(key, $1)"
        async with connection(deployment.core.pool) as conn:
            return [await conn.fetchval(query, each) for each in (*component_ids, kept)]

    async def gone() -> bool:
        return await left() == [0, 0, 2]

    await eventually(gone)
