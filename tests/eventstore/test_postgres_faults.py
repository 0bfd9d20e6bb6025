"""The store on a link that breaks: what was acknowledged is there, the rest is there once or not."""

import asyncio
import time

import asyncpg
import pytest

from eventstore.events import NEW
from eventstore.pool import Pool, connect_pool
from eventstore.postgres import PostgresStore
from eventstore.store import StoreUnavailable
from tests.environment.waiting import eventually
from tests.eventstore.making import a_stream, an_append, appended
from tests.proxy import Proxy, through


async def test_a_lost_answer_is_found_again_and_nothing_is_recorded_twice(
    store: PostgresStore, proxied_pool: Pool, proxy: Proxy
) -> None:
    proxied, stream = PostgresStore(proxied_pool), a_stream()
    await proxied.append(an_append(a_stream()))
    head = await store.head()
    proxy.lose_answers()
    appending = asyncio.create_task(proxied.append(an_append(stream, NEW)))
    await eventually(lambda: has_grown(store, head))
    proxy.cut()
    proxy.heal()
    assert appended(await appending).repeated
    assert len(await store.read_stream(stream)) == 1


async def has_grown(store: PostgresStore, head: int) -> bool:
    return await store.head() > head


async def test_a_short_cut_is_not_even_noticed(proxied_pool: Pool, proxy: Proxy) -> None:
    proxied = PostgresStore(proxied_pool)
    await proxied.append(an_append(a_stream()))
    proxy.cut()
    appending = asyncio.create_task(proxied.append(an_append(a_stream())))
    await asyncio.wait({appending}, timeout=0.3)
    assert not appending.done()
    proxy.heal()
    appended(await appending)


async def test_a_database_that_is_away_is_unavailable_and_back_without_a_restart(
    proxied_pool: Pool, proxy: Proxy
) -> None:
    proxied = PostgresStore(proxied_pool)
    proxy.cut()
    with pytest.raises(StoreUnavailable):
        await proxied.head()
    with pytest.raises(StoreUnavailable):
        await proxied.append(an_append(a_stream()))
    proxy.heal()
    appended(await proxied.append(an_append(a_stream())))


async def test_a_hung_database_is_unavailable_within_six_seconds_and_back_at_once(
    proxied_pool: Pool, proxy: Proxy
) -> None:
    proxied = PostgresStore(proxied_pool)
    await proxied.head()
    proxy.hang()
    began = time.monotonic()
    answers = await asyncio.gather(
        *(proxied.append(an_append(a_stream())) for _ in range(5)),
        *(proxied.head() for _ in range(5)),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [StoreUnavailable] * 10
    assert time.monotonic() - began < 6
    proxy.heal()
    await eventually(lambda: answers_again(proxied))


async def answers_again(store: PostgresStore) -> bool:
    try:
        await store.append(an_append(a_stream()))
    except StoreUnavailable:
        return False
    return True


async def test_a_server_that_ends_its_connections_is_not_even_noticed(database: str, pool: Pool) -> None:
    async with await connect_pool(database, min_size=3, application_name="to be ended") as ended:
        store = PostgresStore(ended)
        await store.head()
        await pool.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'to be ended'"
        )
        appended(await store.append(an_append(a_stream())))


async def test_a_connection_that_turned_read_only_is_left_for_a_writable_one(database: str) -> None:
    async with await connect_pool(database, max_size=1) as lasting:
        store = PostgresStore(lasting)
        await lasting.execute("SET default_transaction_read_only = on")
        appended(await store.append(an_append(a_stream())))


async def test_nobody_at_the_address_is_unavailable(proxy: Proxy, database: str) -> None:
    proxy.cut()
    with pytest.raises(StoreUnavailable):
        await connect_pool(through(database, proxy))


async def test_a_wrong_name_is_no_outage(database: str) -> None:
    wrong = database.replace("/test_", "/nothing_")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await connect_pool(wrong)
