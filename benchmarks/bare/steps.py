"""The three steps that no change can do without on its way to readers, each at its barest."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import aio_pika
import orjson
from aio_pika.abc import AbstractExchange

from benchmarks.bare.insert import INSERT, create_table, values
from eventstore.pool import Connection, Pool, connection

CREATE = """
CREATE TABLE bare_documents (key text PRIMARY KEY, document jsonb NOT NULL, position bigint NOT NULL)
"""
STORE = """
INSERT INTO bare_documents (key, document, position) VALUES ($1, $2, 1)
ON CONFLICT (key) DO UPDATE SET document = excluded.document, position = bare_documents.position + 1
"""
TENANT = uuid4()


@dataclass(frozen=True, slots=True)
class Steps:
    connection: Connection
    exchange: AbstractExchange

    async def __call__(self, component_id: UUID, event: dict[str, Any], document: dict[str, Any]) -> float:
        """Seconds for an append, then a confirmed publish, then a read model's commit."""
        row = values(f"component-{component_id}", "ComponentStatusChanged", event, TENANT, component_id)
        message = aio_pika.Message(orjson.dumps(event), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        started = time.perf_counter()
        await self.connection.execute(INSERT, *row)
        await self.exchange.publish(message, "bare")
        await self.connection.execute(STORE, str(component_id), document)
        return time.perf_counter() - started


@asynccontextmanager
async def bare_steps(pool: Pool, amqp_url: str) -> AsyncIterator[Steps]:
    """The publish goes to a durable exchange with one quorum queue."""
    name = f"bench-bare-{uuid4().hex[:12]}"
    async with (
        connection(pool) as conn,
        await aio_pika.connect(amqp_url) as broker,
        broker.channel(publisher_confirms=True) as channel,
    ):
        await create_table(conn)
        await conn.execute(CREATE)
        exchange = await channel.declare_exchange(name, aio_pika.ExchangeType.TOPIC, durable=True)
        arguments: dict[str, Any] = {"x-queue-type": "quorum", "x-max-length": 1000}
        queue = await channel.declare_queue(name, durable=True, arguments=arguments)
        await queue.bind(exchange, "#")
        try:
            yield Steps(conn, exchange)
        finally:
            await queue.delete(if_unused=False, if_empty=False)
            await exchange.delete()
