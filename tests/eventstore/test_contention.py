"""Eight processes append 20,000 events against each other while a reader tails the log."""

import asyncio
import sys
from collections import Counter

import pytest

from eventstore.feed import Feed
from eventstore.migrate import migrate
from eventstore.pool import connect_pool
from eventstore.postgres import PostgresStore
from tests.environment.postgres import fresh_database
from tests.eventstore.making import gapless

PROCESSES = 8
EVENTS = 20_000
SECONDS = 60


@pytest.mark.parametrize("server", range(3))
async def test_no_event_is_missed_by_a_reader_of_eight_writers(
    server: int, every_postgres: list[tuple[str, str]]
) -> None:
    if server >= len(every_postgres):
        pytest.skip("no further PostgreSQL here")
    async with fresh_database(every_postgres[server][1]) as dsn:
        await migrate(dsn)
        async with await connect_pool(dsn) as pool, asyncio.timeout(SECONDS):
            store = PostgresStore(pool)
            async with Feed(dsn, store) as feed:
                reading = asyncio.create_task(tail(feed))
                await asyncio.gather(*(contender(dsn) for _ in range(PROCESSES)))
                streams = await reading
            assert sum(streams.values()) == EVENTS == await store.head()
            assert streams == {
                row["stream"]: row["version"]
                for row in await pool.fetch(
                    "SELECT stream, max(version) AS version FROM es.events GROUP BY stream"
                )
            }


async def tail(feed: Feed) -> Counter[str]:
    """Follow the log from its start until all are there: how many of each stream, versions checked."""
    position = 0
    streams: Counter[str] = Counter()
    async for events in feed.follow(0):
        assert gapless(events, position)
        for event in events:
            streams[event.stream] += 1
            assert event.version == streams[event.stream]
        position += len(events)
        if position == EVENTS:
            break
    return streams


async def contender(dsn: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.eventstore.contender", dsn, str(EVENTS // PROCESSES)
    )
    assert await process.wait() == 0
