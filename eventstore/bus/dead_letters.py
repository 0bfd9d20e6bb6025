"""What consumers rejected: looked at, put back where it came from, or thrown away.

A dead letter is a copy: what it is about is in the store. Looking takes the letters and gives them back,
which counts as a delivery: RabbitMQ 4.0 and up keep a letter for 20 of them, unless a policy says otherwise.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, DeliveryError

from eventstore.bus import envelope, topology
from eventstore.bus.protocol import BusUnavailable
from eventstore.events import RecordedEvent

CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 10.0
DEATHS = "x-death"
OF_THE_BROKER = (DEATHS, "x-first-death-", "x-last-death-", "x-delivery-count")
"""Headers about its death, which it does not take back."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`reason`: the broker's word, such as rejected, delivery_limit or maxlen; None: somebody put it there.

    `queue`: where it was. `event` None: it is none. `size`: of its body, in bytes.
    """

    reason: str | None
    queue: str | None
    count: int
    died_at: datetime | None
    event: RecordedEvent | None
    size: int


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Everything raises BusUnavailable."""

    url: str
    prefix: str = "statuspages"

    async def list(self, limit: int) -> list[DeadLetter]:
        """The oldest, at most `limit`; they stay."""
        async with self._opened() as (_, queue):
            taken = [message async for message in _taken(queue, limit)]
            if taken:
                await taken[-1].channel.basic_nack(taken[-1].delivery_tag or 0, multiple=True, requeue=True)
            return [_letter(message) for message in taken]

    async def replay(self) -> tuple[int, int]:
        """Put those back that are there now: how many were, and how many had no queue to go to and stay."""
        async with self._opened() as (channel, queue):
            count = queue.declaration_result.message_count or 0
            back = [await _put_back(channel, message) async for message in _taken(queue, count)]
        return sum(back), len(back) - sum(back)

    async def drop(self) -> int:
        """Throw all of them away; how many there were."""
        async with self._opened() as (_, queue):
            return (await queue.purge(timeout=ANSWER_SECONDS)).message_count or 0

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[tuple[AbstractChannel, AbstractQueue]]:
        """Letters that are neither acknowledged nor given back when it closes are there again."""
        try:
            async with await aio_pika.connect(self.url, timeout=CONNECT_SECONDS) as connection:
                channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
                yield channel, await topology.dead_letters(channel, self.prefix)
        except CONNECTION_EXCEPTIONS as error:
            raise BusUnavailable(type(error).__name__) from error


async def _taken(queue: AbstractQueue, limit: int) -> AsyncIterator[AbstractIncomingMessage]:
    for _ in range(limit):
        message = await queue.get(fail=False, timeout=ANSWER_SECONDS)
        if message is None:
            return
        yield message


async def _put_back(channel: AbstractChannel, message: AbstractIncomingMessage) -> bool:
    """Confirmed before the letter goes, so that a crash repeats it rather than losing it."""
    queue = _death(message).get("queue")
    if queue is None:
        return False
    try:
        await channel.default_exchange.publish(_alive(message), str(queue), timeout=ANSWER_SECONDS)
    except DeliveryError:
        return False
    await message.ack()
    return True


def _alive(message: AbstractIncomingMessage) -> aio_pika.Message:
    headers = {name: value for name, value in message.headers.items() if not name.startswith(OF_THE_BROKER)}
    return aio_pika.Message(
        message.body,
        headers=headers,
        content_type=message.content_type,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        type=message.type,
        timestamp=message.timestamp,
    )


def _letter(message: AbstractIncomingMessage) -> DeadLetter:
    death = _death(message)
    return DeadLetter(
        death.get("reason"),
        death.get("queue"),
        int(death.get("count", 0)),
        death.get("time"),
        _event(message.body),
        len(message.body),
    )


def _death(message: AbstractIncomingMessage) -> Mapping[str, Any]:
    """The latest; empty if it never died."""
    deaths: Any = message.headers.get(DEATHS)
    return deaths[0] if isinstance(deaths, list) and deaths else {}


def _event(body: bytes) -> RecordedEvent | None:
    try:
        return envelope.decode(body)
    except envelope.NotAnEnvelope:
        return None
