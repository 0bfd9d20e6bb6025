"""Incidents over HTTP: what they do to components, pages and statistics, and how they read."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest

from tests.service.api.seed import minimal_body
from tests.service.client import Answer, Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


def ago(**parts: float) -> str:
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(**parts)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def a_page(owner: Client, *names: str) -> dict[str, Any]:
    body = minimal_body(components=[{"name": name} for name in names or ("Website", "API")])
    page: dict[str, Any] = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    return page


def giving(page: dict[str, Any], *statuses: str) -> list[dict[str, str]]:
    listed = zip(page["components"], statuses, strict=False)
    return [{"id": component["id"], "status": status} for component, status in listed]


async def post(owner: Client, page: dict[str, Any], *statuses: str, **fields: Any) -> Answer:
    body = {"name": "Down", "body": "We are *looking*.", "components": giving(page, *statuses), **fields}
    return await owner.post(f"/v1/statuspage/{page['id']}/incident", body)


async def opened(owner: Client, page: dict[str, Any], *statuses: str, **fields: Any) -> dict[str, Any]:
    answer = await post(owner, page, *statuses, **fields)
    assert answer.status == 201, answer.json
    incident: dict[str, Any] = answer.json["incident"]
    return incident


async def update(owner: Client, incident: dict[str, Any], status: str, **fields: Any) -> Answer:
    body = {"status": status, "body": f"Now {status}.", **fields}
    return await owner.post(f"/v1/incident/{incident['id']}/update", body)


async def read(owner: Client, incident: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await owner.get(f"/v1/incident/{incident['id']}")).json["incident"]
    return found


async def unified(owner: Client, page: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await owner.get(f"/v1/statuspage/{page['id']}/unified")).json["statuspage"]
    return found


async def statuses(owner: Client, page: dict[str, Any]) -> list[str]:
    return [component["status"] for component in (await unified(owner, page))["components"]]


async def statistics(owner: Client, page: dict[str, Any], query: str = "", index: int = 0) -> dict[str, Any]:
    component_id = page["components"][index]["id"]
    answer = await owner.get(f"/v1/component/{component_id}/statistics{query}")
    found: dict[str, Any] = answer.json["statistics"]
    return found


async def history(owner: Client, page: dict[str, Any], query: str = "") -> list[tuple[str, str, str | None]]:
    component_id = page["components"][0]["id"]
    answer = await owner.get(f"/v1/component/{component_id}/history{query}")
    return [(each["status"], each["from"], each["to"]) for each in answer.json["history"]]


async def test_an_incident_and_its_components_change_together_and_show_at_once(owner: Client) -> None:
    page = await a_page(owner)
    answer = await post(owner, page, "major_outage", "degraded_performance")
    incident = answer.json["incident"]
    assert (answer.status, answer.headers["Location"]) == (201, f"/v1/incident/{incident['id']}")
    assert (incident["status"], incident["impact"]) == ("investigating", "critical")
    assert incident["components"] == giving(page, "major_outage", "degraded_performance")
    shown = await unified(owner, page)
    assert [each["status"] for each in shown["components"]] == ["major_outage", "degraded_performance"]
    assert shown["status"] == {"indicator": "critical", "description": "Major System Outage"}
    assert shown["incidents"] == [incident] == [await read(owner, incident)]


async def test_an_open_incident_raises_the_headline_even_without_components(owner: Client) -> None:
    page = await a_page(owner)
    await opened(owner, page, impact_override="major")
    headline = (await unified(owner, page))["status"]
    assert headline == {"indicator": "major", "description": "Partial System Outage"}


async def test_updates_come_with_the_newest_first_and_the_worst_impact_stays(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page, "major_outage")
    answer = await update(owner, incident, "monitoring", components=giving(page, "degraded_performance"))
    assert answer.status == 201
    shown = await read(owner, incident)
    assert [each["status"] for each in shown["updates"]] == ["monitoring", "investigating"]
    assert (shown["status"], shown["impact"]) == ("monitoring", "critical")
    assert (await statuses(owner, page))[0] == "degraded_performance"


async def test_what_an_incident_holds_is_operational_again_when_it_is_resolved(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page, "major_outage", "partial_outage")
    await update(owner, incident, "resolved", components=giving(page, "degraded_performance"))
    assert await statuses(owner, page) == ["degraded_performance", "operational"]
    shown = await read(owner, incident)
    assert (shown["status"], shown["impact"]) == ("resolved", "critical")
    assert shown["resolved_at"] is not None
    assert (await unified(owner, page))["incidents"] == []


async def test_of_two_incidents_the_one_that_is_left_holds_the_component(owner: Client) -> None:
    page = await a_page(owner)
    first = await opened(owner, page, "major_outage")
    second = await opened(owner, page, "partial_outage")
    assert (await statuses(owner, page))[0] == "partial_outage"
    await update(owner, second, "resolved")
    assert (await statuses(owner, page))[0] == "major_outage"
    await update(owner, first, "resolved")
    assert (await statuses(owner, page))[0] == "operational"


async def test_a_report_in_between_is_the_last_word_until_the_incident_speaks(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page, "major_outage")
    path = f"/v1/component/{page['components'][0]['id']}/status"
    await owner.put(path, {"status": "degraded_performance"})
    assert (await statuses(owner, page))[0] == "degraded_performance"
    await update(owner, incident, "resolved")
    assert (await statuses(owner, page))[0] == "operational"


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


async def test_the_text_of_an_update_is_corrected(owner: Client) -> None:
    incident = await opened(owner, await a_page(owner))
    path = f"/v1/incident/{incident['id']}/update/{incident['updates'][0]['id']}"
    answer = await owner.put(path, {"body": "We\n\tlook."})
    assert (answer.status, answer.json["incident"]["updates"][0]["body"]) == (200, "We\n\tlook.")
    assert (await owner.put(f"/v1/incident/{incident['id']}/update/{uuid4()}", {"body": "x"})).status == 404


async def test_an_edit_leaves_alone_what_it_does_not_name_and_null_clears(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page, "major_outage", metadata={"ticket": "1"}, impact_override="minor")
    path = f"/v1/incident/{incident['id']}"
    renamed = (await owner.put(path, {"name": "Slow"})).json["incident"]
    assert (renamed["name"], renamed["impact"], renamed["metadata"]) == ("Slow", "minor", {"ticket": "1"})
    cleared = (await owner.put(path, {"impact_override": None, "metadata": None})).json["incident"]
    assert (cleared["name"], cleared["impact"], cleared["metadata"]) == ("Slow", "critical", {})


async def test_a_postmortem_follows_the_resolution(owner: Client) -> None:
    incident = await opened(owner, await a_page(owner))
    path = f"/v1/incident/{incident['id']}/postmortem"
    assert (await owner.put(path, {"body": "A disk."})).status == 409
    await update(owner, incident, "resolved")
    answer = await owner.put(path, {"body": "A disk."})
    assert (answer.status, answer.json["incident"]["postmortem"]) == (200, "A disk.")
    assert answer.json["incident"]["status"] == "postmortem"


async def test_what_is_over_is_not_opened_again(owner: Client) -> None:
    incident = await opened(owner, await a_page(owner))
    await update(owner, incident, "resolved")
    assert (await update(owner, incident, "investigating")).status == 409


async def test_the_list_goes_by_start_and_can_be_cut(owner: Client) -> None:
    page = await a_page(owner)
    made = [await opened(owner, page, started_at=ago(days=days)) for days in (1, 3, 2)]
    await update(owner, made[1], "resolved")
    path = f"/v1/statuspage/{page['id']}/incidents"
    expected = [made[0]["id"], made[2]["id"], made[1]["id"]]

    async def listed(query: str) -> list[str]:
        return [each["id"] for each in (await owner.get(path + query)).json["incidents"]]

    assert await listed("") == expected
    assert await listed("?status=open") == expected[:2]
    assert await listed("?status=resolved") == expected[2:]
    assert await listed(f"?from={made[2]['started_at']}&to={made[0]['started_at']}") == [expected[1]]
    first = (await owner.get(f"{path}?limit=2")).json
    assert [each["id"] for each in first["incidents"]] == expected[:2]
    assert await listed(f"?limit=2&cursor={first['next_cursor']}") == expected[2:]
    assert (await owner.get(f"{path}?cursor=x")).status == 400
    assert (await owner.get(f"{path}?status=new")).status == 400


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({"name": ""}, {"/name"}),
        ({"body": "x" * 10_001}, {"/body"}),
        ({"body": ""}, {"/body"}),
        ({"status": "gone"}, {"/status"}),
        ({"status": "resolved"}, {"/started_at", "/resolved_at"}),
        ({"status": "monitoring", "started_at": ago(hours=2), "resolved_at": ago(hours=1)}, {"/status"}),
        ({"started_at": ago(hours=1), "resolved_at": ago(hours=2)}, {"/started_at"}),
        ({"started_at": ago(hours=-1)}, {"/started_at"}),
        ({"started_at": ago(hours=1), "resolved_at": ago(hours=-1)}, {"/resolved_at"}),
        ({"impact_override": "huge"}, {"/impact_override"}),
        ({"metadata": {"a": 1}}, {"/metadata/a"}),
        ({"extra": 1}, {"/extra"}),
    ],
)
async def test_a_bad_field_is_refused_by_name(
    owner: Client, fields: dict[str, Any], pointers: set[str]
) -> None:
    answer = await post(owner, await a_page(owner), **fields)
    assert (answer.status, answer.pointers) == (422, pointers)


async def test_a_component_of_another_page_or_named_twice_is_refused_where_it_stands(owner: Client) -> None:
    page, other = await a_page(owner), await a_page(owner)
    mixed = [*giving(page, "major_outage"), *giving(other, "major_outage")]
    answer = await post(owner, page, components=mixed)
    assert (answer.status, answer.pointers) == (422, {"/components/1/id"})
    twice = [*giving(page, "major_outage"), *giving(page, "operational")]
    answer = await post(owner, page, components=twice)
    assert (answer.status, answer.pointers) == (422, {"/components/1/id"})
    assert await statuses(owner, page) == ["operational", "operational"]


async def test_an_update_lies_neither_in_the_future_nor_before_the_last(owner: Client) -> None:
    incident = await opened(owner, await a_page(owner), started_at=ago(hours=2))
    for moment in (ago(hours=-1), ago(hours=3)):
        answer = await update(owner, incident, "identified", at=moment)
        assert (answer.status, answer.pointers) == (422, {"/at"})


async def test_a_stale_etag_changes_nothing(owner: Client) -> None:
    incident = await opened(owner, await a_page(owner))
    path = f"/v1/incident/{incident['id']}"
    seen = (await owner.get(path)).etag
    assert (await owner.get(path, If_None_Match=seen)).status == 304
    assert (await owner.put(path, {"name": "New"}, If_Match=seen)).status == 200
    assert (await owner.put(path, {"name": "Newer"}, If_Match=seen)).status == 412
    assert (await owner.delete(path, If_Match=seen)).status == 412


async def test_the_same_key_opens_one_incident(owner: Client) -> None:
    page = await a_page(owner)
    path, body = f"/v1/statuspage/{page['id']}/incident", {"name": "Down", "body": "We look."}
    key = str(uuid4())
    first = await owner.post(path, body, Idempotency_Key=key)
    again = await owner.post(path, body, Idempotency_Key=key)
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len((await unified(owner, page))["incidents"]) == 1


async def test_a_removed_component_is_left_alone(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page, "major_outage", "major_outage")
    left = minimal_body(subdomain=page["subdomain"], components=[{**page_entry(page, 1)}])
    assert (await owner.put(f"/v1/statuspage/{page['id']}", left)).status == 200
    assert (await update(owner, incident, "resolved")).status == 201
    assert await statuses(owner, page) == ["operational"]


def page_entry(page: dict[str, Any], index: int) -> dict[str, Any]:
    component = page["components"][index]
    return {"id": component["id"], "name": component["name"]}


async def test_with_its_page_an_incident_is_gone(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page, "major_outage")
    await owner.delete(f"/v1/statuspage/{page['id']}")
    assert (await owner.get(f"/v1/incident/{incident['id']}")).status == 404
    assert (await update(owner, incident, "resolved")).status == 404


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
