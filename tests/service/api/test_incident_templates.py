"""Incident templates over HTTP: made, listed by name, deleted; seen by their organisation alone."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.service.api.incidents import a_page, giving
from tests.service.client import Answer, Client
from tests.service.deployment import Deployment

PATH = "/v1/incident-templates"
BODY = "{{ service }} is *slow* in {{region}}."


@pytest.fixture
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def made(owner: Client, name: str = "Slow", **fields: Any) -> Answer:
    return await owner.post(PATH, {"name": name, "body": BODY, **fields})


async def names(owner: Client, query: str = "") -> list[str]:
    return [each["name"] for each in (await owner.get(PATH + query)).json["incident_templates"]]


async def test_a_template_is_made_and_shows_at_once(owner: Client) -> None:
    page = await a_page(owner)
    components = giving(page, "degraded_performance")
    answer = await made(owner, "Trouble in {{region}}", components=components)
    template = answer.json["incident_template"]
    assert (answer.status, answer.etag) == (201, '"v1"')
    assert template | {"id": 0, "created_at": 0} == {
        "id": 0,
        "name": "Trouble in {{region}}",
        "body": BODY,
        "components": components,
        "variables": ["region", "service"],
        "created_at": 0,
    }
    assert (await owner.get(PATH)).json == {"incident_templates": [template], "next_cursor": None}


async def test_they_are_listed_by_name_in_parts(owner: Client) -> None:
    for name in ("Cache", "API", "Database"):
        await made(owner, name)
    first = (await owner.get(f"{PATH}?limit=2")).json
    assert [each["name"] for each in first["incident_templates"]] == ["API", "Cache"]
    assert await names(owner, f"?limit=2&cursor={first['next_cursor']}") == ["Database"]
    assert (await owner.get(f"{PATH}?cursor=nonsense")).status == 400


async def test_a_deleted_one_is_gone_and_its_name_free(owner: Client) -> None:
    path = f"/v1/incident-template/{(await made(owner)).json['incident_template']['id']}"
    assert (await owner.delete(path, If_Match='"v2"')).status == 412
    assert (await owner.delete(path, If_Match='"v1"')).status == 200
    assert await names(owner) == []
    assert (await owner.delete(path)).status == 404
    assert (await made(owner)).status == 201


async def test_no_name_twice(owner: Client) -> None:
    await made(owner, "Slow")
    answer = await made(owner, "SLOW")
    assert (answer.status, answer.pointers) == (409, {"/name"})


async def test_two_that_race_for_a_name_are_one(owner: Client) -> None:
    answers = await asyncio.gather(*(made(owner) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409]


async def test_the_same_key_makes_one(owner: Client) -> None:
    key = str(uuid4())
    first, again = [
        await owner.post(PATH, {"name": "Slow", "body": "x"}, Idempotency_Key=key) for _ in range(2)
    ]
    assert (again.status, again.json) == (201, first.json)
    assert await names(owner) == ["Slow"]


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({"name": ""}, {"/name"}),
        ({"body": ""}, {"/body"}),
        ({"body": "x" * 10_001}, {"/body"}),
        ({"components": [{"id": str(uuid4()), "status": "operational"}]}, {"/components/0/id"}),
        ({"components": [{"id": str(uuid4()), "status": "fine"}]}, {"/components/0/status"}),
        ({"variables": ["service", "region", "city"]}, {"/variables/2"}),
        ({"variables": ["service"]}, {"/variables"}),
        ({"variables": ["service", "service"]}, {"/variables"}),
        ({"variables": ["Not a name"]}, {"/variables/0"}),
        ({"title": "x"}, {"/title"}),
    ],
)
async def test_a_bad_field_is_refused_by_name(
    owner: Client, fields: dict[str, Any], pointers: set[str]
) -> None:
    answer = await made(owner, **fields)
    assert (answer.status, answer.pointers) == (422, pointers)


async def test_components_of_another_organisation_or_removed_ones_are_unknown(
    deployment: Deployment, owner: Client
) -> None:
    _, other = await deployment.organisation()
    foreign, own = await a_page(other), await a_page(owner)
    await owner.delete(f"/v1/component/{own['components'][0]['id']}")
    for page in (foreign, own):
        answer = await made(owner, components=giving(page, "major_outage"))
        assert (answer.status, answer.pointers) == (422, {"/components/0/id"})


async def test_another_organisation_sees_none_of_them(deployment: Deployment, owner: Client) -> None:
    template = (await made(owner)).json["incident_template"]
    _, other = await deployment.organisation()
    assert await names(other) == []
    assert (await other.delete(f"/v1/incident-template/{template['id']}")).status == 404
    assert (await made(other)).status == 201
    assert await names(owner) == ["Slow"]
