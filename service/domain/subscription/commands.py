"""What can be asked of a subscription."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.subscription.reasons import CancelReason, QuarantineReason
from service.domain.values import ChannelType


@dataclass(frozen=True, slots=True)
class RequestSubscription:
    """`may_confirm`: whether the address's budget of confirmations still allows one."""

    subscription_id: UUID
    page_id: UUID
    organisation_id: UUID
    channel_type: ChannelType
    component_ids: tuple[UUID, ...]
    incident_id: UUID | None
    may_confirm: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class VouchForSubscription:
    """The page's owner has the address's consent; `wish` says what it is to, should it be new."""

    wish: RequestSubscription


@dataclass(frozen=True, slots=True)
class VerifySubscription:
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelSubscription:
    reason: CancelReason
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeSubscriptionChoice:
    """No components: everything of the page."""

    component_ids: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class QuarantineSubscription:
    reason: QuarantineReason
    at: datetime


@dataclass(frozen=True, slots=True)
class ReactivateSubscription:
    at: datetime


Command = (
    RequestSubscription
    | VouchForSubscription
    | VerifySubscription
    | CancelSubscription
    | ChangeSubscriptionChoice
    | QuarantineSubscription
    | ReactivateSubscription
)
