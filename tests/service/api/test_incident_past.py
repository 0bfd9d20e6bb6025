"""Incidents in statistics and history: retracted, told afterwards, told over again."""

from itertools import pairwise

import pytest

from tests.service.api.incidents import (
    a_page,
    ago,
    history,
    opened,
    read,
    statistics,
    statuses,
    unified,
    update,
)
from tests.service.client import Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def test_a_time_with_another_offset_is_the_same_moment(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page, "major_outage", started_at="2026-02-01T05:00:00-05:00")
    assert (await read(owner, incident))["started_at"] == "2026-02-01T10:00:00.000Z"


async def test_a_retracted_incident_never_was(owner: Client) -> None:
    page = await a_page(owner)
    await owner.put(f"/v1/component/{page['components'][0]['id']}/status", {"status": "partial_outage"})
    other = await opened(owner, page, name="Other")
    incident = await opened(owner, page, "major_outage", "major_outage", started_at=ago(hours=3))
    assert (await owner.delete(f"/v1/incident/{incident['id']}")).status == 200
    assert await statuses(owner, page) == ["partial_outage", "operational"]
    assert (await owner.get(f"/v1/incident/{incident['id']}")).status == 404
    assert (await owner.delete(f"/v1/incident/{incident['id']}")).status == 404
    listed = (await owner.get(f"/v1/statuspage/{page['id']}/incidents")).json["incidents"]
    assert [each["id"] for each in listed] == [other["id"]]
    for index in (0, 1):
        figures = await statistics(owner, page, "?days=2", index)
        assert figures["seconds"]["major_outage"] == 0
        assert figures["incidents"]["count"] == 0
        assert {ids for day in figures["days"] for ids in day["incident_ids"]} == set()


async def test_a_retracted_incident_takes_back_what_it_lent_to_anothers_end(owner: Client) -> None:
    page = await a_page(owner)
    false_alarm = await opened(owner, page, "major_outage")
    real = await opened(owner, page, "partial_outage")
    await update(owner, real, "resolved")
    assert (await statuses(owner, page))[0] == "major_outage"
    await owner.delete(f"/v1/incident/{false_alarm['id']}")
    assert (await statuses(owner, page))[0] == "operational"
    assert [status for status, _, _ in await history(owner, page)] == [
        "operational",
        "partial_outage",
        "operational",
    ]


async def test_a_backfilled_incident_changes_history_and_leaves_the_present(owner: Client) -> None:
    page = await a_page(owner)
    start, end = ago(days=3), ago(days=2, hours=18)
    incident = await opened(owner, page, "major_outage", started_at=start, resolved_at=end, status="resolved")
    assert (incident["status"], incident["started_at"], incident["resolved_at"]) == ("resolved", start, end)
    assert (await statuses(owner, page))[0] == "operational"
    assert (await unified(owner, page))["incidents"] == []
    figures = await statistics(owner, page, "?days=5")
    assert figures["seconds"]["major_outage"] == 6 * 3600
    assert figures["uptime_percentage"] == pytest.approx(100 * (1 - 6 / 72), abs=0.01)
    assert figures["incidents"] == {"count": 1, "mttr_seconds": 6 * 3600, "mtbf_seconds": None}
    assert await history(owner, page) == [
        ("operational", end, None),
        ("major_outage", start, end),
    ]


async def test_incidents_told_afterwards_overlap_as_if_they_had_been_told_then(owner: Client) -> None:
    page = await a_page(owner)
    first = await opened(owner, page, "major_outage", started_at=ago(hours=10))
    second = await opened(owner, page, "partial_outage", started_at=ago(hours=9))
    ended_first, ended_second = ago(hours=8), ago(hours=7)
    await update(owner, first, "resolved", at=ended_first)
    assert (await statuses(owner, page))[0] == "partial_outage"
    await update(owner, second, "resolved", at=ended_second)
    assert (await statuses(owner, page))[0] == "operational"
    assert await history(owner, page) == [
        ("operational", ended_second, None),
        ("partial_outage", second["started_at"], ended_second),
        ("major_outage", first["started_at"], second["started_at"]),
    ]
    assert (await read(owner, second))["resolved_at"] == ended_second


async def test_told_in_any_order_the_end_is_the_same(owner: Client) -> None:
    page = await a_page(owner)
    first = await opened(owner, page, "major_outage", started_at=ago(hours=10))
    second = await opened(owner, page, "partial_outage", started_at=ago(hours=9))
    await update(owner, second, "resolved", at=ago(hours=7))
    assert (await statuses(owner, page))[0] == "major_outage"
    await update(owner, first, "resolved", at=ago(hours=8))
    assert (await statuses(owner, page))[0] == "operational"


async def test_statistics_name_the_incidents_and_their_means(owner: Client) -> None:
    page = await a_page(owner)
    for days, hours in ((6, 1), (4, 3)):
        await opened(
            owner,
            page,
            "partial_outage",
            started_at=ago(days=days),
            resolved_at=ago(days=days, hours=-hours),
        )
    still = await opened(owner, page, "degraded_performance")
    figures = await statistics(owner, page, "?days=7")
    assert figures["incidents"] == {
        "count": 3,
        "mttr_seconds": 2 * 3600,
        "mtbf_seconds": pytest.approx((47 + 93) / 2 * 3600, abs=5),
    }
    [shown] = figures["open_incidents"]
    assert shown == {name: still[name] for name in ("id", "name", "status", "impact", "started_at")}
    assert still["id"] in figures["days"][-1]["incident_ids"]
    assert sum(len(day["incident_ids"]) for day in figures["days"]) >= 3


async def test_history_comes_in_parts_the_newest_first(owner: Client) -> None:
    page = await a_page(owner)
    path = f"/v1/component/{page['components'][0]['id']}"
    for days, status in ((5, "degraded_performance"), (4, "operational"), (3, "major_outage")):
        await owner.put(f"{path}/status", {"status": status, "at": ago(days=days), "reason": status})
    whole = (await owner.get(f"{path}/history")).json
    assert whole["next_cursor"] is None
    seen, cursor = [], ""
    while cursor is not None:
        part = (await owner.get(f"{path}/history?limit=1{cursor and f'&cursor={cursor}'}")).json
        seen += part["history"]
        cursor = part["next_cursor"]
    assert seen == whole["history"]
    assert [each["status"] for each in seen] == [
        "operational",
        "major_outage",
        "operational",
        "degraded_performance",
    ]
    assert all(older["to"] == newer["from"] for newer, older in pairwise(seen))
    assert [each["corrected"] for each in seen] == [False, True, True, True]
    assert (await owner.get(f"{path}/history?cursor=x")).status == 400
