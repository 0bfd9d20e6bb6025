"""Maintenance over HTTP: plans, what a window does to its components, series."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from tests.environment.waiting import eventually
from tests.service.api.seed import minimal_body
from tests.service.client import Answer, Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


def in_(**parts: float) -> str:
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(**parts)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def a_page(owner: Client, *names: str, **fields: Any) -> dict[str, Any]:
    body = minimal_body(components=[{"name": name} for name in names or ("Website", "API")], **fields)
    page: dict[str, Any] = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    return page


def ids(page: dict[str, Any]) -> list[str]:
    return [component["id"] for component in page["components"]]


async def post(owner: Client, page: dict[str, Any], **fields: Any) -> Answer:
    body = {
        "name": "Upgrade",
        "body": "Writes *wait*.",
        "starts_at": in_(hours=2),
        "ends_at": in_(hours=3),
        "components": ids(page),
        **fields,
    }
    return await owner.post(f"/v1/statuspage/{page['id']}/maintenance", body)


async def scheduled(owner: Client, page: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = await post(owner, page, **fields)
    assert answer.status == 201, answer.json
    maintenance: dict[str, Any] = answer.json["maintenance"]
    return maintenance


async def running(owner: Client, page: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Begun a minute ago: a timer starts it at once."""
    maintenance = await scheduled(owner, page, **{"starts_at": in_(minutes=-1), **fields})
    await eventually(lambda: _is(owner, maintenance, "in_progress"), 10, "the start")
    return maintenance


async def _is(owner: Client, maintenance: dict[str, Any], status: str) -> bool:
    return bool((await read(owner, maintenance))["status"] == status)


async def read(owner: Client, maintenance: dict[str, Any]) -> dict[str, Any]:
    answer = await owner.get(f"/v1/maintenance/{maintenance['id']}")
    assert answer.status == 200, answer.json
    found: dict[str, Any] = answer.json["maintenance"]
    return found


async def unified(owner: Client, page: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = (await owner.get(f"/v1/statuspage/{page['id']}/unified")).json["statuspage"]
    return shown


async def statuses(owner: Client, page: dict[str, Any]) -> list[str]:
    return [component["status"] for component in (await unified(owner, page))["components"]]


async def shows(owner: Client, page: dict[str, Any], *expected: str) -> None:
    """What a timer did is on the page soon; what a call did is there when it has answered."""

    async def there() -> bool:
        return await statuses(owner, page) == list(expected)

    await eventually(there, 5, f"{expected} on the page")


async def say(owner: Client, maintenance: dict[str, Any], status: str) -> Answer:
    body = {"status": status, "body": f"It is {status}."}
    return await owner.post(f"/v1/maintenance/{maintenance['id']}/update", body)


async def listed(owner: Client, page: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    answer = await owner.get(f"/v1/statuspage/{page['id']}/maintenances{query}")
    assert answer.status == 200, answer.json
    maintenances: list[dict[str, Any]] = answer.json["maintenances"]
    return maintenances


async def test_what_was_planned_is_read_back_and_shows_on_the_page(owner: Client) -> None:
    page = await a_page(owner)
    answer = await post(owner, page, recurrence="FREQ=WEEKLY")
    maintenance = answer.json["maintenance"]
    assert answer.headers["Location"] == f"/v1/maintenance/{maintenance['id']}"
    assert maintenance["status"] == "scheduled"
    assert maintenance["components"] == ids(page)
    assert maintenance["remind_before_minutes"] == 60
    assert maintenance["series_id"] == maintenance["id"]
    assert maintenance["url"] == f"{page['url']}/maintenance/{maintenance['id']}"
    found = await owner.get(f"/v1/maintenance/{maintenance['id']}")
    assert found.json == answer.json
    assert found.etag == answer.etag
    assert (await unified(owner, page))["maintenances"] == [maintenance]
    assert await statuses(owner, page) == ["operational"] * 2


async def test_a_window_turns_its_components_to_maintenance_and_back(owner: Client) -> None:
    page = await a_page(owner)
    maintenance = await running(owner, page, components=ids(page)[:1])
    await shows(owner, page, "under_maintenance", "operational")
    assert (await unified(owner, page))["status"]["description"] == "Service Under Maintenance"
    assert (await say(owner, maintenance, "verifying")).status == 201
    assert await statuses(owner, page) == ["under_maintenance", "operational"]
    done = await say(owner, maintenance, "completed")
    assert done.json["maintenance"]["status"] == "completed"
    assert done.json["maintenance"]["completed_at"] is not None
    assert [update["status"] for update in done.json["maintenance"]["updates"]] == ["completed", "verifying"]
    assert await statuses(owner, page) == ["operational", "operational"]
    assert (await unified(owner, page))["maintenances"] == []


async def test_it_ends_by_itself(owner: Client) -> None:
    page = await a_page(owner)
    maintenance = await running(owner, page, ends_at=in_(seconds=4))
    await eventually(lambda: _is(owner, maintenance, "completed"), 10)
    await shows(owner, page, "operational", "operational")


async def test_an_outage_inside_shows_and_the_windows_end_leaves_it_alone(owner: Client) -> None:
    page = await a_page(owner)
    first, _ = ids(page)
    maintenance = await running(owner, page)
    await owner.put(f"/v1/component/{first}/status", {"status": "major_outage"})
    assert await statuses(owner, page) == ["major_outage", "under_maintenance"]
    assert (await unified(owner, page))["status"]["indicator"] == "major"
    await say(owner, maintenance, "completed")
    assert await statuses(owner, page) == ["major_outage", "operational"]


async def test_an_outage_that_was_there_before_goes_on_showing(owner: Client) -> None:
    page = await a_page(owner)
    first, _ = ids(page)
    await owner.put(f"/v1/component/{first}/status", {"status": "partial_outage"})
    await running(owner, page)
    await shows(owner, page, "partial_outage", "under_maintenance")


async def test_an_incident_that_is_resolved_inside_leaves_maintenance_behind(owner: Client) -> None:
    page = await a_page(owner)
    maintenance = await running(owner, page)
    opening = {
        "name": "Down",
        "body": "We look.",
        "components": [{"id": ids(page)[0], "status": "major_outage"}],
    }
    incident = (await owner.post(f"/v1/statuspage/{page['id']}/incident", opening)).json["incident"]
    await owner.post(f"/v1/incident/{incident['id']}/update", {"status": "resolved", "body": "Over."})
    assert await statuses(owner, page) == ["under_maintenance"] * 2
    await say(owner, maintenance, "completed")
    assert await statuses(owner, page) == ["operational"] * 2


async def test_time_in_a_window_counts_neither_as_up_nor_as_down(owner: Client) -> None:
    page = await a_page(owner, "Website")
    await say(owner, await running(owner, page), "verifying")
    answer = await owner.get(f"/v1/component/{ids(page)[0]}/statistics?days=1")
    statistics = answer.json["statistics"]
    assert statistics["seconds"]["under_maintenance"] > 0
    assert statistics["uptime_percentage"] == 100
    assert statistics["seconds"]["major_outage"] == 0


async def test_it_is_moved_and_starts_at_its_new_time_only(owner: Client) -> None:
    page = await a_page(owner)
    maintenance = await scheduled(owner, page, starts_at=in_(seconds=1))
    moved = await owner.put(f"/v1/maintenance/{maintenance['id']}", {"starts_at": in_(hours=1)})
    assert moved.status == 200
    after = await running(owner, page, components=[])
    assert (await read(owner, maintenance))["status"] == "scheduled"
    assert (await read(owner, after))["status"] == "in_progress"


async def test_what_is_left_out_of_an_edit_stays_and_null_clears(owner: Client) -> None:
    page = await a_page(owner)
    maintenance = await scheduled(owner, page, recurrence="FREQ=DAILY")
    path = f"/v1/maintenance/{maintenance['id']}"
    edited = await owner.put(path, {"recurrence": None, "remind_before_minutes": None})
    gone = {"recurrence": None, "remind_before_minutes": None, "series_id": None}
    kept = {name: maintenance[name] for name in maintenance.keys() - {"updated_at"}}
    assert kept | gone == {name: edited.json["maintenance"][name] for name in kept}


async def test_what_was_read_can_be_sent_back_while_it_runs(owner: Client) -> None:
    page = await a_page(owner)
    start = in_(minutes=-1).replace("000Z", "123456Z")
    maintenance = await running(owner, page, starts_at=start)
    sent = {name: maintenance[name] for name in ("name", "body", "starts_at", "ends_at", "components")}
    answer = await owner.put(f"/v1/maintenance/{maintenance['id']}", sent)
    assert answer.status == 200
    assert answer.json["maintenance"] == await read(owner, maintenance)


async def test_components_that_come_into_a_running_window_or_leave_it_change_at_once(owner: Client) -> None:
    page = await a_page(owner)
    first, second = ids(page)
    maintenance = await running(owner, page, components=[first])
    await owner.put(f"/v1/maintenance/{maintenance['id']}", {"components": [second]})
    assert await statuses(owner, page) == ["operational", "under_maintenance"]


async def test_it_is_cancelled_and_stays_readable(owner: Client) -> None:
    page = await a_page(owner)
    maintenance = await running(owner, page)
    assert (await owner.delete(f"/v1/maintenance/{maintenance['id']}")).status == 200
    assert await statuses(owner, page) == ["operational", "operational"]
    assert (await read(owner, maintenance))["status"] == "cancelled"
    assert (await owner.delete(f"/v1/maintenance/{maintenance['id']}")).status == 200
    assert (await say(owner, maintenance, "in_progress")).status == 409


async def test_the_next_window_of_a_series_is_there_when_one_ends_or_is_cancelled(owner: Client) -> None:
    page = await a_page(owner, time_zone="Europe/Berlin")
    first = await running(owner, page, recurrence="FREQ=DAILY;COUNT=3")
    await say(owner, first, "completed")
    [second] = await listed(owner, page, "?status=scheduled")
    assert second["series_id"] == first["id"]
    assert second["starts_at"] > first["starts_at"]
    await owner.delete(f"/v1/maintenance/{second['id']}")
    [third] = await listed(owner, page, "?status=scheduled")
    await owner.delete(f"/v1/maintenance/{third['id']}")
    assert await listed(owner, page, "?status=scheduled") == []


async def test_a_series_that_is_cancelled_whole_has_no_further_window(owner: Client) -> None:
    page = await a_page(owner)
    maintenance = await scheduled(owner, page, recurrence="FREQ=DAILY")
    assert (await owner.delete(f"/v1/maintenance/{maintenance['id']}?series=true")).status == 200
    assert [each["status"] for each in await listed(owner, page)] == ["cancelled"]


async def test_maintenances_are_listed_in_parts_the_latest_start_first(owner: Client) -> None:
    page = await a_page(owner)
    for hours in (5, 7, 6):
        await scheduled(owner, page, starts_at=in_(hours=hours), ends_at=in_(hours=9))
    found, cursor = [], ""
    while cursor is not None:
        query = f"?limit=2&cursor={cursor}" if cursor else "?limit=2"
        answer = await owner.get(f"/v1/statuspage/{page['id']}/maintenances{query}")
        found += [maintenance["starts_at"] for maintenance in answer.json["maintenances"]]
        cursor = answer.json["next_cursor"]
    assert len(found) == 3
    assert all(later > earlier for later, earlier in pairwise(found))
    assert (await owner.get(f"/v1/statuspage/{page['id']}/maintenances?cursor=x")).status == 400
    assert (await owner.get(f"/v1/statuspage/{page['id']}/maintenances?status=late")).status == 400


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"ends_at": in_(hours=-1), "starts_at": in_(hours=-2)}, "/ends_at"),
        ({"ends_at": in_(hours=1)}, "/ends_at"),
        ({"components": [str(uuid4())]}, "/components/0"),
        ({"recurrence": "FREQ=SECONDLY"}, "/recurrence"),
        ({"remind_before_minutes": 0}, "/remind_before_minutes"),
        ({"body": ""}, "/body"),
        ({"starts_at": "tomorrow"}, "/starts_at"),
        ({"status": "scheduled"}, "/status"),
    ],
)
async def test_what_cannot_be_planned_is_422_and_names_the_field(
    owner: Client, fields: dict[str, Any], pointer: str
) -> None:
    page = await a_page(owner)
    answer = await post(owner, page, **fields)
    assert (answer.status, answer.pointers) == (422, {pointer})
    assert await listed(owner, page) == []


async def test_an_edit_of_another_version_is_412_and_of_what_is_over_409(owner: Client) -> None:
    page = await a_page(owner)
    maintenance = await scheduled(owner, page)
    path = f"/v1/maintenance/{maintenance['id']}"
    etag = (await owner.get(path)).etag
    assert (await owner.put(path, {"name": "Renamed"}, If_Match=etag)).status == 200
    assert (await owner.put(path, {"name": "Again"}, If_Match=etag)).status == 412
    await owner.delete(path)
    assert (await owner.put(path, {"name": "Again"})).status == 409


async def test_the_same_request_again_schedules_nothing_twice(owner: Client) -> None:
    page, key = await a_page(owner), uuid4().hex
    path = f"/v1/statuspage/{page['id']}/maintenance"
    body = {"name": "Upgrade", "body": "Soon.", "starts_at": in_(hours=1), "ends_at": in_(hours=2)}
    first = await owner.post(path, body, Idempotency_Key=key)
    again = await owner.post(path, body, Idempotency_Key=key)
    assert (again.status, again.json) == (201, first.json)
    assert len(await listed(owner, page)) == 1


async def test_maintenances_of_a_page_that_is_deleted_are_404(owner: Client) -> None:
    page = await a_page(owner)
    maintenance = await scheduled(owner, page)
    await owner.delete(f"/v1/statuspage/{page['id']}")
    assert (await owner.get(f"/v1/maintenance/{maintenance['id']}")).status == 404
    assert (await say(owner, maintenance, "scheduled")).status == 404
