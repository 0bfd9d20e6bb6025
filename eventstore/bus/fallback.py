"""A bus that is not waited for: a message wakes its consumers, or the log itself, whichever is first.

So a broker, a relay or a network that is slow or away delays neither the read models nor the writers who
wait for them.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from eventstore.bus.protocol import Bus, Inbox, Waits
from eventstore.events import RecordedEvent


class WithFallback:
    def __init__(self, bus: Bus, feed: Waits) -> None:
        self._bus = bus
        self._feed = feed

    async def publish(self, events: Sequence[RecordedEvent]) -> None:
        """Raises BusUnavailable."""
        await self._bus.publish(events)

    def inbox(self, consumer: str, types: Collection[str] = ()) -> AbstractAsyncContextManager[Inbox]:
        return self._opened(consumer, types)

    @asynccontextmanager
    async def _opened(self, consumer: str, types: Collection[str]) -> AsyncIterator[Inbox]:
        async with self._bus.inbox(consumer, types) as inner:
            inbox = _FirstOfBoth(inner, self._feed)
            try:
                yield inbox
            finally:
                await inbox.close()


class _FirstOfBoth:
    def __init__(self, inner: Inbox, feed: Waits) -> None:
        self._inner = inner
        self._feed = feed
        self._seen = 0
        self._receiving: asyncio.Task[list[RecordedEvent]] | None = None

    async def receive(self, timeout: float) -> list[RecordedEvent]:  # noqa: ASYNC109 - it ends in a value
        """Copies when the bus has some; empty when the log has grown first.

        A call of the bus that has not returned goes on for the next time: cut short it might lose a copy.
        """
        receiving = self._receiving = self._receiving or asyncio.create_task(self._inner.receive(timeout))
        growing = asyncio.create_task(self._feed.wait_beyond(self._seen, timeout))
        try:
            await asyncio.wait({receiving, growing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            growing.cancel()
        if receiving.done():
            self._receiving = None
            return receiving.result()
        self._seen = max(self._seen, growing.result())
        return []

    async def settle(self, position: int) -> None:
        self._seen = max(self._seen, position)
        await self._inner.settle(position)

    async def close(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            await asyncio.wait({self._receiving})
