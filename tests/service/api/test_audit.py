"""The audit trail over HTTP: who did what to a page, when, and what it changed."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from tests.service.api.incidents import a_page, ago, opened, update
from tests.service.api.seed import minimal_body
from tests.service.client import Client
from tests.service.deployment import Deployment

Entry = dict[str, Any]


@pytest.fixture(scope="module")
async def organisation(deployment: Deployment) -> tuple[UUID, Client]:
    return await deployment.organisation()


@pytest.fixture
def owner(organisation: tuple[UUID, Client]) -> Client:
    return organisation[1]


async def trail(owner: Client, page: dict[str, Any], query: str = "") -> list[Entry]:
    answer = await owner.get(f"/v1/statuspage/{page['id']}/audit{query}")
    assert answer.status == 200, answer.json
    entries: list[Entry] = answer.json["audit"]
    return entries


async def report(owner: Client, component: dict[str, Any], **body: str) -> None:
    assert (await owner.put(f"/v1/component/{component['id']}/status", body)).status == 200


async def test_an_entry_says_who_did_what_when_and_what_it_changed(owner: Client) -> None:
    page = await a_page(owner, "Website")
    [component] = page["components"]
    request_id = str(uuid4())
    before = datetime.now(UTC).replace(microsecond=0)
    body = {"status": "major_outage"}
    await owner.put(f"/v1/component/{component['id']}/status", body, X_Request_Id=request_id)
    shown = (await owner.get(f"/v1/component/{component['id']}/statistics")).json["statistics"]
    [entry, *_] = await trail(owner, page)
    assert before <= datetime.fromisoformat(entry.pop("at")) <= datetime.now(UTC)
    assert UUID(entry.pop("actor").removeprefix("token:"))
    assert entry.pop("position") > 0
    assert entry == {
        "action": "Component status changed",
        "type": "ComponentStatusChanged",
        "subject": {"kind": "component", "id": component["id"], "name": "Website"},
        "before": {"status": "operational", "status_since": component["status_since"]},
        "after": {"status": "major_outage", "status_since": shown["status_since"]},
        "request_id": request_id,
    }


async def test_the_trail_is_complete_and_the_newest_comes_first(owner: Client) -> None:
    page = await a_page(owner, "Website", "API")
    incident = await opened(owner, page, "major_outage")
    await update(owner, incident, "resolved")
    path = f"/v1/incident/{incident['id']}/update/{incident['updates'][0]['id']}"
    await owner.put(path, {"body": "In other words."})
    await owner.delete(f"/v1/incident/{incident['id']}")
    entries = await trail(owner, page)
    assert [entry["position"] for entry in entries] == sorted((e["position"] for e in entries), reverse=True)
    assert {(entry["subject"]["kind"], entry["type"]) for entry in entries} == {
        ("statuspage", "PageCreated"),
        ("subdomain", "NameClaimed"),
        ("component", "ComponentAdded"),
        ("component", "ComponentHeld"),
        ("component", "ComponentReleased"),
        ("component", "ComponentHoldRetracted"),
        ("incident", "IncidentOpened"),
        ("incident", "IncidentUpdated"),
        ("incident", "IncidentUpdateCorrected"),
        ("incident", "IncidentRetracted"),
    }
    corrected = next(entry for entry in entries if entry["type"] == "IncidentUpdateCorrected")
    update_id = incident["updates"][0]["id"]
    assert corrected["before"] == {"updates": {update_id: {"body": "We are *looking*."}}}
    assert corrected["after"] == {"updates": {update_id: {"body": "In other words."}}}
    retracted = next(entry for entry in entries if entry["type"] == "IncidentRetracted")
    assert retracted["before"]["name"] == retracted["subject"]["name"] == "Down"
    assert retracted["after"] is None


async def test_settings_show_only_what_changed(owner: Client) -> None:
    page = await a_page(owner)
    body = minimal_body(subdomain=page["subdomain"], name="Renamed", dark_theme=True)
    assert (await owner.put(f"/v1/statuspage/{page['id']}", body)).status == 200
    [entry, *_] = await trail(owner, page)
    assert entry["type"] == "PageSettingsChanged"
    assert entry["before"] == {"name": page["name"], "dark_theme": False}
    assert entry["after"] == {"name": "Renamed", "dark_theme": True}
    assert entry["subject"] == {"kind": "statuspage", "id": page["id"], "name": "Renamed"}
    await owner.put(f"/v1/statuspage/{page['id']}/status", {"enabled": False})
    [entry, *_] = await trail(owner, page)
    assert (entry["before"], entry["after"]) == ({"enabled": True}, {"enabled": False})


async def test_what_was_created_was_not_there_and_what_is_deleted_is_no_more(owner: Client) -> None:
    page = await a_page(owner, "Website")
    [component] = page["components"]
    assert (await owner.delete(f"/v1/component/{component['id']}")).status == 200
    entries = await trail(owner, page)
    created = next(entry for entry in entries if entry["type"] == "PageCreated")
    assert created["before"] is None
    assert created["after"]["subdomain"] == page["subdomain"]
    removed = next(entry for entry in entries if entry["type"] == "ComponentRemoved")
    assert (removed["before"]["name"], removed["after"]) == ("Website", None)
    assert removed["subject"]["name"] == "Website"


async def test_a_correction_stands_beside_what_had_held(owner: Client) -> None:
    page = await a_page(owner, "Website")
    [component] = page["components"]
    await report(owner, component, status="partial_outage", at=ago(hours=5))
    at = ago(hours=4)
    await report(owner, component, status="major_outage", at=at, reason="The logs say so.")
    [entry, *_] = await trail(owner, page)
    assert entry["type"] == "ComponentStatusCorrected"
    assert entry["before"] == {"status": "partial_outage"}
    assert (entry["after"]["status"], entry["after"]["at"]) == ("major_outage", at)
    assert entry["after"]["reason"] == "The logs say so."


async def test_it_is_filtered_by_actor_type_and_time(
    deployment: Deployment, organisation: tuple[UUID, Client]
) -> None:
    organisation_id, owner = organisation
    colleague = await deployment.client(organisation_id, "status:write", "pages:read")
    page = await a_page(owner, "Website")
    [component] = page["components"]
    await report(colleague, component, status="major_outage")
    await report(owner, component, status="operational")
    by_owner, by_colleague, *_ = await trail(owner, page, "?type=ComponentStatusChanged")
    assert by_owner["after"]["status"] == "operational"
    assert by_owner["actor"] != by_colleague["actor"]
    assert await trail(owner, page, f"?actor={by_colleague['actor']}") == [by_colleague]
    everything = await trail(owner, page)
    moment = quote(by_owner["at"])
    since, until = await trail(owner, page, f"?from={moment}"), await trail(owner, page, f"?to={moment}")
    assert since + until == everything
    assert by_owner in since
    assert by_colleague in until
    assert await trail(owner, page, "?to=2020-01-01T00:00:00Z") == []


async def test_it_is_read_in_parts(owner: Client) -> None:
    page = await a_page(owner, "Website")
    for status in ("major_outage", "operational") * 4:
        await report(owner, page["components"][0], status=status)
    everything = await trail(owner, page)
    found: list[Entry] = []
    cursor = ""
    while True:
        answer = await owner.get(f"/v1/statuspage/{page['id']}/audit?limit=3{cursor}")
        found += answer.json["audit"]
        assert len(answer.json["audit"]) <= 3
        if answer.json["next_cursor"] is None:
            break
        cursor = f"&cursor={answer.json['next_cursor']}"
    assert found == everything


async def test_subscriptions_are_in_it_without_their_addresses(deployment: Deployment, owner: Client) -> None:
    page = await a_page(owner)
    name = uuid4().hex
    address = f"{name}@example.com"
    body = {"channel_type": "email", "channel_value": address, "statuspage_id": page["id"]}
    assert (await deployment.visitor().post("/v1/subscriptions", body)).status == 201
    [entry, *_] = await trail(owner, page)
    assert (entry["type"], entry["actor"]) == ("SubscriptionRequested", "visitor")
    assert entry["after"]["status"] == "pending"
    assert entry["subject"]["name"] is None
    assert name not in str(await trail(owner, page))


async def test_the_trail_of_a_deleted_page_stays(owner: Client) -> None:
    page = await a_page(owner)
    await owner.delete(f"/v1/statuspage/{page['id']}")
    entries = await trail(owner, page, "?type=PageDeleted")
    assert [(entry["subject"]["name"], entry["after"]) for entry in entries] == [(page["name"], None)]


async def test_only_an_administrators_token_reads_it(
    deployment: Deployment, organisation: tuple[UUID, Client]
) -> None:
    organisation_id, owner = organisation
    page = await a_page(owner)
    reader = await deployment.client(organisation_id, "pages:read", "events:read")
    assert (await reader.get(f"/v1/statuspage/{page['id']}/audit")).status == 403
    _, other = await deployment.organisation()
    assert (await other.get(f"/v1/statuspage/{page['id']}/audit")).status == 404


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("type=Nothing", "/type"),
        ("from=yesterday", "/from"),
        ("actor=", "/actor"),
        ("cursor=nonsense", "/cursor"),
        ("cursor=WyJ4Il0", "/cursor"),
        ("limit=0", "/limit"),
        ("who=me", "/who"),
    ],
)
async def test_what_it_cannot_be_asked_is_refused_by_name(owner: Client, query: str, pointer: str) -> None:
    page = await a_page(owner)
    answer = await owner.get(f"/v1/statuspage/{page['id']}/audit?{query}")
    assert (answer.status, answer.pointers) == (400, {pointer})
