"""The bus on RabbitMQ (3.10 and up).

An event that no queue is bound for is dropped by the broker and counts as published: nobody
asked for a copy, and consumers read the store. So publishing declares the exchange, each consumer its queue.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress

import aio_pika
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractExchange,
    AbstractIncomingMessage,
    AbstractQueue,
)
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from eventstore.bus import envelope, topology
from eventstore.bus.protocol import BusUnavailable, Inbox
from eventstore.events import RecordedEvent
from eventstore.waiting import within

CONNECT_SECONDS = 3.0
PUBLISH_SECONDS = 3.0
RETRY_SECONDS = (0.2, 5.0)
CHECK_SECONDS = 10.0
HEARTBEAT_SECONDS = 10
PREFETCH = 100

log = logging.getLogger(__name__)


class RabbitBus:
    """Publishing and consuming have connections of their own: a broker's alarm blocks only publishers."""

    def __init__(self, url: str, prefix: str = "statuspages") -> None:
        self._url = url
        self._prefix = prefix
        self._connection: AbstractConnection | None = None
        self._exchange: AbstractExchange | None = None
        self._closing: set[asyncio.Task[None]] = set()

    async def publish(self, events: Sequence[RecordedEvent]) -> None:
        """In order; returns when the broker has confirmed all. Raises BusUnavailable within about 3 s."""
        try:
            with broker_away():
                async with asyncio.timeout(PUBLISH_SECONDS):
                    exchange = self._exchange or await self._open()
                    await asyncio.gather(*(_publish(exchange, event) for event in events))
        except (BusUnavailable, asyncio.CancelledError):
            self._drop()
            raise

    def inbox(self, consumer: str, types: Collection[str] = ()) -> AbstractAsyncContextManager[Inbox]:
        return _opened_inbox(_RabbitInbox(self._url, self._prefix, consumer, types))

    async def close(self) -> None:
        self._drop()
        if self._closing:
            await asyncio.wait(self._closing)

    async def _open(self) -> AbstractExchange:
        self._connection = await connect(self._url)
        channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        self._exchange = await topology.exchange(channel, self._prefix)
        return self._exchange

    def _drop(self) -> None:
        """Start afresh next time. Closing may hang with the broker, so nobody waits for it."""
        connection, self._connection, self._exchange = self._connection, None, None
        if connection is not None:
            task = asyncio.create_task(close_quietly(connection))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)


class _RabbitInbox:
    def __init__(self, url: str, prefix: str, consumer: str, types: Collection[str]) -> None:
        self._url = url
        self._prefix = prefix
        self._consumer = consumer
        self._types = types
        self._arrived: asyncio.Queue[tuple[RecordedEvent, AbstractIncomingMessage]] = asyncio.Queue()
        self._unsettled: deque[tuple[RecordedEvent, AbstractIncomingMessage]] = deque()
        self.tried = asyncio.Event()

    async def receive(self, timeout: float) -> list[RecordedEvent]:  # noqa: ASYNC109 - it ends in a value
        received = []
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                received.append(await self._arrived.get())
        while not self._arrived.empty():
            received.append(self._arrived.get_nowait())
        self._unsettled.extend(received)
        return [event for event, _ in received]

    async def settle(self, position: int) -> None:
        last: AbstractIncomingMessage | None = None
        while self._unsettled and self._unsettled[0][0].position <= position:
            last = self._unsettled.popleft()[1]
        if last is not None:
            with suppress(BusUnavailable), broker_away():  # what isn't acknowledged comes again: harmless
                async with asyncio.timeout(PUBLISH_SECONDS):
                    await last.ack(multiple=True)

    async def run(self) -> None:
        await again_and_again(self._consume, f"consumer {self._consumer}", self.tried.set)

    async def _consume(self) -> None:
        connection = await connect(self._url)
        try:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=PREFETCH)
            ended = await end_of(connection, channel)
            self._forget()
            queue = await self._declare(channel)
            await queue.consume(self._arrive)
            self.tried.set()
            while not await within(CHECK_SECONDS, ended):
                async with asyncio.timeout(CONNECT_SECONDS):
                    await self._declare(channel)  # what was deleted comes back
        finally:
            await close_quietly(connection)

    def _forget(self) -> None:
        """Copies of an earlier connection come again; they can't be acknowledged on this one."""
        self._unsettled.clear()
        while not self._arrived.empty():
            self._arrived.get_nowait()

    async def _declare(self, channel: AbstractChannel) -> AbstractQueue:
        return await topology.queue(channel, self._prefix, self._consumer, self._types)

    async def _arrive(self, message: AbstractIncomingMessage) -> None:
        try:
            event = envelope.decode(message.body)
        except envelope.NotAnEnvelope as error:
            log.warning("a message that is no event goes to the dead letters: %s", error)
            await message.reject(requeue=False)
        else:
            self._arrived.put_nowait((event, message))


@asynccontextmanager
async def _opened_inbox(inbox: _RabbitInbox) -> AsyncIterator[Inbox]:
    """Open once the queue exists, or once the broker turned out to be away."""
    running = asyncio.create_task(inbox.run())
    try:
        await inbox.tried.wait()
        yield inbox
    finally:
        running.cancel()
        await asyncio.wait({running})


@contextmanager
def broker_away() -> Iterator[None]:
    """Every failure of the broker as BusUnavailable.

    The driver also ends waits with a CancelledError of its own when a hung connection breaks; it is told from
    a cancellation of this task by the task's count of those.
    """
    try:
        yield
    except CONNECTION_EXCEPTIONS as error:
        raise BusUnavailable(type(error).__name__) from error
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise BusUnavailable("the connection broke") from None


async def end_of(connection: AbstractConnection, channel: AbstractChannel) -> asyncio.Event:
    """Set when the connection, the channel or (its queue was deleted) the consumer has ended."""
    ended = asyncio.Event()
    for line in (connection, channel):
        line.close_callbacks.add(lambda *_: ended.set())
    protocol = await channel.get_underlay_channel()
    protocol.on_consumer_cancel_callbacks.add(lambda *_: ended.set())
    return ended


async def again_and_again(
    consume: Callable[[], Awaitable[None]], who: str, ended: Callable[[], None]
) -> None:
    """Consume; connect again, with growing pauses, whenever that ends. `ended` is called each time."""
    shortest, longest = RETRY_SECONDS
    pause = shortest
    while True:
        try:
            with broker_away():
                await consume()
            pause = shortest
        except BusUnavailable as error:
            log.warning("%s goes on without the broker: %s", who, error)
            pause = min(pause * 2, longest)
        finally:
            ended()
        await asyncio.sleep(pause)


async def connect(url: str) -> AbstractConnection:
    return await aio_pika.connect(url, timeout=CONNECT_SECONDS, heartbeat=HEARTBEAT_SECONDS)


async def close_quietly(connection: AbstractConnection) -> None:
    with suppress(BusUnavailable), broker_away():
        async with asyncio.timeout(CONNECT_SECONDS):
            await connection.close()


async def _publish(exchange: AbstractExchange, event: RecordedEvent) -> None:
    message = aio_pika.Message(
        envelope.encode(event),
        content_type=envelope.CONTENT_TYPE,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=str(event.event_id),
        type=event.type,
        timestamp=event.recorded_at,
    )
    await exchange.publish(message, envelope.routing_key(event), mandatory=False, timeout=PUBLISH_SECONDS)
