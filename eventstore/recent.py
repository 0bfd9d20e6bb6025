"""The end of the log in memory: what one reader of this process fetched, the others need not fetch again."""

import asyncio
from collections import deque
from itertools import islice

from eventstore.events import RecordedEvent
from eventstore.store import EventStore

CAPACITY = 2_000
"""Events kept; a reader further behind reads the store."""


class RecentLog:
    """Reads of the log, shared. Events never change, so what is remembered is never stale."""

    def __init__(self, store: EventStore, capacity: int = CAPACITY) -> None:
        self._store = store
        self._recent: deque[RecordedEvent] = deque(maxlen=capacity)
        self._reading = asyncio.Lock()

    async def read_log(self, after: int, limit: int) -> list[RecordedEvent]:
        """At most `limit` events with a position above `after`, in order. Raises StoreUnavailable."""
        known = self._known(after, limit)
        if known:
            return known
        async with self._reading:
            return self._known(after, limit) or await self._fetch(after, limit)

    def _known(self, after: int, limit: int) -> list[RecordedEvent]:
        """Nothing if what follows `after` is not remembered, or not there yet."""
        if not self._recent or after + 1 < self._recent[0].position:
            return []
        start = after + 1 - self._recent[0].position
        return list(islice(self._recent, start, start + limit))

    async def _fetch(self, after: int, limit: int) -> list[RecordedEvent]:
        events = await self._store.read_log(after, limit)
        last = self._recent[-1].position if self._recent else after
        if events and events[-1].position > last:
            if after != last:
                self._recent.clear()
            self._recent.extend(events)
        return events
