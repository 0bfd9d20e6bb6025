"""A whole outage day over HTTP, whose page, history and statistics equal a table worked out by hand."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.config import Settings
from tests.service.api.outage_day import (
    DAY,
    DAY_BEFORE,
    DAY_ENDS,
    DAY_STARTS,
    FALSE_ALARM,
    GROUPS,
    HISTORY,
    INCIDENTS,
    NONE,
    RELIABILITY,
    TOLD_AFTERWARDS,
    VIEWS,
)
from tests.service.api.outage_script import OutageDay, ScriptedClock, moment, shown
from tests.service.deployment import deploy

COMPONENTS = [name for names in GROUPS.values() for name in names]


@pytest.fixture(scope="module")
async def day(database: str) -> AsyncIterator[OutageDay]:
    settings = Settings.model_validate({"DATABASE_URL": database}).model_copy(update={"amqp_url": None})
    clock = ScriptedClock(moment("28T19:00"))
    async with deploy(settings, clock=clock) as deployed:
        _, owner = await deployed.organisation()
        lived = OutageDay(owner, clock)
        await lived.live()
        yield lived


async def statistics(day: OutageDay, name: str, since: str = DAY_STARTS) -> dict[str, Any]:
    query = f"from={shown(since)}&to={shown(DAY_ENDS)}"
    answer = await day.owner.get(f"/v1/component/{day.ids[name]}/statistics?{query}")
    assert answer.status == 200, answer.json
    found: dict[str, Any] = answer.json["statistics"]
    return found


async def history(day: OutageDay, name: str) -> list[dict[str, Any]]:
    """The oldest first."""
    answer = await day.owner.get(f"/v1/component/{day.ids[name]}/history")
    return list(reversed(answer.json["history"]))


def seconds_of(name: str) -> dict[str, int]:
    row = DAY[name]
    minutes = {
        "operational": row.up,
        "degraded_performance": row.degraded,
        "partial_outage": row.partial,
        "major_outage": row.major,
        "under_maintenance": row.window,
    }
    return {status: 60 * count for status, count in minutes.items()}


def test_the_table_has_every_minute_of_the_day() -> None:
    assert set(DAY) == set(HISTORY) == set(COMPONENTS)
    known = {name: row.up + row.degraded + row.partial + row.major + row.window for name, row in DAY.items()}
    assert known == dict.fromkeys(COMPONENTS, 23 * 60) | {"GraphQL": 16 * 60}


@pytest.mark.parametrize("text", VIEWS)
def test_the_page_shows_what_is_so_at_every_turn(day: OutageDay, text: str) -> None:
    expected, page = VIEWS[text], day.views[text]
    troubled = {
        component["name"]: component["status"]
        for group in page["groups"]
        for component in group["components"]
        if component["status"] != "operational"
    }
    assert (page["status"]["indicator"], page["status"]["description"]) == expected.headline
    assert troubled == expected.troubled
    assert [(each["name"], each["impact"]) for each in page["incidents"]] == list(expected.incidents.items())
    assert tuple(each["status"] for each in page["maintenances"]) == expected.maintenances


def test_the_page_keeps_its_groups_in_order(day: OutageDay) -> None:
    page = day.views["29T22:30"]
    groups = {group["name"]: [each["name"] for each in group["components"]] for group in page["groups"]}
    assert groups == GROUPS
    assert page["components"] == []


@pytest.mark.parametrize("name", COMPONENTS)
async def test_a_components_day_is_that_of_the_table(day: OutageDay, name: str) -> None:
    row, found = DAY[name], await statistics(day, name)
    incident_ids = [day.ids[incident] for incident in row.incidents]
    figures = {"seconds": seconds_of(name), "uptime_percentage": row.uptime}
    assert {key: found[key] for key in figures} == figures
    assert found["days"] == [
        {"date": "2026-03-29", **figures, "worst_status": row.worst, "incident_ids": incident_ids}
    ]
    assert tuple(found["incidents"].values()) == RELIABILITY.get(name, NONE)
    assert found["open_incidents"] == []


@pytest.mark.parametrize("name", COMPONENTS)
async def test_a_components_history_is_that_of_the_table(day: OutageDay, name: str) -> None:
    found, expected = await history(day, name), HISTORY[name]
    starts = [shown(since) for since, *_ in expected]
    assert [(each["from"], each["status"]) for each in found] == [
        (start, status) for start, (_, status, *_) in zip(starts, expected, strict=True)
    ]
    assert [each["to"] for each in found] == [*starts[1:], None]
    told = {since for since, *_ in expected if (name, since) in TOLD_AFTERWARDS}
    assert {each["from"] for each in found if each["corrected"]} == set(map(shown, told))
    for each, (_, _, *incident) in zip(found, expected, strict=True):
        if incident:
            assert each["incident_id"] == day.ids[incident[0]]


@pytest.mark.parametrize("name", COMPONENTS)
async def test_its_present_began_where_its_history_says(day: OutageDay, name: str) -> None:
    found, since = await statistics(day, name), HISTORY[name][-1][0]
    assert (found["status"], found["status_since"]) == ("operational", shown(since))
    assert found["duration_seconds"] == (moment("29T22:30") - moment(since)).total_seconds()


async def test_of_the_day_before_only_three_hours_are_known(day: OutageDay) -> None:
    before, _ = (await statistics(day, "Login", DAY_BEFORE))["days"]
    assert (before["date"], before["uptime_percentage"]) == ("2026-03-28", 100.0)
    assert sum(before["seconds"].values()) == before["seconds"]["operational"] == 3 * 3600
    unknown, _ = (await statistics(day, "GraphQL", DAY_BEFORE))["days"]
    assert (unknown["uptime_percentage"], unknown["worst_status"]) == (None, None)
    assert sum(unknown["seconds"].values()) == 0


async def test_the_incidents_of_the_day_are_listed_and_the_false_alarm_is_not(day: OutageDay) -> None:
    listed = (await day.owner.get(f"/v1/statuspage/{day.page_id}/incidents?status=all")).json["incidents"]
    assert [
        (each["name"], each["status"], each["impact"], each["started_at"], each["resolved_at"])
        for each in listed
    ] == [
        (name, status, impact, shown(started), shown(resolved))
        for name, (status, impact, started, resolved) in INCIDENTS.items()
    ]
    assert (await day.owner.get(f"/v1/incident/{day.ids[FALSE_ALARM]}")).status == 404
