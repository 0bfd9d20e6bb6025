"""What happens to a subscription. No event holds an address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.subscription.reasons import CancelReason, QuarantineReason
from service.domain.values import ChannelType


@dataclass(frozen=True, slots=True)
class SubscriptionRequested:
    """Somebody asked for this address to be told; it has to be confirmed first."""

    subscription_id: UUID
    page_id: UUID
    organisation_id: UUID
    channel_type: ChannelType
    component_ids: tuple[UUID, ...]
    incident_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionVerified:
    subscription_id: UUID
    page_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionCancelled:
    """It ended, and with it the right to keep the address, which is erased."""

    subscription_id: UUID
    page_id: UUID
    reason: CancelReason
    at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionChoiceChanged:
    """From now on it is told of these components alone; none: of everything."""

    subscription_id: UUID
    page_id: UUID
    component_ids: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionQuarantined:
    """Nothing arrives there any more; nothing is sent until it is reactivated or asked for again."""

    subscription_id: UUID
    page_id: UUID
    reason: QuarantineReason
    at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionReactivated:
    subscription_id: UUID
    page_id: UUID
    at: datetime


Event = (
    SubscriptionRequested
    | SubscriptionVerified
    | SubscriptionCancelled
    | SubscriptionChoiceChanged
    | SubscriptionQuarantined
    | SubscriptionReactivated
)
