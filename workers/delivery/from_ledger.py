"""Deliveries from the ledger itself, page after page in turns."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from uuid import UUID

from workers.delivery.choice import FIRST, Choice, Kind, last_page
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
        """Of the pages that come after the last time's."""
        claimed = await self.ledger.claim(self.kind, replace(choice, after=self.after))
        self.after = last_page((delivery.page_id for delivery in claimed), self.after)
        return claimed

    async def settled(self, delivery: Delivery) -> None:
        """The ledger knows."""

    async def news(self, timeout: float) -> None:  # noqa: ASYNC109 - of the port
        await self.bell(timeout)
