"""The relay: from the log to the bus, in order, confirmed. The log is the outbox: nothing is forgotten."""

import asyncio
from typing import Protocol

import structlog

from eventstore import checkpoints
from eventstore.bus.protocol import Bus, BusUnavailable
from eventstore.checkpoints import CheckpointMoved
from eventstore.leases import Lease, Leases, holding
from eventstore.pool import Pool, connection
from eventstore.store import EventStore, StoreUnavailable
from eventstore.waiting import within

NAME = "relay"
BATCH = 500
WAIT_SECONDS = 1.0
PAUSE_SECONDS = (0.1, 5.0)
log = structlog.get_logger()


class Waits(Protocol):
    """What is needed of a feed."""

    async def wait_beyond(self, position: int, timeout: float) -> int:  # noqa: ASYNC109 - it ends in a value
        """The head as soon as it lies beyond `position`, or as last seen after `timeout` seconds."""


class Relay:
    """Of any number of copies one works, by lease. What a crash leaves half done is published again."""

    def __init__(
        self, store: EventStore, bus: Bus, pool: Pool, feed: Waits, owner: str | None = None
    ) -> None:
        self._store = store
        self._bus = bus
        self._pool = pool
        self._feed = feed
        self._leases = Leases(pool)
        self._owner = owner
        self._known = False
        self.position = 0
        """Everything up to here is on the bus, as far as this copy knows."""

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; no failure of the database or the broker ends it."""
        while not stop.is_set():
            async with holding(self._leases, NAME, stop, owner=self._owner) as lease:
                if lease is not None:
                    await self._work(lease, stop)

    async def _work(self, lease: Lease, stop: asyncio.Event) -> None:
        shortest, longest = PAUSE_SECONDS
        pause = shortest
        self._known = False
        while not (stop.is_set() or lease.lost.is_set()):
            try:
                await self._catch_up(lease, stop)
            except (BusUnavailable, StoreUnavailable, CheckpointMoved) as error:
                log.warning("relay pauses", error=repr(error), seconds=pause)
                self._known = False
                await within(pause, stop)
                pause = min(pause * 2, longest)
            else:
                pause = shortest
                await self._feed.wait_beyond(self.position, WAIT_SECONDS)

    async def _catch_up(self, lease: Lease, stop: asyncio.Event) -> None:
        if not self._known:
            await self._read_position()
        while not (stop.is_set() or lease.lost.is_set()):
            events = await self._store.read_log(self.position, BATCH)
            if not events:
                return
            await self._bus.publish(events)
            await self._advance(events[-1].position, lease.epoch)

    async def _read_position(self) -> None:
        """Once: from then on only this copy moves it, or its next move fails."""
        async with connection(self._pool) as acquired:
            self.position = (await checkpoints.create(acquired, NAME, 0)).position
        self._known = True

    async def _advance(self, position: int, epoch: int) -> None:
        async with connection(self._pool) as acquired:
            await checkpoints.advance(acquired, NAME, old=self.position, new=position, epoch=epoch)
        self.position = position
