"""Shared reads of the log: one fetch for all, and never anything but what the store has."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from eventstore.events import RecordedEvent
from eventstore.memory import MemoryStore
from eventstore.recent import RecentLog
from tests.eventstore.making import a_stream, an_append


class CountingStore(MemoryStore):
    fetches = 0

    async def read_log(self, after: int, limit: int) -> list[RecordedEvent]:
        self.fetches += 1
        await asyncio.sleep(0)
        return await super().read_log(after, limit)


async def grown(store: MemoryStore, count: int) -> None:
    if count:
        await store.append(an_append(a_stream(), count=count))


async def test_many_readers_at_one_place_cost_one_fetch() -> None:
    store = CountingStore()
    log = RecentLog(store)
    await grown(store, 5)
    pages = await asyncio.gather(*(log.read_log(0, 100) for _ in range(8)))
    assert [len(page) for page in pages] == [5] * 8
    assert store.fetches == 1


async def test_what_is_new_is_fetched() -> None:
    store = CountingStore()
    log = RecentLog(store)
    await grown(store, 2)
    assert len(await log.read_log(0, 100)) == 2
    assert await log.read_log(2, 100) == []
    await grown(store, 1)
    assert [event.position for event in await log.read_log(2, 100)] == [3]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("grow"), st.integers(0, 6), st.just(0)),
            st.tuples(st.just("read"), st.integers(0, 30), st.integers(1, 8)),
        ),
        max_size=40,
    )
)
def test_every_read_is_a_part_of_what_the_store_has(steps: list[tuple[str, int, int]]) -> None:
    async def run() -> None:
        store = MemoryStore()
        log = RecentLog(store, capacity=7)
        for step, number, limit in steps:
            if step == "grow":
                await grown(store, number)
                continue
            page = await log.read_log(number, limit)
            whole = await store.read_log(number, limit)
            assert page == whole[: len(page)]
            assert bool(page) == bool(whole)

    asyncio.run(run())
