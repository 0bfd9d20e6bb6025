"""What an incident refuses, and what it does once."""

from typing import Any
from uuid import uuid4

import pytest

from tests.service.api.incidents import a_page, ago, giving, opened, post, statuses, unified, update
from tests.service.client import Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def test_what_is_over_is_not_opened_again(owner: Client) -> None:
    incident = await opened(owner, await a_page(owner))
    await update(owner, incident, "resolved")
    assert (await update(owner, incident, "investigating")).status == 409


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
