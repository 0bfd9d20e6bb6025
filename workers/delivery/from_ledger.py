"""Deliveries from the ledger itself, page after page in turns."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from uuid import UUID

from workers.delivery.choice import FIRST, Choice, Kind
from workers.delivery.delivery import Delivery
from workers.delivery.ledger import Ledger

Bell = Callable[[float], Awaitable[object]]


@dataclass(slots=True)
class FromLedger:
    """`bell(timeout)` returns when there may be something to do."""

    kind: Kind
    ledger: Ledger
    bell: Bell
    after: UUID = FIRST

    async def claim(self, choice: Choice) -> list[Delivery]:
        """Of the next pages, and after the last page of the first again."""
        claimed = await self.ledger.claim(self.kind, replace(choice, after=self.after))
        if not claimed and self.after != FIRST:
            claimed = await self.ledger.claim(self.kind, choice)
        self.after = max((delivery.page_id for delivery in claimed), default=FIRST)
        return claimed

    async def settled(self, delivery: Delivery) -> None:
        """The ledger knows."""

    async def news(self, timeout: float) -> None:  # noqa: ASYNC109 - of the port
        await self.bell(timeout)
