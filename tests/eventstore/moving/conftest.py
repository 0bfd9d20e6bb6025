"""Two databases and the way between them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from eventstore import checkpoints
from eventstore.migrate import migrate
from eventstore.moving import header as headers
from eventstore.moving.incoming import load
from eventstore.moving.outgoing import Source, export
from eventstore.moving.seals import SealedReader
from eventstore.moving.selection import Selection
from eventstore.pool import Pool, connect_pool, connection
from eventstore.postgres import PostgresStore
from tests.environment.postgres import fresh_database
from tests.eventstore.making import a_stream, an_append

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
