"""What a rebuild costs beyond reading the log: folding, writing, indexes, comparison, swap."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import orjson

from benchmarks.product.built import Silent
from benchmarks.product.deployment import migrated
from benchmarks.product.history import write_history
from benchmarks.product.seeding import seed
from benchmarks.row import Pair, Row, Servers, Target
from eventstore.pool import Pool
from service.wiring.core import Core
from workers.replay.replay import BATCH, Replay

READ = """
SELECT position, stream, version, event_id, type, schema_version, data::text, recorded_at,
    actor, correlation_id, causation_id, tenant_id, subject_id
FROM es.events WHERE position > $1 ORDER BY position LIMIT $2
"""


@asynccontextmanager
async def opened(servers: Servers, count: int, projection: str) -> AsyncIterator[Pair]:
    async with migrated(servers) as core:
        await write_history(core, await seed(core), count)
        yield Pair(ours=lambda: _rebuilt(core, projection), bare=lambda: _read(core.pool))


async def _rebuilt(core: Core, projection: str) -> float:
    """Events per second of the whole command, not of the folding alone."""
    started = time.perf_counter()
    outcome = await Replay(core.pool, core.codec, core.leases, Silent()).rebuild(projection)
    assert outcome.swapped
    return outcome.position / (time.perf_counter() - started)


async def _read(pool: Pool) -> float:
    """Events per second: pages by position, each payload decoded."""
    started, position = time.perf_counter(), 0
    async with pool.acquire() as connection:
        while rows := await connection.fetch(READ, position, BATCH):
            for row in rows:
                orjson.loads(row["data"])
            position = rows[-1]["position"]
    return position / (time.perf_counter() - started)


def _row(projection: str) -> Row:
    return Row(
        name=f"rebuild-{projection}",
        what=f"rebuild of {projection}, compared with the live one and swapped",
        against="bare keyset read + JSON decode of the same events",
        unit="events/s",
        target=Target("at least", 0.25),
        count=200_000,
        open=partial(opened, projection=projection),
    )


PAGES, STATISTICS = _row("pages"), _row("statistics")
