"""Status pages over HTTP: what the seed's calls promise, and what they refuse."""

from typing import Any
from uuid import uuid4

import pytest

from tests.service.api.seed import minimal_body, page_body, update_body
from tests.service.client import Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def create(owner: Client, **changes: Any) -> dict[str, Any]:
    answer = await owner.post("/v1/statuspage", page_body(**changes))
    assert answer.status == 201, answer.json
    page: dict[str, Any] = answer.json["statuspage"]
    return page


async def test_the_sample_creates_a_page_with_ids_for_every_component_and_group(owner: Client) -> None:
    body = page_body()
    answer = await owner.post("/v1/statuspage", body)
    page = answer.json["statuspage"]
    assert answer.status == 201
    assert answer.headers["Location"] == f"/v1/statuspage/{page['id']}"
    assert answer.etag == '"v1"'
    assert answer.headers["Preference-Applied"] == "wait=1"
    [component], [group] = page["components"], page["groups"]
    assert {component["id"], group["components"][0]["id"]} == set(await component_ids(owner, page["id"]))
    assert {name: page[name] for name in ("name", "subdomain", "domain", "type")} == {
        name: body[name] for name in ("name", "subdomain", "domain", "type")
    }


async def component_ids(owner: Client, page_id: str) -> list[str]:
    answer = await owner.get(f"/v1/statuspage/{page_id}/components")
    return [component["id"] for component in answer.json["components"]]


async def test_a_public_page_keeps_no_gate(owner: Client) -> None:
    page = await create(owner)
    assert page["password_protected"] is False
    assert page["ip_addresses"] == []


@pytest.mark.parametrize("prefix", ["", "/statuspage-query"])
async def test_a_page_can_be_read_right_after_it_was_created(owner: Client, prefix: str) -> None:
    for _ in range(20):
        page = await create(owner, domain=None)
        answer = await owner.get(f"{prefix}/v1/statuspage/{page['id']}")
        assert answer.status == 200
        assert answer.json["statuspage"]["subdomain"] == page["subdomain"]


async def test_the_password_is_in_no_answer(owner: Client) -> None:
    page = await create(owner, type="private", domain=None)
    for path in ("", "/unified", "/components", "/subscriptions"):
        answer = await owner.get(f"/v1/statuspage/{page['id']}{path}")
        assert "TestPassw0rd!" not in str(answer.json)
    assert page["password_protected"] is True


async def test_unified_holds_settings_theme_status_and_components(owner: Client) -> None:
    page = await create(owner)
    unified = (await owner.get(f"/v1/statuspage/{page['id']}/unified")).json["statuspage"]
    assert unified == page
    assert unified["theme"]["links"]["website_url"] == "https://pinghome.io"
    assert unified["status"] == {"indicator": "none", "description": "All Systems Operational"}
    assert (unified["incidents"], unified["maintenances"]) == ([], [])


async def test_components_come_once_in_page_order_and_groups_name_theirs(owner: Client) -> None:
    page = await create(owner)
    answer = await owner.get(f"/v1/statuspage/{page['id']}/components")
    first, second = answer.json["components"]
    [group] = answer.json["groups"]
    assert (first["group_id"], second["group_id"]) == (None, group["id"])
    assert group["component_ids"] == [second["id"]]


async def test_the_sample_update_makes_the_page_private_and_leaves_components_alone(owner: Client) -> None:
    page = await create(owner)
    answer = await owner.put(f"/v1/statuspage/{page['id']}", update_body())
    changed = answer.json["statuspage"]
    assert answer.status == 200
    assert answer.json["message"]
    assert (changed["type"], changed["password_protected"]) == ("private", True)
    assert changed["ip_addresses"] == ["8.8.8.8"]
    assert changed["components"] == page["components"]


async def test_an_optional_field_left_out_stays_and_null_clears_it(owner: Client) -> None:
    page = await create(owner)
    names = {name: page[name] for name in ("name", "description", "subdomain", "type")}
    answer = await owner.put(f"/v1/statuspage/{page['id']}", {**names, "page_name": None})
    assert answer.json["statuspage"]["page_name"] is None
    assert answer.json["statuspage"]["domain"] == page["domain"]


async def test_a_list_that_is_given_is_the_whole_new_list(owner: Client) -> None:
    page = await create(owner)
    [kept] = page["components"]
    entries = [{"name": "New"}, {"id": kept["id"], "name": "Renamed", "status": "major_outage"}]
    names = {name: page[name] for name in ("name", "description", "subdomain", "type")}
    answer = await owner.put(f"/v1/statuspage/{page['id']}", {**names, "components": entries})
    changed = answer.json["statuspage"]
    assert [component["name"] for component in changed["components"]] == ["New", "Renamed"]
    assert changed["components"][1]["status"] == "operational"
    assert changed["groups"][0]["components"] == page["groups"][0]["components"]
    emptied = await owner.put(f"/v1/statuspage/{page['id']}", {**names, "components": [], "groups": []})
    assert (emptied.json["statuspage"]["components"], emptied.json["statuspage"]["groups"]) == ([], [])


async def test_an_entry_with_an_id_of_another_page_is_refused_where_it_stands(owner: Client) -> None:
    page, other = await create(owner), await create(owner)
    foreign = other["components"][0]["id"]
    names = {name: page[name] for name in ("name", "description", "subdomain", "type")}
    entries = [{"name": "New"}, {"id": foreign, "name": "Mine now"}]
    answer = await owner.put(f"/v1/statuspage/{page['id']}", {**names, "components": entries})
    assert answer.status == 422
    assert answer.pointers == {"/components/1/id"}


async def test_a_disabled_page_is_still_there_for_its_owner(owner: Client) -> None:
    page = await create(owner)
    answer = await owner.put(f"/v1/statuspage/{page['id']}/status", {"enabled": False})
    assert answer.status == 200
    assert answer.json["statuspage"]["enabled"] is False
    assert (await owner.get(f"/v1/statuspage/{page['id']}")).json["statuspage"]["enabled"] is False


async def test_the_same_state_again_changes_nothing(owner: Client) -> None:
    page = await create(owner)
    first = await owner.put(f"/v1/statuspage/{page['id']}/status", {"enabled": False})
    second = await owner.put(f"/v1/statuspage/{page['id']}/status", {"enabled": False})
    assert (second.status, second.etag) == (200, first.etag)


async def test_a_deleted_page_is_gone_and_its_name_is_free_for_the_organisation(owner: Client) -> None:
    page = await create(owner)
    assert (await owner.delete(f"/v1/statuspage/{page['id']}")).json.keys() == {"message"}
    assert (await owner.delete(f"/v1/statuspage/{page['id']}")).status == 404
    for path in ("", "/unified", "/components"):
        assert (await owner.get(f"/v1/statuspage/{page['id']}{path}")).status == 404
    assert (await owner.get(f"/v1/component/{page['components'][0]['id']}/statistics")).status == 404
    await create(owner, subdomain=page["subdomain"], domain=page["domain"])


async def test_a_deleted_pages_name_is_not_free_for_others(deployment: Deployment, owner: Client) -> None:
    page = await create(owner)
    await owner.delete(f"/v1/statuspage/{page['id']}")
    _, other = await deployment.organisation()
    answer = await other.post("/v1/statuspage", page_body(subdomain=page["subdomain"]))
    assert (answer.status, answer.pointers) == (409, {"/subdomain"})


@pytest.mark.parametrize("field", ["subdomain", "domain"])
async def test_a_name_that_is_taken_is_a_conflict_naming_the_field(owner: Client, field: str) -> None:
    page = await create(owner)
    answer = await owner.post("/v1/statuspage", page_body(**{field: page[field]}))
    assert (answer.status, answer.pointers) == (409, {f"/{field}"})
    assert answer.json["type"].endswith("/name-taken")


async def test_pages_are_listed_by_name_in_parts(deployment: Deployment) -> None:
    _, owner = await deployment.organisation()
    for name in ("Banana", "Apple", "Cherry"):
        await owner.post("/v1/statuspage", minimal_body(name=name))
    first = (await owner.get("/v1/statuspages?limit=2")).json
    rest = (await owner.get(f"/v1/statuspages?limit=2&cursor={first['next_cursor']}")).json
    names = [page["name"] for page in first["statuspages"] + rest["statuspages"]]
    assert names == ["Apple", "Banana", "Cherry"]
    assert rest["next_cursor"] is None


async def test_every_bad_field_is_named_at_once(owner: Client) -> None:
    answer = await owner.post(
        "/v1/statuspage",
        page_body(name="", type="secret", domain="no hostname", ip_addresses=["8.8.8.8/24"], extra=1),
    )
    assert answer.status == 422
    assert answer.pointers == {"/name", "/type", "/domain", "/ip_addresses/0", "/extra"}


async def test_a_private_page_needs_a_gate(owner: Client) -> None:
    body = minimal_body(type="private")
    created = await owner.post("/v1/statuspage", body)
    assert (created.status, created.pointers) == (422, {"/password"})
    page = await create(owner)
    names = {name: page[name] for name in ("name", "description", "subdomain")}
    changed = await owner.put(f"/v1/statuspage/{page['id']}", {**names, "type": "private"})
    assert (changed.status, changed.pointers) == (422, {"/password"})


async def test_the_last_gate_of_a_private_page_cannot_be_removed(owner: Client) -> None:
    body = minimal_body(type="private", password="TestPassw0rd!")
    page = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    path = f"/v1/statuspage/{page['id']}"
    change = {**body, "password": None, "update_password": True}
    assert (await owner.put(path, change)).pointers == {"/password"}
    assert (await owner.put(path, {**change, "ip_addresses": ["10.0.0.0/8"]})).status == 200


async def test_a_stale_if_match_changes_nothing(owner: Client) -> None:
    page = await create(owner)
    path = f"/v1/statuspage/{page['id']}/status"
    assert (await owner.put(path, {"enabled": False}, If_Match='"v1"')).status == 200
    assert (await owner.put(path, {"enabled": True}, If_Match='"v1"')).status == 412
    assert (await owner.get(f"/v1/statuspage/{page['id']}")).json["statuspage"]["enabled"] is False


async def test_a_gets_etag_serves_as_if_match_and_if_none_match(owner: Client) -> None:
    page = await create(owner)
    for path in ("", "/unified"):
        seen = await owner.get(f"/v1/statuspage/{page['id']}{path}")
        again = await owner.get(f"/v1/statuspage/{page['id']}{path}", If_None_Match=seen.etag)
        assert (again.status, again.json) == (304, None)
    enabled = await owner.put(f"/v1/statuspage/{page['id']}/status", {"enabled": False}, If_Match=seen.etag)
    assert enabled.status == 200


async def test_the_same_idempotency_key_creates_one_page(owner: Client) -> None:
    key, body = uuid4().hex, page_body()
    first = await owner.post("/v1/statuspage", body, Idempotency_Key=key)
    again = await owner.post("/v1/statuspage", body, Idempotency_Key=key)
    assert (again.status, again.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await owner.post("/v1/statuspage", page_body(), Idempotency_Key=key)
    assert other.status == 422


async def test_a_write_that_does_not_wait_answers_with_what_it_wrote(owner: Client) -> None:
    body = page_body()
    answer = await owner.post("/v1/statuspage", body, Prefer="wait=0")
    assert answer.headers["Preference-Applied"] == "wait=0"
    assert answer.json["statuspage"]["subdomain"] == body["subdomain"]
    position = answer.headers["Statuspages-Position"]
    seen = await owner.get(
        f"/v1/statuspage/{answer.json['statuspage']['id']}", Statuspages_Min_Position=position
    )
    assert seen.status == 200


async def test_a_read_of_the_future_is_refused_rather_than_stale(owner: Client) -> None:
    answer = await owner.get("/v1/statuspages", Statuspages_Min_Position="999999999", Prefer="wait=0")
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
