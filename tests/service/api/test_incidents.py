"""Incidents over HTTP: what they do to components and pages, and how they read."""

from typing import Any
from uuid import uuid4

import pytest

from tests.service.api.incidents import a_page, ago, giving, opened, post, read, statuses, unified, update
from tests.service.api.seed import minimal_body
from tests.service.client import Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def test_an_incident_and_its_components_change_together_and_show_at_once(owner: Client) -> None:
    page = await a_page(owner)
    answer = await post(owner, page, "major_outage", "degraded_performance")
    incident = answer.json["incident"]
    assert (answer.status, answer.headers["Location"]) == (201, f"/v1/incident/{incident['id']}")
    assert (incident["status"], incident["impact"]) == ("investigating", "critical")
    named = giving(page, "major_outage", "degraded_performance")
    assert incident["components"] == sorted(named, key=lambda each: each["id"])
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
