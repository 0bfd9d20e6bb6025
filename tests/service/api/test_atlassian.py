"""A page of Atlassian Statuspage in the whole product: what the API says of it, and who hears of it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from service.atlassian.moving_in import Destination, move_in
from service.atlassian.outcome import Outcome
from service.atlassian.snapshot import read
from tests.environment.waiting import eventually
from tests.service.atlassian.files import API, OPEN, RESOLVED, SITE, files, incident, update
from tests.service.mailing import Mailing, mailing


@pytest.fixture(scope="module")
async def house(database: str) -> AsyncIterator[Mailing]:
    async with mailing(database) as mailing_house:
        yield mailing_house


async def takes_in(house: Mailing, contents: dict[str, bytes]) -> Outcome:
    core = house.deployment.core
    to = Destination(house.organisation_id, "atlassian", "target")
    return await move_in(core.commands, read(contents), to, core.clock())


@pytest.fixture(scope="module")
async def page(house: Mailing) -> dict[str, Any]:
    """As the API shows it once it has moved in."""
    outcome = await takes_in(house, files())
    return await unified(house, outcome.page_id)


async def unified(house: Mailing, page_id: UUID) -> dict[str, Any]:
    path = f"/v1/statuspage/{page_id}/unified"
    head = await house.deployment.core.store.head()
    answer = await house.owner.get(path, Statuspages_Min_Position=str(head), Prefer="wait=10")
    assert answer.status == 200, answer.json
    found: dict[str, Any] = answer.json["statuspage"]
    return found


async def listed(house: Mailing, page: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = await house.owner.get(f"/v1/statuspage/{page['id']}/incidents")
    return {each["name"]: each for each in answer.json["incidents"]}


def test_the_present_is_as_it_was(page: dict[str, Any]) -> None:
    assert [(each["name"], each["status"]) for each in page["components"]] == [
        ("API", "degraded_performance"),
        ("Website", "operational"),
    ]
    assert [each["name"] for each in page["groups"][0]["components"]] == ["Disks"]
    assert [each["name"] for each in page["incidents"]] == ["Trouble inc2"]
    assert [each["name"] for each in page["maintenances"]] == ["Work win2"]
    assert page["status"]["indicator"] == "minor"


async def test_the_past_is_as_it_was(house: Mailing, page: dict[str, Any]) -> None:
    past = (await listed(house, page))["Trouble inc1"]
    assert (past["status"], past["impact"], past["resolved_at"]) == (
        "postmortem",
        "critical",
        "2026-02-01T12:00:00.000Z",
    )
    assert {each["display_at"] for each in past["updates"]} == {
        "2026-02-01T10:00:00.000Z",
        "2026-02-01T11:00:00.000Z",
        "2026-02-01T12:00:00.000Z",
    }


async def test_statistics_count_what_was(house: Mailing, page: dict[str, Any]) -> None:
    site = next(each for each in page["components"] if each["name"] == "Website")
    day = "?from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z"
    answer = await house.owner.get(f"/v1/component/{site['id']}/statistics{day}")
    seconds = answer.json["statistics"]["seconds"]
    assert (seconds["major_outage"], seconds["degraded_performance"]) == (3600, 3600)
    disks = page["groups"][0]["components"][0]
    day = "?from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z"
    answer = await house.owner.get(f"/v1/component/{disks['id']}/statistics{day}")
    assert answer.json["statistics"]["seconds"]["under_maintenance"] == 5400


async def test_no_timer_touches_what_is_over(house: Mailing, page: dict[str, Any]) -> None:
    waiting = "SELECT count(*) FROM notify.timers WHERE done_at IS NULL AND due_at < clock_timestamp()"

    async def nothing_waits() -> bool:
        return bool(await house.value(waiting) == 0)

    await house.policies_are_done()
    await eventually(nothing_waits, 10, "every timer that is due to be obeyed")
    answer = await house.owner.get(f"/v1/statuspage/{page['id']}/maintenances")
    assert {each["name"]: each["status"] for each in answer.json["maintenances"]} == {
        "Work win1": "completed",
        "Work win2": "scheduled",
    }


async def test_subscribers_hear_nothing_of_a_past_that_is_added(house: Mailing, page: dict[str, Any]) -> None:
    await house.subscribed(page, "reader@example.com")
    sent = len(house.sink.messages)
    later = incident(
        "inc3",
        update("u8", "resolved", "2026-04-02T00:00:00Z"),
        update("u7", "identified", "2026-04-01T00:00:00Z", **{SITE: "partial_outage"}),
    )
    outcome = await takes_in(house, files(incidents=[later, OPEN, RESOLVED]))
    assert (outcome.new["incidents"], outcome.known["incidents"]) == (1, 2)
    await unified(house, outcome.page_id)
    await house.policies_are_done()
    assert "Trouble inc3" in await listed(house, page)
    assert await house.value("SELECT count(*) FROM notify.deliveries WHERE state = 'pending'") == 0
    assert len(house.sink.messages) == sent


async def test_an_incident_that_is_open_goes_on_here(house: Mailing, page: dict[str, Any]) -> None:
    [still] = page["incidents"]
    body = {"status": "resolved", "body": "Done.", "notify": False}
    assert (await house.owner.post(f"/v1/incident/{still['id']}/update", body)).status == 201
    now = await unified(house, UUID(page["id"]))
    assert {each["name"]: each["status"] for each in now["components"]}["API"] == "operational"
    assert now["incidents"] == []
    assert API not in str(now)
