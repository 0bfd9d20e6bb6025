"""What is asked of a time, and what the answer says of it: was there anything, and was it corrected later."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.service.api.incidents import a_page, ago, opened, update
from tests.service.client import Answer, Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


def now() -> str:
    return datetime.now(UTC).isoformat()


async def at(owner: Client, page: dict[str, Any], moment: str) -> Answer:
    return await owner.get(f"/v1/statuspage/{page['id']}/unified?at={quote(moment)}")


async def statistics_at(owner: Client, component_id: str, moment: str, query: str = "") -> Answer:
    return await owner.get(f"/v1/component/{component_id}/statistics?at={quote(moment)}{query}")


async def corrected(owner: Client, page: dict[str, Any], moment: str) -> tuple[bool, bool]:
    """Whether later words changed what holds for it: on the page, and in its first component's statistics."""
    seen = (await at(owner, page, moment)).json["as_of"]["corrected_since"]
    figures = await statistics_at(owner, page["components"][0]["id"], moment)
    return seen, figures.json["as_of"]["corrected_since"]


async def report(owner: Client, page: dict[str, Any], status: str, **fields: str) -> None:
    path = f"/v1/component/{page['components'][0]['id']}/status"
    assert (await owner.put(path, {"status": status, **fields})).status == 200


async def test_before_it_was_created_and_after_it_was_deleted_there_is_no_page(owner: Client) -> None:
    before = now()
    page = await a_page(owner)
    there = now()
    component_id = page["components"][0]["id"]
    await owner.delete(f"/v1/statuspage/{page['id']}")
    for moment, status in ((before, 404), (there, 200), (now(), 404)):
        assert (await at(owner, page, moment)).status == status
        assert (await statistics_at(owner, component_id, moment)).status == status


async def test_another_organisations_past_is_not_there(deployment: Deployment, owner: Client) -> None:
    page = await a_page(owner)
    there = now()
    _, other = await deployment.organisation()
    assert (await at(other, page, there)).status == 404
    assert (await statistics_at(other, page["components"][0]["id"], there)).status == 404
    assert (await at(owner, {"id": str(uuid4())}, there)).status == 404


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param((datetime.now(UTC) + timedelta(days=1)).isoformat(), id="tomorrow"),
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-02-30T00:00:00Z",
        "yesterday",
        "",
        "1700000000",
        "0001-01-01T00:00:00Z",
    ],
)
async def test_the_future_and_what_is_no_time_are_refused_by_name(owner: Client, moment: str) -> None:
    page = await a_page(owner)
    for answer in (
        await at(owner, page, moment),
        await statistics_at(owner, page["components"][0]["id"], moment),
    ):
        assert (answer.status, answer.pointers) == (400, {"/at"})


async def test_the_answer_says_of_which_events_it_is(owner: Client) -> None:
    page = await a_page(owner)
    await report(owner, page, "major_outage")
    position = (await owner.get(f"/v1/statuspage/{page['id']}/unified")).etag.strip('"').split("-p")[1]
    there = now()
    await report(owner, page, "operational")
    answer = await at(owner, page, there)
    assert answer.json["as_of"] == {
        "at": f"{there[:23]}Z",
        "position": int(position),
        "corrected_since": False,
    }
    again = await owner.get(
        f"/v1/statuspage/{page['id']}/unified?at={quote(there)}", If_None_Match=answer.etag
    )
    assert again.status == 304


async def test_what_happens_later_corrects_nothing(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page, "major_outage")
    there = now()
    await report(owner, page, "partial_outage")
    await update(owner, incident, "resolved")
    later = await opened(owner, page, "major_outage")
    await owner.delete(f"/v1/incident/{later['id']}")
    assert await corrected(owner, page, there) == (False, False)


async def test_a_later_report_of_that_time_corrects_it(owner: Client) -> None:
    page = await a_page(owner)
    await report(owner, page, "partial_outage")
    there = now()
    shown = (await at(owner, page, there)).json["statuspage"]["components"][0]
    await report(owner, page, "major_outage", at=ago(hours=6))
    assert await corrected(owner, page, there) == (False, True)  # the past before it, not what it showed
    since = datetime.fromisoformat(shown["status_since"]) + timedelta(milliseconds=1)
    await report(owner, page, "operational", at=since.isoformat())
    assert await corrected(owner, page, there) == (True, True)
    assert (await at(owner, page, there)).json["statuspage"]["components"][0] == shown


async def test_a_backfill_and_a_retraction_correct_what_was_shown_before_them(owner: Client) -> None:
    page = await a_page(owner)
    first = now()
    backfilled = await opened(
        owner, page, "major_outage", status="resolved", started_at=ago(hours=3), resolved_at=ago(hours=2)
    )
    assert await corrected(owner, page, first) == (False, True)  # its component is known for longer
    second = now()
    assert await corrected(owner, page, second) == (False, False)
    await owner.delete(f"/v1/incident/{backfilled['id']}")
    assert await corrected(owner, page, second) == (False, True)
    incident = await opened(owner, page, "partial_outage")
    third = now()
    await owner.delete(f"/v1/incident/{incident['id']}")
    assert await corrected(owner, page, third) == (True, True)


async def test_corrected_words_and_a_moved_window_correct_what_was_shown(owner: Client) -> None:
    page = await a_page(owner)
    incident = await opened(owner, page)
    there = now()
    path = f"/v1/incident/{incident['id']}/update/{incident['updates'][0]['id']}"
    await owner.put(path, {"body": "In other words."})
    assert await corrected(owner, page, there) == (True, False)
    plan = {"starts_at": "2199-01-01T00:00:00Z", "ends_at": "2199-01-01T01:00:00Z"}
    planned = await owner.post(
        f"/v1/statuspage/{page['id']}/maintenance", {"name": "Upgrade", "body": "Writes wait.", **plan}
    )
    there = now()
    assert await corrected(owner, page, there) == (False, False)
    moved = {"starts_at": "2199-01-02T00:00:00Z", "ends_at": "2199-01-02T01:00:00Z"}
    assert (await owner.put(f"/v1/maintenance/{planned.json['maintenance']['id']}", moved)).status == 200
    assert await corrected(owner, page, there) == (True, False)


async def test_an_incident_that_is_told_to_have_begun_earlier_corrects_the_time_between(
    owner: Client,
) -> None:
    page = await a_page(owner)
    await report(owner, page, "operational", at=ago(hours=9))
    there = now()
    await opened(owner, page, "major_outage", started_at=ago(hours=1))
    assert await corrected(owner, page, there) == (True, True)
