"""From one database into another."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from threading import Thread
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore import checkpoints
from eventstore.migrate import migrate
from eventstore.moving import header as headers
from eventstore.moving.errors import MoveRefused
from eventstore.moving.incoming import load
from eventstore.moving.outgoing import Source, export
from eventstore.moving.seals import SealedReader
from eventstore.moving.selection import Selection
from eventstore.pool import Pool, connect_pool, connection
from eventstore.postgres import PostgresStore
from tests.environment.postgres import fresh_database
from tests.eventstore.making import a_stream, an_append, appended

SELECTION = Selection(
    frozenset({"rm"}), frozenset({"es.leases", "public.es_migrations"}), {"es.checkpoints": "name LIKE '%@%'"}
)
POLICY = "policy:mails"


@dataclass
class Steps:
    """A progress that remembers."""

    names: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)

    def begins(self, step: str) -> None:
        self.names.append(step)

    def folded(self, position: int, head: int) -> None:
        self.positions.append(position)


async def exported(pool: Pool, selection: Selection = SELECTION) -> bytes:
    output = BytesIO()
    await export(pool, output.write, Source("tests", None), selection, Steps())
    return output.getvalue()


async def imported(pool: Pool, file: bytes) -> None:
    lines = SealedReader(iter(BytesIO(file)))
    await load(pool, headers.decode(lines.read()), lines, SELECTION, Steps())


async def everything(pool: Pool) -> dict[str, list[str]]:
    """Every row that moves, as text."""
    async with connection(pool) as conn:
        names = ("es.events", "vault.contacts", "notify.timers", "idempotency_keys")
        return {
            name: [row["r"] for row in await conn.fetch(f"SELECT r::text FROM {name} r ORDER BY r::text")]
            for name in names
        }


async def value(pool: Pool, query: str, *values: Any) -> Any:
    async with connection(pool) as conn:
        return await conn.fetchval(query, *values)


@asynccontextmanager
async def a_database(server: str) -> AsyncIterator[Pool]:
    """Made by the migrations, and empty."""
    async with fresh_database(server) as dsn:
        await migrate(dsn)
        async with await connect_pool(dsn, command_timeout=30) as pool:
            yield pool


@pytest.fixture(scope="module")
async def source(postgres_dsn: str) -> AsyncIterator[Pool]:
    """A log of 8 events, a policy that is at its end, and rows beside it of every type of column."""
    async with a_database(postgres_dsn) as pool:
        store = PostgresStore(pool)
        stream = a_stream()
        for count in (1, 2, 4):
            await store.append(an_append(stream, count=count))
        await store.append(an_append(a_stream()))
        async with connection(pool) as conn:
            await checkpoints.create(conn, POLICY, 8)
            await checkpoints.create(conn, "pages@1", 8)
            await conn.execute("UPDATE es.checkpoints SET epoch = 57")
            await conn.execute(
                "INSERT INTO vault.contacts (subscription_id, page_id, channel_type, address, address_key)"
                " VALUES ($1, $2, 'email', $3, $3)",
                uuid4(),
                uuid4(),
                'gr"ö\\ß\ner@example.com',
            )
            await conn.execute(
                "INSERT INTO notify.timers VALUES ($1, 'start', $2, '2026-01-01 10:00:00.123456+02', NULL)",
                uuid4(),
                uuid4(),
            )
            await conn.execute(
                """
                INSERT INTO idempotency_keys
                    (scope, key, fingerprint, command_id, claimed_at, headers, body)
                VALUES ('a', 'b', '\\x00ff', $1, '-infinity', '{"b": 1.50, "a": [null]}', '\\x0a')
                """,
                uuid4(),
            )
        yield pool


@pytest.fixture
async def target(postgres_dsn: str) -> AsyncIterator[Pool]:
    async with a_database(postgres_dsn) as pool:
        yield pool


@pytest.fixture(scope="module")
async def victim(postgres_dsn: str) -> AsyncIterator[Pool]:
    """For files that are damaged: it stays empty."""
    async with a_database(postgres_dsn) as pool:
        yield pool


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


async def test_a_database_with_something_in_it_is_refused(source: Pool, target: Pool) -> None:
    file = await exported(source)
    await PostgresStore(target).append(an_append(a_stream()))
    with pytest.raises(MoveRefused, match="empty"):
        await imported(target, file)
    assert await PostgresStore(target).head() == 1


async def test_rows_beside_an_empty_log_are_something_too(source: Pool, target: Pool) -> None:
    async with connection(target) as conn:
        await conn.execute("INSERT INTO vault.confirmations (address_hash) VALUES ('x')")
    with pytest.raises(MoveRefused, match="empty"):
        await imported(target, await exported(source))


async def test_a_database_that_somebody_works_on_is_refused(source: Pool, target: Pool) -> None:
    async with connection(target) as conn:
        await conn.execute(
            "INSERT INTO es.leases VALUES ('policy:mails', 'host:1', 1, now() + interval '1 minute')"
        )
    with pytest.raises(MoveRefused, match="host:1 works on this database"):
        await imported(target, await exported(source))


async def test_a_database_that_is_ahead_of_the_file_is_refused(source: Pool, target: Pool) -> None:
    file = await exported(source)
    async with connection(target) as conn:
        await conn.execute("INSERT INTO es_migrations VALUES ('9999_later.sql', 'abc')")
    with pytest.raises(MoveRefused, match="ahead of the export"):
        await imported(target, file)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
async def test_a_damaged_file_is_refused_and_leaves_nothing(
    data: st.DataObject, source: Pool, victim: Pool
) -> None:
    file = await exported(source)
    place = data.draw(st.integers(0, len(file) - 1), label="place")
    cut = data.draw(st.booleans(), label="cut")
    damaged = file[:place] if cut else _flipped(file, place, data.draw(st.integers(0, 7), label="bit"))
    with pytest.raises(MoveRefused):
        await imported(victim, damaged)
    assert await PostgresStore(victim).head() == 0
    assert not any((await everything(victim)).values())


def _flipped(file: bytes, place: int, bit: int) -> bytes:
    return file[:place] + bytes([file[place] ^ 1 << bit]) + file[place + 1 :]
