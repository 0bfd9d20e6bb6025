"""A delivery in hand: a claimed row, where it goes, and how things stand by now."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from service.domain.values import ChannelType
from service.vault.contacts import Contact


@dataclass(frozen=True, slots=True)
class Delivery:
    """`position`, `thing_id`: of a notice, its event and what that is about; else None.

    `created_at`: when it happened. `gathered`: how many others it stands for. `superseded`: something newer
    about the same is told to the same reader.
    `address` None: erased. `verified`: the subscription is, by the log, at the moment of the claim.
    """

    delivery_id: UUID
    event_id: UUID
    subscription_id: UUID
    page_id: UUID
    channel_type: ChannelType
    host: str
    kind: str
    position: int | None
    thing_id: UUID | None
    attempts: int
    created_at: datetime
    gathered: int
    late: bool
    superseded: bool
    address: str | None = field(repr=False)
    verified: bool | None

    @property
    def contact(self) -> Contact | None:
        if self.address is None:
            return None
        return Contact(self.subscription_id, self.page_id, self.channel_type, self.address)

    @property
    def is_wanted(self) -> bool:
        """By what is known of it; a confirmation is judged when it is written."""
        known = self.address is not None and (self.verified is True or self.thing_id is None)
        return known and not (self.late or self.superseded)
