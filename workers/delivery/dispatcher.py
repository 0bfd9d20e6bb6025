"""Puts ids of due deliveries into the work queue, few at a time, so that what comes later waits little."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import structlog

from eventstore.bus.protocol import BusUnavailable
from eventstore.bus.work import WorkQueue
from eventstore.leases import Leases, holding
from eventstore.store import StoreUnavailable
from eventstore.waiting import within
from workers.delivery.choice import FIRST, Choice, Kind, last_page
from workers.delivery.ledger import Ledger

MOST, AT_ONCE = 500, 100
"""How many are in the queue and in hand together, and how many are added in one step."""
POLL, PAUSE_SECONDS, PACE_SECONDS = 1.0, 5.0, 0.02
log = structlog.get_logger()
Bell = Callable[[float], Awaitable[object]]


@dataclass(slots=True)
class Dispatcher:
    """Of any number of copies one works, by lease. `per_host`: how many of a host may be dispatched."""

    kind: Kind
    ledger: Ledger
    queue: WorkQueue
    per_host: int
    leases: Leases
    bell: Bell
    after: UUID = FIRST

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; neither the database nor the broker ends it."""
        try:
            while not stop.is_set():
                async with holding(self.leases, f"dispatcher:{self.kind.name.lower()}", stop) as lease:
                    while lease is not None and not (stop.is_set() or lease.lost.is_set()):
                        await self._turn(stop)
        finally:
            await self.queue.close()

    async def dispatch(self) -> int:
        """How many. Raises StoreUnavailable; BusUnavailable, which keeps nothing from being claimed."""
        await self.queue.open()
        busy = await self.ledger.dispatched(self.kind)
        narrow = {host: max(0, self.per_host - count) for host, count in busy.items()}
        room = min(MOST - sum(busy.values()), AT_ONCE)
        if room <= 0:
            return 0
        chosen = await self.ledger.dispatch(self.kind, Choice(room, self.per_host, narrow, self.after))
        self.after = last_page(chosen.values(), self.after)
        try:
            await self.queue.publish(list(chosen))
        except BusUnavailable:
            await self.ledger.give_back(list(chosen))
            raise
        return len(chosen)

    async def _turn(self, stop: asyncio.Event) -> None:
        try:
            count = await self.dispatch()
        except (BusUnavailable, StoreUnavailable) as error:
            log.warning("dispatcher pauses", error=repr(error))
            await within(PAUSE_SECONDS, stop)
            return
        if count:
            await within(PACE_SECONDS, stop)
        else:
            await self.bell(POLL)
