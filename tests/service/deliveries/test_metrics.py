"""What Prometheus is told of the ledger."""

from datetime import timedelta

import pytest

from service.deliveries.metrics import CHANNELS, delivery_metrics
from tests.service.deliveries.rows import Rows

PREFIX = "statuspages_"
LONG = timedelta(minutes=10)


async def figures(rows: Rows, channel: str = "") -> dict[str, float]:
    """By name, and by state where there is one: of this channel, or those that are of none."""
    return {
        ".".join(filter(None, [sample.name.removeprefix(PREFIX), sample.labels.get("state")])): sample.value
        for family in await delivery_metrics(rows.pool)
        for sample in family.samples
        if sample.labels.get("channel_type", "") == channel
    }


@pytest.mark.parametrize("channel", CHANNELS)
async def test_everything_is_there_from_the_first_scrape(rows: Rows, channel: str) -> None:
    ends = ("sent", "refused", "expired", "superseded", "parked")
    assert await figures(rows, channel) == {
        "deliveries_planned_total": 0,
        **{f"deliveries_finished_total.{end}": 0 for end in ends},
        "deliveries.waiting": 0,
        "deliveries.parked": 0,
        "deliveries_overdue_seconds": 0,
    }


async def test_what_was_planned_and_how_it_ended_is_counted_by_channel(rows: Rows) -> None:
    delivery_ids = await rows.put("pending", 5, channel="slack", age=-LONG)
    await rows.put("sent", channel="email")
    await rows.turn(delivery_ids[:3], "sent")
    await rows.turn(delivery_ids[3:4], "parked")
    assert {name: value for name, value in (await figures(rows, "slack")).items() if value} == {
        "deliveries_planned_total": 5,
        "deliveries_finished_total.sent": 3,
        "deliveries_finished_total.parked": 1,
        "deliveries.waiting": 1,
        "deliveries.parked": 1,
    }


async def test_what_is_forgotten_stays_counted(rows: Rows) -> None:
    await rows.put("sent", 3)
    await rows.pool.execute("DELETE FROM notify.deliveries")
    assert (await figures(rows, "email"))["deliveries_finished_total.sent"] == 3


async def test_the_one_that_is_due_longest_is_found_by_its_channel(rows: Rows) -> None:
    [old] = await rows.put("pending", age=LONG, channel="discord")
    await rows.put("pending", channel="discord")
    await rows.put("sent", age=2 * LONG, channel="discord")
    name = "deliveries_overdue_seconds"
    assert 600 <= (await figures(rows, "discord"))[name] < 660
    assert (await figures(rows, "teams"))[name] == 0
    await rows.turn([old], "sent")
    assert (await figures(rows, "discord"))[name] < 60


async def test_open_plans_are_counted_and_how_long_nobody_worked_on_one(rows: Rows) -> None:
    await rows.plan(done=True, age=2 * LONG)
    assert await figures(rows) == {"plans_open": 0, "plans_untouched_seconds": 0}
    await rows.plan(age=LONG)
    await rows.plan()
    found = await figures(rows)
    assert found["plans_open"] == 2
    assert 600 <= found["plans_untouched_seconds"] < 660
