"""What was shown at a time is the same as a recording that was taken then, at hundreds of random times."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.service.api.incidents import a_page
from tests.service.api.walk import Shot, Walk, chance_of, recorded
from tests.service.client import Answer, Client
from tests.service.deployment import Deployment


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def statistics_at(owner: Client, component_id: str, moment: str, query: str = "") -> Answer:
    return await owner.get(f"/v1/component/{component_id}/statistics?at={quote(moment)}{query}")


async def page_at(owner: Client, page: dict[str, Any], moment: str) -> Answer:
    return await owner.get(f"/v1/statuspage/{page['id']}/unified?at={quote(moment)}")


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
        answer = await page_at(owner, page, moment)
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
        answer = (await page_at(owner, page, shot.after.isoformat())).json
        known = next(each["status"] for each in intervals if _begun(each, shot.after))
        if shot.status_of(component_id) != known:
            otherwise += 1
            assert answer["as_of"]["corrected_since"]
    assert otherwise


def _begun(interval: dict[str, str], moment: datetime) -> bool:
    """History says milliseconds: what begins in the moment's own began after it, for reading took longer."""
    whole = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return datetime.fromisoformat(interval["from"]) < whole
