"""The log as it grows: a doorbell (LISTEN) for speed, a look every second in case the doorbell is broken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from eventstore.doorbell import Doorbell
from eventstore.events import RecordedEvent
from eventstore.store import EventStore, StoreUnavailable

CHANNEL = "es_appended"
POLL_SECONDS = 1.0
RETRY_SECONDS = 0.5
PAGE = 500


class Feed:
    """One per process, shared by all who wait; a context manager. It survives a database that is away.

    It begins to look when somebody first waits: a process where nobody does asks the database nothing.
    """

    def __init__(self, dsn: str, store: EventStore) -> None:
        self._dsn = dsn
        self._store = store
        self._head = 0
        self._grown = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})

    async def wait_beyond(self, position: int, timeout: float) -> int:  # noqa: ASYNC109 - it ends in a value
        """The head as soon as it lies beyond `position`, or as last seen after `timeout` seconds."""
        self._looking = self._looking or asyncio.create_task(self._look())
        if self._head <= position:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout), self._grown:
                    await self._grown.wait_for(lambda: self._head > position)
        return self._head

    async def follow(self, after: int, limit: int = PAGE) -> AsyncIterator[list[RecordedEvent]]:
        """Everything after that position, for ever, in order and without a gap: at most `limit` at a time."""
        while True:
            try:
                events = await self._store.read_log(after, limit)
            except StoreUnavailable:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if events:
                yield events
                after = events[-1].position
            else:
                await self.wait_beyond(after, POLL_SECONDS)

    async def _look(self) -> None:
        """Learn the new head once for all who wait: when the doorbell rings, and every second."""
        async with Doorbell(self._dsn, CHANNEL) as doorbell:
            while True:
                with suppress(StoreUnavailable):
                    await self._learn(await self._store.head())
                await doorbell.wait(POLL_SECONDS)

    async def _learn(self, head: int) -> None:
        if head != self._head:
            self._head = head
            async with self._grown:
                self._grown.notify_all()
