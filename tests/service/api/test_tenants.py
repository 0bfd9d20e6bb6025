"""Who may do what: every route of the router's own table, with every kind of token."""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from service.http.routing import Endpoint
from service.readmodels.freshness import Freshness
from service.readmodels.pages import Pages
from service.wiring.api import endpoints
from tests.environment.waiting import eventually
from tests.service.api.seed import minimal_body, page_body, update_body
from tests.service.client import Client
from tests.service.deployment import Deployment

GUESS = str(uuid4())
NAMES_NOTHING = {
    ("GET", "/v1/statuspages"),
    ("POST", "/v1/statuspage"),
    ("GET", "/v1/domain/{domain}/cname"),
    ("POST", "/v1/components/status"),
    ("GET", "/v1/incident-templates"),
    ("POST", "/v1/incident-templates"),
    ("GET", "/v1/events"),
    ("GET", "/v1/events/stream"),
    ("POST", "/v1/integrations/alertmanager"),
}
"""Calls that name nothing of anybody's, or answer for each thing that they name."""
BODIES: dict[tuple[str, str], object] = {
    ("POST", "/v1/statuspage"): page_body(),
    ("PUT", "/v1/statuspage/{id}"): update_body(),
    ("PUT", "/v1/statuspage/{id}/status"): {"enabled": True},
    ("PUT", "/v1/component/{id}/status"): {"status": "operational"},
    ("POST", "/v1/component/{id}/metrics"): {
        "points": [{"at": "2026-01-01T00:00:00Z", "response_time_ms": 120}]
    },
    ("POST", "/v1/components/status"): {"components": [{"component_id": GUESS, "status": "operational"}]},
    ("PUT", "/v1/resource/{resource_id}/status"): {"status": "operational"},
    ("POST", "/v1/integrations/alertmanager"): {"version": "4", "alerts": []},
    ("POST", "/v1/statuspage/{id}/component"): {"name": "Queue"},
    ("PUT", "/v1/component/{id}"): {"name": "Queue"},
    ("POST", "/v1/statuspage/{id}/group"): {"name": "Core"},
    ("PUT", "/v1/group/{id}"): {"name": "Core"},
    ("POST", "/v1/statuspage/{id}/incident"): {"name": "Down", "body": "We look."},
    ("POST", "/v1/statuspage/{id}/incident/preview"): {"name": "Down", "body": "We look."},
    ("POST", "/v1/incident/{id}/preview"): {"status": "identified", "body": "Found."},
    ("POST", "/v1/incident/{id}/update"): {"status": "identified", "body": "Found."},
    ("PUT", "/v1/incident/{id}"): {"name": "Slow"},
    ("PUT", "/v1/incident/{id}/update/{update_id}"): {"body": "Corrected."},
    ("PUT", "/v1/incident/{id}/postmortem"): {"body": "A disk."},
    ("POST", "/v1/incident-templates"): {"name": "Down", "body": "We look."},
    ("POST", "/v1/statuspage/{id}/maintenance"): {
        "name": "Upgrade",
        "body": "Writes wait.",
        "starts_at": "2199-01-01T00:00:00Z",
        "ends_at": "2199-01-01T01:00:00Z",
    },
    ("POST", "/v1/maintenance/{id}/update"): {"status": "scheduled", "body": "As planned."},
    ("PUT", "/v1/maintenance/{id}"): {"name": "Another upgrade"},
    ("POST", "/v1/statuspage/{id}/subscriptions"): {
        "channel_type": "email",
        "channel_value": "ada@example.com",
        "confirmed": True,
    },
    ("POST", "/v1/statuspage/{id}/subscriptions/import"): b"channel_type,channel_value\n",
}


@dataclass(frozen=True)
class Route:
    endpoint: Endpoint
    path: str

    @property
    def body(self) -> object:
        return BODIES.get((self.endpoint.method, self.endpoint.path))


@pytest.fixture(scope="module")
async def routes(deployment: Deployment) -> list[Route]:
    """Every call that needs a token, on things of an organisation."""
    _, owner = await deployment.organisation()
    page = (await owner.post("/v1/statuspage", page_body())).json["statuspage"]
    opening = f"/v1/statuspage/{page['id']}/incident"
    incident = (await owner.post(opening, BODIES["POST", "/v1/statuspage/{id}/incident"])).json["incident"]
    planning = f"/v1/statuspage/{page['id']}/maintenance"
    window = await owner.post(planning, BODIES["POST", "/v1/statuspage/{id}/maintenance"])
    template = await owner.post("/v1/incident-templates", BODIES["POST", "/v1/incident-templates"])
    adding = f"/v1/statuspage/{page['id']}/subscriptions"
    subscription = (await owner.post(adding, BODIES["POST", "/v1/statuspage/{id}/subscriptions"])).json
    things = {
        "statuspage": page["id"],
        "component": page["components"][0]["id"],
        "group": page["groups"][0]["id"],
        "incident": incident["id"],
        "maintenance": window.json["maintenance"]["id"],
        "incident-template": template.json["incident_template"]["id"],
        "update_id": incident["updates"][0]["id"],
        "subscription_id": subscription["subscription"]["id"],
        "delivery": await _delivery(owner, page["id"]),
        "resource_id": page["components"][0]["resource_id"],
    }
    core = deployment.core
    pages = Pages(core.pool, core.places)
    table = endpoints(core, pages, Freshness(core.pool, [], []))
    return [Route(endpoint, _path(endpoint.path, things)) for endpoint in table if endpoint.scope is not None]


async def _delivery(owner: Client, page_id: str) -> str:
    """Of the request to confirm that a new subscription comes with."""
    body = {"channel_type": "email", "channel_value": "bob@example.com"}
    assert (await owner.post(f"/v1/statuspage/{page_id}/subscriptions", body)).status == 201
    found: list[str] = []

    async def is_planned() -> bool:
        answer = await owner.get(f"/v1/statuspage/{page_id}/deliveries")
        found[:] = [each["id"] for each in answer.json["deliveries"]]
        return bool(found)

    await eventually(is_planned)
    return found[0]


def _path(template: str, things: dict[str, str]) -> str:
    kind = template.split("/")[2]
    path = template.replace("{id}", things.get(kind, "")).replace("{domain}", "status.example.com")
    for name in ("update_id", "resource_id", "subscription_id"):
        path = path.replace(f"{{{name}}}", things[name])
    return path


async def test_without_a_token_every_call_is_401(deployment: Deployment, routes: list[Route]) -> None:
    for token in (None, "sp_guess"):
        stranger = Client(deployment.session, deployment.base_url, token)
        for route in routes:
            answer = await stranger.call(route.endpoint.method, route.path, route.body)
            assert answer.status == 401, route
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_with_another_organisations_token_everything_is_404(
    deployment: Deployment, routes: list[Route]
) -> None:
    _, other = await deployment.organisation()
    for route in routes:
        if (route.endpoint.method, route.endpoint.path) not in NAMES_NOTHING:
            answer = await other.call(route.endpoint.method, route.path, route.body)
            assert answer.status == 404, route


async def test_without_the_scope_every_call_is_403(deployment: Deployment, routes: list[Route]) -> None:
    for route in routes:
        wrong = "pages:read" if route.endpoint.scope == "events:read" else "events:read"
        _, weak = await deployment.organisation(wrong)
        answer = await weak.call(route.endpoint.method, route.path, route.body)
        assert answer.status == 403, route
        assert str(route.endpoint.scope) in answer.headers["WWW-Authenticate"]


async def test_unknown_things_are_404_like_foreign_ones(deployment: Deployment, routes: list[Route]) -> None:
    _, owner = await deployment.organisation()
    for route in routes:
        if "{id}" in route.endpoint.path:
            path = route.endpoint.path
            for name in ("{id}", "{update_id}", "{subscription_id}"):
                path = path.replace(name, str(uuid4()))
            answer = await owner.call(route.endpoint.method, path, route.body)
            assert answer.status == 404, route


async def test_another_organisations_page_is_in_no_list(deployment: Deployment) -> None:
    _, owner = await deployment.organisation()
    _, other = await deployment.organisation()
    await owner.post("/v1/statuspage", minimal_body())
    assert (await other.get("/v1/statuspages")).json["statuspages"] == []


async def test_a_revoked_token_opens_nothing_within_a_second(deployment: Deployment) -> None:
    organisation_id = await deployment.core.administration.create_organisation("Example")
    token = await deployment.core.administration.issue_token(organisation_id)
    client = Client(deployment.session, deployment.base_url, token.secret)
    await eventually(client.is_known)
    await deployment.core.administration.revoke_token(organisation_id, token.token_id)

    async def refused() -> bool:
        return not await client.is_known()

    await eventually(refused, timeout=1)
