"""From one database into another."""

import asyncio
from collections.abc import Coroutine
from io import BytesIO
from threading import Thread
from typing import Any

import asyncpg
import pytest

from eventstore import checkpoints
from eventstore.migrate import migrate
from eventstore.moving import header as headers
from eventstore.moving.outgoing import Source, export
from eventstore.pool import Pool, connect_pool, connection
from eventstore.postgres import PostgresStore
from tests.environment.postgres import fresh_database
from tests.eventstore.making import a_stream, an_append, appended
from tests.eventstore.moving.conftest import (
    POLICY,
    SELECTION,
    Steps,
    a_database,
    everything,
    exported,
    imported,
    value,
)


async def test_every_row_arrives_as_it_was(source: Pool, target: Pool) -> None:
    await imported(target, await exported(source))
    assert await everything(target) == await everything(source)
    assert await PostgresStore(target).read_log(0, 100) == await PostgresStore(source).read_log(0, 100)


async def test_the_log_goes_on_where_it_was(source: Pool, target: Pool) -> None:
    await imported(target, await exported(source))
    assert appended(await PostgresStore(target).append(an_append(a_stream()))).first_position == 9


async def test_events_are_immutable_there_too(source: Pool, target: Pool) -> None:
    await imported(target, await exported(source))
    async with connection(target) as conn:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute("UPDATE es.events SET actor = 'nobody'")


async def test_a_policy_is_where_it_was_and_its_first_lease_moves_it(source: Pool, target: Pool) -> None:
    await imported(target, await exported(source))
    async with connection(target) as conn:
        found = await checkpoints.read(conn, POLICY)
        assert found is not None
        assert (found.position, found.epoch) == (8, 0)
        await checkpoints.advance(conn, POLICY, old=8, new=9, epoch=1)


async def test_a_policy_of_the_migrations_does_not_begin_anew(source: Pool, target: Pool) -> None:
    async with connection(source) as conn:
        await conn.execute("UPDATE es.checkpoints SET position = 8 WHERE name = 'policy:timers'")
    await imported(target, await exported(source))
    assert await value(target, "SELECT position FROM es.checkpoints WHERE name = 'policy:timers'") == 8


async def test_read_models_and_leases_stay_behind(source: Pool, target: Pool) -> None:
    file = await exported(source)
    assert b"pages@1" not in file
    parts = {part.table for part in headers.decode(file.splitlines(keepends=True)[0]).parts}
    assert not parts & {"es.leases", "public.es_migrations", "rm.generations"}


async def test_what_is_left_out_is_not_in_the_file(source: Pool) -> None:
    file = await exported(source, SELECTION.without(schemas=frozenset({"vault"}), tables=frozenset()))
    assert b"example.com" not in file
    assert b"vault.contacts" not in file


async def test_a_table_of_a_later_release_moves_along(postgres_dsn: str) -> None:
    made = """
    CREATE TABLE es.later
        (n int GENERATED ALWAYS AS IDENTITY, list int[], two int GENERATED ALWAYS AS (2) STORED)
    """
    async with a_database(postgres_dsn) as one, a_database(postgres_dsn) as other:
        for pool in (one, other):
            async with connection(pool) as conn:
                await conn.execute(made)
        async with connection(one) as conn:
            await conn.execute("INSERT INTO es.later (list) VALUES ('{1,NULL,3}')")
        await imported(other, await exported(one))
        assert await value(other, "SELECT later::text FROM es.later") == '(1,"{1,NULL,3}",2)'
        async with connection(other) as conn:
            await conn.execute("INSERT INTO es.later (list) VALUES ('{}')")
        assert await value(other, "SELECT max(n) FROM es.later") == 2


async def test_the_file_shows_one_moment_while_others_write(postgres_dsn: str) -> None:
    async with a_database(postgres_dsn) as other, fresh_database(postgres_dsn) as dsn:
        await migrate(dsn)
        async with await connect_pool(dsn) as one:
            await PostgresStore(one).append(an_append(a_stream(), count=3))
            output = BytesIO()

            def write(lines: bytes) -> None:
                output.write(lines)
                elsewhere(append_one(dsn))

            await export(one, write, Source("tests", None), SELECTION, Steps())
            assert await PostgresStore(one).head() > 3
        await imported(other, output.getvalue())
        assert await PostgresStore(other).head() == 3


async def append_one(dsn: str) -> None:
    async with await connect_pool(dsn) as pool:
        await PostgresStore(pool).append(an_append(a_stream()))


def elsewhere(work: Coroutine[Any, Any, None]) -> None:
    """To its end, in a thread of its own, while this one waits."""
    thread = Thread(target=asyncio.run, args=(work,))
    thread.start()
    thread.join()
