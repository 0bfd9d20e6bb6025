"""A person's wish to be told about a page. The address is never here: it lives in an erasable place."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from service.domain.decider import Decider
from service.domain.errors import Gone, NotFound
from service.domain.values import ChannelType

VERIFICATION_PERIOD = timedelta(days=7)
"""How long an unverified request waits; then it has expired and its address is erased."""

REPEAT_AFTER = timedelta(minutes=1)
"""A request repeated sooner is a double click and sends no second confirmation."""


class CancelReason(StrEnum):
    UNSUBSCRIBED = "unsubscribed"
    EXPIRED = "expired"
    PAGE_DELETED = "page_deleted"
    REMOVED = "removed"


class Status(StrEnum):
    PENDING = "pending"
    VERIFIED = "verified"
    CANCELLED = "cancelled"


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
class VerifySubscription:
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelSubscription:
    reason: CancelReason
    at: datetime


Command = RequestSubscription | VerifySubscription | CancelSubscription


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


Event = SubscriptionRequested | SubscriptionVerified | SubscriptionCancelled


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


def decide(state: State, command: Command) -> list[Event]:
    match command:
        case RequestSubscription():
            return _request(state, command)
        case VerifySubscription():
            return _verify(existing(state), command)
        case CancelSubscription():
            return _cancel(existing(state), command)
        case _:
            assert_never(command)


def existing(state: State) -> Subscription:
    """Raises NotFound for a subscription that nobody ever asked for."""
    if state is None:
        raise NotFound("There is no such subscription.")
    return state


def _request(state: State, command: RequestSubscription) -> list[Event]:
    if not command.may_confirm or (state is not None and _needs_nothing(state, command)):
        return []
    return [
        SubscriptionRequested(
            command.subscription_id,
            command.page_id,
            command.organisation_id,
            command.channel_type,
            command.component_ids,
            command.incident_id,
            command.at,
        )
    ]


def _needs_nothing(state: Subscription, command: RequestSubscription) -> bool:
    if state.status is Status.VERIFIED:
        return True
    return state.status is Status.PENDING and command.at < state.requested_at + REPEAT_AFTER


def _verify(state: Subscription, command: VerifySubscription) -> list[Event]:
    if state.status is Status.VERIFIED:
        return []
    if _expired(state, command.at):
        raise Gone("The link has expired; please subscribe again.")
    if state.status is Status.CANCELLED:
        raise NotFound("There is no such subscription.")
    return [SubscriptionVerified(state.subscription_id, state.page_id, command.at)]


def _cancel(state: Subscription, command: CancelSubscription) -> list[Event]:
    if state.status is Status.CANCELLED:
        return []
    if command.reason is CancelReason.EXPIRED and not _expired(state, command.at):
        return []
    return [SubscriptionCancelled(state.subscription_id, state.page_id, command.reason, command.at)]


def _expired(state: Subscription, at: datetime) -> bool:
    if state.cancelled_for is CancelReason.EXPIRED:
        return True
    return state.status is Status.PENDING and at > state.requested_at + VERIFICATION_PERIOD


def evolve(state: State, event: Event) -> State:
    match event:
        case SubscriptionRequested():
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
        case SubscriptionVerified():
            return replace(existing(state), status=Status.VERIFIED, verified_at=event.at)
        case SubscriptionCancelled():
            return replace(existing(state), status=Status.CANCELLED, cancelled_for=event.reason)
        case _:
            assert_never(event)


SUBSCRIPTION: Decider[State, Command, Event] = Decider("subscription", None, decide, evolve)
