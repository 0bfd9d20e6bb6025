import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from eventstore import selecting
from eventstore.batch import arguments
from eventstore.events import NEW, Selection
from eventstore.migrate import migrate
from eventstore.pool import Connection, Pool, connect_pool
from eventstore.postgres import APPEND, READ_LOG, READ_STREAM, PostgresStore
from tests.environment.postgres import fresh_database
from tests.environment.waiting import eventually
from tests.eventstore.making import a_stream, an_append, an_append_of, appended
from tests.eventstore.store_contract import StoreContract
from tests.eventstore.store_machine import run_random_histories


@pytest.fixture(scope="module", params=range(3))
async def server(request: pytest.FixtureRequest, every_postgres: list[tuple[str, str]]) -> AsyncIterator[str]:
    """A migrated database on each of the servers."""
    if request.param >= len(every_postgres):
        pytest.skip("no further PostgreSQL here")
    async with fresh_database(every_postgres[request.param][1]) as dsn:
        await migrate(dsn)
        yield dsn


@pytest.fixture(scope="module")
async def pool(server: str) -> AsyncIterator[Pool]:
    async with await connect_pool(server) as pool:
        yield pool


@pytest.fixture(scope="module")
def store(pool: Pool) -> PostgresStore:
    return PostgresStore(pool)


class TestPostgresStore(StoreContract):
    pass


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[PostgresStore]:
    async with await connect_pool(dsn, max_size=2) as pool:
        yield PostgresStore(pool)


def test_random_histories_equal_the_model(server: str) -> None:
    run_random_histories(lambda: opened(server))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE es.events SET actor = 'x'", "DELETE FROM es.events WHERE position = 1", "TRUNCATE es.events"],
)
async def test_the_database_refuses_to_change_events(
    pool: Pool, store: PostgresStore, statement: str
) -> None:
    await store.append(an_append(a_stream()))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="immutable"):
        await pool.execute(statement)


async def test_an_append_refuses_to_run_where_it_could_not_see_what_others_committed(pool: Pool) -> None:
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read"):
        with pytest.raises(asyncpg.InvalidTransactionStateError, match="READ COMMITTED"):
            await connection.fetch(APPEND, *arguments([an_append(a_stream())]))


async def test_an_append_held_open_makes_nobody_skip_it(pool: Pool, store: PostgresStore) -> None:
    head, looks = await store.head(), 0
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await slow.fetch(APPEND, *arguments([an_append(a_stream())]))
        others = [asyncio.create_task(store.append(an_append(a_stream()))) for _ in range(10)]
        await eventually(lambda: somebody_waits(pool))
        while looks < 20:  # readers are not held up, and see nothing of what is undecided
            assert await store.read_log(head, 100) == []
            looks += 1
        await transaction.commit()
    await asyncio.gather(*others)
    assert [event.position - head for event in await store.read_log(head, 100)] == list(range(1, 12))


async def somebody_waits(pool: Pool) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    return bool(await pool.fetchval(waiting))


@pytest.mark.parametrize(
    ("query", "values", "index"),
    [
        (READ_LOG, (100, 50), "events_pkey"),
        (READ_STREAM, ("thing-plan", 2900, 1000), "events_in_stream"),
    ],
)
async def test_reads_use_an_index(
    pool: Pool, store: PostgresStore, query: str, values: tuple[object, ...], index: str
) -> None:
    if not await store.read_stream("thing-plan", 2999):
        await store.append(an_append("thing-plan", NEW, 3000))
        await store.append(an_append(a_stream(), NEW, 3000))
    await pool.execute("ANALYZE es.events")
    plan = "\n".join(row[0] for row in await pool.fetch(f"EXPLAIN {query}", *values))
    assert index in plan
    assert "Seq Scan" not in plan


async def test_a_small_tenant_does_not_read_the_events_of_a_large_one(
    pool: Pool, store: PostgresStore
) -> None:
    small, large, subject = uuid4(), uuid4(), uuid4()
    await store.append(an_append_of(small, subject))
    for _ in range(3):
        await store.append(an_append_of(large, uuid4(), 1000))
    last = appended(await store.append(an_append_of(small, subject))).last_position
    await pool.execute("ANALYZE es.events")
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for selection in (
            Selection(small),
            Selection(small, subject),
            Selection(small, None, frozenset("x")),
        ):
            before = await _rows_read(connection)
            await selecting.select(connection, selection, 0, 100)
            await selecting.owner(connection, subject)
            assert await _rows_read(connection) - before < 20, selection
    assert (await store.read_selected(Selection(small), 1, 100)).head == last


async def _rows_read(connection: Connection) -> int:
    """By this transaction so far, from the table and its indexes."""
    return int(
        await connection.fetchval(
            """
            SELECT pg_stat_get_xact_tuples_returned('es.events'::regclass)
                + sum(pg_stat_get_xact_tuples_returned(indexrelid))
            FROM pg_index WHERE indrelid = 'es.events'::regclass
            """
        )
    )
