"""A bus that is not waited for: when the log has grown and no copy comes, its consumers look at the store.

Without it they would notice only at their next look, and every writer who waits for the read models with
them, for as long as the broker, the relay or the network between them is away.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from eventstore.bus.protocol import Bus, Inbox, Waits
from eventstore.events import RecordedEvent

GRACE_SECONDS = 0.1
"""A copy takes a few milliseconds; reading the store for every late one would cost more than it helps."""


class WithFallback:
    def __init__(self, bus: Bus, feed: Waits, grace: float = GRACE_SECONDS) -> None:
        self._bus = bus
        self._feed = feed
        self._grace = grace

    async def publish(self, events: Sequence[RecordedEvent]) -> None:
        """Raises BusUnavailable."""
        await self._bus.publish(events)

    def inbox(self, consumer: str) -> AbstractAsyncContextManager[Inbox]:
        return self._opened(consumer)

    @asynccontextmanager
    async def _opened(self, consumer: str) -> AsyncIterator[Inbox]:
        async with self._bus.inbox(consumer) as inner:
            inbox = _ImpatientInbox(inner, self._feed, self._grace)
            try:
                yield inbox
            finally:
                await inbox.close()


class _ImpatientInbox:
    def __init__(self, inner: Inbox, feed: Waits, grace: float) -> None:
        self._inner = inner
        self._feed = feed
        self._grace = grace
        self._seen = 0
        self._silent = False
        self._receiving: asyncio.Task[list[RecordedEvent]] | None = None

    async def receive(self, timeout: float) -> list[RecordedEvent]:  # noqa: ASYNC109 - it ends in a value
        """Empty as soon as the log has grown without a copy; after one such silence, without any grace.

        A call of the bus that has not returned goes on for the next time: cut short it might lose a copy.
        """
        receiving = self._receiving = self._receiving or asyncio.create_task(self._inner.receive(timeout))
        growing = asyncio.create_task(self._feed.wait_beyond(self._seen, timeout))
        try:
            await asyncio.wait({receiving, growing}, return_when=asyncio.FIRST_COMPLETED)
            if not receiving.done() and not self._silent:
                await asyncio.wait({receiving}, timeout=self._grace)
        finally:
            growing.cancel()
        if receiving.done():
            return self._handed_out(receiving)
        self._silent = True
        self._seen = max(self._seen, growing.result())
        return []

    async def settle(self, position: int) -> None:
        self._seen = max(self._seen, position)
        await self._inner.settle(position)

    async def close(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            await asyncio.wait({self._receiving})

    def _handed_out(self, receiving: asyncio.Task[list[RecordedEvent]]) -> list[RecordedEvent]:
        self._receiving = None
        copies = receiving.result()
        self._silent = self._silent and not copies
        return copies
