"""A channel that writes down whom it was given, and is as slow or as faulty as it is told."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from service.vault.contacts import Contact
from workers.delivery.channel import Message
from workers.delivery.outcomes import Outcome, Sent


@dataclass
class Recording:
    """`holes`: hosts that never answer; `most` of them were asked at a time. `trips`: hosts it fails over."""

    holes: frozenset[str] = frozenset()
    trips: frozenset[str] = frozenset()
    sent: list[tuple[UUID, str]] = field(default_factory=list)
    hanging: int = 0
    most: int = 0

    async def send(self, message: Message, contact: Contact) -> Outcome:
        host = contact.address.rpartition("@")[2]
        if host in self.holes:
            await self._hang()
        if host in self.trips:
            raise RuntimeError(f"cannot handle {contact.address}")
        self.sent.append((message.page_id, contact.address))
        return Sent()

    async def close(self) -> None:
        """There is nothing to let go of."""

    async def _hang(self) -> None:
        self.hanging += 1
        self.most = max(self.most, self.hanging)
        try:
            await asyncio.Event().wait()
        finally:
            self.hanging -= 1
