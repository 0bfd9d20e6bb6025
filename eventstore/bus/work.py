"""A queue of work on RabbitMQ: ids of what is to be done, each for one of any number of workers.

Like events, ids are hints: what they name is kept elsewhere, so a lost or repeated one is harmless.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import aio_pika
from aio_pika.abc import AbstractConnection, AbstractExchange, AbstractIncomingMessage

from eventstore.bus import topology
from eventstore.bus.protocol import BusUnavailable
from eventstore.bus.rabbit import (
    PUBLISH_SECONDS,
    again_and_again,
    broker_away,
    close_quietly,
    connect,
    end_of,
)

IDS, ID_BYTES = 16, 16
"""How many ids one message holds at most: a message costs more than most work."""


@dataclass(slots=True)
class Held:
    """A message, and which of its ids are not done."""

    message: AbstractIncomingMessage
    left: set[UUID]


class WorkQueue:
    """`name` is the queue's on the broker. `prefetch`: about how many ids a worker has that are not done."""

    def __init__(self, url: str, prefix: str, name: str, prefetch: int) -> None:
        self._url = url
        self._prefix = prefix
        self._name = name
        self._prefetch = max(1, prefetch // IDS)
        self._line: tuple[AbstractConnection, AbstractExchange] | None = None
        self._publishing = asyncio.Lock()
        self._arrived: deque[UUID] = deque()
        self._held: dict[UUID, Held] = {}
        self.connected = False
        self.rung = asyncio.Event()
        """Set when something has arrived, or the broker has come or gone."""

    @property
    def holds(self) -> int:
        """How many have arrived and are not done."""
        return len(self._held)

    async def open(self) -> None:
        """Make sure that the broker is there to publish to. Raises BusUnavailable within about 3 s."""
        await self.publish(())

    async def publish(self, ids: Sequence[UUID]) -> None:
        """Returns when the broker has confirmed all. Raises BusUnavailable within about 3 s."""
        try:
            with broker_away():
                async with asyncio.timeout(PUBLISH_SECONDS), self._publishing:
                    exchange = await self._opened()
                    parts = [ids[start : start + IDS] for start in range(0, len(ids), IDS)]
                    await asyncio.gather(*(self._publish(exchange, part) for part in parts))
        except (BusUnavailable, asyncio.CancelledError):
            await self._drop()
            raise

    def take(self, most: int) -> list[UUID]:
        """What has arrived; each is to be named in `done` once it is."""
        return [self._arrived.popleft() for _ in range(min(most, len(self._arrived)))]

    async def done(self, ids: Iterable[UUID]) -> None:
        for each in ids:
            held = self._held.pop(each, None)
            if held is None:
                continue
            held.left.discard(each)
            if not held.left:
                with suppress(BusUnavailable), broker_away():  # it comes again: harmless
                    await held.message.ack()

    @asynccontextmanager
    async def consuming(self) -> AsyncIterator[None]:
        """Ids arrive meanwhile, whenever the broker is there."""
        running = asyncio.create_task(again_and_again(self._consume, f"work {self._name}", self._forget))
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait({running})

    async def close(self) -> None:
        await self._drop()

    async def _opened(self) -> AbstractExchange:
        if self._line is not None and self._line[0].is_closed:
            await self._drop()
        if self._line is None:
            connection = await connect(self._url)
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            await topology.work(channel, self._prefix, self._name)
            self._line = connection, channel.default_exchange
        return self._line[1]

    async def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await close_quietly(line[0])

    async def _publish(self, exchange: AbstractExchange, ids: Sequence[UUID]) -> None:
        body = b"".join(each.bytes for each in ids)
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        name = topology.work_name(self._prefix, self._name)
        await exchange.publish(message, name, mandatory=True, timeout=PUBLISH_SECONDS)

    async def _consume(self) -> None:
        connection = await connect(self._url)
        try:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=self._prefetch)
            ended = await end_of(connection, channel)
            queue = await topology.work(channel, self._prefix, self._name)
            await queue.consume(self._arrive)
            self.connected = True
            self.rung.set()
            await ended.wait()
        finally:
            await close_quietly(connection)

    async def _arrive(self, message: AbstractIncomingMessage) -> None:
        body = message.body
        if not body or len(body) % ID_BYTES:
            await message.reject(requeue=False)
            return
        ids = {UUID(bytes=body[at : at + ID_BYTES]) for at in range(0, len(body), ID_BYTES)}
        new = ids - self._held.keys()  # what is here already needs no second one
        if not new:
            await message.ack()
            return
        self._held |= dict.fromkeys(new, Held(message, new))
        self._arrived.extend(new)
        self.rung.set()

    def _forget(self) -> None:
        """What is not done comes again, on the next connection."""
        self.connected = False
        self._arrived.clear()
        self._held.clear()
        self.rung.set()
