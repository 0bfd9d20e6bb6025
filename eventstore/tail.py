"""The end of the log for many who follow it: one reader for all of a process, and a bell for each tenant."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import islice
from typing import Protocol
from uuid import UUID

from eventstore.events import RecordedEvent, Selected, Selection
from eventstore.store import EventStore, StoreUnavailable

CAPACITY = 2_000
"""Events kept; who is further behind reads the store."""
RETRY_SECONDS = 0.5


class Follows(Protocol):
    """What is needed of a feed."""

    def follow(self, after: int) -> AsyncIterator[list[RecordedEvent]]:
        """Everything after that position, for ever, in order and without a gap."""


class Tail:
    """Reads the log while somebody follows, and not otherwise."""

    def __init__(self, store: EventStore, feed: Follows, capacity: int = CAPACITY) -> None:
        self._store = store
        self._feed = feed
        self._recent: deque[RecordedEvent] = deque(maxlen=capacity)
        self._bells: dict[UUID, set[asyncio.Event]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._position: int | None = None

    @asynccontextmanager
    async def following(self, tenant_id: UUID) -> AsyncIterator[asyncio.Event]:
        """A bell that rings when the tenant may have something new: clear it, then `read`."""
        bell = asyncio.Event()
        self._bells.setdefault(tenant_id, set()).add(bell)
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_on())
        try:
            yield bell
        finally:
            await self._leave(tenant_id, bell)

    async def read(self, selection: Selection, after: int, limit: int) -> Selected:
        """As EventStore.read_selected, from memory where that reaches. Raises StoreUnavailable.

        `upto` and `head` tell of the whole log here: they are for the process's own use.
        """
        if self._reading is not None and self._reading.done():
            self._reading.result()  # what ended the reader ends those who rely on it
        if self._position is None or after < self._position - len(self._recent):
            return await self._store.read_selected(selection, after, limit)
        newer = islice(self._recent, len(self._recent) - max(0, self._position - after), None)
        found = list(islice(filter(selection.includes, newer), limit))
        upto = found[-1].position if len(found) == limit else max(after, self._position)
        return Selected(found, upto, self._position)

    async def _read_on(self) -> None:
        start = await self._head()
        self._recent.clear()
        self._position = start
        self._ring(self._bells)  # what was recorded before we looked
        async for events in self._feed.follow(start):
            self._recent.extend(events)
            self._position = events[-1].position
            self._ring({event.tenant_id for event in events if event.tenant_id is not None})

    async def _head(self) -> int:
        while True:
            try:
                return await self._store.head()
            except StoreUnavailable:
                await asyncio.sleep(RETRY_SECONDS)

    def _ring(self, tenants: Iterable[UUID]) -> None:
        for tenant_id in tenants:
            for bell in self._bells.get(tenant_id, ()):
                bell.set()

    async def _leave(self, tenant_id: UUID, bell: asyncio.Event) -> None:
        bells = self._bells[tenant_id]
        bells.remove(bell)
        if not bells:
            del self._bells[tenant_id]
        if not self._bells:
            await self._stop()

    async def _stop(self) -> None:
        reading, self._reading, self._position = self._reading, None, None
        self._recent.clear()
        if reading is not None:
            reading.cancel()
            await asyncio.wait({reading})
