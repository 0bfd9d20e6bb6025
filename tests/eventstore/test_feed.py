import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from eventstore.feed import POLL_SECONDS, Feed
from eventstore.pool import Pool
from eventstore.postgres import PostgresStore
from tests.environment.waiting import eventually
from tests.eventstore.making import a_stream, an_append, gapless
from tests.proxy import Proxy, through


@pytest.fixture
async def feed(database: str, store: PostgresStore) -> AsyncIterator[Feed]:
    async with Feed(database, store) as feed:
        await store.append(an_append(a_stream()))
        await feed.wait_beyond(await store.head() - 1, 5)
        yield feed


async def test_who_waits_hears_of_an_append_long_before_the_next_look(
    feed: Feed, store: PostgresStore
) -> None:
    head = await store.head()
    took = []
    for position in range(head, head + 5):
        waiting = asyncio.create_task(feed.wait_beyond(position, 10))
        began = time.monotonic()
        await store.append(an_append(a_stream()))
        assert await waiting == position + 1
        took.append(time.monotonic() - began)
    assert sorted(took)[2] < POLL_SECONDS / 4


async def test_who_is_behind_does_not_wait(feed: Feed, store: PostgresStore) -> None:
    head = await store.head()
    assert await feed.wait_beyond(head - 1, 0) == head


async def test_waiting_ends_at_its_timeout_with_the_head(feed: Feed, store: PostgresStore) -> None:
    head = await store.head()
    assert await feed.wait_beyond(head, 0.05) == head


async def test_the_feed_brings_everything_in_order_and_goes_on(feed: Feed, store: PostgresStore) -> None:
    head = await store.head()
    await store.append(an_append(a_stream(), count=7))
    seen: list[int] = []
    following = asyncio.create_task(collect(feed, head, seen, until=head + 9))
    await eventually(lambda: len(seen) == 7)
    await store.append(an_append(a_stream(), count=2))
    await asyncio.wait_for(following, 5)
    assert seen == list(range(head + 1, head + 10))


async def collect(feed: Feed, after: int, seen: list[int], until: int) -> None:
    async for events in feed.follow(after, limit=3):
        assert len(events) <= 3
        assert gapless(events, after)
        after = events[-1].position
        seen += [event.position for event in events]
        if after >= until:
            return


async def test_without_its_doorbell_the_feed_still_looks(
    database: str, store: PostgresStore, proxy: Proxy
) -> None:
    proxy.cut()
    async with Feed(through(database, proxy), store) as deaf:
        head = await store.head()
        await deaf.wait_beyond(head - 1, 5)
        await store.append(an_append(a_stream()))
        assert await deaf.wait_beyond(head, POLL_SECONDS + 1) == head + 1


async def test_a_database_that_was_away_is_caught_up_with(
    database: str, store: PostgresStore, proxied_pool: Pool, proxy: Proxy
) -> None:
    async with Feed(through(database, proxy), PostgresStore(proxied_pool)) as feed:
        head = await store.head()
        seen: list[int] = []
        following = asyncio.create_task(collect(feed, head, seen, until=head + 3))
        await store.append(an_append(a_stream()))
        await eventually(lambda: len(seen) == 1)
        proxy.cut()
        await store.append(an_append(a_stream()))
        proxy.heal()
        await store.append(an_append(a_stream()))
        await asyncio.wait_for(following, 10)
        assert seen == [head + 1, head + 2, head + 3]
