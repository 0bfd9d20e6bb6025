"""A deployment with weights of its own: statistics and the page count by them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from service.config import Settings
from tests.service.api.incidents import a_page, ago, statistics
from tests.service.deployment import Deployment, deploy


@pytest.fixture(scope="module")
async def deployment(database: str) -> AsyncIterator[Deployment]:
    weights = {
        "weight_major_outage": Decimal("0.5"),
        "weight_partial_outage": Decimal("0"),
        "weight_degraded_performance": Decimal("0.25"),
    }
    settings = Settings.model_validate({"DATABASE_URL": database})
    async with deploy(settings.model_copy(update={"amqp_url": None, **weights})) as deployed:
        yield deployed


@pytest.mark.parametrize(
    ("status", "percentage"),
    [("major_outage", 50), ("partial_outage", 100), ("degraded_performance", 75)],
)
async def test_statistics_and_the_page_count_by_the_settings(
    deployment: Deployment, status: str, percentage: float
) -> None:
    _, owner = await deployment.organisation()
    page = await a_page(owner, "Website")
    path = f"/v1/component/{page['components'][0]['id']}/status"
    await owner.put(path, {"status": status, "at": ago(days=100)})
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    start, end = (f"{noon - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}" for days in (9, 2))
    found = await statistics(owner, page, f"?from={start}&to={end}")
    assert found["uptime_percentage"] == percentage
    assert {day["uptime_percentage"] for day in found["days"]} == {percentage}
    async with deployment.session.get(f"{deployment.base_url}/p/{page['subdomain']}") as shown:
        text = await shown.text()
    wanted = "100 %" if percentage == 100 else f"{percentage:.2f} %"
    assert f"{wanted} uptime" in text
