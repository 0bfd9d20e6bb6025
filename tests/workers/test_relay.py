import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import pytest

from eventstore import checkpoints
from eventstore.bus.protocol import BusUnavailable, Inbox
from eventstore.events import RecordedEvent
from eventstore.feed import Feed
from eventstore.pool import Pool, connect_pool
from eventstore.postgres import PostgresStore
from tests.environment.waiting import eventually
from tests.eventstore.making import a_stream, an_append
from tests.proxy import Proxy, target_of, through
from workers.relay import BATCH, NAME, Relay


class RecordingBus:
    """Keeps what was published; may be away, and may slow the publisher down."""

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.failures = 0
        self.open = asyncio.Event()
        self.open.set()

    async def publish(self, events: Sequence[RecordedEvent]) -> None:
        await self.open.wait()
        if self.failures:
            self.failures -= 1
            raise BusUnavailable
        self.positions += [event.position for event in events]

    def inbox(self, consumer: str, types: Collection[str] = ()) -> AbstractAsyncContextManager[Inbox]:
        raise NotImplementedError("the relay only publishes")


@pytest.fixture(scope="module")
async def pool(database: str) -> AsyncIterator[Pool]:
    async with await connect_pool(database) as pool:
        yield pool


@pytest.fixture(scope="module")
def store(pool: Pool) -> PostgresStore:
    return PostgresStore(pool)


@pytest.fixture
async def feed(database: str, store: PostgresStore) -> AsyncIterator[Feed]:
    async with Feed(database, store) as feed:
        yield feed


@pytest.fixture
async def start(pool: Pool, store: PostgresStore) -> int:
    """The relay's checkpoint stands at the head, so that a test sees its own events only."""
    head = await store.head()
    await pool.execute("DELETE FROM es.checkpoints WHERE name = $1", NAME)
    async with pool.acquire() as connection:
        await checkpoints.create(connection, NAME, head)
    return head


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(relay.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def test_everything_is_published_in_order_and_the_checkpoint_follows(
    store: PostgresStore, pool: Pool, feed: Feed, start: int
) -> None:
    bus = RecordingBus()
    await store.append(an_append(a_stream(), count=BATCH + 10))
    relay = Relay(store, bus, pool, feed)
    async with running(relay):
        await eventually(lambda: relay.position == start + BATCH + 10)
        await store.append(an_append(a_stream()))
        await eventually(lambda: relay.position == start + BATCH + 11)
    assert bus.positions == list(range(start + 1, start + BATCH + 12))
    async with pool.acquire() as connection:
        assert (await checkpoints.create(connection, NAME, 0)).position == start + BATCH + 11


async def test_a_broker_that_is_away_is_waited_for(
    store: PostgresStore, pool: Pool, feed: Feed, start: int
) -> None:
    bus = RecordingBus()
    bus.failures = 3
    await store.append(an_append(a_stream(), count=2))
    async with running(Relay(store, bus, pool, feed)):
        await eventually(lambda: bus.positions == [start + 1, start + 2])


async def test_a_relay_that_starts_again_goes_on_where_it_was(
    store: PostgresStore, pool: Pool, feed: Feed, start: int
) -> None:
    bus = RecordingBus()
    for count in (2, 3):
        await store.append(an_append(a_stream(), count=count))
        head = await store.head()
        async with running(Relay(store, bus, pool, feed)):
            await eventually(partial(stands_at, pool, head))
    assert bus.positions == list(range(start + 1, start + 6))


async def test_of_two_relays_one_works_and_the_other_takes_over(
    store: PostgresStore, pool: Pool, feed: Feed, start: int
) -> None:
    first, second = RecordingBus(), RecordingBus()
    async with running(Relay(store, first, pool, feed)) as stop_first:
        await store.append(an_append(a_stream()))
        await eventually(lambda: first.positions == [start + 1])
        async with running(Relay(store, second, pool, feed)):
            await store.append(an_append(a_stream()))
            await eventually(lambda: first.positions == [start + 1, start + 2])
            assert second.positions == []
            stop_first.set()
            await eventually(lambda: is_free_or_second(pool))
            await store.append(an_append(a_stream()))
            await eventually(lambda: second.positions == [start + 3], 10)
    assert first.positions == [start + 1, start + 2]


async def is_free_or_second(pool: Pool) -> bool:
    held = (
        "SELECT epoch >= 1 AND (expires_at <= clock_timestamp() OR epoch > 1) FROM es.leases WHERE name = $1"
    )
    return bool(await pool.fetchval(held, NAME))


async def test_a_frozen_relay_that_wakes_up_moves_nothing(
    store: PostgresStore, pool: Pool, feed: Feed, start: int
) -> None:
    frozen, awake = RecordingBus(), RecordingBus()
    frozen.open.clear()
    relay = Relay(store, frozen, pool, feed)
    await store.append(an_append(a_stream()))
    async with running(relay):
        await eventually(lambda: relay.position == start)
        await pool.execute("UPDATE es.leases SET expires_at = clock_timestamp() WHERE name = $1", NAME)
        async with running(Relay(store, awake, pool, feed)):
            await store.append(an_append(a_stream(), count=2))
            await eventually(lambda: awake.positions == [start + 1, start + 2, start + 3], 10)
            frozen.open.set()
            await eventually(lambda: bool(frozen.positions))
        assert await checkpoint(pool) == start + 3


async def stands_at(pool: Pool, position: int) -> bool:
    return await checkpoint(pool) == position


async def checkpoint(pool: Pool) -> int:
    async with pool.acquire() as connection:
        return (await checkpoints.create(connection, NAME, 0)).position


async def test_a_database_away_is_waited_for(
    database: str, pool: Pool, store: PostgresStore, start: int
) -> None:
    bus = RecordingBus()
    async with (
        Proxy(target_of(database, 5432)) as proxy,
        await connect_pool(through(database, proxy)) as proxied,
        Feed(through(database, proxy), PostgresStore(proxied)) as feed,
        running(Relay(PostgresStore(proxied), bus, proxied, feed)),
    ):
        await store.append(an_append(a_stream()))
        await eventually(lambda: bus.positions == [start + 1])
        proxy.cut()
        await store.append(an_append(a_stream()))
        proxy.heal()
        await eventually(lambda: bus.positions[-1] == start + 2, 10)
