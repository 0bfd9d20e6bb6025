"""Past incidents by calendar month, in the page's time zone."""

from typing import Any

import pytest

from tests.service.api.incidents import opened
from tests.service.api.seed import minimal_body
from tests.service.client import Client
from tests.service.deployment import Deployment

BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def a_page(owner: Client, zone: str) -> dict[str, Any]:
    answer = await owner.post("/v1/statuspage", minimal_body(time_zone=zone))
    page: dict[str, Any] = answer.json["statuspage"]
    return page


async def past(owner: Client, page: dict[str, Any], name: str, start: str, end: str) -> None:
    await opened(owner, page, name=name, status="resolved", started_at=start, resolved_at=end)


async def names(owner: Client, page: dict[str, Any], query: str) -> list[str]:
    answer = await owner.get(f"/v1/statuspage/{page['id']}/incidents?{query}")
    assert answer.status == 200, answer.json
    return [incident["name"] for incident in answer.json["incidents"]]


async def months(owner: Client, page: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await owner.get(f"/v1/statuspage/{page['id']}/incidents/months")).json[
        "months"
    ]
    return found


async def test_a_month_begins_and_ends_in_the_pages_time_zone(owner: Client) -> None:
    page = await a_page(owner, BERLIN)
    # The clocks go from summer to winter on 26 October 2025: the month begins at +02:00 and ends at +01:00.
    await past(owner, page, "last of September", "2025-09-30T21:59:59.999Z", "2025-10-01T08:00:00Z")
    await past(owner, page, "first of October", "2025-09-30T22:00:00Z", "2025-10-01T08:00:00Z")
    await past(owner, page, "last of October", "2025-10-31T22:59:59.999Z", "2025-11-01T08:00:00Z")
    await past(owner, page, "first of November", "2025-10-31T23:00:00Z", "2025-11-01T08:00:00Z")
    assert await names(owner, page, "month=2025-10") == ["last of October", "first of October"]
    assert await names(owner, page, "month=2025-11") == ["first of November"]
    assert await names(owner, page, "month=2025-09&status=resolved") == ["last of September"]
    assert await names(owner, page, "month=2025-12") == []
    assert await months(owner, page) == [
        {
            "month": "2025-11",
            "count": 1,
            "from": "2025-10-31T23:00:00.000Z",
            "to": "2025-11-30T23:00:00.000Z",
        },
        {
            "month": "2025-10",
            "count": 2,
            "from": "2025-09-30T22:00:00.000Z",
            "to": "2025-10-31T23:00:00.000Z",
        },
        {
            "month": "2025-09",
            "count": 1,
            "from": "2025-08-31T22:00:00.000Z",
            "to": "2025-09-30T22:00:00.000Z",
        },
    ]


async def test_the_same_moment_is_in_another_month_elsewhere(owner: Client) -> None:
    page = await a_page(owner, NEW_YORK)
    await past(owner, page, "New Year", "2026-01-01T04:59:59Z", "2026-01-01T08:00:00Z")
    assert [each["month"] for each in await months(owner, page)] == ["2025-12"]
    assert await names(owner, page, "month=2025-12") == ["New Year"]
    assert await names(owner, page, "month=2026-01") == []


async def test_each_month_lists_as_many_as_it_counts(owner: Client) -> None:
    page = await a_page(owner, BERLIN)
    for day in ("2025-03-01", "2025-03-30", "2025-03-31", "2025-06-15"):
        await past(owner, page, day, f"{day}T00:30:00Z", f"{day}T01:30:00Z")
    counted = {each["month"]: each["count"] for each in await months(owner, page)}
    assert counted == {"2025-03": 3, "2025-06": 1}
    for month, count in counted.items():
        assert len(await names(owner, page, f"month={month}")) == count


@pytest.mark.parametrize("query", ["month=2025-13", "month=2025-1", "month=soon", "month=", "month=0001-01"])
async def test_what_is_no_month_is_refused(owner: Client, query: str) -> None:
    page = await a_page(owner, BERLIN)
    answer = await owner.get(f"/v1/statuspage/{page['id']}/incidents?{query}")
    assert (answer.status, answer.pointers) == (400, {"/month"})


async def test_a_month_beside_a_span_is_refused(owner: Client) -> None:
    page = await a_page(owner, BERLIN)
    query = "month=2025-10&from=2025-10-01T00:00:00Z"
    answer = await owner.get(f"/v1/statuspage/{page['id']}/incidents?{query}")
    assert (answer.status, answer.pointers) == (400, {"/month"})
