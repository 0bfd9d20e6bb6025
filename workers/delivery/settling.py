"""Notes what became of deliveries: at once while little else is noted, else with what ends meanwhile."""

import asyncio
from dataclasses import dataclass, field

from eventstore.store import StoreUnavailable
from workers.delivery.delivery import Delivery
from workers.delivery.ledger import Ledger
from workers.delivery.outcomes import Outcome

SETTLE_SECONDS, STOP_SECONDS = 30.0, 5.0
"""How long to try while the database is away, also while stopping: a mail that is not noted is sent again."""
PAUSE_SECONDS = 0.2
AT_ONCE = 2
"""Writes at a time: with one alone nearly every connection waits for it, and then all go on at once."""


@dataclass(slots=True)
class Batch:
    """`over`: it is written, or could not be."""

    outcomes: list[tuple[Delivery, Outcome]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Settling:
    ledger: Ledger
    _next: Batch = field(default_factory=Batch)
    _writing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def note(self, delivery: Delivery, outcome: Outcome, stop: asyncio.Event) -> None:
        """Returns once it is noted. Who begins a batch writes it, and gets StoreUnavailable if it fails."""
        batch = self._next
        batch.outcomes.append((delivery, outcome))
        if len(batch.outcomes) > 1:
            await batch.over.wait()
            return
        try:
            async with self._writing:
                self._next = Batch()
                await self._write(batch, stop)
        finally:
            batch.over.set()

    async def _write(self, batch: Batch, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        while True:
            try:
                return await self.ledger.settle(batch.outcomes)
            except StoreUnavailable:
                patience = STOP_SECONDS if stop.is_set() else SETTLE_SECONDS
                if loop.time() - started > patience:
                    raise
                await asyncio.sleep(PAUSE_SECONDS)
