"""Deliveries whose ids come from the work queue; from the ledger itself while the broker is away.

What nobody has dispatched in time is also taken from the ledger, so that no dispatcher is waited for either.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

from eventstore.bus.work import WorkQueue
from eventstore.store import StoreUnavailable
from workers.delivery.choice import Choice
from workers.delivery.delivery import Delivery
from workers.delivery.from_ledger import FromLedger

OVERDUE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class FromQueue:
    queue: WorkQueue
    direct: FromLedger

    async def claim(self, choice: Choice) -> list[Delivery]:
        if not self.queue.connected:
            return await self.direct.claim(choice)
        return await self._dispatched(choice) or await self.direct.claim(replace(choice, overdue=OVERDUE))

    async def settled(self, delivery: Delivery) -> None:
        await self.queue.done([delivery.delivery_id])

    async def news(self, timeout: float) -> None:  # noqa: ASYNC109 - of the port
        news = [asyncio.ensure_future(each) for each in (self.direct.news(timeout), self.queue.rung.wait())]
        await asyncio.wait(news, return_when=asyncio.FIRST_COMPLETED)
        self.queue.rung.clear()
        for each in news:
            each.cancel()
        await asyncio.wait(news)

    async def _dispatched(self, choice: Choice) -> list[Delivery]:
        """Those that there is no room for are given back; others that are not claimed need nothing more."""
        ids = self.queue.take(choice.limit)
        if not ids:
            return []
        try:
            claimed = await self.direct.ledger.claim_given(self.direct.kind, choice, ids)
        except StoreUnavailable:  # what is dispatched and not claimed comes up again by itself
            await self.queue.done(ids)
            raise
        left = set(ids) - {delivery.delivery_id for delivery in claimed}
        if left:
            await self.direct.ledger.give_back(list(left))
            await self.queue.done(left)
        return claimed
