"""What visitors read of incidents and maintenance."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.service.api.seed import minimal_body
from tests.service.client import Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def html(deployment: Deployment, subdomain: str) -> str:
    async with deployment.session.get(f"{deployment.base_url}/p/{subdomain}") as response:
        assert response.status == 200
        return await response.text()


async def test_an_open_incident_shows_with_its_updates_until_it_is_resolved(
    deployment: Deployment, owner: Client
) -> None:
    body = minimal_body(components=[{"name": "Website"}])
    page = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    opened = await owner.post(
        f"/v1/statuspage/{page['id']}/incident",
        {
            "name": "Checkout <fails>",
            "body": "We look at **it**.\nMore <b>soon</b>.",
            "status": "investigating",
        },
    )
    incident = opened.json["incident"]
    shown = await html(deployment, body["subdomain"])
    assert "Checkout &lt;fails&gt;" in shown
    assert "We look at <strong>it</strong>.<br>\nMore &lt;b&gt;soon&lt;/b&gt;." in shown
    update = {"status": "resolved", "body": "It works again.", "notify": False}
    await owner.post(f"/v1/incident/{incident['id']}/update", update)
    assert "Checkout" not in await html(deployment, body["subdomain"])


async def test_a_window_to_come_shows_with_its_times(deployment: Deployment, owner: Client) -> None:
    body = minimal_body(components=[{"name": "Website"}], time_zone="Europe/Berlin")
    page = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    window = {
        "name": "New disks",
        "body": "We move to new disks.",
        "starts_at": tomorrow.isoformat().replace("+00:00", "Z"),
        "ends_at": (tomorrow + timedelta(hours=2)).isoformat().replace("+00:00", "Z"),
        "components": [page["components"][0]["id"]],
    }
    answer = await owner.post(f"/v1/statuspage/{page['id']}/maintenance", window)
    assert answer.status == 201, answer.json
    shown = await html(deployment, body["subdomain"])
    assert "New disks" in shown
    assert "We move to new disks." in shown
    assert "Scheduled" in shown
