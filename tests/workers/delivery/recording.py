"""A channel that writes down whom it was given, and is as slow as it is told."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from service.vault.contacts import Contact
from workers.delivery.channel import Message
from workers.delivery.outcomes import Outcome, Sent


@dataclass
class Recording:
    """`holes`: hosts that never answer; `most` of them were asked at a time."""

    holes: frozenset[str] = frozenset()
    sent: list[tuple[UUID, str]] = field(default_factory=list)
    hanging: int = 0
    most: int = 0

    async def send(self, message: Message, contact: Contact) -> Outcome:
        if contact.address.rpartition("@")[2] in self.holes:
            await self._hang()
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
