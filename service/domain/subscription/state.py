"""A subscription as its events tell it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from service.domain.errors import NotFound
from service.domain.subscription.events import (
    Event,
    SubscriptionCancelled,
    SubscriptionChoiceChanged,
    SubscriptionQuarantined,
    SubscriptionReactivated,
    SubscriptionRequested,
    SubscriptionVerified,
)
from service.domain.subscription.reasons import CancelReason
from service.domain.values import ChannelType


class Status(StrEnum):
    PENDING = "pending"
    VERIFIED = "verified"
    QUARANTINED = "quarantined"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Subscription:
    subscription_id: UUID
    page_id: UUID
    organisation_id: UUID
    channel_type: ChannelType
    component_ids: tuple[UUID, ...]
    incident_id: UUID | None
    status: Status
    requested_at: datetime
    verified_at: datetime | None = None
    cancelled_for: CancelReason | None = None


State = Subscription | None


def existing(state: State) -> Subscription:
    """Raises NotFound for a subscription that nobody ever asked for."""
    if state is None:
        raise NotFound("There is no such subscription.")
    return state


def evolve(state: State, event: Event) -> State:
    match event:
        case SubscriptionRequested():
            return _requested(event)
        case SubscriptionVerified():
            return replace(existing(state), status=Status.VERIFIED, verified_at=event.at)
        case SubscriptionCancelled():
            return replace(existing(state), status=Status.CANCELLED, cancelled_for=event.reason)
        case SubscriptionChoiceChanged():
            return replace(existing(state), component_ids=event.component_ids)
        case SubscriptionQuarantined():
            return replace(existing(state), status=Status.QUARANTINED)
        case SubscriptionReactivated():
            return replace(existing(state), status=Status.VERIFIED)
        case _:
            assert_never(event)


def _requested(event: SubscriptionRequested) -> Subscription:
    return Subscription(
        event.subscription_id,
        event.page_id,
        event.organisation_id,
        event.channel_type,
        event.component_ids,
        event.incident_id,
        Status.PENDING,
        event.at,
    )
