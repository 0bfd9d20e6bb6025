"""A monitor reports on a resource: whatever components of the organisation show it, change."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.service.api.incidents import ago, history, statuses
from tests.service.api.seed import minimal_body
from tests.service.client import Answer, Client
from tests.service.deployment import Deployment


@pytest.fixture
async def owner(deployment: Deployment) -> Client:
    return (await deployment.organisation())[1]


def showing(resource_id: str, name: str = "API") -> dict[str, Any]:
    return {"name": name, "type": "resource", "resource_id": resource_id}


async def a_page(owner: Client, *components: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = minimal_body(components=list(components), **fields)
    page: dict[str, Any] = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    return page


async def report(owner: Client, resource_id: str, status: str = "major_outage", **fields: Any) -> Answer:
    return await owner.put(f"/v1/resource/{resource_id}/status", {"status": status, **fields})


def verdicts(answer: Answer) -> dict[str, str]:
    assert answer.status == 200, answer.json
    return {each["component_id"]: each["status"] for each in answer.json["components"]}


async def test_every_component_that_shows_it_changes_on_all_pages(owner: Client) -> None:
    resource_id, other = str(uuid4()), str(uuid4())
    manual = {"name": "By hand", "type": "manual", "resource_id": resource_id}
    first = await a_page(owner, showing(resource_id), showing(other), manual)
    second = await a_page(owner, groups=[{"name": "Core", "components": [showing(resource_id)]}])
    answer = await report(owner, resource_id, reason="disk full")
    grouped = second["groups"][0]["components"][0]["id"]
    assert verdicts(answer) == {first["components"][0]["id"]: "changed", grouped: "changed"}
    assert await statuses(owner, first) == ["major_outage", "operational", "operational"]
    found = (await owner.get(f"/v1/component/{grouped}/history")).json["history"]
    assert (found[0]["status"], found[0]["reason"]) == ("major_outage", "disk full")


async def test_the_same_status_again_changes_nothing_and_says_so(owner: Client) -> None:
    resource_id = str(uuid4())
    await a_page(owner, showing(resource_id))
    first, again = await report(owner, resource_id), await report(owner, resource_id)
    assert set(verdicts(first).values()) == {"changed"}
    assert set(verdicts(again).values()) == {"unchanged"}
    assert again.json["message"] != first.json["message"]


async def test_a_status_of_the_past_corrects_history(owner: Client) -> None:
    resource_id = str(uuid4())
    page = await a_page(owner, showing(resource_id))
    began, ended = ago(hours=3), ago(hours=2)
    await report(owner, resource_id, at=began)
    await report(owner, resource_id, "operational", at=ended)
    assert await statuses(owner, page) == ["operational"]
    assert ("major_outage", began, ended) in await history(owner, page)


@pytest.mark.parametrize("at", [pytest.param(ago(hours=-1), id="in an hour"), "yesterday"])
async def test_a_time_that_cannot_be_is_refused(owner: Client, at: str) -> None:
    resource_id = str(uuid4())
    await a_page(owner, showing(resource_id))
    answer = await report(owner, resource_id, at=at)
    assert (answer.status, answer.pointers) == (422, {"/at"})


async def test_an_unknown_field_is_refused(owner: Client) -> None:
    answer = await report(owner, str(uuid4()), colour="red")
    assert (answer.status, answer.pointers) == (422, {"/colour"})


async def test_a_resource_that_nothing_shows_is_404(owner: Client) -> None:
    assert (await report(owner, str(uuid4()))).status == 404
    assert (await owner.put("/v1/resource/UPPER/status", {"status": "operational"})).status == 400


async def test_another_organisations_resource_is_404_and_untouched(
    deployment: Deployment, owner: Client
) -> None:
    resource_id = str(uuid4())
    page = await a_page(owner, showing(resource_id))
    _, other = await deployment.organisation()
    assert (await report(other, resource_id)).status == 404
    theirs = await a_page(other, showing(resource_id))
    assert len(verdicts(await report(other, resource_id))) == 1
    assert await statuses(owner, page) == ["operational"]
    assert await statuses(other, theirs) == ["major_outage"]


class TestBinding:
    """Each way in which a component comes to show a resource, or ceases to."""

    async def test_a_component_that_is_added_is_reached(self, owner: Client) -> None:
        resource_id = str(uuid4())
        page = await a_page(owner)
        added = await owner.post(f"/v1/statuspage/{page['id']}/component", showing(resource_id))
        assert set(verdicts(await report(owner, resource_id))) == {added.json["component"]["id"]}

    async def test_a_component_that_shows_another_is_reached_by_that_alone(self, owner: Client) -> None:
        old, new = str(uuid4()), str(uuid4())
        page = await a_page(owner, showing(old))
        component_id = page["components"][0]["id"]
        await owner.put(f"/v1/component/{component_id}", {"resource_id": new})
        assert (await report(owner, old)).status == 404
        assert set(verdicts(await report(owner, new))) == {component_id}

    async def test_a_component_kept_by_hand_is_reached_no_longer(self, owner: Client) -> None:
        resource_id = str(uuid4())
        page = await a_page(owner, showing(resource_id))
        path = f"/v1/component/{page['components'][0]['id']}"
        await owner.put(path, {"type": "manual"})
        assert (await report(owner, resource_id)).status == 404
        await owner.put(path, {"type": "resource"})
        assert (await report(owner, resource_id)).status == 200

    async def test_the_pages_list_moves_them_too(self, owner: Client) -> None:
        old, new = str(uuid4()), str(uuid4())
        page = await a_page(owner, showing(old, "One"), showing(old, "Two"))
        first, second = (component["id"] for component in page["components"])
        listed = [showing(new, "One") | {"id": first}, showing(new, "Three")]
        body = {name: page[name] for name in ("name", "description", "subdomain", "type")}
        answer = await owner.put(f"/v1/statuspage/{page['id']}", {**body, "components": listed})
        third = answer.json["statuspage"]["components"][1]["id"]
        assert (await report(owner, old)).status == 404
        assert set(verdicts(await report(owner, new))) == {first, third}
        assert second not in verdicts(await report(owner, new))

    async def test_what_was_removed_is_reached_no_longer(self, owner: Client) -> None:
        resource_id = str(uuid4())
        page = await a_page(owner, showing(resource_id))
        other = await a_page(owner, showing(resource_id))
        await owner.delete(f"/v1/component/{page['components'][0]['id']}")
        assert set(verdicts(await report(owner, resource_id))) == {other["components"][0]["id"]}
        await owner.delete(f"/v1/statuspage/{other['id']}")
        assert (await report(owner, resource_id)).status == 404


async def test_a_report_never_misses_what_was_bound_before_it(owner: Client) -> None:
    """Components come while reports go on: once a component is there, the next report reaches it."""
    resource_id = str(uuid4())
    page = await a_page(owner, showing(resource_id))
    path = f"/v1/statuspage/{page['id']}/component"

    async def added_then_reported(i: int) -> None:
        added = (await owner.post(path, showing(resource_id, f"API {i}"))).json["component"]["id"]
        assert added in verdicts(await report(owner, resource_id, "partial_outage"))

    await asyncio.gather(*(added_then_reported(i) for i in range(8)))
    assert set(await statuses(owner, page)) == {"partial_outage"}


async def test_a_component_with_many_neighbours_is_reached_like_any(owner: Client) -> None:
    resource_id = str(uuid4())
    groups = [
        {"name": f"Group {i}", "components": [showing(resource_id, f"{i} {j}") for j in range(90)]}
        for i in range(3)
    ]
    page = await a_page(owner, groups=groups)
    found = verdicts(await report(owner, resource_id))
    assert (len(found), set(found.values())) == (270, {"changed"})
    unified = (await owner.get(f"/v1/statuspage/{page['id']}/unified")).json["statuspage"]
    assert {each["status"] for group in unified["groups"] for each in group["components"]} == {"major_outage"}
