"""A database of its own for every test, with a log that has begun, and its live models."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from eventstore.bus.postgres import PostgresBus
from eventstore.feed import Feed
from eventstore.leases import Leases
from eventstore.pool import Pool, connect_pool, connection
from eventstore.postgres import PostgresStore
from eventstore.shared_moves import SharedMoves
from service.codec import build_codec
from tests.environment import postgres
from tests.workers.replay.stories import Story
from workers.consume import Consumer
from workers.projections.folding import Documents, fold
from workers.projections.registry import PROJECTIONS
from workers.projector import Projector
from workers.replay.replay import Replay


@dataclass
class Steps:
    """A progress that remembers."""

    names: list[str] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)

    def begins(self, step: str) -> None:
        self.names.append(step)

    def folded(self, position: int, head: int) -> None:
        self.positions.append(position)


@dataclass
class House:
    """A database, what is told about it, and how it is looked at."""

    dsn: str
    pool: Pool
    store: PostgresStore
    story: Story
    steps: Steps

    @property
    def replay(self) -> Replay:
        return Replay(self.pool, build_codec(), Leases(self.pool), self.steps)

    async def execute(self, statement: str, *values: Any) -> None:
        async with connection(self.pool) as conn:
            await conn.execute(statement, *values)

    async def value(self, query: str, *values: Any) -> Any:
        async with connection(self.pool) as conn:
            return await conn.fetchval(query, *values)

    async def shown(self, name: str) -> dict[str, Any]:
        """What readers see of a projection."""
        async with connection(self.pool) as conn:
            return {row["key"]: row["document"] for row in await conn.fetch(f"SELECT * FROM rm.{name}")}

    async def folded(self, name: str) -> Documents:
        """What readers should see: the whole log, folded in memory."""
        documents: Documents = {}
        position = 0
        while events := await self.store.read_log(position, 1000):
            fold(PROJECTIONS[name], documents, events)
            position = events[-1].position
        return documents

    async def states(self, name: str) -> dict[int, str]:
        async with connection(self.pool) as conn:
            rows = await conn.fetch(
                "SELECT generation, state FROM rm.generations WHERE projection = $1", name
            )
        return {row["generation"]: row["state"] for row in rows}

    async def feed(self, name: str) -> None:
        """What the live worker would do by now."""
        projector = Projector(PROJECTIONS[name], self.pool, build_codec(), SharedMoves(self.pool, "bell"))
        position = await projector.position()
        while events := await self.store.read_log(position, 500):
            position = await projector.apply(events, epoch=1)

    @asynccontextmanager
    async def working(self, name: str) -> AsyncIterator[None]:
        """A live worker."""
        stop = asyncio.Event()
        async with Feed(self.dsn, self.store) as feed:
            projector = Projector(PROJECTIONS[name], self.pool, build_codec(), SharedMoves(self.pool, "bell"))
            consumer = Consumer(projector, self.store, PostgresBus(feed), Leases(self.pool))
            running = asyncio.create_task(consumer.run(stop))
            try:
                yield
            finally:
                stop.set()
                await running


@pytest.fixture
async def house(postgres_dsn: str, migrated_template: str) -> AsyncIterator[House]:
    async with postgres.fresh_database(postgres_dsn, template=migrated_template) as dsn:
        pool = await connect_pool(dsn, command_timeout=30)
        store = PostgresStore(pool)
        story = Story(store)
        await story.begins()
        await story.goes_on(100)
        yield House(dsn, pool, store, story, Steps())
        await pool.close()
