"""What the store adds to, and saves of, the cost of inserting events one by one."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from benchmarks.bare.insert import INSERT, create_table, values
from benchmarks.product.deployment import migrated
from benchmarks.row import Pair, Row, Servers, Target
from eventstore.events import ANY, Append, Appended, Context, NewEvent, StreamWrite
from eventstore.pool import Pool, connect_pool, connection
from eventstore.postgres import PostgresStore

CALLERS = 32
CONNECTIONS = 16
STREAMS = [uuid4() for _ in range(200)]
TENANT = uuid4()


@asynccontextmanager
async def opened(servers: Servers, count: int) -> AsyncIterator[Pair]:
    async with migrated(servers) as core:
        pool = await connect_pool(core.dsn, min_size=CONNECTIONS, max_size=CONNECTIONS)
        try:
            async with connection(pool) as conn:
                await create_table(conn)
            yield Pair(ours=lambda: _appended(core.store, count), bare=lambda: _inserted(pool, count))
        finally:
            await pool.close()


async def _appended(store: PostgresStore, count: int) -> float:
    async def append(stream: UUID) -> None:
        event = NewEvent("ComponentStatusChanged", _data(stream))
        context = Context(uuid4(), "bare", tenant_id=TENANT, subject_id=stream)
        verdict = await store.append(Append((StreamWrite(f"component-{stream}", ANY, (event,)),), context))
        assert isinstance(verdict, Appended)

    async def caller(streams: Iterator[UUID]) -> None:
        for stream in streams:
            await append(stream)

    return await _rate(count, CALLERS, caller)


async def _inserted(pool: Pool, count: int) -> float:
    async def caller(streams: Iterator[UUID]) -> None:
        async with connection(pool) as conn:
            insert = await conn.prepare(INSERT)
            for stream in streams:
                row = values(f"component-{stream}", "ComponentStatusChanged", _data(stream), TENANT, stream)
                await insert.fetch(*row)

    return await _rate(count, CONNECTIONS, caller)


async def _rate(count: int, callers: int, caller: Callable[[Iterator[UUID]], Awaitable[None]]) -> float:
    """Per second; the callers share the work."""
    work = iter([STREAMS[number % len(STREAMS)] for number in range(count)])
    started = time.perf_counter()
    await asyncio.gather(*(caller(work) for _ in range(callers)))
    return count / (time.perf_counter() - started)


def _data(stream: UUID) -> dict[str, Any]:
    return {
        "component_id": str(stream),
        "page_id": str(TENANT),
        "status": "partial_outage",
        "at": "2025-01-31T12:00:00.000000Z",
        "reason": "One region does not answer",
    }


ROW = Row(
    name="append",
    what=f"append through the store, {CALLERS} callers",
    against=f"the same rows by one INSERT per commit, {CONNECTIONS} connections",
    unit="/s",
    target=Target("at least", 1.3),
    count=12_000,
    open=opened,
)
