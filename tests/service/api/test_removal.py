"""With a component all that is kept of it is gone; what was shown before can be asked for still."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from eventstore.pool import connection
from tests.environment.waiting import eventually
from tests.service.api.incidents import a_page, ago, giving, opened
from tests.service.client import Client
from tests.service.deployment import Deployment

LEFT = """
SELECT count(*) FROM (
    SELECT key FROM rm.statistics WHERE document IS NOT NULL AND starts_with(key, $1)
    UNION ALL SELECT key FROM rm.holds WHERE document IS NOT NULL AND starts_with(key, $1)
    UNION ALL SELECT key FROM rm.response_times WHERE document IS NOT NULL AND starts_with(key, $1)
) AS rows
"""


@pytest.fixture(scope="module")
async def owner(deployment: Deployment) -> Client:
    _, client = await deployment.organisation()
    return client


async def left(deployment: Deployment, component_id: str) -> int:
    async with connection(deployment.core.pool) as conn:
        return int(await conn.fetchval(LEFT, component_id))


async def a_past(owner: Client, component_id: str) -> None:
    for at, status in ((ago(hours=50), "partial_outage"), (ago(hours=20), "operational")):
        await owner.put(f"/v1/component/{component_id}/status", {"status": status, "at": at})
    points = {"points": [{"at": ago(hours=1), "response_time_ms": 100}]}
    assert (await owner.post(f"/v1/component/{component_id}/metrics", points)).status == 201


async def test_of_a_removed_component_no_row_is_left_and_its_past_is_there(
    owner: Client, deployment: Deployment
) -> None:
    page = await a_page(owner, "Removed", "Kept")
    removed, kept = (component["id"] for component in page["components"])
    for component_id in (removed, kept):
        await a_past(owner, component_id)
    await opened(owner, page, components=giving(page, "major_outage", "major_outage"))
    then = datetime.now(UTC).isoformat()
    asked = f"/v1/component/{removed}/statistics?at={quote(then)}"
    before = (await owner.get(asked)).json
    there = await left(deployment, kept)
    assert there == await left(deployment, removed) > 5
    assert (await owner.delete(f"/v1/component/{removed}")).status == 200

    async def gone() -> bool:
        return await left(deployment, removed) == 0

    await eventually(gone)
    assert await left(deployment, kept) == there
    assert (await owner.get(asked)).json == before
    assert before["statistics"]["open_incidents"]
    assert before["statistics"]["response_time_ms"]
    assert (await owner.get(f"/v1/component/{removed}/statistics")).status == 404
