"""The doctor sees what is not sent, not planned or given up, and names the command to run."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from eventstore.pool import connect_pool, connection
from tests.service.deliveries.rows import Rows
from workers.doctor.deliveries import deliveries
from workers.doctor.finding import Finding

LATE = timedelta(seconds=1000)


@pytest.fixture
async def rows(database: str) -> AsyncIterator[Rows]:
    async with await connect_pool(database) as pool:
        await pool.execute("DELETE FROM notify.deliveries")
        await pool.execute("DELETE FROM notify.plans")
        yield Rows(pool)


async def findings(rows: Rows) -> dict[str, Finding]:
    async with connection(rows.pool) as conn:
        return {each.subject: each for each in await deliveries(conn)}


async def wrong(rows: Rows) -> dict[str, Finding]:
    return {subject: each for subject, each in (await findings(rows)).items() if not each.well}


async def test_a_ledger_on_which_all_is_well(rows: Rows) -> None:
    await rows.put("sent", age=LATE)
    await rows.put("pending")
    await rows.put("pending", age=-LATE)
    await rows.plan()
    await rows.plan(age=LATE, done=True)
    assert await wrong(rows) == {}
    assert "1 due" in (await findings(rows))["deliveries"].text


async def test_a_mail_that_waits_for_five_minutes_asks_for_a_deliverer_and_a_mail_server(rows: Rows) -> None:
    await rows.put("pending", 2, age=LATE)
    await rows.put("pending", channel="slack")
    found = (await wrong(rows))["deliveries"]
    assert "3 due, the oldest for 1,000 s, by email" in found.text
    assert "statuspages worker deliverer" in found.advice
    assert "SMTP_URL" in found.advice


async def test_of_another_channel_the_mail_server_is_not_asked_about(rows: Rows) -> None:
    await rows.put("pending", age=LATE, channel="slack")
    assert "SMTP" not in (await wrong(rows))["deliveries"].advice


async def test_a_plan_that_nobody_works_on_asks_for_a_planner(rows: Rows) -> None:
    await rows.plan()
    await rows.plan(age=LATE)
    found = (await wrong(rows))["plans"]
    assert found.text == "2 open, one untouched for 1,000 s"
    assert "statuspages worker planner" in found.advice


async def test_what_is_parked_is_counted_until_somebody_does_something(rows: Rows) -> None:
    delivery_ids = await rows.put("parked", 3)
    found = (await wrong(rows))["parked deliveries"]
    assert found.text == "3 were given up after their attempts"
    assert "statuspages deliveries retry" in found.advice
    await rows.turn(delivery_ids, "sent")
    assert await wrong(rows) == {}
