"""Previews over HTTP: whom an incident or an update would tell what, what it would change, and no more."""

from typing import Any
from uuid import uuid4

import pytest

from tests.environment.waiting import eventually
from tests.service.api.incidents import a_page, ago, giving, opened, statuses, update
from tests.service.client import Answer, Client
from tests.service.mailing import Mailing, somebody

TABLES = """
SELECT schemaname || '.' || tablename AS name FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'leases' ORDER BY 1
"""
CONTENT = "SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {} t"


@pytest.fixture
def owner(post: Mailing) -> Client:
    return post.owner


async def preview(owner: Client, page: dict[str, Any], *given: str, **fields: Any) -> Answer:
    body = {"name": "Down", "body": "We are *looking*.", "components": giving(page, *given), **fields}
    return await owner.post(f"/v1/statuspage/{page['id']}/incident/preview", body)


async def preview_update(owner: Client, incident: dict[str, Any], status: str, **fields: Any) -> Answer:
    body = {"status": status, "body": f"Now {status}.", **fields}
    return await owner.post(f"/v1/incident/{incident['id']}/preview", body)


async def subscribed(post: Mailing, page: dict[str, Any], *indices: int) -> str:
    """The address of somebody who confirmed a subscription to these of the page's components, or to all."""
    address, ids = somebody(), [page["components"][i]["id"] for i in indices]
    assert (await post.subscribe(page, address, component_ids=ids)).status == 201
    assert (await post.verify((await post.mail_to(address)).verify)).status == 200
    return address


async def everything(post: Mailing) -> dict[str, Any]:
    """What every table holds, once the workers are done; leases are renewed all the time."""
    head = await post.deployment.core.store.head()
    behind = "SELECT count(*) FROM es.checkpoints WHERE position < $1"

    async def done() -> bool:
        return not await post.value(behind, head)

    await eventually(done, 10, "every worker at the head of the log")
    tables = await post.deployment.core.pool.fetch(TABLES)
    return {row["name"]: await post.value(CONTENT.format(row["name"])) for row in tables}


async def test_it_says_what_would_be_said_and_changed(post: Mailing, owner: Client) -> None:
    page = await a_page(owner)
    address = await subscribed(post, page)
    answer = await preview(owner, page, "major_outage", "operational", status="identified")
    found = answer.json["preview"]
    assert answer.status == 200
    assert found["subject"] == f"[{page['name']}] Identified: Down"
    assert "We are *looking*." in found["text"]
    assert "Website: Major outage" in found["text"]
    assert "We are <em>looking</em>." in found["html"]
    assert (found["notify"], found["status"], found["impact"]) == (True, "identified", "critical")
    website = page["components"][0]
    assert found["components"] == [
        {"id": website["id"], "name": "Website", "before": "operational", "after": "major_outage"}
    ]
    by_channel = {"email": 1, "webhook": 0, "slack": 0, "discord": 0, "teams": 0}
    assert found["recipients"] == {"total": 1, "by_channel": by_channel, "sample": [address]}


async def test_it_changes_nothing(post: Mailing, owner: Client) -> None:
    page = await a_page(owner)
    await subscribed(post, page)
    incident = await opened(owner, page, "major_outage", notify=False)
    before = await everything(post)
    assert (await preview(owner, page, "partial_outage", "partial_outage")).status == 200
    assert (await preview_update(owner, incident, "resolved")).status == 200
    body = {"status": "resolved", "body": "It works."}
    path = f"/v1/incident/{incident['id']}/preview"
    assert (await owner.post(path, body, Idempotency_Key=str(uuid4()))).status == 200
    assert (await preview(owner, page, started_at=ago(hours=-1))).status == 422
    assert await everything(post) == before
    assert await statuses(owner, page) == ["major_outage", "operational"]
    await update(owner, incident, "identified", notify=False)
    assert await everything(post) != before


async def test_what_it_says_of_an_update_is_what_the_update_does(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page, "major_outage", "partial_outage")
    await opened(owner, page, "degraded_performance")
    found = (await preview_update(owner, incident, "resolved")).json["preview"]
    changes = {change["name"]: (change["before"], change["after"]) for change in found["components"]}
    assert changes == {"API": ("partial_outage", "operational")}
    assert found["subject"] == f"[{page['name']}] Resolved: Down"
    assert (found["status"], found["impact"]) == ("resolved", "critical")
    assert incident["url"] in found["text"]
    await update(owner, incident, "resolved")
    assert await statuses(owner, page) == ["degraded_performance", "operational"]


async def test_only_who_is_verified_and_wants_it_is_counted(post: Mailing, owner: Client) -> None:
    page = await a_page(owner)
    everybody, website = await subscribed(post, page), await subscribed(post, page, 0)
    await subscribed(post, page, 1)
    unconfirmed = somebody()
    await post.subscribe(page, unconfirmed)
    gone = await post.subscribed(page, somebody())
    await post.unsubscribe(gone.manage)
    found = (await preview(owner, page, "major_outage")).json["preview"]["recipients"]
    assert (found["total"], found["sample"]) == (2, [everybody, website])
    unbound = (await preview(owner, page)).json["preview"]["recipients"]
    assert unbound["sample"] == [everybody]


async def test_addresses_are_masked_without_the_scope_to_see_them(post: Mailing, owner: Client) -> None:
    page = await a_page(owner)
    address = await subscribed(post, page)
    narrow = await post.deployment.client(post.organisation_id, "incidents:write")
    answer = await preview(narrow, page)
    assert answer.json["preview"]["recipients"]["sample"] == ["r***@example.com"]
    assert address not in str(answer.json)


async def test_who_is_not_to_be_told_is_not_counted_but_the_text_shows(post: Mailing, owner: Client) -> None:
    page = await a_page(owner)
    await subscribed(post, page)
    found = (await preview(owner, page, notify=False)).json["preview"]
    assert (found["notify"], found["recipients"]["total"]) == (False, 0)
    assert found["subject"] == f"[{page['name']}] Investigating: Down"


async def test_a_disabled_page_tells_nobody(post: Mailing, owner: Client) -> None:
    page = await a_page(owner)
    await subscribed(post, page)
    await owner.put(f"/v1/statuspage/{page['id']}/status", {"enabled": False})
    found = (await preview(owner, page)).json["preview"]
    assert (found["notify"], found["recipients"]["total"]) == (False, 0)


async def test_an_incident_of_the_past_is_told_to_nobody_and_changes_nothing_now(owner: Client) -> None:
    page = await a_page(owner)
    past = {"started_at": ago(hours=3), "resolved_at": ago(hours=2)}
    found = (await preview(owner, page, "major_outage", **past)).json["preview"]
    assert (found["notify"], found["subject"], found["text"], found["html"]) == (False, None, None, None)
    assert (found["impact"], found["components"]) == ("critical", [])


async def test_it_is_in_the_pages_language(owner: Client) -> None:
    page = await a_page(owner)
    body = {"name": "Seite", "description": "", "subdomain": page["subdomain"], "type": "public"}
    await owner.put(f"/v1/statuspage/{page['id']}", {**body, "language": "de"})
    found = (await preview(owner, page, "major_outage")).json["preview"]
    assert found["subject"] == "[Seite] Wird untersucht: Down"
    assert "Website: Ausgefallen" in found["text"]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"body": "x" * 10_001},
        {"status": "resolved"},
        {"status": "monitoring", "started_at": ago(hours=2), "resolved_at": ago(hours=1)},
        {"started_at": ago(hours=1), "resolved_at": ago(hours=2)},
        {"started_at": ago(hours=-1)},
        {"components": [{"id": str(uuid4()), "status": "operational"}]},
        {"metadata": {"a": 1}},
        {"extra": 1},
    ],
)
async def test_it_is_refused_as_the_real_call_is(owner: Client, fields: dict[str, Any]) -> None:
    page = await a_page(owner)
    previewed = await preview(owner, page, **fields)
    real = await owner.post(f"/v1/statuspage/{page['id']}/incident", {"name": "Down", "body": "x", **fields})
    assert (previewed.status, previewed.json["errors"]) == (real.status, real.json["errors"])


async def test_an_update_is_refused_as_the_real_one_is(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page, started_at=ago(hours=2))
    for status, fields in (
        ("postmortem", {}),
        ("identified", {"at": ago(hours=3)}),
        ("identified", {"components": [{"id": str(uuid4()), "status": "operational"}]}),
        ("gone", {}),
    ):
        previewed = await preview_update(owner, incident, status, **fields)
        real = await update(owner, incident, status, **fields)
        assert previewed.status == real.status >= 400
        assert (previewed.json["detail"], previewed.pointers) == (real.json["detail"], real.pointers)


async def test_a_stale_etag_is_refused_too(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page)
    path = f"/v1/incident/{incident['id']}"
    seen = (await owner.get(path)).etag
    await update(owner, incident, "identified")
    body = {"status": "monitoring", "body": "x"}
    assert (await owner.post(f"{path}/preview", body, If_Match=seen)).status == 412
