"""What telling everybody of an event costs beside writing the same rows in one statement."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from benchmarks.product.deployment import migrated
from benchmarks.row import Pair, Row, Servers, Target
from eventstore.pool import Pool, connect_pool
from workers.delivery.planner import Planner

PAGE = uuid4()
BARE = "CREATE TABLE bare_deliveries (LIKE notify.deliveries INCLUDING ALL)"
SUBSCRIBE = """
INSERT INTO notify.subscribers (page_id, subscription_id, channel_type, component_ids, verified_position)
SELECT $1, gen_random_uuid(), 'email', '{}', 1 FROM generate_series(1, $2)
"""
PLAN = """
INSERT INTO notify.plans
    (event_id, position, page_id, thing_id, kind, component_ids, happened_at, expires_at)
VALUES ($1, 2, $2, $3, 'incident.opened', '{}', clock_timestamp(), clock_timestamp() + interval '1 day')
"""
INSERT = """
INSERT INTO bare_deliveries (delivery_id, event_id, subscription_id, page_id, channel_type, kind, position,
    thing_id, created_at, expires_at)
SELECT gen_random_uuid(), $1, subscription_id, page_id, channel_type, 'incident.opened', 2, $3::uuid,
    clock_timestamp(), clock_timestamp() + interval '1 day'
FROM notify.subscribers WHERE page_id = $2
"""


@asynccontextmanager
async def opened(servers: Servers, count: int) -> AsyncIterator[Pair]:
    async with migrated(servers) as core:
        pool = await connect_pool(core.dsn, command_timeout=120)
        try:
            await pool.execute(BARE)
            await pool.execute(SUBSCRIBE, PAGE, count)
            yield Pair(ours=lambda: _planned(pool, count), bare=lambda: _inserted(pool, count))
        finally:
            await pool.close()


async def _planned(pool: Pool, count: int) -> float:
    await pool.execute("TRUNCATE notify.deliveries")
    await pool.execute(PLAN, *_about())
    planner = Planner(pool, _no_bell)
    started = time.perf_counter()
    while await planner.plan():
        pass
    seconds = time.perf_counter() - started
    assert await pool.fetchval("SELECT count(*) FROM notify.deliveries") == count
    return seconds


async def _inserted(pool: Pool, count: int) -> float:
    await pool.execute("TRUNCATE bare_deliveries")
    started = time.perf_counter()
    await pool.execute(INSERT, *_about())
    seconds = time.perf_counter() - started
    assert await pool.fetchval("SELECT count(*) FROM bare_deliveries") == count
    return seconds


def _about() -> tuple[UUID, UUID, UUID]:
    """An event, its page and its incident."""
    return uuid4(), PAGE, uuid4()


async def _no_bell(_: float) -> None:
    return


ROW = Row(
    name="planning",
    what="an event becomes 100,000 deliveries, in parts that can be cut off anywhere",
    against="one INSERT .. SELECT of as many rows",
    unit="s",
    target=Target("at most", 2),
    count=100_000,
    open=opened,
)
