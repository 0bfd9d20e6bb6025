"""Components stand where their owner put them, and hide while operational where that was asked for."""

import re
from itertools import pairwise
from typing import Any

import pytest

from tests.service.api.incidents import unified
from tests.service.api.seed import minimal_body
from tests.service.client import Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    return (await deployment.organisation())[1]


def hiding(name: str) -> dict[str, Any]:
    return {"name": name, "only_show_if_degraded": True}


async def a_page(owner: Client) -> dict[str, Any]:
    """Zebra and Mango alone, Banana in the group Rear, Quince and Olive in Front; Apple and Olive hide."""
    body = minimal_body(
        components=[{"name": "Zebra"}, hiding("Apple"), {"name": "Mango"}],
        groups=[
            {"name": "Rear", "components": [hiding("Banana")]},
            {"name": "Front", "components": [{"name": "Quince"}, hiding("Olive")]},
        ],
    )
    page: dict[str, Any] = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    return page


async def visible(deployment: Deployment, page: dict[str, Any]) -> list[str]:
    """The names of groups and components on the public page, from top to bottom."""
    async with deployment.session.get(f"{deployment.base_url}/p/{page['subdomain']}") as response:
        text = await response.text()
    return re.findall(r'(?:<h3>|<span class="name">)([A-Z][a-z]+)<', text)


def listed(page: dict[str, Any]) -> list[str]:
    alone = [component["name"] for component in page["components"]]
    return alone + [
        name
        for group in page["groups"]
        for name in (group["name"], *(component["name"] for component in group["components"]))
    ]


def ids(page: dict[str, Any]) -> dict[str, str]:
    grouped = [component for group in page["groups"] for component in group["components"]]
    return {each["name"]: each["id"] for each in [*page["components"], *page["groups"], *grouped]}


async def test_the_order_is_the_owners_everywhere(deployment: Deployment, owner: Client) -> None:
    page = await a_page(owner)
    wanted = ["Zebra", "Apple", "Mango", "Rear", "Banana", "Front", "Quince", "Olive"]
    assert listed(page) == listed(await unified(owner, page)) == wanted
    flat = (await owner.get(f"/v1/statuspage/{page['id']}/components")).json["components"]
    assert [each["name"] for each in flat] == [name for name in wanted if name not in ("Rear", "Front")]
    assert await visible(deployment, page) == ["Zebra", "Mango", "Front", "Quince"]


async def test_a_new_order_is_shown_everywhere(deployment: Deployment, owner: Client) -> None:
    page = await a_page(owner)
    known = ids(page)
    fields = {name: page[name] for name in ("name", "description", "subdomain", "type")}
    components = [{"id": known[name], "name": name} for name in ("Mango", "Zebra", "Apple")]
    groups = [
        {"id": known["Front"], "name": "Front", "components": []},
        {
            "id": known["Rear"],
            "name": "Rear",
            "components": [{"id": known[name], "name": name} for name in ("Olive", "Banana", "Quince")],
        },
    ]
    answer = await owner.put(
        f"/v1/statuspage/{page['id']}", {**fields, "components": components, "groups": groups}
    )
    assert answer.status == 200, answer.json
    wanted = ["Mango", "Zebra", "Apple", "Front", "Rear", "Olive", "Banana", "Quince"]
    assert listed(await unified(owner, page)) == wanted
    assert await visible(deployment, page) == [name for name in wanted if name != "Front"]
    positions = [each["position"] for each in (await unified(owner, page))["groups"][1]["components"]]
    assert all(first < second for first, second in pairwise(positions))


async def test_the_api_lists_what_the_page_hides(owner: Client) -> None:
    """Its readers are the owner's own, who need the ids; the flag tells them."""
    page = await a_page(owner)
    flat = (await owner.get(f"/v1/statuspage/{page['id']}/components")).json["components"]
    hidden = {each["name"] for each in flat if each["only_show_if_degraded"]}
    assert hidden == {"Apple", "Banana", "Olive"}
    assert hidden <= set(listed(await unified(owner, page)))


@pytest.mark.parametrize(
    "status", ["degraded_performance", "partial_outage", "major_outage", "under_maintenance"]
)
async def test_a_hidden_one_shows_in_its_place_while_it_is_not_operational(
    deployment: Deployment, owner: Client, status: str
) -> None:
    page = await a_page(owner)
    known = ids(page)
    for name in ("Apple", "Banana"):
        await owner.put(f"/v1/component/{known[name]}/status", {"status": status})
    assert await visible(deployment, page) == ["Zebra", "Apple", "Mango", "Rear", "Banana", "Front", "Quince"]
    for name in ("Apple", "Banana"):
        await owner.put(f"/v1/component/{known[name]}/status", {"status": "operational"})
    assert await visible(deployment, page) == ["Zebra", "Mango", "Front", "Quince"]
