"""The consume loop, with an inbox that loses, repeats and reorders, and a reaction that fails."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from eventstore.bus.protocol import Inbox
from eventstore.checkpoints import CheckpointMoved
from eventstore.events import ANY, Append, Context, NewEvent, RecordedEvent, StreamWrite
from eventstore.leases import Leases
from eventstore.memory import MemoryStore
from eventstore.pool import connect_pool
from eventstore.store import StoreUnavailable
from tests.environment.waiting import eventually
from tests.eventstore.making import a_recorded_event
from workers.consume import Consumer


class FakeInbox:
    """Hands out what the test puts in, and whatever else only wakes."""

    def __init__(self) -> None:
        self.batches: asyncio.Queue[list[RecordedEvent]] = asyncio.Queue()
        self.settled = 0

    async def receive(self, timeout: float) -> list[RecordedEvent]:  # noqa: ASYNC109 - the port's name
        try:
            return await asyncio.wait_for(self.batches.get(), 0.05)
        except TimeoutError:
            return []

    async def settle(self, position: int) -> None:
        self.settled = position


class FakeBus:
    def __init__(self) -> None:
        self.open_inbox = FakeInbox()

    async def publish(self, events: Sequence[RecordedEvent]) -> None:
        raise AssertionError("a consumer publishes nothing")

    @asynccontextmanager
    async def inbox(self, consumer: str, types: Collection[str] = ()) -> AsyncIterator[Inbox]:
        yield self.open_inbox


class Recorder:
    """A reaction that remembers what it took in. `faults` are raised one after the other, once each."""

    def __init__(self) -> None:
        self.name = f"recorder-{uuid4()}"
        self.reacts_to: Collection[str] = ()
        self.taken: list[int] = []
        self.actors: set[str] = set()
        self.faults: list[Exception] = []
        self.reports: list[str | None] = []

    async def position(self) -> int:
        return len(self.taken)

    async def apply(self, events: Sequence[RecordedEvent], epoch: int) -> int:
        if self.faults:
            raise self.faults.pop()
        assert epoch > 0
        self.taken += [event.position for event in events]
        self.actors |= {event.actor for event in events}
        return len(self.taken)

    async def report(self, error: str | None) -> None:
        self.reports.append(error)


@pytest.fixture(scope="module")
async def leases(database: str) -> AsyncIterator[Leases]:
    pool = await connect_pool(database)
    yield Leases(pool)
    await pool.close()


@asynccontextmanager
async def consuming(store: MemoryStore, reaction: Recorder, leases: Leases) -> AsyncIterator[FakeInbox]:
    bus, stop = FakeBus(), asyncio.Event()
    running = asyncio.create_task(Consumer(reaction, store, bus, leases).run(stop))
    try:
        yield bus.open_inbox
    finally:
        stop.set()
        await running


async def grow(store: MemoryStore, count: int) -> list[RecordedEvent]:
    before = await store.head()
    for _ in range(count):
        write = StreamWrite("thing-1", ANY, (NewEvent("Happened", {}),))
        await store.append(Append((write,), Context(uuid4())))
    return await store.read_log(before, count)


async def taken_in(reaction: Recorder, count: int) -> None:
    await eventually(lambda: len(reaction.taken) >= count)
    assert reaction.taken == list(range(1, count + 1))


async def test_what_is_in_the_log_at_the_start_is_taken_in(leases: Leases) -> None:
    store, reaction = MemoryStore(), Recorder()
    await grow(store, 1200)
    async with consuming(store, reaction, leases) as inbox:
        await taken_in(reaction, 1200)
        await eventually(lambda: inbox.settled == 1200)


async def test_silence_from_the_bus_loses_nothing(leases: Leases) -> None:
    store, reaction = MemoryStore(), Recorder()
    async with consuming(store, reaction, leases):
        await grow(store, 3)
        await taken_in(reaction, 3)


@pytest.mark.parametrize("shape", ["in order", "repeated", "reversed", "with a gap", "from the past"])
async def test_copies_are_taken_in_once_and_in_order_however_they_come(leases: Leases, shape: str) -> None:
    store, reaction = MemoryStore(), Recorder()
    async with consuming(store, reaction, leases) as inbox:
        first = await grow(store, 2)
        inbox.batches.put_nowait(first)
        await taken_in(reaction, 2)
        copies = await grow(store, 4)
        come = {
            "in order": copies,
            "repeated": [*copies, *copies],
            "reversed": copies[::-1],
            "with a gap": copies[2:],
            "from the past": [*first, *copies],
        }
        inbox.batches.put_nowait(come[shape])
        await taken_in(reaction, 6)


async def test_a_checkpoint_that_moved_is_read_again(leases: Leases) -> None:
    store, reaction = MemoryStore(), Recorder()
    reaction.faults = [CheckpointMoved("somebody was faster")]
    await grow(store, 2)
    async with consuming(store, reaction, leases):
        await taken_in(reaction, 2)
    assert reaction.reports == []


async def test_what_a_crash_of_the_database_took_back_is_taken_in_again_with_nothing_new_in_the_log(
    leases: Leases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.consume.RECHECK", 0.1)
    store, reaction = MemoryStore(), Recorder()
    await grow(store, 5)
    async with consuming(store, reaction, leases):
        await taken_in(reaction, 5)
        del reaction.taken[2:]
        await taken_in(reaction, 5)


async def test_what_was_taken_back_while_the_store_was_away_is_taken_in_again_at_once(leases: Leases) -> None:
    store, reaction = MemoryStore(), Recorder()
    await grow(store, 5)
    async with consuming(store, reaction, leases):
        await taken_in(reaction, 5)
        reaction.faults = [StoreUnavailable("away")]
        await grow(store, 1)
        await eventually(lambda: not reaction.faults)
        del reaction.taken[2:]
        await taken_in(reaction, 6)


async def test_a_store_that_is_away_is_waited_for(leases: Leases) -> None:
    store, reaction = MemoryStore(), Recorder()
    reaction.faults = [StoreUnavailable("away")]
    await grow(store, 1)
    async with consuming(store, reaction, leases):
        await taken_in(reaction, 1)


async def test_a_fault_is_shown_and_the_consumer_goes_on_when_it_is_mended(
    leases: Leases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.consume.PAUSE", 0.01)
    store, reaction = MemoryStore(), Recorder()
    reaction.faults = [ValueError("poison")]
    await grow(store, 1)
    async with consuming(store, reaction, leases):
        await taken_in(reaction, 1)
        await eventually(lambda: len(reaction.reports) == 2)
    assert reaction.reports == ["ValueError('poison')", None]


async def test_of_two_copies_one_works(leases: Leases) -> None:
    store, reaction = MemoryStore(), Recorder()
    async with consuming(store, reaction, leases), consuming(store, reaction, leases):
        await grow(store, 5)
        await taken_in(reaction, 5)


async def test_a_forged_copy_changes_nothing(leases: Leases) -> None:
    store, reaction = MemoryStore(), Recorder()
    async with consuming(store, reaction, leases) as inbox:
        await grow(store, 1)
        await taken_in(reaction, 1)
        inbox.batches.put_nowait([a_recorded_event(2)])
        await eventually(inbox.batches.empty)
        await grow(store, 1)
        await taken_in(reaction, 2)
    assert reaction.actors == {"system"}  # the forged one says somebody
