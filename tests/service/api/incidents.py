"""An owner's hands in the tests of incidents."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.service.api.seed import minimal_body
from tests.service.client import Answer, Client


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
