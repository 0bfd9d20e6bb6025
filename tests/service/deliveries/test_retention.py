"""What is forgotten, and what is not."""

from datetime import timedelta

from service.deliveries.retention import Retention
from tests.service.deliveries.rows import Rows

OLD, YOUNG = timedelta(days=90, seconds=1), timedelta(days=89)


async def test_what_ended_more_than_90_days_ago_is_forgotten_part_by_part(rows: Rows) -> None:
    for state in ("sent", "refused", "parked"):
        await rows.put(state, 5, age=OLD)
        await rows.put(state, age=YOUNG)
    await rows.plan(age=OLD, done=True)
    await Retention(rows.pool, part=4).purge()
    assert await rows.states() == {"sent": 1, "refused": 1, "parked": 1}
    assert await rows.pool.fetchval("SELECT count(*) FROM notify.plans") == 0


async def test_what_is_still_to_be_done_stays_however_old(rows: Rows) -> None:
    await rows.put("pending", age=OLD)
    await rows.put("sending", age=OLD)
    await rows.plan(age=OLD)
    await rows.plan(age=YOUNG, done=True)
    await Retention(rows.pool).purge()
    assert await rows.states() == {"pending": 1, "sending": 1}
    assert await rows.pool.fetchval("SELECT count(*) FROM notify.plans") == 2
