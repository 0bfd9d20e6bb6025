"""One component, one group at a time over HTTP; and many statuses at once."""

from typing import Any
from uuid import uuid4

import pytest

from tests.service.api.seed import minimal_body
from tests.service.client import Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def a_page(owner: Client) -> dict[str, Any]:
    group = {"name": "Core", "components": [{"name": "API"}, {"name": "Database"}]}
    body = minimal_body(components=[{"name": "Website"}], groups=[group])
    page: dict[str, Any] = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    return page


async def order(owner: Client, page: dict[str, Any]) -> tuple[list[str], dict[str, list[str]]]:
    """The names of the ungrouped, and of those in each group."""
    shown = (await owner.get(f"/v1/statuspage/{page['id']}/unified")).json["statuspage"]
    groups = {
        group["name"]: [component["name"] for component in group["components"]] for group in shown["groups"]
    }
    return [component["name"] for component in shown["components"]], groups


class TestComponent:
    async def test_it_is_added_at_the_end_and_can_be_read(self, owner: Client) -> None:
        page = await a_page(owner)
        body = {"name": "Queue", "group_id": page["groups"][0]["id"], "status": "partial_outage"}
        answer = await owner.post(f"/v1/statuspage/{page['id']}/component", body)
        component = answer.json["component"]
        assert (answer.status, answer.headers["Location"]) == (201, f"/v1/component/{component['id']}")
        assert (component["status"], component["position"]) == ("partial_outage", 3)
        found = await owner.get(f"/v1/component/{component['id']}")
        assert (found.json["component"], found.etag) == (component, answer.etag)
        assert await order(owner, page) == (["Website"], {"Core": ["API", "Database", "Queue"]})

    async def test_a_change_leaves_alone_what_it_does_not_name(self, owner: Client) -> None:
        page = await a_page(owner)
        path = f"/v1/component/{page['components'][0]['id']}"
        described = await owner.put(path, {"description": "Ours", "only_show_if_degraded": True})
        assert (described.status, described.json["component"]["name"]) == (200, "Website")
        renamed = (await owner.put(path, {"name": "Shop", "only_show_if_degraded": None})).json["component"]
        assert (renamed["name"], renamed["description"]) == ("Shop", "Ours")
        assert renamed["only_show_if_degraded"] is False

    async def test_it_moves_between_groups(self, owner: Client) -> None:
        page = await a_page(owner)
        path, group = f"/v1/component/{page['components'][0]['id']}", page["groups"][0]
        moved = (await owner.put(path, {"group_id": group["id"]})).json["component"]
        assert moved["group_id"] == group["id"]
        assert await order(owner, page) == ([], {"Core": ["API", "Database", "Website"]})
        await owner.put(f"/v1/component/{group['components'][0]['id']}", {"group_id": None})
        assert await order(owner, page) == (["API"], {"Core": ["Database", "Website"]})

    async def test_it_is_removed_once(self, owner: Client) -> None:
        page = await a_page(owner)
        path = f"/v1/component/{page['groups'][0]['components'][0]['id']}"
        assert (await owner.delete(path)).status == 200
        assert await order(owner, page) == (["Website"], {"Core": ["Database"]})
        assert [(await owner.get(path)).status, (await owner.delete(path)).status] == [404, 404]

    async def test_a_stale_etag_changes_nothing(self, owner: Client) -> None:
        page = await a_page(owner)
        path = f"/v1/component/{page['components'][0]['id']}"
        seen = (await owner.get(path)).etag
        assert (await owner.put(path, {"name": "Shop"}, If_Match=seen)).status == 200
        assert (await owner.put(path, {"name": "Store"}, If_Match=seen)).status == 412
        assert (await owner.delete(path, If_Match=seen)).status == 412

    @pytest.mark.parametrize(
        ("fields", "pointers"),
        [
            ({"group_id": str(uuid4())}, {"/group_id"}),
            ({"type": "resource"}, {"/resource_id"}),
            ({"name": ""}, {"/name"}),
            ({"status": "operational"}, {"/status"}),
        ],
    )
    async def test_a_bad_field_is_refused_by_name(
        self, owner: Client, fields: dict[str, Any], pointers: set[str]
    ) -> None:
        page = await a_page(owner)
        answer = await owner.put(f"/v1/component/{page['components'][0]['id']}", fields)
        assert (answer.status, answer.pointers) == (422, pointers)


class TestGroup:
    async def test_it_takes_components_along(self, owner: Client) -> None:
        page = await a_page(owner)
        ids = [page["components"][0]["id"], page["groups"][0]["components"][0]["id"]]
        answer = await owner.post(
            f"/v1/statuspage/{page['id']}/group", {"name": "Front", "component_ids": ids}
        )
        assert (answer.status, answer.json["group"]["component_ids"]) == (201, ids)
        assert await order(owner, page) == ([], {"Core": ["Database"], "Front": ["Website", "API"]})

    async def test_it_is_renamed_and_its_list_is_the_whole_new_one(self, owner: Client) -> None:
        page = await a_page(owner)
        group = page["groups"][0]
        renamed = await owner.put(f"/v1/group/{group['id']}", {"name": "Inner"})
        assert (renamed.status, renamed.json["group"]["name"]) == (200, "Inner")
        last = group["components"][1]["id"]
        await owner.put(f"/v1/group/{group['id']}", {"component_ids": [last]})
        assert await order(owner, page) == (["Website", "API"], {"Inner": ["Database"]})

    async def test_its_components_outlive_it(self, owner: Client) -> None:
        page = await a_page(owner)
        path = f"/v1/group/{page['groups'][0]['id']}"
        assert (await owner.delete(path)).status == 200
        assert await order(owner, page) == (["Website", "API", "Database"], {})
        assert (await owner.delete(path)).status == 404

    async def test_another_pages_component_is_refused_where_it_stands(self, owner: Client) -> None:
        page, other = await a_page(owner), await a_page(owner)
        ids = [page["components"][0]["id"], other["components"][0]["id"]]
        answer = await owner.put(f"/v1/group/{page['groups'][0]['id']}", {"component_ids": ids})
        assert (answer.status, answer.pointers) == (422, {"/component_ids/1"})


class TestManyStatuses:
    async def test_each_has_a_verdict_and_none_is_stopped_by_another(
        self, owner: Client, deployment: Deployment
    ) -> None:
        page = await a_page(owner)
        _, other = await deployment.organisation()
        foreign = (await a_page(other))["components"][0]["id"]
        website, api = page["components"][0]["id"], page["groups"][0]["components"][0]["id"]
        reports = [
            {"component_id": website, "status": "major_outage"},
            {"component_id": foreign, "status": "major_outage"},
            {"component_id": api, "status": "operational"},
        ]
        answer = await owner.post("/v1/components/status", {"components": reports})
        assert answer.status == 200
        results = answer.json["results"]
        assert [each["status"] for each in results] == ["changed", "refused", "unchanged"]
        assert results[1]["error"]
        assert (await owner.get(f"/v1/component/{website}")).json["component"]["status"] == "major_outage"

    async def test_a_bad_report_refuses_the_body_by_place(self, owner: Client) -> None:
        reports = [{"component_id": str(uuid4()), "status": "up"}]
        answer = await owner.post("/v1/components/status", {"components": reports})
        assert (answer.status, answer.pointers) == (422, {"/components/0/status"})
