"""What was shown at a time: the same as a recording that was taken then."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.service.api.incidents import a_page, ago, opened, update
from tests.service.api.walk import Shot, Walk, chance_of, recorded
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


async def test_two_hundred_times_the_page_was_as_it_had_been_recorded(owner: Client) -> None:
    page = await a_page(owner, "Website", "API", "Mail")
    chance = chance_of(7305)
    walk = Walk(owner, page, chance, [component["id"] for component in page["components"]])
    shots = await recorded(walk, 80)
    assert len({shot.unified for shot in shots}) > 40
    for shot in chance.choices(shots, k=200):
        moment = shot.moment(chance).isoformat()
        answer = await at(owner, page, moment)
        assert json.dumps(answer.json["statuspage"]) == shot.unified, moment


async def test_two_hundred_times_the_statistics_were_as_they_had_been_recorded(owner: Client) -> None:
    page = await a_page(owner, "Website", "API")
    chance = chance_of(11)
    walk = Walk(owner, page, chance, [component["id"] for component in page["components"]])
    shots = await recorded(walk, 200)
    assert any(shot.statistics["open_incidents"] for shot in shots)
    assert len({json.dumps(shot.statistics["response_time_ms"]) for shot in shots}) > 15
    for shot in shots:
        moment = shot.statistics["range"]["to"]
        answer = await statistics_at(owner, shot.component_id, moment, "&days=3")
        assert json.dumps(answer.json["statistics"]) == json.dumps(shot.statistics), moment


async def test_what_was_not_corrected_is_what_is_known_today(owner: Client) -> None:
    page, shots = await _walked_and_corrected(owner, 23)
    verdicts = [await _verdict(owner, page, shot) for shot in shots]
    assert {corrected for corrected, _ in verdicts} == {True, False}
    assert all(corrected or same for corrected, same in verdicts)
    assert not all(same for _, same in verdicts)


async def _walked_and_corrected(owner: Client, seed: int) -> tuple[dict[str, Any], list[Shot]]:
    """A page with a past, and a last word about the middle of it; then one shot more."""
    page = await a_page(owner, "Website", "API")
    walk = Walk(owner, page, chance_of(seed), [component["id"] for component in page["components"]])
    shots = await recorded(walk, 40)
    middle = shots[20]
    shown = middle.status_of(page["components"][0]["id"])
    other = "operational" if shown == "partial_outage" else "partial_outage"
    await report(owner, page, other, at=(middle.after - timedelta(milliseconds=1)).isoformat())
    return page, [*shots, *await recorded(walk, 1)]


async def _verdict(owner: Client, page: dict[str, Any], shot: Shot) -> tuple[bool, bool]:
    """Whether it was corrected since, and whether the statistics of today say the same of that time."""
    component_id = page["components"][0]["id"]
    end = shot.after.replace(microsecond=shot.after.microsecond // 1000 * 1000)
    span = f"from={quote((end - timedelta(days=3)).isoformat())}&to={quote(end.isoformat())}"
    then = (await statistics_at(owner, component_id, shot.after.isoformat(), f"&{span}")).json
    today = (await owner.get(f"/v1/component/{component_id}/statistics?{span}")).json["statistics"]
    return then["as_of"]["corrected_since"], _figures(then["statistics"]) == _figures(today)


def _figures(statistics: dict[str, Any]) -> list[Any]:
    """What is said of the range alone; a day's incidents are those of the whole day."""
    days = [(day["date"], day["seconds"], day["uptime_percentage"]) for day in statistics["days"]]
    return [statistics["seconds"], statistics["uptime_percentage"], days]


async def test_a_status_that_is_known_otherwise_today_was_corrected(owner: Client) -> None:
    page, shots = await _walked_and_corrected(owner, 29)
    component_id = page["components"][0]["id"]
    intervals = (await owner.get(f"/v1/component/{component_id}/history?limit=200")).json["history"]
    otherwise = 0
    for shot in shots:
        answer = (await at(owner, page, shot.after.isoformat())).json
        known = next(each["status"] for each in intervals if _begun(each, shot.after))
        if shot.status_of(component_id) != known:
            otherwise += 1
            assert answer["as_of"]["corrected_since"]
    assert otherwise


def _begun(interval: dict[str, str], moment: datetime) -> bool:
    return datetime.fromisoformat(interval["from"]) <= moment


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
        (datetime.now(UTC) + timedelta(days=1)).isoformat(),
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
