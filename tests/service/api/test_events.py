"""The feed of events: an organisation's own, in order, to its end, whatever was asked for."""

from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from eventstore.bus import envelope
from tests.docs.described import Described
from tests.service.api.seed import minimal_body, page_body
from tests.service.client import Client
from tests.service.deployment import Deployment

Event = dict[str, Any]


@pytest.fixture
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def walked(client: Client, query: str = "", limit: int = 200) -> tuple[list[Event], list[int]]:
    """Everything to the end as a client reads it: the events, and each `next_after`."""
    events: list[Event] = []
    steps = [0]
    while True:
        part = (await client.get(f"/v1/events?after={steps[-1]}&limit={limit}{query}")).json
        assert len(part["events"]) <= limit
        events += part["events"]
        if part["next_after"] >= part["head"]:
            return events, steps
        assert part["next_after"] > steps[-1]
        steps.append(part["next_after"])


async def created(client: Client, **changes: Any) -> dict[str, Any]:
    page: dict[str, Any] = (await client.post("/v1/statuspage", minimal_body(**changes))).json["statuspage"]
    return page


async def test_what_happened_is_read_as_the_log_has_it(deployment: Deployment, owner: Client) -> None:
    page = await created(owner)
    events, _ = await walked(owner)
    assert [event["type"] for event in events][:2] == ["OrganisationCreated", "TokenIssued"]
    assert "PageCreated" in [event["type"] for event in events]
    logged = {
        event.position: event for event in await deployment.core.store.read_subject(UUID(page["id"]), 10**9)
    }
    for event in events:
        if event.get("subject") == page["id"]:
            assert event == orjson.loads(envelope.encode(logged[event["position"]]))


async def test_small_parts_make_the_same_whole(owner: Client) -> None:
    for _ in range(3):
        await created(owner)
    whole, _ = await walked(owner)
    parts, steps = await walked(owner, limit=2)
    assert parts == whole
    assert len(steps) > len(whole) // 2 - 1
    positions = [event["position"] for event in whole]
    assert positions == sorted(set(positions))


async def test_others_neither_show_nor_move_the_head(deployment: Deployment, owner: Client) -> None:
    await created(owner)
    before = (await owner.get("/v1/events")).json
    organisation_id, other = await deployment.organisation()
    await created(other, name="Unmistakable")
    assert (await owner.get("/v1/events")).json == before
    assert before["head"] == before["next_after"] == before["events"][-1]["position"]
    theirs, _ = await walked(other)
    assert {event["tenantid"] for event in theirs} == {str(organisation_id)}
    assert not {event["id"] for event in theirs} & {event["id"] for event in before["events"]}


async def test_only_some_types_are_read_and_the_end_is_reached(owner: Client) -> None:
    await created(owner)
    page = await created(owner)
    await owner.delete(f"/v1/statuspage/{page['id']}")
    whole, _ = await walked(owner)
    some, _ = await walked(owner, "&types=PageCreated,PageDeleted", limit=1)
    assert some == [event for event in whole if event["type"] in ("PageCreated", "PageDeleted")]
    assert [event["type"] for event in some] == ["PageCreated", "PageCreated", "PageDeleted"]
    none = (await owner.get("/v1/events?types=IncidentOpened")).json
    assert none["events"] == []
    assert none["next_after"] == none["head"] == whole[-1]["position"]


async def test_only_a_page_is_read_even_when_it_is_deleted(owner: Client) -> None:
    page, other = await created(owner), await created(owner)
    await owner.delete(f"/v1/statuspage/{page['id']}")
    await created(owner)
    events, _ = await walked(owner, f"&statuspage_id={page['id']}", limit=1)
    assert {event["subject"] for event in events} == {page["id"]}
    assert events[-1]["type"] in ("PageDeleted", "NameReleased")
    assert other["id"] not in {event["subject"] for event in events}


async def test_an_unknown_page_and_a_foreign_one_are_the_same_404(
    deployment: Deployment, owner: Client
) -> None:
    _, other = await deployment.organisation()
    foreign = (await created(other))["id"]
    for path in ("/v1/events", "/v1/events/stream"):
        for page_id in (foreign, uuid4()):
            answer = await owner.get(f"{path}?statuspage_id={page_id}")
            assert answer.status == 404
            assert answer.json["detail"] == "Nothing of yours is here."


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=1e3",
        "limit=0",
        "limit=201",
        "types=",
        "types=PageCreated,Nonsense",
        "since=1",
    ],
)
async def test_a_bad_parameter_is_400_and_named(owner: Client, query: str) -> None:
    answer = await owner.get(f"/v1/events?{query}")
    assert answer.status == 400
    assert answer.pointers == {f"/{query.partition('=')[0]}"}


async def test_a_position_beyond_the_end_is_an_empty_part(owner: Client) -> None:
    part = (await owner.get(f"/v1/events?after={10**17}")).json
    assert (part["events"], part["next_after"]) == ([], 10**17)
    assert part["head"] < 10**17


async def test_what_did_not_change_is_304(owner: Client) -> None:
    first = await owner.get("/v1/events")
    assert (await owner.get("/v1/events", If_None_Match=first.etag)).status == 304
    await created(owner)
    assert (await owner.get("/v1/events", If_None_Match=first.etag)).status == 200


async def test_the_path_of_the_original_answers_too(owner: Client) -> None:
    assert (await owner.get("/statuspage-query/v1/events")).json == (await owner.get("/v1/events")).json


@pytest.fixture
async def told(owner: Client) -> tuple[Client, list[str]]:
    """Somebody who has told us what must not be handed on: an address, a password."""
    body = page_body(type="private", password="Unmistakable-password-1")
    public = await created(owner)
    await owner.post("/v1/statuspage", body)
    address = f"unmistakable-{uuid4().hex}@example.com"
    subscription = {"channel_type": "email", "channel_value": address, "statuspage_id": public["id"]}
    assert (await owner.post("/v1/subscriptions", subscription)).status == 201
    return owner, [address, address.partition("@")[0], "Unmistakable-password-1", str(owner.token), "argon2"]


async def test_no_event_holds_an_address_or_a_secret(told: tuple[Client, list[str]]) -> None:
    client, secrets = told
    events, _ = await walked(client)
    types = {event["type"] for event in events}
    assert {"PageCreated", "SubscriptionRequested", "TokenIssued"} <= types
    shown = orjson.dumps(events).decode()
    assert [secret for secret in secrets if secret in shown] == []


async def test_what_is_read_is_as_the_description_says(owner: Client) -> None:
    page = (await owner.post("/v1/statuspage", page_body())).json["statuspage"]
    component = page["components"][0]["id"]
    await owner.put(f"/v1/component/{component}/status", {"status": "partial_outage"})
    broken = [{"id": component, "status": "major_outage"}]
    incident = {"name": "Down", "body": "We look.", "components": broken}
    opened = (await owner.post(f"/v1/statuspage/{page['id']}/incident", incident)).json["incident"]
    resolution = {"status": "resolved", "body": "Over."}
    await owner.post(f"/v1/incident/{opened['id']}/update", resolution)
    await owner.delete(f"/v1/statuspage/{page['id']}")
    events, _ = await walked(owner)
    assert {"ComponentStatusChanged", "ComponentHeld", "ComponentReleased", "PageDeleted"} <= {
        event["type"] for event in events
    }
    described = Described()
    assert [fault for event in events for fault in described.faults(event)] == []
