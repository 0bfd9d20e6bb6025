"""The `url` of an incident and of a maintenance leads anybody to it, as long as it stands."""

import pytest

from tests.service.api.incidents import a_page, opened, update
from tests.service.client import Client
from tests.service.deployment import Deployment

PLAN = {"starts_at": "2199-01-01T00:00:00Z", "ends_at": "2199-01-01T01:00:00Z"}


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def visit(deployment: Deployment, url: str) -> tuple[int, str]:
    """At the test's own port, whatever the deployment is called."""
    path = url[url.index("/p/") :]
    async with deployment.session.get(f"{deployment.base_url}{path}") as response:
        return response.status, await response.text()


async def test_an_incident_is_there_from_its_beginning_beyond_its_end(
    owner: Client, deployment: Deployment
) -> None:
    incident = await opened(owner, await a_page(owner), "major_outage", name="Searches fail")
    status, html = await visit(deployment, incident["url"])
    assert (status, "Searches fail" in html, "We are <em>looking</em>." in html) == (200, True, True)
    await update(owner, incident, "resolved")
    status, html = await visit(deployment, incident["url"])
    assert (status, "Now resolved." in html) == (200, True)
    await owner.put(f"/v1/incident/{incident['id']}/postmortem", {"body": "A cable it was."})
    assert "A cable it was." in (await visit(deployment, incident["url"]))[1]
    await owner.delete(f"/v1/incident/{incident['id']}")
    assert (await visit(deployment, incident["url"]))[0] == 404


async def test_a_maintenance_is_there_also_when_it_is_cancelled(
    owner: Client, deployment: Deployment
) -> None:
    page = await a_page(owner)
    body = {"name": "Upgrade", "body": "Writes wait.", **PLAN}
    planned = (await owner.post(f"/v1/statuspage/{page['id']}/maintenance", body)).json["maintenance"]
    status, html = await visit(deployment, planned["url"])
    assert (status, "Writes wait." in html, "Scheduled" in html) == (200, True, True)
    await owner.delete(f"/v1/maintenance/{planned['id']}")
    status, html = await visit(deployment, planned["url"])
    assert (status, "Cancelled" in html) == (200, True)
