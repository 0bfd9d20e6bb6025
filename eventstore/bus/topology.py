"""What there is on the broker.

One topic exchange; one durable quorum queue per consumer, bound to what it takes in; rejected copies go to a
queue of dead letters.
"""

from collections.abc import Collection
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractQueue

from eventstore.bus import envelope

DELIVERY_LIMIT, WORK_DELIVERY_LIMIT = 5, 20
WORK_EXPIRES_MS = 24 * 3600 * 1000
"""How long a queue of work is kept that nobody uses: what is in it is only hints."""
# Copies wait while their consumer is away; beyond this the oldest go, since the store has them all.
QUEUE_LENGTH = 100_000
DEAD_LETTERS = 10_000
EVERYTHING = "#"


async def exchange(channel: AbstractChannel, prefix: str) -> AbstractExchange:
    return await channel.declare_exchange(f"{prefix}.events", aio_pika.ExchangeType.TOPIC, durable=True)


async def queue(
    channel: AbstractChannel, prefix: str, consumer: str, types: Collection[str]
) -> AbstractQueue:
    """Of this consumer, for events of these types or, without any, of all."""
    await dead_letters(channel, prefix)
    declared = await channel.declare_queue(
        f"{prefix}.{consumer}",
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": f"{prefix}.dead",
            "x-max-length": QUEUE_LENGTH,
        },
    )
    await _bind(declared, await exchange(channel, prefix), types)
    return declared


def work_name(prefix: str, name: str) -> str:
    return f"{prefix}.work.{name}"


async def work(channel: AbstractChannel, prefix: str, name: str) -> AbstractQueue:
    """Of ids of work. What kills every worker that takes it ends in the dead letters."""
    await dead_letters(channel, prefix)
    arguments: dict[str, Any] = {
        "x-queue-type": "quorum",
        "x-delivery-limit": WORK_DELIVERY_LIMIT,
        "x-dead-letter-exchange": f"{prefix}.dead",
        "x-expires": WORK_EXPIRES_MS,
    }
    return await channel.declare_queue(work_name(prefix, name), durable=True, arguments=arguments)


async def dead_letters(channel: AbstractChannel, prefix: str) -> AbstractQueue:
    rejected = await channel.declare_exchange(f"{prefix}.dead", aio_pika.ExchangeType.FANOUT, durable=True)
    arguments: dict[str, Any] = {"x-queue-type": "quorum", "x-max-length": DEAD_LETTERS}
    kept = await channel.declare_queue(f"{prefix}.dead", durable=True, arguments=arguments)
    await kept.bind(rejected)
    return kept


async def _bind(declared: AbstractQueue, events: AbstractExchange, types: Collection[str]) -> None:
    """To these types, or to all; a binding of an earlier release to more of them is only a hint more."""
    if types:
        await declared.unbind(events, EVERYTHING)
    for key in [envelope.key_of_type(name) for name in types] or [EVERYTHING]:
        await declared.bind(events, key)
