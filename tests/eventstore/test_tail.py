"""One reader of the log for many who follow: nothing is missed, and each hears only of its own tenant."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventstore.events import RecordedEvent, Selected, Selection
from eventstore.memory import MemoryStore
from eventstore.store import StoreUnavailable
from eventstore.tail import Tail
from tests.environment.waiting import eventually
from tests.eventstore.making import an_append_of

TENANTS = [uuid4() for _ in range(3)]


class CountingStore(MemoryStore):
    """Also the feed of what it holds. `away`: it can't be reached."""

    searches = 0
    reads = 0
    away = False

    async def head(self) -> int:
        if self.away:
            raise StoreUnavailable("away")
        return await super().head()

    async def read_selected(self, selection: Selection, after: int, limit: int) -> Selected:
        self.searches += 1
        if self.away:
            raise StoreUnavailable("away")
        return await super().read_selected(selection, after, limit)

    async def follow(self, after: int) -> AsyncIterator[list[RecordedEvent]]:
        while True:
            await self.wait_beyond(after, 5)
            self.reads += 1
            events = await self.read_log(after, 4)
            if events:
                yield events
                after = events[-1].position


class Follower:
    """Collects what a tenant is told, by one who looks only when the bell rings."""

    def __init__(self, tail: Tail, tenant_id: UUID, after: int = 0) -> None:
        self.positions: list[int] = []
        self._selection = Selection(tenant_id)
        self._tail = tail
        self._after = after

    async def run(self) -> None:
        async with self._tail.following(self._selection.tenant_id) as bell:
            while True:
                bell.clear()
                part = await self._tail.read(self._selection, self._after, 3)
                self.positions += [event.position for event in part.events]
                self._after = part.upto
                if part.upto >= part.head:
                    await bell.wait()


async def all_of(store: MemoryStore, tenant_id: UUID) -> list[int]:
    return [event.position for event in await store.read_log(0, 10_000) if event.tenant_id == tenant_id]


async def test_who_follows_hears_what_was_and_what_comes() -> None:
    store = CountingStore()
    tail, (ours, theirs, _) = Tail(store, store), TENANTS
    await store.append(an_append_of(ours, count=5))
    follower = Follower(tail, ours)
    following = asyncio.create_task(follower.run())
    await eventually(lambda: len(follower.positions) == 5)
    await store.append(an_append_of(theirs, count=10))
    await store.append(an_append_of(ours, count=7))
    await eventually(lambda: len(follower.positions) == 12)
    assert follower.positions == await all_of(store, ours)
    following.cancel()
    await asyncio.wait({following})


async def test_many_who_follow_cost_one_reader() -> None:
    store = CountingStore()
    tail, tenant = Tail(store, store), TENANTS[0]
    followers = [Follower(tail, tenant) for _ in range(50)]
    following = [asyncio.create_task(follower.run()) for follower in followers]
    await store.append(an_append_of(tenant))
    await eventually(lambda: all(follower.positions == [1] for follower in followers))
    store.searches = store.reads = 0
    for _ in range(10):
        await store.append(an_append_of(tenant))
    await eventually(lambda: all(len(follower.positions) == 11 for follower in followers))
    assert store.searches == 0
    assert store.reads <= 11
    for task in following:
        task.cancel()
    await asyncio.wait(following)


async def test_nobody_reads_the_log_when_nobody_follows() -> None:
    store = CountingStore()
    tail, tenant = Tail(store, store), TENANTS[0]
    async with tail.following(tenant) as bell:
        await eventually(bell.is_set)
        await store.append(an_append_of(tenant))
        await eventually(lambda: store.reads == 1)
    await store.append(an_append_of(tenant))
    await asyncio.sleep(0)
    assert store.reads == 1
    assert await tail.read(Selection(tenant), 0, 10) == await store.read_selected(Selection(tenant), 0, 10)


async def test_a_store_that_was_away_at_the_start_is_caught_up_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventstore.tail.RETRY_SECONDS", 0.01)
    store = CountingStore()
    tail, tenant = Tail(store, store), TENANTS[0]
    store.away = True
    async with tail.following(tenant) as bell:
        with pytest.raises(StoreUnavailable):
            await tail.read(Selection(tenant), 0, 10)
        await store.append(an_append_of(tenant))
        assert not bell.is_set()
        store.away = False
        await eventually(bell.is_set)
        assert len((await tail.read(Selection(tenant), 0, 10)).events) == 1


def has(follower: Follower, positions: list[int]) -> bool:
    return follower.positions == positions


STEPS = st.one_of(
    st.tuples(st.just("append"), st.integers(0, 2), st.integers(1, 6)),
    st.tuples(st.just("follow"), st.integers(0, 2), st.integers(0, 20)),
    st.tuples(st.just("leave"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("pause"), st.just(0), st.just(0)),
)


@given(st.lists(STEPS, max_size=40))
def test_whatever_happens_each_hears_exactly_its_own(steps: list[tuple[str, int, int]]) -> None:
    async def run() -> None:
        store = CountingStore()
        tail = Tail(store, store, capacity=6)
        running: list[tuple[Follower, int, UUID, asyncio.Task[None]]] = []
        for step, number, size in steps:
            match step:
                case "append":
                    await store.append(an_append_of(TENANTS[number], count=size))
                case "follow":
                    follower = Follower(tail, TENANTS[number], size)
                    task = asyncio.create_task(follower.run())
                    running.append((follower, size, TENANTS[number], task))
                case "leave" if number < len(running):
                    running[number][3].cancel()
                    await asyncio.wait({running.pop(number)[3]})
                case _:
                    await asyncio.sleep(0)
        for follower, after, tenant_id, task in running:
            expected = [position for position in await all_of(store, tenant_id) if position > after]
            await eventually(partial(has, follower, expected))
            task.cancel()
        if running:
            await asyncio.wait({task for *_, task in running})

    asyncio.run(run())
