"""Alertmanager's webhook, by payloads as it sends them."""

import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.service.api.incidents import ago, opened, statuses, update
from tests.service.api.seed import minimal_body
from tests.service.client import Answer, Client
from tests.service.deployment import Deployment

DOCUMENTED = (Path(__file__).parents[3] / "docs" / "alertmanager.md").read_text()
ZERO = "0001-01-01T00:00:00Z"
WEBHOOK = "/v1/integrations/alertmanager"


@pytest.fixture
async def owner(deployment: Deployment) -> Client:
    return (await deployment.organisation())[1]


async def a_page(owner: Client, *resource_ids: str) -> dict[str, Any]:
    components = [{"name": "API", "type": "resource", "resource_id": each} for each in resource_ids]
    body = minimal_body(components=components)
    page: dict[str, Any] = (await owner.post("/v1/statuspage", body)).json["statuspage"]
    return page


def alert(resource_id: str, severity: str | None = "critical", **fields: Any) -> dict[str, Any]:
    labels = {"alertname": "Down", "resource_id": resource_id}
    if severity is not None:
        labels["severity"] = severity
    return {
        "status": "firing",
        "labels": labels,
        "annotations": {"summary": "It is down."},
        "startsAt": ago(minutes=5),
        "endsAt": ZERO,
        "generatorURL": "http://prometheus:9090/graph",
        "fingerprint": uuid4().hex[:16],
        **fields,
    }


def over(fired: dict[str, Any]) -> dict[str, Any]:
    return fired | {"status": "resolved", "endsAt": ago(minutes=1)}


def group(*alerts: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "version": "4",
        "groupKey": '{}:{alertname="Down"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "statuspages",
        "groupLabels": {"alertname": "Down"},
        "commonLabels": {"alertname": "Down"},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager:9093",
        "alerts": list(alerts),
        **fields,
    }


async def tell(owner: Client, *alerts: dict[str, Any]) -> list[str]:
    """The verdicts."""
    answer = await owner.post(WEBHOOK, group(*alerts))
    assert answer.status == 200, answer.json
    return [result["status"] for result in answer.json["results"]]


async def test_the_documented_payload_is_taken_as_written(owner: Client) -> None:
    found = re.search(r"```json\n(.*?)```", DOCUMENTED, re.DOTALL)
    assert found is not None
    payload = json.loads(found[1])
    resource_id = payload["groupLabels"]["resource_id"]
    page = await a_page(owner, resource_id, str(uuid4()))
    answer = await owner.post(WEBHOOK, payload)
    assert answer.status == 200, answer.json
    assert [(each["resource_id"], each["status"]) for each in answer.json["results"]] == [
        (resource_id, "changed"),
        (resource_id, "unchanged"),  # it was over long before anybody told of it
    ]
    component_id = page["components"][0]["id"]
    assert answer.json["components"] == [
        {"resource_id": resource_id, "component_id": component_id, "status": "changed"}
    ]
    assert await statuses(owner, page) == ["major_outage", "operational"]
    history = (await owner.get(f"/v1/component/{component_id}/history")).json["history"]
    assert history[0]["reason"] == "Alert ShopDown"


async def test_the_worst_holds_until_all_are_resolved(owner: Client) -> None:
    resource_id = str(uuid4())
    page = await a_page(owner, resource_id)
    critical, warning = alert(resource_id), alert(resource_id, "warning")
    assert await tell(owner, warning, critical) == ["changed", "changed"]
    assert await statuses(owner, page) == ["major_outage"]
    assert await tell(owner, warning, over(critical)) == ["unchanged", "changed"]
    assert await statuses(owner, page) == ["degraded_performance"]
    assert await tell(owner, over(warning)) == ["changed"]
    assert await statuses(owner, page) == ["operational"]


async def test_a_repetition_changes_nothing_whatever_was_said_meanwhile(owner: Client) -> None:
    resource_id = str(uuid4())
    page = await a_page(owner, resource_id)
    critical = alert(resource_id)
    await tell(owner, critical)
    await owner.put(f"/v1/component/{page['components'][0]['id']}/status", {"status": "partial_outage"})
    assert await tell(owner, critical) == ["unchanged"]
    assert await statuses(owner, page) == ["partial_outage"]


async def test_an_end_that_comes_first_is_believed(owner: Client) -> None:
    resource_id = str(uuid4())
    page = await a_page(owner, resource_id)
    critical = alert(resource_id)
    await tell(owner, over(critical))
    assert await tell(owner, critical) == ["unchanged"]
    assert await statuses(owner, page) == ["operational"]


async def test_an_alert_inside_an_incident_ends_with_the_last_of_both(owner: Client) -> None:
    resource_id = str(uuid4())
    page = await a_page(owner, resource_id)
    incident = await opened(owner, page, "partial_outage")
    critical = alert(resource_id)
    await tell(owner, critical)
    assert await statuses(owner, page) == ["major_outage"]
    await update(owner, incident, "resolved")
    assert await statuses(owner, page) == ["major_outage"]
    await tell(owner, over(critical))
    assert await statuses(owner, page) == ["operational"]


async def test_a_component_that_is_bound_late_hears_of_it_when_it_is_repeated(owner: Client) -> None:
    resource_id = str(uuid4())
    page = await a_page(owner, resource_id)
    critical = alert(resource_id)
    await tell(owner, critical)
    late = await a_page(owner, resource_id)
    assert await tell(owner, critical) == ["changed"]
    assert await statuses(owner, late) == await statuses(owner, page) == ["major_outage"]
    assert await tell(owner, critical) == ["unchanged"]


async def test_every_repetition_with_the_same_key_gets_the_first_answer(owner: Client) -> None:
    resource_id = str(uuid4())
    await a_page(owner, resource_id)
    told, key = group(alert(resource_id)), str(uuid4())
    first, again = [await owner.post(WEBHOOK, told, Idempotency_Key=key) for _ in range(2)]
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")


@pytest.mark.parametrize(
    ("severity", "status"),
    [
        ("critical", "major_outage"),
        ("CRITICAL", "major_outage"),
        ("error", "partial_outage"),
        ("warning", "degraded_performance"),
        ("sev9", "degraded_performance"),
        (None, "degraded_performance"),
        ("info", "operational"),
        ("none", "operational"),
    ],
)
async def test_the_severity_says_what_it_makes_of_a_component(
    owner: Client, severity: str | None, status: str
) -> None:
    resource_id = str(uuid4())
    page = await a_page(owner, resource_id)
    verdict = await tell(owner, alert(resource_id, severity))
    assert verdict == ["ignored" if status == "operational" else "changed"]
    assert await statuses(owner, page) == [status]


async def test_a_label_may_name_the_status_itself(owner: Client) -> None:
    resource_id = str(uuid4())
    page = await a_page(owner, resource_id)
    told = alert(resource_id, "info")
    told["labels"]["component_status"] = "partial_outage"
    assert await tell(owner, told) == ["changed"]
    assert await statuses(owner, page) == ["partial_outage"]
    told["labels"]["component_status"] = "on_fire"
    assert await tell(owner, told) == ["refused"]


async def test_alerts_that_are_refused_leave_the_others_alone(deployment: Deployment, owner: Client) -> None:
    resource_id, theirs = str(uuid4()), str(uuid4())
    page = await a_page(owner, resource_id)
    _, other = await deployment.organisation()
    foreign = await a_page(other, theirs)
    unnamed = alert(resource_id)
    del unnamed["labels"]["resource_id"]
    told = [alert(str(uuid4())), alert(theirs), unnamed, alert("no-uuid"), alert(resource_id)]
    answer = await owner.post(WEBHOOK, group(*told))
    verdicts = [each["status"] for each in answer.json["results"]]
    assert (answer.status, verdicts) == (200, [*["refused"] * 4, "changed"])
    assert all(each["error"] for each in answer.json["results"][:4])
    assert await statuses(owner, page) == ["major_outage"]
    assert await statuses(other, foreign) == ["operational"]


async def test_an_alert_without_a_fingerprint_is_known_by_its_labels(owner: Client) -> None:
    resource_id = str(uuid4())
    page = await a_page(owner, resource_id)
    told = alert(resource_id)
    del told["fingerprint"]
    other = told | {"labels": told["labels"] | {"instance": "b"}}
    assert await tell(owner, told, other) == ["changed", "changed"]
    assert await tell(owner, over(told), other) == ["changed", "unchanged"]
    assert await statuses(owner, page) == ["major_outage"]


async def test_a_group_without_alerts_is_nothing(owner: Client) -> None:
    answer = await owner.post(WEBHOOK, group())
    assert (answer.status, answer.json) == (200, {"results": [], "components": []})


async def test_fields_of_later_versions_are_ignored(owner: Client) -> None:
    resource_id = str(uuid4())
    await a_page(owner, resource_id)
    told = group(alert(resource_id, somethingNew={"deep": [1]}), notificationReason="first")
    assert (await owner.post(WEBHOOK, told)).status == 200


BAD: list[tuple[dict[str, Any], set[str]]] = [
    ({"version": "3"}, {"/version"}),
    ({"alerts": None}, {"/alerts"}),
    ({"alerts": [{}]}, {f"/alerts/0/{name}" for name in ("status", "labels", "startsAt")}),
    ({"alerts": [alert("x", status="pending")]}, {"/alerts/0/status"}),
    ({"alerts": [alert("x", startsAt="now")]}, {"/alerts/0/startsAt"}),
    ({"alerts": [alert("x", labels={"a": 1})]}, {"/alerts/0/labels/a"}),
    ({"alerts": [alert("x", labels={"a": "x" * 1001})]}, {"/alerts/0/labels/a"}),
    ({"alerts": [alert("x", labels={"a": "\u0007"})]}, {"/alerts/0/labels/a"}),
    ({"alerts": [alert("x", labels={f"l{i}": "" for i in range(101)})]}, {"/alerts/0/labels"}),
    ({"alerts": [alert("x", fingerprint="")]}, {"/alerts/0/fingerprint"}),
]


@pytest.mark.parametrize(("fields", "pointers"), BAD)
async def test_what_alertmanager_never_sends_is_refused_by_name(
    owner: Client, fields: dict[str, Any], pointers: set[str]
) -> None:
    answer = await owner.post(WEBHOOK, group() | fields)
    assert (answer.status, answer.pointers) == (422, pointers)


async def test_a_body_that_is_too_large_is_refused(owner: Client) -> None:
    answer = await owner.post(WEBHOOK, group(externalURL="x" * 300_000))
    assert answer.status == 413


async def test_a_token_for_reading_is_not_enough(deployment: Deployment) -> None:
    _, weak = await deployment.organisation("pages:read")
    answer: Answer = await weak.post(WEBHOOK, group())
    assert answer.status == 403
