"""A bus whose copies do not come: its consumers look at the store without delay."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

import pytest

from eventstore.bus.fallback import WithFallback
from eventstore.bus.postgres import PostgresBus
from eventstore.bus.protocol import Inbox
from eventstore.events import RecordedEvent
from eventstore.feed import Feed
from eventstore.memory import MemoryStore
from eventstore.postgres import PostgresStore
from tests.eventstore.bus.bus_contract import BusContract, Line, consumer
from tests.eventstore.making import a_stream, an_append

__all__ = ["consumer"]
LONG = 20.0


class TestPostgresBusWithFallback(BusContract):
    @pytest.fixture
    async def line(self, database: str, store: PostgresStore) -> AsyncIterator[Line]:
        async with Feed(database, store) as feed:
            yield Line(store, WithFallback(PostgresBus(feed), feed))


class FakeFeed:
    """A log's head, moved by the test."""

    def __init__(self) -> None:
        self.head = 0
        self._grown = asyncio.Condition()

    async def grow_to(self, head: int) -> None:
        async with self._grown:
            self.head = head
            self._grown.notify_all()

    async def wait_beyond(self, position: int, timeout: float) -> int:  # noqa: ASYNC109 - the port's signature
        try:
            async with asyncio.timeout(timeout), self._grown:
                await self._grown.wait_for(lambda: self.head > position)
        except TimeoutError:
            pass
        return self.head


class FakeBus:
    """Hands out what the test puts into `copies`, and nothing else."""

    def __init__(self) -> None:
        self.copies: asyncio.Queue[RecordedEvent] = asyncio.Queue()
        self.settled: list[int] = []

    async def publish(self, events: Sequence[RecordedEvent]) -> None:
        for event in events:
            self.copies.put_nowait(event)

    @asynccontextmanager
    async def inbox(self, consumer: str, types: Collection[str] = ()) -> AsyncIterator[Inbox]:
        yield self

    async def receive(self, timeout: float) -> list[RecordedEvent]:  # noqa: ASYNC109 - the port's signature
        try:
            async with asyncio.timeout(timeout):
                return [await self.copies.get()]
        except TimeoutError:
            return []

    async def settle(self, position: int) -> None:
        self.settled.append(position)


@pytest.fixture
async def events() -> list[RecordedEvent]:
    store = MemoryStore()
    await store.append(an_append(a_stream(), count=3))
    return await store.read_log(0, 3)


@pytest.fixture
def feed() -> FakeFeed:
    return FakeFeed()


@pytest.fixture
def bus() -> FakeBus:
    return FakeBus()


async def test_a_copy_is_handed_on(bus: FakeBus, feed: FakeFeed, events: list[RecordedEvent]) -> None:
    async with WithFallback(bus, feed).inbox("reader") as inbox:
        await bus.publish(events[:1])
        assert await inbox.receive(LONG) == events[:1]
        await inbox.settle(1)
        assert bus.settled == [1]


async def test_a_log_that_grows_without_copies_wakes_at_once(bus: FakeBus, feed: FakeFeed) -> None:
    async with WithFallback(bus, feed).inbox("reader") as inbox:
        for head in (1, 2, 3):
            receiving = asyncio.create_task(inbox.receive(LONG))
            await feed.grow_to(head)
            async with asyncio.timeout(LONG / 2):
                assert await receiving == []
            await inbox.settle(head)


async def test_a_copy_that_comes_after_the_wake_is_not_lost(
    bus: FakeBus, feed: FakeFeed, events: list[RecordedEvent]
) -> None:
    async with WithFallback(bus, feed).inbox("reader") as inbox:
        await feed.grow_to(1)
        assert await inbox.receive(LONG) == []
        await inbox.settle(1)
        await bus.publish(events[:1])
        assert await inbox.receive(LONG) == events[:1]


async def test_without_news_receive_ends_in_its_time(bus: FakeBus, feed: FakeFeed) -> None:
    async with WithFallback(bus, feed).inbox("reader") as inbox:
        assert await inbox.receive(0.05) == []


async def test_closing_ends_what_still_waits(bus: FakeBus, feed: FakeFeed) -> None:
    async with WithFallback(bus, feed).inbox("reader") as inbox:
        await feed.grow_to(1)
        assert await inbox.receive(LONG) == []
    assert bus.copies.empty()
