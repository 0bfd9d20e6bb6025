"""A stranger's queue on the broker: somebody downstream who wants every event."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
import orjson
from aio_pika.abc import AbstractChannel, AbstractQueue

EXCHANGE = "statuspages.events"
QUEUE = "downstream"


async def bind(url: str) -> None:
    """From now on the queue gets a copy of everything, and keeps it while the broker restarts."""
    async with _channel(url) as channel:
        exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
        await (await _declare(channel)).bind(exchange, "#")


async def positions(url: str) -> list[int]:
    """Of everything that has come, in the order in which it came."""
    found: list[int] = []
    async with _channel(url) as channel:
        queue = await _declare(channel)
        while True:
            message = await queue.get(fail=False, no_ack=True)
            if message is not None:
                found.append(int(orjson.loads(message.body)["position"]))
            elif not (await _declare(channel)).declaration_result.message_count:
                return found


def in_order(found: list[int]) -> bool:
    """Whether each position came for the first time after all lower ones; later copies don't count."""
    newest = 0
    for position in found:
        if position > newest + 1:
            return False
        newest = max(newest, position)
    return True


async def _declare(channel: AbstractChannel) -> AbstractQueue:
    return await channel.declare_queue(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})


@asynccontextmanager
async def _channel(url: str) -> AsyncIterator[AbstractChannel]:
    connection = await aio_pika.connect(url)
    try:
        yield await connection.channel()
    finally:
        await connection.close()
